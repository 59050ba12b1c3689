"""The verifier that comes with Aether: what it observes, and the weights that it refuses to use."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import EncoderError
from service.grounding.claim import Claim, Ground
from service.grounding.support import opinion
from service.grounding.verifier import Pair, Unasked
from service.grounding.weighing.observe import NAMES, candidates, observe
from service.grounding.weighing.weigh import EmbeddedVerifier, rows, sides
from service.grounding.weighing.weights import BUNDLED, Trees, packed, read_weights

RUNBOOK = """The gateway answers within 200 ms at p99 when the cache is warm.

Restart the gateway with `gatewayctl restart` if `GatewayDown` fires on Tuesday. The router keeps its state in memory.

Backups are taken every night and kept for 30 days in another region.
"""
TRUE = "The gateway answers within 200 ms at the 99th percentile when the cache is warm."
CHANGED = (
    "The gateway answers within 300 ms at p99 when the cache is warm.",
    "The gateway answers within 200 ms at p99 unless the cache is warm.",
    "Backups are not taken every night and kept for 30 days in another region.",
    "Backups are taken every night and kept for 30 weeks in another region.",
    "The gateway keeps its state in memory.",
)


@pytest.fixture(scope="module")
def verifier() -> EmbeddedVerifier:
    return EmbeddedVerifier()


def test_what_is_observed_has_always_the_same_names() -> None:
    for claim, evidence in ((TRUE, (RUNBOOK,)), ("", ()), ("日本語", ("",)), ("a 7 b", ("7",))):
        assert tuple(observe(candidates(claim, evidence))) == NAMES


def test_observations_tell_what_was_changed() -> None:
    number = observe(candidates(CHANGED[0], (RUNBOOK,)))
    assert (number["quantities_absent"], number["differs_value"], number["replacements"]) == (1, 1, 1)
    turned = observe(candidates(CHANGED[2], (RUNBOOK,)))
    assert (turned["turned"], turned["deletions"]) == (1, 1)
    condition = observe(candidates(CHANGED[1], (RUNBOOK,)))
    assert (condition["conditions_gained"], condition["conditions_lost"]) == (1, 1)


@pytest.mark.parametrize("claim", CHANGED)
def test_a_changed_sentence_is_not_supported(verifier: EmbeddedVerifier, claim: str) -> None:
    (found,) = verifier.verify([Pair(claim, (RUNBOOK,))])
    assert found.supported < 0.5


def test_a_claim_is_as_supported_as_its_least_supported_sentence(verifier: EmbeddedVerifier) -> None:
    both = f"{CHANGED[2]} {CHANGED[4]}"
    alone = [verifier.verify([Pair(claim, (RUNBOOK,))])[0] for claim in (CHANGED[2], CHANGED[4])]
    (together,) = verifier.verify([Pair(both, (RUNBOOK,))])
    assert together.supported == pytest.approx(min(one.supported for one in alone))


def test_trees_go_where_their_questions_send_them() -> None:
    trees = Trees(
        np.array([[0, -1, 1, -1, -1]], dtype=np.int16),
        np.array([[0.5, 0, 2.0, 0, 0]]),
        np.array([[1, 1, 3, 3, 4]], dtype=np.int16),
        np.array([[2, 1, 4, 3, 4]], dtype=np.int16),
        np.array([[0, 1.0, 0, 10.0, 100.0]]),
        np.array(0.5),
    )
    x = np.array([[0.5, 9.0], [0.6, 2.0], [0.6, 2.1]])
    assert trees.score(x).tolist() == [1.5, 10.5, 100.5]


def test_weights_are_written_as_they_are_read() -> None:
    weights = read_weights(NAMES)
    assert packed(weights) == (BUNDLED / "weights.npz").read_bytes()
    assert np.isfinite(weights.score(rows(sides(TRUE, (RUNBOOK,))))).all()


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "unsummed"])
def test_damaged_weights_are_refused_with_the_way_out(tmp_path: Path, damage: str) -> None:
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "trained"))
    path = folder / "weights.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if damage in ("flipped", "cut"):
        path.write_bytes(content if damage == "flipped" else content[:100])
    else:
        (path if damage == "gone" else folder / "SHA256SUMS").unlink()
    with pytest.raises(EncoderError, match="train the weights again"):
        EmbeddedVerifier(folder)


def test_a_file_that_is_no_weights_is_refused_though_its_hash_is_right(tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_bytes(b"nothing of the kind")
    digest = hashlib.sha256(b"nothing of the kind").hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  weights.npz\n", "utf-8")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        EmbeddedVerifier(tmp_path)


def test_weights_for_other_observations_are_refused() -> None:
    with pytest.raises(EncoderError, match="other observations"):
        read_weights(NAMES[1:])


def test_who_is_not_asked_gives_no_score() -> None:
    ground = Ground({}, {}, frozenset({"public"}), verifier=Unasked())
    assert opinion(Claim(TRUE, "cited", ()), ground) is None


def test_the_card_says_where_the_weights_come_from() -> None:
    card = (BUNDLED / "MODEL_CARD.md").read_text("utf-8")
    for said in ("python -m eval.training.verifier", "Licences", "## Limits", "perturbed/keps", "summedits_"):
        assert said in card
