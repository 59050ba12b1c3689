"""Which parser reads which file.

The extension decides, after a template suffix is taken off (`x.html.md.erb` is read as Markdown). The content has a
veto: bytes that are plainly another format are read as that format, or refused as binary. An unknown extension is
read as plain text where it decodes as text.

A new format is one module with `parse(data, name) -> Parsed`, and one line in `PARSERS`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import puremagic

from corpus.documents import Parsed, visible_spans
from corpus.errors import SourceError
from ingest.parse.text.decode import decode

PARSERS: dict[str, str] = {
    "text.markdown": "md markdown mdown mkd mkdn mdx mdc qmd rmd",
    "text.restructured": "rst rest",
    "text.plain": "txt text log adoc asciidoc org textile wiki tex",
    "text.notebook": "ipynb",
    "text.diagram": "mmd mermaid puml plantuml pu iuml wsd dot gv d2",
    "text.config": "yaml yml json jsonc json5 toml ini cfg conf properties env editorconfig tfvars",
    "text.code": "py pyi sh bash zsh fish ksh ps1 bat go rs java kt kts scala c h cc cpp hpp cs rb pl php js jsx mjs"
    " cjs ts tsx lua r swift m sql proto graphql gql tf hcl nomad rego jsonnet libsonnet cue dhall nix groovy gradle"
    " bicep cmake mk css scss less vue svelte awk",
    "html": "html htm xhtml",
    "pdf": "pdf",
    "office": "docx pptx",
    "sheet": "xlsx csv tsv",
}
_NAMES: dict[str, str] = {
    "makefile": "text.code",
    "dockerfile": "text.code",
    "containerfile": "text.code",
    "jenkinsfile": "text.code",
    "vagrantfile": "text.code",
    "rakefile": "text.code",
    "gemfile": "text.code",
    "procfile": "text.config",
    "codeowners": "text.plain",
    "readme": "text.plain",
    "license": "text.plain",
}
_TEMPLATES = frozenset({"erb", "j2", "jinja", "jinja2", "tmpl", "tpl", "gotmpl", "mustache", "hbs", "liquid"})
_EXTRACTED = frozenset({"html", "pdf", "office", "sheet"})
_BY_EXTENSION = {extension: module for module, row in PARSERS.items() for extension in row.split()}
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
)
_STATEMENT = re.compile(r"<%(?!=).*?%>|\{%.*?%\}|\{#\s.*?#\}", re.DOTALL)

Parser = Callable[[bytes, str], Parsed]


def parse_file(data: bytes, name: str) -> Parsed:
    """The document that the bytes of the file `name` are.

    Raises `SourceError`: `empty` (no visible text), `unsupported` (a known format without a parser), `binary`,
    `undecodable`, and what the parser of the format raises (`encrypted`, `broken`, ...).
    """
    if not data.strip(b" \t\r\n\0"):
        raise _empty(name)
    inner, templated = inner_name(name)
    module = _module_of(data, inner, name)
    if templated and module in _EXTRACTED:
        data = _STATEMENT.sub(" ", decode(data, name)).encode()
    try:
        parsed = _load(module)(data, inner)
    except SourceError as error:
        error.item = name
        raise
    if not _has_text(parsed):
        raise _empty(name)
    return parsed


def inner_name(name: str) -> tuple[str, bool]:
    """The name without template suffixes, and whether there were any: `a.yaml.j2` -> (`a.yaml`, True)."""
    path = PurePosixPath(name)
    while len(path.suffixes) > 1 and path.suffix[1:].lower() in _TEMPLATES:
        path = path.with_suffix("")
    return str(path), str(path) != str(PurePosixPath(name))


def known_extensions() -> frozenset[str]:
    """Extensions, lower case, without dot, that have a parser of their own."""
    return frozenset(_BY_EXTENSION)


def _load(module: str) -> Parser:
    parser: Parser = importlib.import_module(f"ingest.parse.{module}").parse
    return parser


def _module_of(data: bytes, inner: str, name: str) -> str:
    path = PurePosixPath(inner)
    extension = path.suffix[1:].lower()
    module = _BY_EXTENSION.get(extension) or _NAMES.get(path.name.lower()) or _NAMES.get(path.stem.lower(), "")
    magic = next((kind for head, kind in _MAGIC if data.startswith(head)), "")
    if magic == "pdf":
        return "pdf"
    if module in ("pdf", "office", "sheet"):
        return module
    if magic or _is_binary(data):
        guess = _guess(data)
        if not module and guess == extension:
            raise SourceError(
                f"no parser for .{extension}",
                outcome="unsupported",
                item=name,
                next_step="Export it to a format that is read, or exclude it.",
            )
        raise SourceError(
            f"binary content ({guess or 'unknown format'})",
            outcome="binary",
            item=name,
            next_step="Give it the extension of its format, or exclude it.",
        )
    return module or "text.plain"


def _is_binary(data: bytes) -> bool:
    """Whether the bytes are no text: what counts is a NUL without a UTF-16/32 mark, or many control characters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    head = data[:8192]
    control = sum(head.count(bytes([c])) for c in (*range(0, 9), *range(14, 27), *range(28, 32)))
    return head.count(0) > len(head) // 200 or control > len(head) // 10


def _guess(data: bytes) -> str:
    try:
        return str(puremagic.from_string(data[:4096])).lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""


def _has_text(parsed: Parsed) -> bool:
    return any(parsed.text[s.start : s.end].strip() for s in visible_spans(parsed.hidden, 0, len(parsed.text)))


def _empty(name: str) -> SourceError:
    return SourceError("no visible text", outcome="empty", item=name, next_step="Nothing to do; it is skipped.")
