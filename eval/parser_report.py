"""How well the parsers read real files: `python -m eval.parser_report --shared ../shared [--json] [--only WORD]`.

Three tables.

files    Every file of `parser_fixtures` and `pdf_docs` that has a parser, read within the limits of `ingest.sandbox`:
         its outcome. A file is *silent* when it came out empty although a plain reader of its format (the raw XML text
         of an Office file, pypdf, lxml's text_content) finds at least three words in it.
docling  Token recall against the Markdown that docling's maintainers expect of their fixtures.
twins    Token recall of the four other formats of a document against its Markdown (`rag_multi_corpus`), and the share
         of its headings, list items and table rows that came out as such with the same words.

Token recall is sum(min(expected, found)) / sum(expected) over the multiset of tokens. A token is a maximal run of `\\w`
after NFKC and lower-casing, stripped of underscores. From Markdown are first removed: comments, images, link and
reference targets, HTML tags, fence lines, backslash escapes and the names of LaTeX commands inside `$`; entities are
decoded. The extracted side is taken as it is.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.documents import BlockKind, Parsed
from corpus.errors import SourceError, UsageError
from eval.cli.ended import ended
from eval.readers.plain import plain_words
from ingest.parse.registry import parse_file
from ingest.sandbox import parse_guarded

FORMATS = ("html", "docx", "pptx", "pdf")
_READ = frozenset("pdf docx pptx xlsx csv html htm md ipynb json xml txt".split())
_EXPECTED = re.compile(r"(groundtruth|expected_outputs)")
_REMOVED = (
    (re.compile(r"<!--.*?-->", re.S), " "),
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), " "),
    (re.compile(r"\[((?:\\.|\[[^\]]*\]|[^\[\]\\])*)\]\((?:\\.|[^()\\]|\([^()]*\))*\)"), r"\1"),
    (re.compile(r"^\s*\[[^\]]+\]:\s+\S+.*$", re.M), " "),
    (re.compile(r"^\s*(?:`{3,}|~{3,}).*$", re.M), " "),
    (re.compile(r"\$[^$\n]+\$"), lambda m: re.sub(r"\\[a-zA-Z]+", " ", m.group())),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), " "),
    (re.compile(r"\\([^\w\s])"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class FileResult:
    """How the parser fared with one file; `words` counts tokens of its text."""

    file: str
    outcome: str
    words: int
    seconds: float
    silent: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Recall:
    """Token recall over a set of pairs: over all tokens together, the mean of the files, and the worst of them."""

    format: str
    files: int
    recall: float
    mean: float
    worst: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Share of the Markdown's headings, list items and table rows that are blocks of the same words and kind.

    own is the share of headings that are at least a block by themselves, whatever its kind; right is the share of the
    extracted headings that are headings in the Markdown.
    """

    format: str
    headings: float
    right: float
    own: float
    items: float
    rows: float


def tokens(text: str) -> Counter[str]:
    """The multiset of tokens of a text."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return Counter(t for t in (w.strip("_") for w in re.findall(r"\w+", folded)) if t)


def markdown_words(text: str) -> str:
    """The text without Markdown's marks, as the module says."""
    for pattern, instead in _REMOVED:
        text = pattern.sub(instead, text)
    return html.unescape(text)


def token_recall(expected: Counter[str], found: Counter[str]) -> float:
    """Share of the expected tokens that were found; 1 when none is expected."""
    total = expected.total()
    return (expected & found).total() / total if total else 1.0


def read_files(folders: Iterable[Path], only: str) -> Iterator[FileResult]:
    """The outcome of every file that has a parser, in order of its path."""
    for path in sorted(p for folder in folders for p in folder.rglob("*")):
        if path.suffix[1:].lower() not in _READ or only not in str(path) or _EXPECTED.search(str(path)):
            continue
        data, started = path.read_bytes(), time.perf_counter()
        name = f"{path.parent.name}/{path.name}"
        try:
            words = tokens(parse_guarded(data, path.name).text).total()
            outcome, reason = "indexed", ""
        except SourceError as error:
            words, outcome, reason = 0, error.outcome, error.what
        silent = (outcome == "empty" or (outcome == "indexed" and words == 0)) and plain_words(path, data) > 2
        yield FileResult(name, outcome, words, round(time.perf_counter() - started, 2), silent, reason)


def docling_recall(folder: Path, only: str) -> list[Recall]:
    """Recall against docling's expected Markdown, by format. Expectations without their input are passed over."""
    by_format: dict[str, list[tuple[str, Counter[str], Counter[str]]]] = {}
    for truth in sorted(folder.glob("*/groundtruth/*.md")):
        kind = truth.parent.parent.name
        source = truth.parent.parent / "sources" / (truth.stem if "." in truth.stem else f"{truth.stem}.{kind}")
        if not source.exists():
            source = source.with_name(f"{truth.stem}.{kind}")
        if source.exists() and only in str(source):
            expected = tokens(markdown_words(truth.read_text("utf-8")))
            by_format.setdefault(kind, []).append((source.name, expected, _found(source)))
    return [_recall(kind, pairs) for kind, pairs in sorted(by_format.items())]


