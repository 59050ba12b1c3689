"""`aether verify`: a saved answer or report, citation by citation."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.access import PUBLIC, access_set
from service.asker import asker
from service.checking.record import Verified, VerifiedCitation
from service.checking.verify import saved_in, verify
from service.cli.commands.checking.check import given
from service.cli.ending import DONE, REFUSED, notice
from service.cli.terminal import clean, console, counted, excerpt, is_rich
from service.cli.through import verify_through
from service.desk.beacon import beacon_of
from service.wiring import Wiring

_LARGEST_MB = 50
_STYLES = {"holds": "", "moved": "yellow", "changed": "red", "gone": "red"}
_SHOWN = 160


def verify_saved(wiring: Wiring, file: str, principals: tuple[str, ...], *, json: bool) -> int:
    """Verify and show it; the exit status. Raises `UsageError`."""
    content = given(file, largest_mb=_LARGEST_MB)
    saved, access = saved_in(content), access_set([PUBLIC, *principals])
    beacon = beacon_of(wiring.settings.store)
    if beacon:
        verified = verify_through(beacon, saved, access)
    else:
        with asker(wiring, notice) as who:
            verified = verify(who, saved, access)
    if json:
        print(verified.model_dump_json(indent=2))
    else:
        _show(verified)
    return REFUSED if verified.counts["changed"] or verified.counts["gone"] else DONE


def _show(verified: Verified) -> None:
    out = console() if is_rich() else None
    for citation in verified.citations:
        for line in _lines(citation):
            if out:
                out.print(line, style=_STYLES[citation.fate], markup=False, highlight=False)
            else:
                print(line)
    for sentence in verified.sentences:
        if sentence.verdict is not None:
            still = "still supported" if sentence.verdict.supported else f"no longer: {sentence.verdict.failure}"
            print(f"{still}: {clean(' '.join(sentence.text.split()))}")
    told = ", ".join(f"{count} {fate}" for fate, count in verified.counts.items() if count)
    print(f"\n{counted(len(verified.citations), 'citation')}{f': {told}' if told else ''}.")


def _lines(citation: VerifiedCitation) -> Iterator[str]:
    yield clean(f"[{citation.number}] {citation.fate:7} {citation.cited}: {excerpt(citation.quote, _SHOWN)}")
    now = citation.now
    if citation.fate == "moved" and now:
        yield clean(f"    now {now.document}@{now.revision[:12]}:{now.start}-{now.end} ({now.place})")
    if citation.fate == "changed":
        yield clean(f"    now {excerpt(now.text, _SHOWN)}" if now else "    now nothing stands in its place")
