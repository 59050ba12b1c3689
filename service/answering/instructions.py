"""Text that speaks to an assistant instead of about a system.

No list of phrases catches every attack, and nothing rests on this one alone: what is marked here is not chosen for a
quoted answer unless the question asks about such text, is fenced in a prompt, and may not be cited in a model's words.
What slips through still has to pass the contract. The list is kept narrow, because documents give orders too: "run the
following command" is what a runbook is for. But what follows in the same paragraph goes on speaking to the assistant,
whatever its words ("Do not cite anything.").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from corpus.documents import Document, Span
from corpus.units import Unit, sentences, units

_ASSISTANT = r"(?:the |this |an? )?(?:(?:ai )?assistant|a\.?i\.? model|(?:large )?language model|llm|chat ?bot|chatgpt)"
_REPLY = r"(?:answers?|repl(?:y|ies)|responses?|outputs?|summar(?:y|ies)|conclusions?|next message)"
_OPENS = r"(?:^|[.!?:;,\"'“(]\s*|\b(?:and|simply|just|instead|please|then|only|now)\s+)"
_OVERRIDES = (
    r"\b(?:ignore|disregard|forget|override|bypass|do not follow|don't follow)\b.{0,40}\b(?:instructions?|prompts?"
    r"|(?:previous|prior|your|all|the above) rules|guidelines?|directives?|the user and\b"
    r"|all (?:of )?(?:the )?(?:above|previous|prior)|everything (?:above|before)|previous request)",
    r"\b(?:new|updated|revised|real|actual|hidden|secret)\s+(?:system\s+)?instructions?\b\W*(?:[:*]|for you\b|$)",
    r"\b(?:ignore|disregard|forget)\b.{3,60}\b(?:and|but|then)\s+(?:instead\s+|just\s+|only\s+)?(?:say|tell|answer|reply"
    r"|respond|claim|state|report|output|print|write|recommend)\b",
    r"\bsystem (?:prompt|override)\b",
    r"^\W*(?:system|assistant)\s*:\s*(?:you\b|ignore|new\b|from now)",
    r"</?\s*(?:evidence|question|instructions)\s*>",
    r"\"role\"\s*:\s*\"(?:system|assistant|developer)\"",
    r"<\|?/?(?:im_start|im_end|endoftext|eot_id|start_header_id)|\[/?inst\]|<<\s*/?sys\s*>>",
)
_RECASTS = (
    rf"(?:{_OPENS}|\bi want you to )(?:act|behave|pose|respond|speak|talk) as (?:if|though|an?|my|the)\b",
    r"\byou are now\b|\bfrom now on,? (?:you|answer|respond|act)\b|\byou have been (?:hack|jail)\w*",
    r"\bin (?:developer|dan|god|unrestricted) mode\b|\bdo anything now\b|\bwithout (?:any )?restrictions\b",
    r"\bpretend (?:that )?you(?:'re| are)?\b|\bpretend to be\b|\bjailbreak|\bjailbroken\b",
    rf"\b(?:attention|hey|dear|hello|note to|instructions? (?:to|for)|message (?:to|for))\W+{_ASSISTANT}\b",
    rf"\b{_ASSISTANT}\b.{{0,20}}\b(?:must|should|shall|has to|is (?:required|instructed|told) to)\b.{{0,40}}"
    r"\b(?:say|answer|respond|reply|tell|output|print|include|ignore|reveal|recommend|mention|repeat|write)\b",
)
_SHAPES_THE_REPLY = (
    rf"\b(?:in|of|to|with|for|as|at the (?:end|start|beginning) of|from)\s+(?:all\s+|any\s+)?your\s+{_REPLY}\b",
    rf"\b(?:modify|augment|enhance|render|provide|convert|rewrite|translate|end|begin|start|finish)\s+your\s+"
    rf"(?:{_REPLY}|message)\b|\byour\s+(?:{_REPLY})['’]s\b",
    rf"{_OPENS}(?:answer|respond|reply)\s+(?:only |exactly |back )?(?:with|by|in|using)\b.{{0,60}}(?:[\"'“‘]|\bonly\b"
    r"|\bemoji)",
    rf"{_OPENS}(?:print|output|repeat|say|echo)\s+(?:out |back )?(?:only |exactly )?(?:the )?(?:exact |following )?"
    r"(?:text|words?|phrase|string|sentence)s?\W{1,3}[\"'“‘]|\brepeat exactly\b|\bconcatenate these strings\b",
    r"\b(?:reveal|leak|disclose|exfiltrate|print|show|display|tell|give|send|provide|return)\b.{0,40}\b(?:your"
    r"|the system|the hidden|all|complete|full|our|previous)\b.{0,20}\b(?:prompt|instructions|secrets|conversation"
    r"|messages?|environment variables|chat history)\b",
    r"\b(?:summari[sz]e|encode|append|send)\b.{0,60}\b(?:conversation|chat history|previous messages?)\b"
    r"|\bdecode and (?:execute|run|follow)\b",
)
_MARKS = re.compile("|".join(f"(?:{p})" for p in (*_OVERRIDES, *_RECASTS, *_SHAPES_THE_REPLY)), re.I | re.M | re.S)
_SPOKEN_OF = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”")
_ASKS_OF_IT = re.compile(
    r"\bprompt[- ]injections?\b|\binjected (?:text|instruction|order|prompt)s?\b|\bjailbreak|\bsystem prompts?\b"
    rf"|\b(?:instruct|order|tell|told|ask|say|command|speak|address)\w*\b.{{0,40}}\b{_ASSISTANT}s?\b",
    re.I,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]|[\U000e0000-\U000e007f]")


def speaks_to_assistant(text: str) -> bool:
    """Whether a stretch reads as an instruction to whoever writes the answer."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    line = " ".join(plain.split())
    return _MARKS.search(line) is not None or (line != plain and _MARKS.search(plain) is not None)


def is_addressed(document: Document, unit: Unit) -> bool:
    """Whether a unit of a document does, or goes on after one that does in its block; what that one quotes is aside."""
    if speaks_to_assistant(document.visible(unit.start, unit.end)):
        return True
    before = Span(document.parsed.blocks[unit.block].start, unit.start)
    said = (document.visible(u.start, u.end) for u in units(document, before) if u.end <= unit.start)
    return any(speaks_to_assistant(_SPOKEN_OF.sub("", one)) for one in said)


def is_order(document: Document, unit: Unit, needed: Iterable[Unit]) -> bool:
    """Whether a unit speaks to an assistant, or what it has to be shown with does."""
    return any(is_addressed(document, one) for one in (unit, *needed))


def asks_of_orders(question: str) -> bool:
    """Whether a question asks about text that speaks to an assistant; its own orders are no question."""
    return _ASKS_OF_IT.search(asked_in(question)) is not None


def asked_in(question: str) -> str:
    """What a question asks: its sentences that do not speak to an assistant, "" where none is left."""
    pieces = [p for line in question.splitlines() for p in _pieces(line)]
    kept = [p for p in pieces if not speaks_to_assistant(p)]
    return question if len(kept) == len(pieces) else " ".join(p.strip() for p in kept)


def _pieces(line: str) -> list[str]:
    return [line[s.start : s.end] for s in sentences(line, Span(0, len(line)))]
