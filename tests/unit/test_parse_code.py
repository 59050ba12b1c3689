"""Code, configuration and diagrams are cut where a reader would cut them; notebooks become text with anchors."""

from __future__ import annotations

import json

import pytest

from corpus.documents import Parsed
from corpus.errors import SourceError
from ingest.parse.registry import parse_file


def pieces(text: str, name: str) -> list[tuple[str, int, str, str]]:
    """(kind, depth, label, text) of every block."""
    parsed = parse_file(text.encode(), name)
    return [(b.kind, b.depth, b.label, text[b.start : b.end]) for b in parsed.blocks]


def test_python_by_definition() -> None:
    text = 'import os\n\n\n@dataclass\nclass A:\n    """Why."""\n\n    x: int\n\n\n# what\ndef f() -> None:\n    pass\n'
    assert pieces(text, "a.py") == [
        ("code", 0, "python", "import os"),
        ("code", 0, "python", '@dataclass\nclass A:\n    """Why."""\n\n    x: int'),
        ("code", 0, "python", "# what\ndef f() -> None:\n    pass"),
    ]


def test_terraform_by_resource() -> None:
    text = 'resource "a" "b" {\n  x = 1\n\n  y = 2\n\n}\n\n# note\nvariable "c" {\n}\n'
    assert [t for *_, t in pieces(text, "main.tf")] == [text[:38], '# note\nvariable "c" {\n}']


def test_files_without_extension() -> None:
    assert pieces("FROM scratch\n", "Dockerfile")[0][:3] == ("code", 0, "dockerfile")
    assert pieces("all:\n\tls\n", "sub/Makefile")[0][:3] == ("code", 0, "makefile")
    assert pieces("Some words\n", "NOTES")[0][0] == "paragraph"


def test_yaml_by_key() -> None:
    text = "# about a\na:\n- 1\n- 2\n\n# about b\nb: 2\n---\nc: 3\n# end\n"
    assert [t for *_, t in pieces(text, "a.yaml")] == [
        "# about a\na:\n- 1\n- 2",
        "# about b\nb: 2",
        "---",
        "c: 3\n# end",
    ]


def test_a_yaml_sequence_by_entry() -> None:
    text = "---\n- name: a\n  b:\n  - 1\n\n# then\n- name: c\n"
    assert [t for *_, t in pieces(text, "play.yml")] == ["---", "- name: a\n  b:\n  - 1", "# then\n- name: c"]


def test_toml_by_table_and_json_by_key() -> None:
    assert [t for *_, t in pieces("a = 1\n\n[b]\nc = 2\n[[d]]\ne = 3\n", "a.toml")] == [
        "a = 1",
        "[b]\nc = 2",
        "[[d]]\ne = 3",
    ]
    text = '{\n  "a": {\n    "b": 1\n  },\n  "c": 2\n}\n'
    assert [t for *_, t in pieces(text, "a.json")] == ["{", '  "a": {\n    "b": 1\n  },', '  "c": 2\n}']


OPENAPI = """openapi: "3.0.3"
info:
  title: Orders
paths:
  /orders:
    get:
      summary: List orders
    post:
      summary: Place an order
  "/orders/{id}":
    delete:
      summary: Drop one
components:
  schemas: {}
"""


def test_openapi_operations_are_sections() -> None:
    headings = [(d, t) for k, d, _, t in pieces(OPENAPI, "api.yaml") if k == "heading"]
    assert headings == [
        (1, "info"),
        (1, "paths"),
        (2, "/orders"),
        (3, "get"),
        (3, "post"),
        (2, '"/orders/{id}":'),
        (3, "delete"),
        (1, "components"),
    ]
    assert parse_file(OPENAPI.encode(), "api.yaml").metadata.title == "Orders"


def test_an_enhancement_file_says_its_status() -> None:
    text = "title: Faster pods\nkep-number: 12\nstatus: draft\nowning-sig: sig-node\ncreation-date: 2020-01-02\n"
    meta = parse_file(text.encode(), "kep.yaml").metadata
    assert (meta.title, meta.status, meta.owner, meta.date) == (
        "Faster pods",
        "draft",
        "sig-node",
        "2020-01-02",
    )
    assert parse_file(b"status: active\nname: x\n", "values.yaml").metadata.status == ""


def test_diagrams() -> None:
    text = "@startuml\ntitle Flow\nA -> B\n@enduml\n\n@startuml\nB -> C\n@enduml\n"
    assert pieces(text, "a.puml") == [
        ("code", 0, "plantuml", "@startuml\ntitle Flow\nA -> B\n@enduml"),
        ("code", 0, "plantuml", "@startuml\nB -> C\n@enduml"),
    ]
    assert parse_file(text.encode(), "a.puml").metadata.title == "Flow"
    assert pieces("graph TD\n  A --> B\n", "a.mmd") == [("code", 0, "mermaid", "graph TD\n  A --> B")]


def _notebook(*cells: dict[str, object]) -> Parsed:
    return parse_file(json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4}).encode(), "a.ipynb")


def test_notebook_cells_keep_their_kind_and_place() -> None:
    parsed = _notebook(
        {"cell_type": "markdown", "source": ["# Costs\n", "\n", "- a\n", "- b <!-- c -->"]},
        {"cell_type": "code", "source": "print(1)", "outputs": [{"output_type": "stream", "text": ["1\n"]}]},
        {"cell_type": "code", "source": "", "outputs": []},
        {"cell_type": "markdown", "source": "- c"},
    )
    assert [(b.kind, b.label, b.group, parsed.text[b.start : b.end]) for b in parsed.blocks] == [
        ("heading", "", -1, "# Costs"),
        ("item", "-", 0, "- a"),
        ("item", "-", 0, "- b"),
        ("code", "python", -1, "print(1)"),
        ("code", "output", -1, "1"),
        ("item", "-", 1, "- c"),
    ]
    assert not parsed.native
    assert [(a.label, parsed.text[a.start : a.end]) for a in parsed.anchors] == [
        ("cell-1", "# Costs\n\n- a\n- b <!-- c -->"),
        ("cell-2", "print(1)\n\n1"),
        ("cell-4", "- c"),
    ]
    assert [parsed.text[h.start : h.end] for h in parsed.hidden] == ["<!-- c -->"]


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"cells": 1}', b'{"worksheets": []}', b"[" * 100_000])
def test_what_is_no_notebook_is_broken(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        parse_file(data, "a.ipynb")
    assert caught.value.outcome == "broken"
    assert caught.value.item == "a.ipynb"