def twins(folder: Path, formats: Sequence[str], most: int) -> tuple[list[Recall], list[Kept]]:
    """Recall and kept structure of each format against its Markdown, of about `most` documents spread over all."""
    recalls: list[Recall] = []
    kept: list[Kept] = []
    for kind in formats:
        pairs: list[tuple[str, Counter[str], Counter[str]]] = []
        shares: dict[str, list[int]] = {name: [0, 0] for name in ("heading", "right", "own", "item", "row")}
        sources = sorted(folder.glob(f"*/{kind}/*.{kind}"))
        for source in sources[:: max(1, len(sources) // most)]:
            truth = source.parent.parent / "md" / f"{source.stem}.md"
            if not truth.exists():
                continue
            markdown = parse_file(truth.read_bytes(), truth.name)
            parsed = parse_guarded(source.read_bytes(), source.name)
            expected = tokens(markdown_words(truth.read_text("utf-8")))
            pairs.append((source.name, expected, tokens(parsed.text)))
            _count_kept(markdown, parsed, shares)
        if pairs:
            recalls.append(_recall(kind, pairs))
            kept.append(Kept(kind, *(round(a / b, 4) if b else 1.0 for a, b in shares.values())))
    return recalls, kept


def _found(source: Path) -> Counter[str]:
    try:
        return tokens(parse_guarded(source.read_bytes(), source.name).text)
    except SourceError:
        return Counter()


def _recall(kind: str, pairs: Sequence[tuple[str, Counter[str], Counter[str]]]) -> Recall:
    each = sorted(((name, token_recall(expected, found)) for name, expected, found in pairs), key=lambda r: r[1])
    total = sum(expected.total() for _, expected, _ in pairs)
    hit = sum((expected & found).total() for _, expected, found in pairs)
    worst = tuple((name, round(value, 3)) for name, value in each[:5])
    mean = sum(value for _, value in each) / len(each)
    return Recall(kind, len(each), round(hit / total if total else 1.0, 4), round(mean, 4), worst)


def _count_kept(markdown: Parsed, parsed: Parsed, shares: dict[str, list[int]]) -> None:
    for kind, name in (("heading", "heading"), ("item", "item"), ("row", "row")):
        wanted, got = _units(markdown, kind), _units(parsed, kind)
        shares[name][0] += (wanted & got).total()
        shares[name][1] += wanted.total()
    wanted, got = _units(markdown, "heading"), _units(parsed, "heading")
    shares["right"][0] += (wanted & got).total()
    shares["right"][1] += got.total()
    anywhere = sum((_units(parsed, kind) for kind in ("heading", "paragraph", "item")), Counter[str]())
    shares["own"][0] += (wanted & anywhere).total()
    shares["own"][1] += wanted.total()


def _units(document: Parsed, kind: str) -> Counter[str]:
    """The words of each block of one kind, without list markers."""
    units: Counter[str] = Counter()
    for block in document.blocks:
        wanted: BlockKind = block.kind
        if wanted == kind:
            text = document.text[block.start : block.end]
            bare = text.removeprefix(block.label) if kind == "item" else text
            words = " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", markdown_words(bare)).lower()))
            units[words.replace("_", "")] += 1
    return units


def main() -> int:
    """Prints the tables; the exit status says whether a file crashed, hung or came out silently empty."""
    args = _options().parse_args()
    data = args.shared / "data"
    if not data.is_dir():
        raise UsageError("the files are not there", item=str(data), next_step="Say with --shared where they lie")
    parts = args.part or ["files", "docling", "twins"]
    files: list[FileResult] = []
    docling: list[Recall] = []
    recalls: list[Recall] = []
    kept: list[Kept] = []
    if "files" in parts:
        files = list(read_files([data / "parser_fixtures", data / "pdf_docs"], args.only))
    if "docling" in parts:
        docling = docling_recall(data / "parser_fixtures/docling-tests-data", args.only)
    if "twins" in parts:
        recalls, kept = twins(data / "rag_multi_corpus/datasets", args.formats.split(","), args.most)
    if args.json:
        report = {"files": [asdict(f) for f in files], "kept": [asdict(k) for k in kept]}
        report |= {"docling": [asdict(r) for r in docling], "twins": [asdict(r) for r in recalls]}
        print(json.dumps(report, indent=1))
    else:
        print("\n".join([*_file_lines(files), *_share_lines(docling, recalls, kept)]))
    return int(any(f.silent or f.outcome == "timeout" or "the parser" in f.reason for f in files))


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, required=True, help="where data/parser_fixtures and its like lie")
    options.add_argument("--json", action="store_true")
    options.add_argument("--only", default="", help="only files with this in their path")
    options.add_argument("--part", choices=("files", "docling", "twins"), action="append")
    options.add_argument("--formats", default=",".join(FORMATS), help="of twins")
    options.add_argument("--most", type=int, default=1_000_000, help="documents a format in twins")
    return options


def _file_lines(files: Sequence[FileResult]) -> Iterator[str]:
    by_format: dict[str, Counter[str]] = {}
    for result in files:
        by_format.setdefault(result.file.rsplit(".", 1)[-1].lower(), Counter())[result.outcome] += 1
    for kind, outcomes in sorted(by_format.items()):
        yield f"files    {kind:5} {dict(outcomes.most_common())}"
    for result in files:
        if result.outcome != "indexed" or result.silent or result.seconds > 20:
            outcome = "SILENT" if result.silent else result.outcome
            yield f"         {outcome:12} {result.seconds:6.1f} s  {result.file}  {result.reason}"


def _share_lines(docling: Sequence[Recall], recalls: Sequence[Recall], kept: Sequence[Kept]) -> Iterator[str]:
    for title, rows in (("docling", docling), ("twins", recalls)):
        for row in rows:
            worst = ", ".join(f"{name} {value}" for name, value in row.worst)
            figures = f"{row.files:4} files  recall {row.recall:.4f}  mean {row.mean:.4f}"
            yield f"{title:8} {row.format:5} {figures}  ({worst})"
    for share in kept:
        blocks = f"headings {share.headings:.4f} (own block {share.own:.4f}, right {share.right:.4f})"
        yield f"kept     {share.format:5} {blocks}  items {share.items:.4f}  rows {share.rows:.4f}"


if __name__ == "__main__":
    ended(main)
