"""What the selector is trained on, in the order of training: rounds of questions, cut into batches of alike length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from corpus.library import LIBRARY
from eval.training.selector.claimed import claimed, held_claims
from eval.training.selector.generated import generated
from eval.training.selector.groups import Candidate, Group, articles
from eval.training.selector.posed import posed

SEED = 1
STAGES = ("first", "last")
_AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Places:
    """Folders: what is kept between runs, the shared data, the stores of what was posed."""

    work: Path
    data: Path
    stores: Path


@dataclass(frozen=True, slots=True)
class Data:
    """What trains, in the order of training, and what reports, by name."""

    batches: list[list[Group]]
    held: dict[str, list[Group]]


def gather(places: Places, stage: str, seed: int = SEED) -> Data:
    """The groups of all rounds of a stage in batches of alike length."""
    random = Random(f"{seed}/{stage}")
    squad = places.data / "squad2_dev/dev10.json"
    asked = articles(squad, held=False, random=random)
    made = generated(_documents(places.data), random=random)
    held = {"squad": articles(squad, held=True, random=random)}

    def some(groups: list[Group], share: float) -> list[Group]:
        return random.sample(groups, int(share * len(groups)))

    if stage == "first":
        rounds = [asked + some(made, share) for share in (1, 1 / 4, 1 / 5)]
        beside: list[list[Group]] = [[] for _ in rounds]
    else:
        own = posed(places.stores, places.data, places.work, held=False)
        other = posed(places.stores, places.data, places.work, held=True)
        held |= {"posed": other.units, "passages": other.passages, "claims": held_claims(places.data, places.work)}
        rounds = [own.units + some(asked, share) + some(made, share / 2) for share in (1 / 2, 1 / 2)]
        rounds[1] += own.passages
        every = claimed(places.stores, places.data, places.work, random=random)
        beside = [every[at::2] for at in range(2)]
    batches = [batch for one, claims in zip(rounds, beside, strict=True) for batch in _round(one, claims, random)]
    return Data(batches, held)


def _round(groups: Sequence[Group], claims: Sequence[Group], random: Random) -> list[list[Group]]:
    """All batches of a round in chance order; a claim has one candidate, so that more of them go into one."""
    batches = list(_batches(random.sample(groups, len(groups)), random, _AT_ONCE))
    of_claims = list(_batches(claims, random, 4 * _AT_ONCE))
    return random.sample(batches + of_claims, len(batches + of_claims))


def _documents(data: Path) -> list[Path]:
    """Runbooks in two states, of which the older counts where the newer has none, and the library."""
    old, new = (data / f"versioned_docs/gitlab-runbooks-{when}" for when in ("2020-11", "2022-02"))
    gone = [path for path in sorted(old.rglob("*.md")) if not (new / path.relative_to(old)).exists()]
    return [*sorted(new.rglob("*.md")), *gone, *sorted(LIBRARY.rglob("*.md"))]


def _batches(groups: Sequence[Group], random: Random, at_once: int) -> Iterator[list[Group]]:
    """Groups of alike length together, so that little is padded."""
    size = 20 * at_once
    for start in range(0, len(groups), size):
        alike = sorted(groups[start : start + size], key=lambda g: max(len(c.text) for c in g.near))
        cut = [alike[at : at + at_once] for at in range(0, len(alike), at_once)]
        yield from random.sample(cut, len(cut))


def drawn(group: Group, random: Random, hidden: float) -> list[Candidate]:
    """One right candidate and up to seven wrong ones; five wrong ones where none is right, or is shown."""
    every = [*group.near, *group.far]
    right, wrong = [c for c in every if c.right], [c for c in every if not c.right]
    random.shuffle(wrong)
    if len(wrong) > 4 and random.random() < hidden:
        right = []
    return [random.choice(right), *wrong[:7]] if right else wrong[:5]
