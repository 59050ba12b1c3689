"""What readers say of a sentence, kept as candidates for cases of the evaluation.

`feedback/candidates.jsonl` in the store's folder, for its owner only: one JSON object a line, as `aether-eval` reads
candidates. A sentence that is right becomes a fact that the answer must state; one that is wrong becomes words that
must not show. A person reviews each before it is a case.

::

    {"case": {"id": "feedback-...", "kind": "fact", "question": "...", "facts": [["..."]], "banned": ["..."],
              "principals": ["group:sre"], "tags": ["up", "answer:..."]},
     "rule": "feedback", "state": "proposed", "note": "the reader's reason"}

The same word of the same caller is kept once. What quotes a document that is forgotten is taken out: a line goes when a
run of its words stands in the document, which loses rather a line too many than one too few.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.access import PUBLIC
from corpus.errors import StoreError
from service.access.principal import Principal
from service.whole import write_whole

Vote = Literal["up", "down"]
FILE = "candidates.jsonl"
_RUN = 5
_WORD = re.compile(r"\w+")
_MARK = re.compile(r"\[\d{1,4}\]")


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader said of a sentence of an answer. `answer` is that answer's id."""

    question: str
    sentence: str
    vote: Vote
    reason: str = ""
    answer: str = ""


class Feedback:
    """The feedback kept in the folder of a store. Safe for the threads of one process."""

    def __init__(self, store: Path) -> None:
        self._path = store / "feedback" / FILE
        self._turn = threading.Lock()

    def note(self, who: Principal, said: Said) -> str:
        """Keep it; the candidate's id. Raises `StoreError`."""
        line = _candidate(who, said)
        name = str(line["case"]["id"])
        with self._turn, self._writing():
            if not any(one["case"]["id"] == name for one in self._lines()):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                with os.fdopen(handle, "a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return name

    def forget(self, texts: Iterable[str]) -> int:
        """Take out what shares a run of words with one of the texts; how much that was. Raises `StoreError`."""
        if not self._path.exists():
            return 0
        gone = [" ".join(_words(text)) for text in texts]
        with self._turn, self._writing():
            lines = list(self._lines())
            kept = [line for line in lines if not any(_quotes(line, text) for text in gone)]
            if len(kept) < len(lines):
                told = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept)
                write_whole(self._path, told.encode())
            return len(lines) - len(kept)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """What is kept; the half line of a process that was killed is none."""
        try:
            text = self._path.read_text("utf-8", "replace")
        except FileNotFoundError:
            return
        for line in text.splitlines():
            with suppress(json.JSONDecodeError):
                yield json.loads(line)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"feedback cannot be kept ({error.strerror})", item=str(self._path), next_step="Check the disk"
            ) from error


def _candidate(who: Principal, said: Said) -> dict[str, Any]:
    named = json.dumps([who.name, who.key, asdict(said)])
    case = {
        "id": f"feedback-{hashlib.sha256(named.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}",
        "kind": "fact",
        "question": said.question,
        "facts": [[said.sentence]] if said.vote == "up" else [],
        "banned": [said.sentence] if said.vote == "down" else [],
        "principals": sorted(who.access - {PUBLIC}),
        "tags": [said.vote, *([f"answer:{said.answer}"] if said.answer else [])],
    }
    return {"case": case, "rule": "feedback", "state": "proposed", "note": said.reason}


def _quotes(line: dict[str, Any], text: str) -> bool:
    """Whether its sentence, or a run of the words around it, stands in the text."""
    case = line["case"]
    sentence = [
        _words(_MARK.sub("", said)) for said in [*case["banned"], *(one for fact in case["facts"] for one in fact)]
    ]
    around = [_words(said) for said in (case["question"], line["note"])]
    whole = [words for words in sentence if words] + [words for words in around if len(words) >= _RUN]
    runs = (" ".join(words[at : at + _RUN]) for words in whole for at in range(max(1, len(words) - _RUN + 1)))
    return any(f" {run} " in f" {text} " for run in runs)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
