"""Plain text has the structure that people give it."""

from __future__ import annotations

from ingest.parse.text.plain import parse


def shape(text: str) -> list[tuple[str, int, str, str]]:
    """(kind, depth, label, text) of every block."""
    parsed = parse(text.encode(), "x.txt")
    return [(b.kind, b.depth, b.label, text[b.start : b.end]) for b in parsed.blocks]


def test_headings_steps_and_commands() -> None:
    text = "RESTORE A BACKUP\n\nBefore:\n\n1. Stop it\n   now\n2. Copy:\n   - a\n   - b\n\nRun:\n\n    $ make x\n"
    assert shape(text) == [
        ("heading", 1, "", "RESTORE A BACKUP"),
        ("paragraph", 0, "", "Before:"),
        ("item", 1, "1.", "1. Stop it\n   now"),
        ("item", 1, "2.", "2. Copy:"),
        ("item", 2, "-", "- a"),
        ("item", 2, "-", "- b"),
        ("paragraph", 0, "", "Run:"),
        ("code", 0, "", "    $ make x"),
    ]
    assert parse(text.encode(), "x.txt").metadata.title == "RESTORE A BACKUP"


def test_steps_between_blank_lines_are_one_list_and_no_headings() -> None:
    text = "1. Stop it\n\n2. Start it\n\n3. Watch it\n"
    assert [k for k, *_ in shape(text)] == ["item"] * 3
    assert {b.group for b in parse(text.encode(), "x.txt").blocks} == {0}


RFC = """

Network Working Group                                           A. Person
Request for Comments: 9999                                Some University
Obsoletes: 1234, 5678                                        2 March 2021
Category: Informational


             How to Say That a Thing
                   Is a Thing

1.  Introduction

   In many words.

1.1.  Terms

   In more words.

Person                       Informational                     [Page 1]
\f
RFC 9999                       A Thing                       March 2021

2.  Security

   None.
"""


def test_rfc() -> None:
    parsed = parse(RFC.encode(), "rfc9999.txt")
    assert parsed.metadata.title == "RFC 9999: How to Say That a Thing Is a Thing"
    assert parsed.metadata.supersedes == ("1234", "5678")
    assert parsed.metadata.status == "Informational"
    titles = [(b.depth, RFC[b.start : b.end]) for b in parsed.blocks if b.kind == "heading"]
    assert titles == [(1, "1.  Introduction"), (2, "1.1.  Terms"), (1, "2.  Security")]
    assert not any("[Page" in RFC[b.start : b.end] for b in parsed.blocks)


def test_markup_means_nothing_in_plain_text() -> None:
    text = "a <!-- b --> c {{ d }} <br> <% e %>\n"
    assert not parse(text.encode(), "x.txt").hidden
