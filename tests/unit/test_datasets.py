"""The readers of others' sets: what they read, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import NotFound, UsageError
from eval.datasets.chunking_eval import chunking_eval
from eval.datasets.clapnq import clapnq
from eval.datasets.contextual_codebase import contextual_codebase
from eval.datasets.judged import Judged
from eval.datasets.lines import json_file, json_lines
from eval.datasets.mtrag import mtrag, mtrag_answerability
from eval.datasets.nomiracl import nomiracl
from eval.datasets.scifact import scifact
from eval.datasets.squad2 import squad2
from eval.datasets.wice import wice


def _sound(judged: Judged, *, texts: int, queries: int) -> None:
    known = {text.id for text in judged.texts}
    assert (len(judged.texts), len(judged.queries)) == (texts, queries)
    assert all(judged.relevant[query.id] and judged.relevant[query.id] <= known for query in judged.queries)
    assert all(query.text and not query.text.startswith("|user|") for query in judged.queries)


def test_retrieval_sets_are_whole_and_every_judgement_resolves(shared: Path) -> None:
    data = shared / "data"
    _sound(mtrag(data / "mtrag", "cloud", "lastturn"), texts=13020, queries=188)
    _sound(mtrag(data / "mtrag", "clapnq", "rewrite"), texts=11612, queries=208)
    _sound(scifact(data / "scifact"), texts=5183, queries=809)
    _sound(contextual_codebase(data / "contextual_codebase"), texts=737, queries=248)


def test_excerpts_stand_at_their_characters(shared: Path) -> None:
    folder = shared / "data/chunking_eval"
    first = chunking_eval(folder)[0]
    text = (folder / "corpora" / first.document).read_text("utf-8")
    assert text[first.excerpts[0].start : first.excerpts[0].end].startswith("My administration announced")
    assert {one.document for one in chunking_eval(folder, ["chatlogs"])} == {"chatlogs.md"}


def test_posed_questions_have_passages_labels_and_groups(shared: Path) -> None:
    data = shared / "data"
    read = {
        "squad2": (squad2(data / "squad2_dev"), 3719, 10),
        "clapnq": (clapnq(data / "clapnq_dev"), 200, 199),
        "nomiracl": (nomiracl(data / "nomiracl_en"), 200, 200),
        "mtrag": (mtrag_answerability(data / "mtrag"), 399, 55),
    }
    for name, (posed, size, groups) in read.items():
        assert (len(posed), len({one.group for one in posed})) == (size, groups), name
        assert all(one.passages and one.passages[0].text for one in posed)
        assert 0 < sum(one.answerable for one in posed) < size


def test_claims_have_the_sentences_that_people_named_and_their_label(shared: Path) -> None:
    claims = wice(shared / "data/wice")
    assert (len(claims), sum(one.supported for one in claims)) == (349, 115)
    assert all(one.claim and all(one.evidence) for one in claims)
    arnold = next(one for one in claims if one.id == "dev02986")
    assert (len(arnold.evidence), arnold.supported) == (3, False)
    assert arnold.evidence[0] == "Media Play News is the voice of the home entertainment industry."


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"claims\.jsonl"):
        json_lines(tmp_path / "claims.jsonl")
    with pytest.raises(NotFound, match="questions_df"):
        chunking_eval(tmp_path)
    broken = tmp_path / "rows.jsonl"
    broken.write_text('{"a": 1}\n\n{"a": \n', "utf-8")
    with pytest.raises(UsageError, match="line 3 is no JSON"):
        json_lines(broken)
    broken.write_text("[1]\n", "utf-8")
    with pytest.raises(UsageError, match="line 1 is no object"):
        json_lines(broken)
    assert json_file(broken) == [1]
