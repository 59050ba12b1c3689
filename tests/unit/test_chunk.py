"""The laws of passages, over generated Markdown through the real parser, measured with the real tokenizer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.documents import Block, Document, revision_of
from corpus.outline import outline
from corpus.passages import Passage
from corpus.units import whole_item
from ingest.chunk import BUDGET, chunk
from ingest.parse.text.markdown import parse_text
from ingest.ruler import Ruler
from retrieval.encode.embedded import TOKENS, EmbeddedPieces

PIECES = EmbeddedPieces()
LEAST_ROOM = BUDGET - 60
"""What a passage has for its text whatever its header: a block of at most so many pieces is never cut."""

WORDS = "node drain etcd quorum alert pod restarts when latency grows; the operator checks `kubectl get pods` first."
_VOCABULARY = WORDS.split() * 20


def document(text: str, *, title: str = "Guide", name: str = "docs/guide.md") -> Document:
    return Document(
        id=name,
        source="docs",
        path=name.partition("/")[2],
        parsed=parse_text(text, name),
        title=title,
        kind="guide",
        access=frozenset({"public"}),
        revision=revision_of(text),
    )


def passages(text: str) -> list[Passage]:
    return chunk(document(text), PIECES)


def size(text: str) -> int:
    return len(PIECES.offsets([text])[0])


def words(at: int, count: int) -> str:
    return " ".join(_VOCABULARY[at % 20 :][:count])


def paragraph(at: int, count: int, many: int) -> str:
    return words(at, count) + " <!-- remark -->" * (many % 5 == 0)


def bullets(at: int, count: int, many: int) -> str:
    """A list of one long item among short ones, with a lead-in, nested items and paragraphs inside items."""
    lines = [words(at, 9) + ":", ""] if at % 2 else []
    for number in range(1 + many % 9):
        mark = f"{number + 1}. " if count % 2 else "- "
        lines.append(mark + words(at + number, count if number == at % 9 else 4 + number * 3))
        lines += [" " * len(mark) + "- " + words(n, 7) for n in range((many + number) % 3)]
        lines += ["", " " * len(mark) + words(number, 12), ""] * ((at + number) % 4 == 0)
    return "\n".join(lines)


def table(at: int, count: int, many: int) -> str:
    rows = [f"| {words(at + n, 1 + n % 4)} | {words(n, count if n == at else 2 + n % 6)} |" for n in range(many)]
    return "\n".join(["| Name | Meaning |", "|---|---|", *rows])


def fence(at: int, count: int, many: int) -> str:
    return "\n".join(["```sh", *(words(at + n, 1 + (count + n) % 9) for n in range(many + 1)), "```"])


def heading(at: int, count: int, many: int) -> str:
    return f"{'#' * (1 + many % 4)} {words(at, 1 + count % 3)} {at}{count}{many}"


MARKDOWN = st.lists(
    st.tuples(
        st.sampled_from([heading, heading, paragraph, paragraph, bullets, table, fence]),
        st.integers(0, 19),
        st.one_of(st.integers(1, 40), st.integers(1, 330)),
        st.integers(0, 35),
    ),
    min_size=1,
    max_size=16,
).map(lambda parts: "\n\n".join(make(at, count, many) for make, at, count, many in parts) + "\n")


def law(check: Callable[[Document, list[Passage]], None]) -> Callable[[], None]:
    """The check over generated documents that have a text."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(MARKDOWN)
    def over(text: str) -> None:
        read = document(text)
        check(read, chunk(read, PIECES))

    return over


def bodies(read: Document) -> list[Block]:
    return [b for b in read.parsed.blocks if b.kind != "heading" and read.visible(b.start, b.end).strip()]


def holders(block: Block, found: Sequence[Passage]) -> list[Passage]:
    return [p for p in found if p.start < block.end and p.end > block.start]


@law
def test_passages_are_disjoint_and_in_order(read: Document, found: list[Passage]) -> None:
    assert all(a.start < a.end <= b.start for a, b in pairwise(found))
    assert [p.ordinal for p in found] == list(range(len(found)))


@law
def test_every_visible_character_of_every_body_is_in_a_passage(read: Document, found: list[Passage]) -> None:
    inside = bytearray(len(read.text))
    for p in found:
        inside[p.start : p.end] = b"1" * (p.end - p.start)
    for block in bodies(read):
        assert all(inside[i] for i in range(block.start, block.end) if not read.text[i].isspace())


