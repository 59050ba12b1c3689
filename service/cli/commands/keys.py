"""`aether keys`: make, list and revoke."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from service.access.keys import Key, Keys, Wish
from service.cli.ending import DONE
from service.cli.terminal import print_json
from service.wiring import Wiring


def create_key(wiring: Wiring, wish: Wish, *, json: bool) -> int:
    """Make a key and show it; the exit status."""
    wiring.store().close()
    key, token = Keys(wiring.settings.store).create(wish)
    if json:
        print_json({**_shown(key), "token": token})
        return DONE
    until = f"until {key.expires}" if key.expires else "and never expires"
    print(token)
    print(f"Key {key.id} for {key.name}: {key.role} of {', '.join(key.access)}, {until}.")
    print("It is not shown again. Callers send it as: Authorization: Bearer TOKEN")
    return DONE


def list_keys(wiring: Wiring, *, json: bool) -> int:
    """Show every key; the exit status."""
    wiring.store().close()
    keys = Keys(wiring.settings.store).all()
    if json:
        print_json([_shown(key) for key in keys])
    elif not keys:
        print("There is no key. Make one with aether keys create NAME")
    else:
        for key in keys:
            print(f"{key.id}  {key.name}: {key.role} of {', '.join(key.access)}; {_state(key)}")
    return DONE


def revoke_key(wiring: Wiring, name: str) -> int:
    """End a key; the exit status."""
    wiring.store().close()
    key = Keys(wiring.settings.store).revoke(name)
    print(f"Revoked: {key.id} of {key.name}")
    return DONE


def _shown(key: Key) -> dict[str, object]:
    return {name: value for name, value in asdict(key).items() if name != "digest"} | {"state": _state(key)}


def _state(key: Key) -> str:
    if key.revoked:
        return f"revoked {key.revoked}"
    if not key.valid(datetime.now(UTC)):
        return f"expired {key.expires}"
    return f"until {key.expires}" if key.expires else "never expires"
