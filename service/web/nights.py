"""The nightly reports that lie in a folder, newest first, as the page shows them."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.nightly import Night

_MOST = 30


class Nights(BaseModel):
    """The last nights, newest first. `unreadable` names reports that are none, or of another format."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nights: tuple[Night, ...]
    unreadable: tuple[str, ...]


def nights_in(home: Path) -> Nights:
    """The reports under `home/nights`; none where there is no such folder."""
    found: list[Night] = []
    unreadable: list[str] = []
    for report in sorted(home.glob("nights/*/report.json"), reverse=True)[:_MOST]:
        try:
            found.append(Night.model_validate_json(report.read_bytes()))
        except (OSError, ValidationError):
            unreadable.append(report.parent.name)
    return Nights(nights=tuple(found), unreadable=tuple(unreadable))
