# make demo      a first cited answer, from nothing
# make test      what has to hold before a commit
# make test-all  everything, with every extra
# make archqa    the yardstick: real questions on real documents, scored (needs ../shared)
# make bench     how fast, how much memory; or one of bench-ask, -search, -rebuild, -resync, -ingest, -parse, -serve
# make eval      the suites smoke and library, asked and scored, smoke held to its floors and its baseline
# make nightly   the whole night: suites, judge, leaks, citations, drift, history, and one page that says how it was
# make leaks     10,000 requests for what their callers may not read; none may tell of it
# make library   the bundled library's PDF, DOCX, PPTX and page of settings, from eval/library/ and the settings
# make clean     what was made here is removed
PYTHON ?= python3
VENV ?= .venv

ifeq ($(OS),Windows_NT)
$(error Windows: please run make inside WSL)
endif

BIN := $(VENV)/bin
DEMO := .aether/demo
SHARED ?= ../shared
CORPORA := $(SHARED)/data/archqa/corpora
QUESTION := What happens to a document that fails to parse while Aether ingests it?
PIP = PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --no-compile
PYTEST = $(BIN)/python -m pytest -q
LONG := slow or quality or st or browser

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint clean archqa archqa-keps fit fusion bench-answer library eval nightly planted leaks bench bench-ask bench-search bench-rebuild \
  bench-resync bench-ingest bench-parse bench-serve redaction .aether/keps

help:
	@sed -n 's/^# make /make /p' Makefile

# --- Environments. A stamp is written after a whole install; while it is newer than pyproject.toml pip is not asked
# again, so that everything below runs twice without harm, and offline after the first time.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || \
	  { echo "Aether needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is none. Next: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing Aether into $(VENV) (about 900 MB; a few minutes the first time)"
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[openai,dev]'
	@touch $(VENV)/.installed $@

# torch first and alone: what asks for it afterwards must find this release in place.
$(VENV)/.installed-all: pyproject.toml | $(BIN)/python
	$(PIP) torch==2.13.0
	$(PIP) --editable '.[st,train,eval,openai,anthropic,dev]'
	@touch $(VENV)/.installed $(VENV)/.installed-dev $@

# --- What people ask for
demo: $(VENV)/.installed
	@$(BIN)/aether ingest corpus/library --store $(DEMO)
	@$(BIN)/aether ask "$(QUESTION)" --store $(DEMO)
	@echo
	@echo "Next: $(BIN)/aether ask \"Why does Aether refuse a question?\" --store $(DEMO)"
	@echo "      $(BIN)/aether ingest PATH-TO-YOUR-DOCUMENTS && $(BIN)/aether ask \"YOUR QUESTION\""

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: lint
	$(PYTEST) -m "not ($(LONG))" --numprocesses logical --maxprocesses 4 --dist worksteal

# The long ones one after the other: some of them measure.
test-all: $(VENV)/.installed-all test
	$(PYTEST) -m "$(LONG)" --durations 15

# --- Measurements. Each prints its figures; run nothing beside them.
archqa: $(VENV)/.installed
	$(BIN)/aether ingest $(addprefix $(CORPORA)/,openshift-runbooks prometheus-operator-runbooks govuk-developer-docs) \
	  --store .aether/operations || [ $$? -eq 4 ]
	$(BIN)/python -m eval.archqa --store .aether/operations --questions $(SHARED)/data/archqa/operations.jsonl

archqa-keps: .aether/keps
	$(BIN)/python -m eval.archqa --store .aether/keps --questions $(SHARED)/data/archqa/kubernetes-enhancements.jsonl

# The Markdown of rag_multi_corpus, a source an organisation.
.aether/multi: $(VENV)/.installed
	@rm -rf .aether/multi.source && mkdir -p .aether/multi.source
	@for folder in $(SHARED)/data/rag_multi_corpus/datasets/*/; do \
	  cp -r "$$folder/md" ".aether/multi.source/$$(basename "$$folder")"; done
	$(BIN)/aether ingest .aether/multi.source --store $@ || [ $$? -eq 4 ]

.aether/handbook: $(VENV)/.installed
	$(BIN)/aether ingest $(SHARED)/data/gitlab_handbook_qa/content/handbook --source handbook --store $@ || [ $$? -eq 4 ]

fit: .aether/keps .aether/handbook .aether/multi
	$(BIN)/python -m eval.fit_answering --store .aether/keps --handbook .aether/handbook --multi .aether/multi

fusion: .aether/keps
	$(BIN)/python -m eval.compare_fusion --store .aether/keps \
	  --questions $(SHARED)/data/archqa/kubernetes-enhancements.jsonl

.aether/keps: $(VENV)/.installed
	$(BIN)/aether ingest $(CORPORA)/kubernetes-enhancements --store $@ || [ $$? -eq 4 ]

bench: bench-ask bench-answer bench-search bench-rebuild bench-resync bench-ingest bench-parse bench-serve

bench-ask: $(VENV)/.installed
	$(BIN)/python -m eval.bench_ask --store .aether/demo

bench-search: $(VENV)/.installed
	$(BIN)/python -m eval.bench_search --points 10000 100000

bench-answer: .aether/keps
	$(BIN)/python -m eval.bench_answer --store .aether/keps --points 10000 100000 --questions \
	  $(SHARED)/data/archqa/kubernetes-enhancements.jsonl $(SHARED)/data/archqa/operations.jsonl

bench-rebuild: $(VENV)/.installed
	$(BIN)/python -m eval.bench_rebuild --passages 100000

bench-resync: $(VENV)/.installed
	$(BIN)/python -m eval.bench_resync --dense $(CORPORA)/kubernetes-enhancements

bench-ingest: $(VENV)/.installed-all
	$(BIN)/python -m eval.bench_ingest $(CORPORA)/kubernetes-enhancements

bench-parse: $(VENV)/.installed
	$(BIN)/python -m eval.parser_report --shared $(SHARED)

# 50,000 generated passages, made the first time; the service and its clients are processes of their own.
bench-serve: $(VENV)/.installed
	$(BIN)/python -m eval.serving.run --store .aether/serving --passages 50000

redaction: $(VENV)/.installed
	$(BIN)/python -m eval.redaction.run

eval: $(VENV)/.installed
	$(BIN)/aether-eval run smoke --again
	$(BIN)/aether-eval run library --again
	$(BIN)/aether-eval gate smoke

nightly: $(VENV)/.installed
	$(BIN)/aether-eval nightly

leaks: $(VENV)/.installed
	$(BIN)/python -m eval.leaks.run --cases 10000

planted: $(VENV)/.installed
	$(BIN)/aether-eval planted

library: $(VENV)/.installed-dev
	$(BIN)/python -m eval.make_library
	$(BIN)/python -m eval.library.settings_page

clean:
	rm -rf $(VENV) .aether/demo dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
