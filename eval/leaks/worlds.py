"""Random libraries, and the same library as if what a caller may not read had never been written.

What a caller gets from the whole library must be what they would get from the second one: then nothing of what is
hidden can show, whether a title, a count, a score or the existence of anything.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path

from corpus.access import PUBLIC, may_read
from corpus.ports import Embedder
from ingest.discover import SourceRoot
from ingest.report import Silent
from ingest.store.store import Store
from service.access.keys import Keys, Wish
from service.access.principal import Role
from service.bring import Wanted, bring
from service.settings import Settings
from service.wiring import Wiring

PRINCIPALS = (PUBLIC, "group:sre", "group:finance", "user:ada")
_SYSTEMS = "ledger vault gateway scheduler billing mailer".split()
_VERBS = "restore rotate deploy drain migrate".split()
_WORDS = "amber birch cobalt delta ember fjord garnet hazel indigo juniper kelp lotus maple nickel onyx pearl".split()
_FOLDERS = ("runbooks", "decisions", "plans", "postmortems")


@dataclass(frozen=True, slots=True)
class Page:
    """A document to be: where it lies, who may read it, and words that stand nowhere else."""

    source: str
    path: str
    access: frozenset[str]
    canary: str
    text: str

    @property
    def id(self) -> str:
        """The id that it gets."""
        return f"{self.source}/{self.path}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    access: frozenset[str]
    role: Role

    def sees(self, page: Page) -> bool:
        """Whether they may read it."""
        return may_read(self.access, page.access)


def pages_of(chance: random.Random) -> list[Page]:
    """Some documents that say much the same of few systems, for different readers; some say it in the same words."""
    pages: list[Page] = []
    for number in range(chance.randint(5, 9)):
        word = f"{chance.choice(_WORDS)}{chance.randrange(10**6):06}"
        system, verb = chance.choice(_SYSTEMS[:3]), chance.choice(_VERBS[:3])
        access = frozenset(chance.sample(PRINCIPALS, chance.choice((1, 1, 2))))
        value = chance.choice((5, 15, 30, 90, 300))
        body = (
            f"To {verb} the {system}, run `{system}ctl {verb} --{word}`. It takes at most {value} minutes.\n\n"
            f"## Rollback\n\nStop the {system} with `{system}ctl stop`, then restore the snapshot named {word}.\n"
        )
        if pages and chance.random() < 0.2:
            body = pages[-1].text.split("\n\n", 1)[1]  # a copy that others may read
        says = f"supersedes: [{chance.choice(pages).id}]\n" if pages and chance.random() < 0.3 else ""
        head = f"---\nstatus: {chance.choice(('accepted', 'draft', 'deprecated'))}\n{says}---\n"
        title = f"{verb.capitalize()} the {system} {word}"
        source, folder = f"s{chance.randrange(3)}", chance.choice(_FOLDERS)
        path = f"{folder}/{word}-{number}.md"
        pages.append(Page(source, path, access, word, f"{head}# {title}\n\n{body}"))
    return pages


def callers_of(chance: random.Random, count: int) -> list[Caller]:
    """Callers of every kind."""
    roles: tuple[Role, ...] = ("reader", "editor")
    return [
        Caller(frozenset(chance.sample(PRINCIPALS, chance.randint(1, 3))), chance.choice(roles)) for _ in range(count)
    ]


def build(pages: list[Page], store: Path, files: Path, encoder: Embedder) -> Wiring:
    """A store of these pages over a shared encoder. Files of a page are the same to the second in every library."""
    for page in pages:
        place = files / page.source / page.path
        place.parent.mkdir(parents=True, exist_ok=True)
        listed = ", ".join(f'"{one}"' for one in sorted(page.access))
        place.write_text(page.text.replace("---\n", f"---\naccess: [{listed}]\n", 1))
        os.utime(place, (1_700_000_000, 1_700_000_000))
    wiring = Wiring(Settings(store=store))
    wiring.__dict__["embedder"] = encoder
    roots = tuple(SourceRoot(name, files / name) for name in sorted({page.source for page in pages}))
    with Store.open(store, create=True) as opened:
        bring(wiring, opened, Wanted(roots), progress=Silent())
    return wiring


def keys_for(wiring: Wiring, callers: list[Caller]) -> list[str]:
    """A token for each caller, of the store of that wiring."""
    keys = Keys(wiring.settings.store)
    return [keys.create(Wish("caller", caller.role, tuple(sorted(caller.access))))[1] for caller in callers]
