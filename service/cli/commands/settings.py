"""`aether settings`: every setting, its value, and where the value comes from. Secrets are only said to be set."""

from __future__ import annotations

import os

from pydantic import SecretStr

from service.cli.ending import DONE
from service.cli.terminal import clean, print_json
from service.settings import Settings

_GIVEN = {"store": "--store", "index": "--index"}


def show_settings(settings: Settings, *, given: frozenset[str], json: bool) -> int:
    """Print them; the exit status. `given` names the settings that came from the command line."""
    rows = [
        {"name": f"AETHER_{name.upper()}", "value": _shown(getattr(settings, name)), "from": _origin(name, given)}
        for name in Settings.model_fields
    ]
    if json:
        print_json(rows)
        return DONE
    width = max(len(row["name"]) for row in rows)
    values = max(len(row["value"]) for row in rows)
    for row in rows:
        print(f"{row['name']:<{width}}  {clean(row['value']):<{values}}  {row['from']}")
    return DONE


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else "(not set)"
    return str(value)


def _origin(name: str, given: frozenset[str]) -> str:
    if name in given:
        return _GIVEN[name]
    known = {key.upper() for key in os.environ}
    return "environment" if f"AETHER_{name.upper()}" in known else "default"