@law
def test_passages_rejoin_to_the_visible_text(read: Document, found: list[Passage]) -> None:
    for p in found:
        assert p.text == read.visible(p.start, p.end).strip() != ""
    told = "".join("".join(p.text.split()) for p in found)
    kept = "".join("".join(read.visible(b.start, b.end).split()) for b in bodies(read))
    at = 0
    for character in kept:
        at = told.index(character, at) + 1


@law
def test_nothing_that_is_embedded_is_truncated(read: Document, found: list[Passage]) -> None:
    assert all(size(p.indexed_text) <= BUDGET for p in found)


@law
def test_the_same_text_has_the_same_passages(read: Document, found: list[Passage]) -> None:
    assert chunk(document(read.text), PIECES) == found
    assert len({p.id for p in found}) == len(found)


@law
def test_items_rows_and_fences_are_cut_only_when_one_alone_is_over_the_budget(
    read: Document, found: list[Passage]
) -> None:
    for at, block in enumerate(read.parsed.blocks):
        if block.kind not in ("item", "row", "code", "paragraph"):
            continue
        whole = size(read.visible(block.start, block.end)) <= LEAST_ROOM
        assert len(holders(block, found)) == 1 or not whole
        last = read.parsed.blocks[whole_item(read, at)]
        if block.kind == "item" and block.depth == 1 and size(read.visible(block.start, last.end)) <= LEAST_ROOM:
            assert holders(block, found) == holders(last, found)


@law
def test_a_lead_in_stays_with_what_it_introduces(read: Document, found: list[Passage]) -> None:
    body = bodies(read)
    for lead, first in pairwise(body):
        same = not any(b.kind == "heading" and lead.end <= b.start < first.start for b in read.parsed.blocks)
        fits = size(read.visible(lead.start, _first_unit_end(read, first))) <= LEAST_ROOM
        if same and fits and lead.group < 0 and lead.kind == "paragraph" and _ends_in_colon(read, lead):
            assert holders(lead, found)[-1] == holders(first, found)[0]


def _ends_in_colon(read: Document, block: Block) -> bool:
    return read.visible(block.start, block.end).rstrip().endswith(":")


def _first_unit_end(read: Document, first: Block) -> int:
    """The end of a list's first item with all in it, of a table's first row, of another block."""
    blocks = read.parsed.blocks
    at = blocks.index(first)
    if first.label == "header" and at + 1 < len(blocks) and blocks[at + 1].group == first.group:
        at += 1
    return blocks[whole_item(read, at)].end


@law
def test_the_rest_of_a_divided_table_has_its_header_row_above_and_not_in_the_quote(
    read: Document, found: list[Passage]
) -> None:
    for p in found:
        rows = [b for b in read.parsed.blocks if b.kind == "row" and p.start <= b.start < p.end]
        if rows and rows[0].label != "header" and rows[0].start == p.start:
            assert p.header.endswith("| Name | Meaning |")
            assert "| Name | Meaning |" not in p.text.split("\n\n")[0]


@law
def test_a_passage_is_part_of_one_section_or_whole_sections_of_one_parent(read: Document, found: list[Passage]) -> None:
    sections = outline(read.text, read.parsed.blocks)
    held = [[b for b in bodies(read) if s.start <= b.start < s.end] for s in sections]
    for p in found:
        touched = [i for i, own in enumerate(held) if any(p.start < b.end and b.start < p.end for b in own)]
        assert all(sections[i].path[: len(p.section)] == p.section for i in touched)
        if len(touched) == 1:
            continue
        for i in touched:
            depth, root = len(p.section) + 1, i
            while root > 0 and len(sections[root].path) > depth:
                root -= 1
            end = root + 1
            while len(sections[root].path) >= depth and end < len(sections) and len(sections[end].path) > depth:
                end += 1
            family = [b for own in held[root:end] for b in own]
            assert all(p.start <= b.start and b.end <= p.end for b in family), (p.section, sections[i].path)


LINE = "the operator checks the quorum of the cluster before the next node is drained and waits for it. "


def test_short_sections_share_a_passage_with_their_parent_and_not_with_the_next_one() -> None:
    text = f"# A\n\n{LINE * 8}\n\n## B\n\none\n\n## C\n\ntwo\n\n# D\n\n{LINE * 8}\n\n## E\n\nthree\n"
    first, second = passages(text)
    assert (first.section, first.text) == (("A",), text[: text.index("# D")].strip())
    assert (second.section, second.text) == (("D",), text[text.index("# D") :].strip())


