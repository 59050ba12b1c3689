"""Where the evidence of a sentence stands: the fewest units whose words cover it.

Units are taken greedily by the rarity of the sentence's terms that they add; the encoder decides between units that
add about the same. The bar is lexical on purpose: on this encoder a text with one wrong fact is as near as the right
one, so nearness may choose between units that say the words, never stand in for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.documents import Document
from corpus.outline import section_path
from corpus.ports import Embedder
from corpus.units import Unit
from service.answering.terms import rarity, terms
from service.grounding.ledger import ledger
from service.language.evidence import Shown

BAR = 0.8
"""Share of a sentence's content words that its evidence must hold."""

_MOST = 3
_FIRST = 0.4
_NEAR = 5
_CLOSE = 0.9


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit that may be cited, with its terms and those of its title and headings."""

    document: Document
    unit: Unit
    own: frozenset[str]
    headed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Located:
    """Units that a sentence rests on, in document order; none, with the words that stand nowhere, where it has none."""

    units: tuple[Placed, ...]
    missing: tuple[str, ...]


@dataclass(slots=True)
class Locator:
    """Finds evidence among what was shown."""

    embedder: Embedder
    bar: float = BAR
    _vectors: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def locate(self, text: str, shown: Sequence[Shown]) -> Located:
        """The units that a sentence rests on."""
        places = placed(shown)
        wanted = terms(text)
        required = terms(_unmeasured(text)) or wanted
        if not wanted or not places:
            return Located((), ())
        weigh = rarity([terms(self._text(p)) for p in places])
        rarest = max(weigh.values(), default=1.0)
        chosen: list[Placed] = []
        left = set(wanted)
        while left and len(chosen) < _MOST:
            rest = [p for p in places if p not in chosen and (not chosen or p.document.id == chosen[0].document.id)]
            best = self._best(text, rest, frozenset(left), {t: weigh.get(t, rarest) for t in left})
            if best is None or (not chosen and len(wanted & (best.own | best.headed)) < _FIRST * len(wanted)):
                break
            chosen.append(best)
            left -= best.own | best.headed
        if not chosen or len(required - left) < self.bar * len(required):
            return Located((), tuple(sorted(required & left)))
        return Located(tuple(sorted(chosen, key=lambda p: p.unit.start)), tuple(sorted(left)))

    def _best(
        self, text: str, places: Sequence[Placed], left: frozenset[str], weigh: dict[str, float]
    ) -> Placed | None:
        """The unit that adds most; of those that add about the same, the one nearest in meaning."""
        gains = sorted(((sum(weigh[t] for t in p.own & left), -i, p) for i, p in enumerate(places)), reverse=True)
        if not gains or gains[0][0] <= 0:
            return None
        near = [p for gain, _, p in gains[:_NEAR] if gain >= _CLOSE * gains[0][0]]
        return near[0] if len(near) == 1 else max(near, key=lambda p: self._cosine(text, self._text(p)))

    def _cosine(self, left: str, right: str) -> float:
        missing = [t for t in (left, right) if t not in self._vectors]
        self._vectors.update(zip(missing, self.embedder.embed(missing), strict=True) if missing else ())
        return sum(a * b for a, b in zip(self._vectors[left], self._vectors[right], strict=True))

    def _text(self, place: Placed) -> str:
        return place.document.visible(place.unit.start, place.unit.end)


def _unmeasured(text: str) -> str:
    """The text without its measures: they may stand in another unit, and the contract compares them as quantities."""
    for quantity in sorted(ledger(text), key=lambda q: -q.start):
        if quantity.kind == "measure":
            text = f"{text[: quantity.start]} {text[quantity.end :]}"
    return text


def placed(shown: Sequence[Shown]) -> list[Placed]:
    """The units that may be cited, each once."""
    found: dict[tuple[str, int], Placed] = {}
    for item in shown:
        for unit in item.citable:
            if (item.document.id, unit.start) not in found:
                text = item.document.visible(unit.start, unit.end)
                headed = terms(" ".join((item.document.title, *section_path(item.document, unit.start))))
                found[item.document.id, unit.start] = Placed(item.document, unit, terms(text), headed)
    return list(found.values())
