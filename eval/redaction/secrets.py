"""Secrets and personal data that never were anyone's, made at random in the forms that real ones have."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable

_WORD = string.ascii_letters + string.digits
_DIGITS = string.digits
_NAMES = "ada.byron grace_h kj.lind mira-okoye tom.ng zoe.w".split()
_HOSTS = "mail.example.org corp.example sub.dept.example.co.uk example.museum".split()


def some(chance: random.Random, alphabet: str, count: int) -> str:
    """Random characters."""
    return "".join(chance.choices(alphabet, k=count))


def _card(chance: random.Random) -> str:
    digits = [int(digit) for digit in chance.choice(("4", "51", "37", "6011")) + some(chance, _DIGITS, 16)]
    digits = digits[: 14 if digits[0] == 3 else 15]
    doubled = [digit if at % 2 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(reversed(digits))]
    whole = "".join(str(digit) for digit in [*digits, -sum(doubled) % 10])
    gap = chance.choice(("", " ", "-"))
    return gap.join(whole[at : at + 4] for at in range(0, len(whole), 4))


def _iban(chance: random.Random) -> str:
    account = some(chance, _DIGITS, 18)
    check = 98 - int(account + "1314" + "00") % 97
    plain = f"DE{check:02}{account}"
    return chance.choice((plain, " ".join(plain[at : at + 4] for at in range(0, 22, 4))))


def _telephone(chance: random.Random) -> str:
    form = chance.choice(
        ("+49 30 #######", "+1-415-###-####", "+44 (0)20 #### ####", "0046 8 ### ## ##", "(415) ###-####")
    )
    return "".join(chance.choice("23456789") if char == "#" else char for char in form)


def _private_key(chance: random.Random) -> str:
    kind = chance.choice(("RSA ", "EC ", "OPENSSH ", ""))
    lines = "\n".join(some(chance, _WORD + "+/", 64) for _ in range(3))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


def _jwt(chance: random.Random) -> str:
    def part(text: str) -> str:
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    body = part(f'{{"sub":"{chance.randrange(10**9)}","iat":1700000000}}')
    head = part('{"alg":"HS256","typ":"JWT"}')
    return f"{head}.{body}.{some(chance, _WORD, 43)}"


def _password(chance: random.Random) -> str:
    return chance.choice(("hunter", "Tr0ub4dor&", "correct-horse-", "pä$$w")) + some(
        chance, _WORD + "!#$%*", chance.randint(2, 14)
    )


def _mail(chance: random.Random) -> str:
    return f"{chance.choice(_NAMES)}{chance.choice(('', '+ci'))}@{chance.choice(_HOSTS)}"


def _social(chance: random.Random) -> str:
    return f"{chance.randint(100, 665)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"


FORMS: dict[str, Callable[[random.Random], str]] = {
    "aws id": lambda c: "AKIA" + some(c, string.ascii_uppercase + "234567", 16),
    "github": lambda c: c.choice(("ghp_", "gho_", "ghs_")) + some(c, _WORD, 36),
    "github fine": lambda c: f"github_pat_{some(c, _WORD, 22)}_{some(c, _WORD, 59)}",
    "gitlab": lambda c: "glpat-" + some(c, _WORD, 20),
    "slack": lambda c: f"xoxb-{some(c, _DIGITS, 12)}-{some(c, _DIGITS, 12)}-{some(c, _WORD, 24)}",
    "stripe": lambda c: "sk_live_" + some(c, _WORD, 24),
    "model key": lambda c: f"sk-proj-{some(c, _WORD, 74)}T3BlbkFJ{some(c, _WORD, 74)}",
    "model key, short": lambda c: f"sk-{c.choice(('ant-api03-', ''))}{some(c, _WORD, 48)}",
    "npm": lambda c: "npm_" + some(c, _WORD, 36),
    "pypi": lambda c: "pypi-AgEIcHlwaS5vcmc" + some(c, _WORD + "-_", 80),
    "sendgrid": lambda c: f"SG.{some(c, _WORD, 22)}.{some(c, _WORD, 43)}",
    "hugging face": lambda c: "hf_" + some(c, string.ascii_letters, 34),
    "google": lambda c: "AIza" + some(c, _WORD + "-_", 35),
    "ours": lambda c: f"aether_{some(c, '0123456789abcdef', 12)}_{some(c, _WORD + '-_', 43)}",
    "jwt": _jwt,
    "private key": _private_key,
    "card": _card,
    "iban": _iban,
    "telephone": _telephone,
    "social security": _social,
    "mail": _mail,
}
"""What is told by its own form, wherever it stands."""

NAMED: dict[str, Callable[[random.Random], str]] = {
    "password": _password,
    "hex": lambda c: some(c, "0123456789abcdef", 32),
    "base64": lambda c: base64.b64encode(c.randbytes(30)).decode(),
}
"""What is told only by what it is called."""
