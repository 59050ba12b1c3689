"""Lines of a log, with secrets in them and with what only looks like one.

Written by the authors of the patterns, so it says how the patterns do on what was thought of. To keep it from being
fitted, the frames are in two folds: patterns were mended by what they missed in the first, and the second is reported.
A part is adversarial: quoted twice, encoded, cut off, in prose, beside look-alikes.
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from eval.redaction.secrets import FORMS, NAMED, some

Fold = Literal["mended", "reported"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line, the secrets that stand in it, and the frame it was made from."""

    text: str
    secrets: tuple[str, ...]
    frame: str


# % is where the secret stands. The first list of each pair is of the fold "mended", the second of "reported".
_ANYWHERE: dict[Fold, tuple[str, ...]] = {
    "mended": (
        "%",
        "could not reach the host with %, tried 3 times",
        '{{"error": "refused", "value": "%"}}',
        "ValueError: invalid literal: '%'",
        "key=%&page=2",
        "<%>",
        "see ticket 4711 (%).",
    ),
    "reported": (
        "the caller sent % in the body",
        '"{{\\"nested\\": \\"%\\"}}"',
        "b'%'",
        "| col | % |",
        "[%](https://wiki.example/page)",
        "first\tsecond\t%\tlast",
        "what is %? it was pasted into the question",
        "%;%",
    ),
}
_NAMED: dict[Fold, tuple[str, ...]] = {
    "mended": (
        "password=%",
        "DB_PASSWORD: %",
        '{{"password": "%"}}',
        "api_key = '%'",
        "Authorization: Bearer %",
        "postgresql://app:%@db.example:5432/ledger",
        "https://host.example/hook?token=%",
        "mysql --password=% ledger",
        "client_secret=%",
    ),
    "reported": (
        "LEDGER_API_KEY=% make deploy",
        "redis://:%@cache.example:6379/0",
        "authorization: Basic %",
        "curl -u admin:% https://host.example/v1",
        'headers={{"X-Api-Key": "%"}}',
        "  passwd: %",
        "secret_access_key => %",
        "the password is %",
        '"{{\\"pwd\\": \\"%\\"}}"',
        "--token % --verbose",
        "Set-Cookie: session=%; HttpOnly",
        "?access_token=%&page=2",
    ),
}
_NOTHING: dict[Fold, tuple[str, ...]] = {
    "mended": (
        "GET /v1/documents/{path} 200 {digits:3} ms",
        "revision {hex:64} of runbooks/restore.md",
        "commit {hex:40} by the release job",
        "passage {uuid} was read",
        "tokens: {digits:4} in, {digits:3} out",
        "connection from 10.{digits:2}.0.7:{digits:5} closed",
        "2026-11-25T10:{minutes}:29.123Z started",
        "password policy: at least {digits:2} characters",
        "secretName: ledger-tls",
        "PASSWORD_FILE=/run/secrets/ledger",
        "order {digits:16} shipped",
    ),
    "reported": (
        "image ghcr.example/aether@sha256:{hex:64}",
        "trace {hex:32} span {hex:16}",
        "git clone git@github.com:org/repo.git",
        "mean 0.{digits:16} over {digits:5} questions",
        "token budget: {digits:5} of 100000",
        "pip install detect-secrets==1.5.{digits:1}",
        "job {hex:12} failed: 3 files, see the report",
        "password: ${{DB_PASSWORD}}",
        "api_key: null",
        "cosine of {digits:4} vectors took {digits:3}.{digits:2} s",
        "snowflake id 1{digits:17}",
        "the secret to fast restores: practise them",
        "ssh root@10.0.{digits:2}.5 failed",
        "ISBN 978-3-16-{digits:6}-0",
        "npm install mermaid@11.{digits:1}.0",
        'etag "{hex:32}"',
        "tokenizer = lowercase, stemmer = english",
        "from 2026-11-2{digits:1} to 2026-12-0{digits:1}, 0{digits:1}:{minutes}",
        "/v1/keys/{hex:12} was revoked by admin",
    ),
}


def lines(fold: Fold, count: int, *, seed: int) -> list[Line]:
    """Lines of a fold: a third each with a secret that tells itself, with one that is named, and with none."""
    chance = random.Random(f"{fold} {seed}")
    made: list[Line] = []
    while len(made) < count:
        kind, form = chance.choice(list(FORMS.items()))
        frame = chance.choice(_ANYWHERE[fold])
        made.append(_filled(frame, [form(chance) for _ in range(frame.count("%"))], f"{kind} in {frame}"))
        kind, form = chance.choice(list(NAMED.items()))
        frame = chance.choice(_NAMED[fold])
        secret = form(chance)
        if "://" in frame or "?" in frame:
            secret = quote(secret, safe="")
        made.append(_filled(frame, [secret], f"{kind} in {frame}"))
        frame = chance.choice(_NOTHING[fold])
        made.append(Line(_nothing(frame, chance), (), frame))
    return made[:count]


def _filled(frame: str, secrets: list[str], name: str) -> Line:
    parts = frame.replace("{{", "{").replace("}}", "}").split("%")
    text = "".join(part + secret for part, secret in zip(parts, [*secrets, ""], strict=True))
    return Line(text, tuple(secrets), name)


def _nothing(frame: str, chance: random.Random) -> str:
    fields = {
        "hex": _Random(chance, "0123456789abcdef"),
        "digits": _Random(chance, string.digits),
        "path": some(chance, string.ascii_lowercase, 9),
        "minutes": f"{chance.randrange(60):02}",
        "uuid": "-".join(some(chance, "0123456789abcdef", size) for size in (8, 4, 4, 4, 12)),
    }
    return frame.format(**fields)


@dataclass(frozen=True, slots=True)
class _Random:
    """In a format, `{name:12}` is so many characters of it."""

    chance: random.Random
    alphabet: str

    def __format__(self, size: str) -> str:
        return some(self.chance, self.alphabet, int(size))
