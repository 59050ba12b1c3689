"""The training of the verifier: what it may learn from, what it keeps, and that it learns what is there to learn."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from eval.training import parts
from eval.training.observed import Observed, held_out, observed
from eval.training.pairs import Labelled, keep, load, share_of

WORDS = "gateway router ledger backup cluster quorum certificate snapshot replica timeout alert queue".split()


def _pairs(part: str, count: int) -> list[Labelled]:
    """Sentences with a number, and the same with another number."""
    random = Random(part)
    made = []
    for at in range(count):
        words = random.sample(WORDS, 6)
        value = random.randrange(2, 900)
        true = f"The {words[0]} keeps {value} entries of the {words[1]} and the {words[2]} for the {words[3]}."
        evidence = f"{true} The {words[4]} reads 7 of the {words[5]}."
        claim = true if at % 2 else true.replace(str(value), str(value + 1))
        made.append(Labelled(part, f"{part}/{at}", "", claim, (evidence,), "supported" if at % 2 else "contradicted"))
        if at % 8 == 0:
            other = f"The {words[4]} is written in Rust."
            made.append(Labelled(part, f"{part}/{at}", "", other, (evidence,), "unknown"))
    return made


def test_what_reports_trains_nothing() -> None:
    reports = (*parts.CLAIMED, *parts.ASKED, *parts.UNSEEN)
    assert not [name for name in reports if name.startswith(parts.LABELLED) or name in parts.PERTURBED]
    refused = ("attrbench_dev", "climate_fever", "covidfact", "healthver_dev")
    assert not [name for name in refused if name.startswith(parts.LABELLED)]


def test_documents_that_report_and_those_that_train_are_told_apart_by_their_id_alone() -> None:
    places = parts.Places(*(Path(name) for name in ("work", "data", "keps", "handbook", "operations")))
    trains, held = (parts._maker(places, f"perturbed/{name}").keywords for name in ("keps", "keps-held"))
    assert trains["high"] == held["low"]
    assert share_of("a document") == share_of("a document") != share_of("another")


def test_a_part_is_made_once_and_an_interrupted_one_again(tmp_path: Path) -> None:
    pairs = _pairs("perturbed/a", 4)
    assert keep(tmp_path, "perturbed/a", lambda: pairs) == pairs == load(tmp_path, "perturbed/a")

    def broken() -> list[Labelled]:
        raise KeyboardInterrupt

    assert keep(tmp_path, "perturbed/a", broken) == pairs
    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path, "b", broken)
    assert keep(tmp_path, "b", lambda: pairs[:1]) == pairs[:1]
    first = observed(tmp_path / "a.npz", pairs)
    again = observed(tmp_path / "a.npz", pairs)
    assert np.array_equal(first.x, again.x)
    assert set(first.owner.tolist()) == set(range(len(pairs)))


def test_a_pair_scores_as_its_least_sentence() -> None:
    pairs = tuple(_pairs("a", 2)[:2])
    two = Observed(np.zeros((3, 1)), np.array([0, 0, 1]), pairs)
    assert two.least(np.array([2.0, -1.0, 5.0])).tolist() == [-1.0, 5.0]
    assert two.of(lambda pair: pair is pairs[1]).owner.tolist() == [0]


@pytest.mark.st
def test_it_learns_to_tell_a_changed_number(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn (extra [train])")
    from eval.training.fitting import fit_weights

    made = {
        name: observed(tmp_path / f"{name.replace('/', '-')}.npz", _pairs(name, 400))
        for name in ("begin_x", *parts.PERTURBED)
    }
    weights = fit_weights(made)
    seen = made["perturbed/keps"].of(lambda pair: held_out(pair.group))
    told = seen.least(weights.score(seen.x)) > 0
    assert (told == seen.supported).mean() > 0.95
    assert np.array_equal(fit_weights(made).score(seen.x), weights.score(seen.x))
