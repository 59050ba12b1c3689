"""What a reranker is worth: the measures of one list, and variants that differ in their weight alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpus.passages import Passage
from eval.reranking.compare import Weighed, lines, measured, variants
from eval.suites.case import Case, Gold
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.evidence import Evidence
from tests.unit.test_search import passage

QUOTE = "Backups are kept for 30 days"


def evidence(document: str, text: str) -> Evidence:
    return Evidence(passage(document, text), 1.0, 0.0, 0.0)


LIST = [
    evidence("docs/a.md", "Nothing of the kind."),
    evidence("docs/a.md", "Nor here."),
    evidence("docs/b.md", f"{QUOTE}, and the ledger is one of them."),
]


def test_a_quote_counts_from_the_passage_that_holds_it() -> None:
    case = Case(id="1", kind="fact", question="?", gold=(Gold(document="docs/b.md", quote=QUOTE),))
    found = measured(case, LIST)
    assert (found["span@1"], found["span@3"], found["span@5"]) == (0.0, 1.0, 1.0)


def test_a_quote_in_another_document_does_not_count() -> None:
    case = Case(id="1", kind="fact", question="?", gold=(Gold(document="docs/a.md", quote=QUOTE),))
    assert measured(case, LIST)["span@50"] == 0.0


@pytest.mark.parametrize(("any_gold", "held"), [(True, 1.0), (False, 0.0)])
def test_all_quotes_are_needed_unless_one_will_do(any_gold: bool, held: float) -> None:
    gold = (Gold(document="docs/b.md", quote=QUOTE), Gold(document="docs/c.md", quote="absent words"))
    case = Case(id="1", kind="fact", question="?", gold=gold, any_gold=any_gold)
    assert measured(case, LIST)["span@3"] == held


def test_documents_are_ranked_by_their_best_passage() -> None:
    case = Case(id="1", kind="fact", question="?", gold=(Gold(document="docs/b.md"),))
    found = measured(case, LIST)
    assert found["nDCG@10"] == pytest.approx(0.6309, abs=1e-4)  # 1 / log2(3): second of two documents
    assert found["recall@5"] == 1.0


class Counting:
    """A reranker that counts how often it is asked."""

    identity, weight = "counting", 1.0

    def __init__(self) -> None:
        self.asked = 0

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        self.asked += 1
        return [float(len(p.text)) for p in passages]

    def forget(self) -> None:
        self.asked = 0


def test_variants_of_one_reranker_ask_it_once_a_question() -> None:
    inner = Counting()
    shared: dict[tuple[str, tuple[str, ...]], list[float]] = {}
    passages = [e.passage for e in LIST]
    light, heavy = Weighed(inner, 0.4, shared), Weighed(inner, 2.0, shared)
    assert light.score("a?", passages) == heavy.score("a?", passages)
    assert inner.asked == 1
    heavy.score("b?", passages)
    assert inner.asked == 2


def test_plain_and_weighted_differ_in_what_they_say() -> None:
    texts = ["The checkout service is deployed on Mondays.", "The checkout service has an error budget.", "Blue."]
    passages = [passage(f"docs/{n}.md", text) for n, text in enumerate(texts)]
    found = variants(EmbeddedEncoder(), {}, short=False)
    asked = "error budget of the checkout service"
    assert found["embedded@0.8"].score(asked, passages) != found["plain@0.8"].score(asked, passages)
    assert found["none"].score(asked, passages) == [0.0] * 3


def test_the_table_shows_a_difference_with_its_interval() -> None:
    none = [{"span@5": 0.0} for _ in range(20)]
    table = {"none": none, "same": none, "better": [{"span@5": 1.0} for _ in range(20)]}
    shown = list(lines(table))
    assert shown[2].split() == ["same", "0.000"]
    assert shown[3].split() == ["better", "1.000", "[+1.000,", "+1.000]"]
