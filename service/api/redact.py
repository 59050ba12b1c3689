"""Secrets and personal data out of a line before it is written to a log.

Tokens of known services are found by the detectors of detect-secrets that look for one form each; its guesses by
entropy are left out, because revisions and identifiers look like secrets to them. Our own keys, what is called a
password, a key or a token, private keys, and mail addresses, telephone, card and account numbers are found by the
patterns here. What is found becomes `[redacted KIND]`. How well is measured by `python -m eval.redaction.run`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_PASSWORD = r"(?:passw(?:or)?d|passwd|pwd|passphrase|\bpw)"
_SECRET = (
    r"(?:secret|token|api[_-]?key|(?:access|auth|private|account|signing)[_-]?key|session(?:[_-]?id)?|credentials?)"
)
_IS = r"\\?[\"']?\s*(?:=>|:=|[:=])\s*\\?"
_QUOTED = r"(?:\"[^\"]+\"|'[^']+')"
_NO_VALUE = (
    r"(?![\"']?(?:null|none|nil|true|false|required|missing|empty|\*{3,}|\$[{(]?\w|<|\{|%[sdr(]|/\w+/)|[\"']{2})"
)
_PATTERNS = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    "key": re.compile(r"\baether_[0-9a-f]{12}_[A-Za-z0-9_-]{43}"),
    "secret": re.compile(
        r"\b(?:sk-[\w-]{32,}|hf_[A-Za-z0-9]{30,}|AIza[\w-]{35}|gh[a-z]_\w{36,}|github_pat_\w{60,}|gl[a-z]{2,4}-[\w-]{20,}"
        r"|npm_\w{36}|pypi-[\w-]{50,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})"
    ),
    "authorization": re.compile(r"(?i)(?<!\w)(?:bearer|basic|digest)\s+[^\s\"'\\]{8,}(?<![.,;)])"),
    "password": re.compile(rf"(?i){_PASSWORD}{_IS}{_NO_VALUE}(?:{_QUOTED}|[^\s\"'\\]+)"),
    "named secret": re.compile(
        rf"(?i){_SECRET}{_IS}{_NO_VALUE}(?=[\"']?[^\s\"']*[\d$!#%&*+/=])(?:{_QUOTED}|[^\s\"'\\]{{6,}})"
    ),
    "said password": re.compile(rf"(?i){_PASSWORD}\s+(?:is|was)\s+(?=\S*[\d$!#%&*])\S+"),
    "argument": re.compile(
        rf"(?i)(?<!\S)(?:--?(?:[\w-]*(?:{_PASSWORD}|{_SECRET}))\s+(?!-)(?=\S*\d)\S+|(?:-u|--user)[ =][^\s:]+:\S+)"
    ),
    "credentials": re.compile(r"(?<=://)[^\s/:@]{0,80}:[^\s/@]{1,200}(?=@)"),
    "mail address": re.compile(r"(?<![\w.+-])(?!git@)[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b"),
    "account number": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    "card number": re.compile(r"(?<![\w.-])(?:4|5[1-5]|2[2-7]|3[4-7]|6[05])\d?(?:[ -]?\d){11,17}(?![\w.-]*\d)"),
    "telephone number": re.compile(
        r"(?<![\w.])(?:(?:\+|00)[1-9]\d{0,2}[ /-]?(?:\(0?\d{1,4}\)[ /-]?)?\d(?:[ /-]?\d){5,11}"
        r"|\(\d{3}\) ?\d{3}-\d{4})(?![\w.]*\d)"
    ),
    "social security number": re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"),
}


_RUN = re.compile(r"[\w+=.:~-]{16,}")
"""What every token of a known service has, with a digit in it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is taken out: characters from `start` up to `end`."""

    start: int
    end: int
    kind: str


def redact(text: str) -> str:
    """The text without what no log may hold."""
    parts, at = [], 0
    for stretch in stretches(text):
        parts += [text[at : stretch.start], f"[redacted {stretch.kind}]"]
        at = stretch.end
    return "".join([*parts, text[at:]])


def stretches(text: str) -> list[Stretch]:
    """What of a text no log may hold, in order, what overlaps being one."""
    merged: list[Stretch] = []
    for start, end, kind in sorted(_found(text), key=lambda one: (one[0], -one[1])):
        if merged and start < merged[-1].end:
            last = merged.pop()
            merged.append(Stretch(last.start, max(last.end, end), last.kind))
        else:
            merged.append(Stretch(start, end, kind))
    return merged


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if _holds(kind, match[0]):
                yield match.start(), match.end(), kind
    for pattern in _denied() if any(re.search(r"\d", run[0]) for run in _RUN.finditer(text)) else ():
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "secret"


@cache
def _denied() -> tuple[re.Pattern[str], ...]:
    """What detect-secrets knows the form of. It takes half a second to import, which most logs are spared."""
    from detect_secrets.plugins import (
        artifactory,
        aws,
        azure_storage_key,
        discord,
        github_token,
        gitlab_token,
        jwt,
        mailchimp,
        openai,
        pypi_token,
        sendgrid,
        slack,
        square_oauth,
        stripe,
        telegram_token,
        twilio,
    )

    detectors = (
        artifactory.ArtifactoryDetector(),
        aws.AWSKeyDetector(),
        azure_storage_key.AzureStorageKeyDetector(),
        discord.DiscordBotTokenDetector(),
        github_token.GitHubTokenDetector(),
        gitlab_token.GitLabTokenDetector(),
        jwt.JwtTokenDetector(),
        mailchimp.MailchimpDetector(),
        openai.OpenAIDetector(),
        pypi_token.PypiTokenDetector(),
        sendgrid.SendGridDetector(),
        slack.SlackDetector(),
        square_oauth.SquareOAuthDetector(),
        stripe.StripeDetector(),
        telegram_token.TelegramBotTokenDetector(),
        twilio.TwilioKeyDetector(),
    )
    return tuple(pattern for detector in detectors for pattern in detector.denylist)


def _holds(kind: str, text: str) -> bool:
    """Whether the check digits of a number are right."""
    if kind == "card number":
        digits = [int(digit) for digit in text if digit.isdigit()]
        doubled = [digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(reversed(digits))]
        return sum(doubled) % 10 == 0
    if kind == "account number":
        plain = text.replace(" ", "")
        return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1
    return True
