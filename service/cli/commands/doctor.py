"""`aether doctor`: proof that the store is sound and the index is exactly the store, and repair where it is not.

Conversations and the journal are looked at too: broken files, and what shows a forgotten document, are named.
"""

from __future__ import annotations

from dataclasses import asdict

from corpus.errors import StoreDamaged
from ingest.doctor import Findings, examine, repair
from ingest.index.embedded import verify_wholly
from ingest.settle import rebuild
from ingest.store.store import Store
from service.cli.ending import DONE, ERROR
from service.cli.terminal import clean as printable
from service.cli.terminal import counted, print_json
from service.remains import remains
from service.wiring import Wiring


def examine_store(wiring: Wiring, *, anew: bool, json: bool) -> int:
    """Examine, repair, and tell; the exit status. `anew` rebuilds the index whatever its state."""
    identity = wiring.embedder.identity
    with wiring.store() as store:
        if anew:
            before, fault = None, "a rebuild was asked for"
            with store.changing(seconds=wiring.settings.wait):
                rebuild(store, open_index=wiring.open_index, lexical=wiring.lexical, encoder=identity)
        else:
            before, fault = _examine(wiring, store)
        sound = before is not None and before.clean
        after = before if sound else _repair(wiring, store)
        lacking = store.vectors.lacking(identity)
        left = remains(store)
    clean = after is not None and after.clean and not left
    if json:
        body = {"clean": clean, "repaired": clean and not sound, "fault": fault, "without_vector": lacking}
        body |= {"before": asdict(before) if before else None, "after": asdict(after) if after else None}
        print_json(body | {"remains": [asdict(one) | {"path": str(one.path)} for one in left]})
    else:
        _tell(before, after, fault, lacking)
        for one in left:
            print(f"Remains:   {printable(str(one.path))} {one.what}. {one.next_step}")
    return DONE if clean else ERROR


def _examine(wiring: Wiring, store: Store) -> tuple[Findings | None, str]:
    """What is found, and what is wrong in words; no findings where the index cannot even be opened."""
    try:
        if not wiring.settings.index:
            verify_wholly(wiring.settings.store / "index", wait=wiring.settings.wait)
        with wiring.open_index():
            pass
    except StoreDamaged as damage:
        return None, damage.what
    with wiring.open_index() as index:
        found = examine(store, index, lexical=wiring.lexical, encoder=wiring.embedder.identity)
    return found, "" if found.clean else _differences(found)


def _repair(wiring: Wiring, store: Store) -> Findings:
    return repair(store, open_index=wiring.open_index, lexical=wiring.lexical, encoder=wiring.embedder.identity)


def _differences(found: Findings) -> str:
    counts = {
        "missing from the index": len(found.missing),
        "unknown to the store": len(found.stray),
        "not as the store has them": len(found.differing),
        "not yet brought to the index": found.owed,
    }
    return "; ".join(f"{counted(count, 'passage')} {what}" for what, count in counts.items() if count)


def _tell(before: Findings | None, after: Findings | None, fault: str, lacking: int) -> None:
    if fault:
        print(f"Found:     {fault}")
    if after is not None and after.clean:
        done = "Sound:" if not fault else "Repaired:"
        print(f"{done:<10} the store is whole, and the index holds exactly its {counted(after.points, 'passage')}")
    elif after is not None:
        print(f"Not repaired: {_differences(after)}. Run aether doctor --rebuild")
    if lacking:
        print(f"Note:      {counted(lacking, 'passage')} without a vector yet; aether ingest makes them")
