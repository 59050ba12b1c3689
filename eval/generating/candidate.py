"""A proposed case, and what a person said of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import UsageError
from eval.suites.case import Case
from service.whole import write_whole

State = Literal["proposed", "accepted", "rejected"]


class Candidate(BaseModel):
    """A case with the rule that proposed it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: Case
    rule: str
    state: State = "proposed"
    note: str = ""


def read_candidates(path: Path) -> list[Candidate]:
    """The candidates of a JSONL file. Raises `UsageError` where it is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
        return [Candidate.model_validate(json.loads(line)) for line in lines if line.strip()]
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", item=str(path), next_step="Make it with aether-eval generate"
        ) from error
    except (ValidationError, json.JSONDecodeError) as error:
        first = " ".join(str(error).split())[:120]
        raise UsageError(
            f"holds no candidates ({first})", item=str(path), next_step="Make it with aether-eval generate"
        ) from error


def write_candidates(path: Path, candidates: Iterable[Candidate]) -> None:
    """All of them, whole or not at all, for their owner only: they may hold what readers said."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, "".join(one.model_dump_json() + "\n" for one in candidates).encode())