def test_sections_that_do_not_fit_beside_their_parent_share_a_passage_of_their_own() -> None:
    text = f"# A\n\n{LINE * 12}\n\n## B\n\none\n\n## C\n\ntwo\n"
    first, second = passages(text)
    assert (first.section, second.section) == (("A",), ("A",))
    assert second.text == "## B\n\none\n\n## C\n\ntwo"


def test_sections_of_two_parents_never_share_a_passage() -> None:
    text = f"# A\n\n## B\n\n{LINE * 12}\n\n### B1\n\none\n\n## C\n\n{LINE * 6}\n\n### C1\n\n{LINE * 9}\n"
    assert [p.section for p in passages(text)] == [("A", "B"), ("A", "B", "B1"), ("A", "C"), ("A", "C", "C1")]


def test_hidden_text_takes_no_room() -> None:
    (found,) = passages(f"# A\n\none\n\n<!-- {LINE * 40} -->\n\ntwo\n")
    assert found.text.split() == ["#", "A", "one", "two"]


@pytest.mark.parametrize("length", range(40, 130, 9))
def test_no_passage_is_filled_beyond_the_budget(length: int) -> None:
    for many in range(3, 9):
        found = passages("\n\n".join(["quorum " * length] * many))
        assert all(size(p.indexed_text) <= BUDGET for p in found)


@pytest.mark.parametrize("mark", ["- ", "1. "])
def test_the_rest_of_a_divided_list_has_its_lead_in_in_the_header(mark: str) -> None:
    items = "\n".join(f"{mark}{LINE}" for _ in range(24))
    found = passages(f"# Drain\n\nBefore you drain:\n\n{items}\n")
    assert len(found) > 1
    assert found[0].text.startswith("# Drain\n\nBefore you drain:\n\n" + mark.strip())
    assert [p.header for p in found] == [
        "Guide > Drain (guide)",
        *["Guide > Drain (guide)\nBefore you drain:"] * (len(found) - 1),
    ]
    assert all("Before you drain" not in p.text for p in found[1:])


def test_passages_are_evenly_filled() -> None:
    found = passages("# A\n\n" + "\n\n".join([LINE.strip()] * 30))
    sizes = [size(p.text) for p in found]
    assert len(found) == -(-30 * size(LINE) // (BUDGET - size(found[0].header)))
    assert min(sizes) > max(sizes) / 2


def test_a_line_longer_than_the_budget_is_cut_between_word_pieces() -> None:
    text = "abcdefgh" + "-abcdefgh" * 300
    found = passages(text)
    assert len(found) > 2
    assert "".join(p.text for p in found) == text
    assert all(size(p.indexed_text) <= TOKENS - 2 for p in found)  # a word that is cut can count one more


def test_a_long_header_is_cut_and_the_text_is_not() -> None:
    title = "quorum " * 200
    (found,) = chunk(document("# A\n\nOne sentence of text.\n", title=title), PIECES)
    assert size(found.header) == 60
    assert found.text == "# A\n\nOne sentence of text."


def test_ids_depend_on_document_revision_and_span() -> None:
    one, other = chunk(document("Text.\n"), PIECES), chunk(document("Text.\n", name="docs/b.md"), PIECES)
    changed = chunk(document("Text. \n"), PIECES)
    assert one[0].text == other[0].text == changed[0].text
    assert len({one[0].id, other[0].id, changed[0].id}) == 3


def test_a_passage_says_where_it_stands_and_who_may_read_it() -> None:
    (found,) = passages("---\nstatus: accepted\n---\n# A\n\nOne.\n")
    assert (found.place, found.status, found.access) == ("lines 4-6", "accepted", ("public",))
    assert found.header == "Guide > A (guide, accepted)"


def test_a_document_of_headings_alone_has_no_passage() -> None:
    assert passages("# A\n\n## B\n") == []


def test_a_line_over_the_budget_is_cut_between_words() -> None:
    text = "drain the node and checkpoint replication " * 200
    ruler = Ruler(
        text, tuple(m.start() + step for m in re.finditer(r"\w+", text) for step in (0, 2) if step < len(m[0]))
    )
    spans = list(ruler.cut(0, len(text), 30))
    assert [s.start for s in spans[1:]] == [s.end for s in spans[:-1]]
    assert all(not (text[s.start - 1].isalnum() and text[s.start].isalnum()) for s in spans[1:])
    assert all(ruler.length(s.start, s.end) <= 30 for s in spans)
