"""Trains the verifier's weights and writes them where they ship.

    python -m eval.training.verifier --work ../verifier-work --keps KEP_STORE --handbook HANDBOOK_STORE
                                     --operations OPERATIONS_STORE [--data ../shared/data] [--out FOLDER]

The stores hold kubernetes-enhancements, the pages of gitlab_handbook_qa and the operations corpora of ArchQA. What is
made on the way, a part at a time, is kept in the work folder: a run that was interrupted goes on from there. Same data,
same bytes. Needs the extra [train].
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Mapping
from pathlib import Path

from eval.archqa import SHARED
from eval.cli.ended import ended
from eval.training.fitting import SEED, fit_weights
from eval.training.observed import Observed
from eval.training.parts import Places, training
from service.grounding.weighing.weights import BUNDLED, Weights, packed

CARD = """# Verifier of the sentence contract

Boosted trees and a logistic regression over what is observed of a claim beside its evidence (words, order, numbers,
names, polarity). They give the probability that the evidence supports, contradicts or does not settle a sentence.

| | |
|---|---|
| made by | `python -m eval.training.verifier` (same data, same bytes), seed {seed} |
| form | {trees} trees that find changes, {others} for contradicted against not said, a line of {line} observations |
| observations | {names}, read off the characters; no encoder and no language model |
| reported by | `python -m eval.training.verifier_report`, figures in the decision record on the verifier |

## Training data

{pairs} pairs of a claim and its evidence, a fifth of the groups (documents, articles) held out to calibrate.

| part | pairs | supported |
|---|---|---|
{rows}

Licences: begin CC BY 4.0 (its topical-chat rows CDLA-Sharing), faithdial_audit MIT, summac and summedits Apache-2.0, as
`SOURCE.txt` of faithfulness_unified says; kubernetes-enhancements Apache-2.0; the handbook pages CC BY-SA 4.0. None of
their text is in the weights.

## Limits

English only. It compares words and knows little of their sense: a true sentence in words of its own is often not found
supported, and a false one that changes nothing but a synonym is let by. It is asked last, after deterministic checks of
quantities, identifiers, entities and polarity, whose veto it cannot lift. Perturbations are made by rules; what people
or models get wrong in other ways is found less often.
"""


def export(weights: Weights, parts: Mapping[str, Observed], out: Path) -> None:
    """Write the weights with their hash and their card."""
    out.mkdir(parents=True, exist_ok=True)
    content = packed(weights)
    (out / "weights.npz").write_bytes(content)
    (out / "SHA256SUMS").write_text(f"{hashlib.sha256(content).hexdigest()}  weights.npz\n", "utf-8")
    (out / "MODEL_CARD.md").write_text(card(weights, parts), "utf-8")


def card(weights: Weights, parts: Mapping[str, Observed]) -> str:
    """The model card."""
    return CARD.format(
        seed=SEED,
        trees=len(weights.changed.feature),
        others=len(weights.contradicted.feature),
        line=len(weights.shared.columns),
        names=len(weights.names),
        pairs=f"{sum(len(part.pairs) for part in parts.values()):,}",
        rows="\n".join(f"| {name} | {len(p.pairs):,} | {int(p.supported.sum()):,} |" for name, p in parts.items()),
    )


def places(parser: argparse.ArgumentParser) -> Places:
    """The places that the command line names."""
    parser.add_argument("--work", type=Path, required=True, help="folder of what is kept between runs")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    for name in ("keps", "handbook", "operations"):
        parser.add_argument(f"--{name}", type=Path, required=True, help="a store that has been ingested")
    options, _ = parser.parse_known_args()
    return Places(options.work, options.data, options.keps, options.handbook, options.operations)


def main() -> None:
    """Make the pairs, observe them, fit, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=BUNDLED)
    found = places(parser)
    options = parser.parse_args()
    parts = training(found)
    weights = fit_weights(parts)
    export(weights, parts, options.out)
    print(f"{options.out}: blend {weights.blend.round(3).tolist()}")


if __name__ == "__main__":
    ended(main)
