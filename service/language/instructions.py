"""Text that speaks to an assistant instead of about a system.

No list of phrases catches every attack, and nothing rests on this one alone: what is marked here is fenced in the
prompt and may not be cited in a model's words; what slips through still has to pass the contract.
"""

from __future__ import annotations

import re
import unicodedata

_ASSISTANT = (
    r"(?:the |this |an? )?(?:assistant|a\.?i\.?|ai model|(?:large )?language model|llm|chat ?bot|chatgpt|model|bot)"
)
_ADDRESSED = (
    r"\b(?:ignore|disregard|forget|override|bypass|do not follow|don't follow)\b.{0,40}\b(?:instruct|prompt|rule"
    r"|polic|guideline|directive|restriction|context|request|user\b|all (?:of )?(?:the )?(?:above|previous|prior)"
    r"|everything)",
    r"\b(?:new|updated?|revised|real|actual|important|urgent|hidden|secret)\b.{0,20}\binstructions?\b",
    r"\bsystem (?:prompt|message|override|instruction)",
    r"^\W*(?:system|assistant|developer|user)\s*:",
    r"\"role\"\s*:\s*\"(?:system|assistant|developer)\"",
    r"<\|?/?(?:im_start|im_end|system|endoftext|eot_id|start_header_id)|\[/?inst\]|<<\s*/?sys\s*>>",
    r"\b(?:act|behave|pose|respond|answer|reply|speak|talk|write) as (?:if|though|an? |my |the )",
    r"\byou (?:are|will be|must be|have become)\b(?: now)?.{0,30}\b(?:mode|assistant|ai\b|dan\b|jailbr|unrestricted"
    r"|prompt)|\byou are now\b|\bfrom now on\b.{0,20}\b(?:you|answer|respond|act)"
    r"|\bpretend\b.{0,40}\b(?:you|to be|villain)\b|\bwithout any restrictions\b"
    r"|\bdeveloper mode\b|\bjailbreak|\bdo anything now\b|\byou have been (?:hack|jail)",
    rf"\b(?:attention|hey|dear|hello|note to|instructions? (?:to|for)|message (?:to|for))\W+{_ASSISTANT}\b",
    rf"\b{_ASSISTANT}\b.{{0,20}}\b(?:must|should|shall|has to|will|is (?:required|instructed|told) to)\b.{{0,40}}"
    r"\b(?:say|answer|respond|reply|tell|output|print|include|ignore|reveal|recommend|mention|repeat|write)\b",
)
_SHAPES_THE_REPLY = (
    r"\b(?:in|of|to|with|for|as|at the (?:end|start|beginning) of)\s+(?:all\s+|any\s+|every\s+|each\s+)?your\s+(?:next"
    r"\s+|final\s+|own\s+)?(?:answers?|repl(?:y|ies)|responses?|outputs?|messages?|summar(?:y|ies)|conclusions?|text"
    r"|conversation|communication|sentences?|words|codebase|code|solution|program|script|implementation|project)\b",
    r"\byour\s+(?:next\s+|final\s+|own\s+)?(?:answers?|repl(?:y|ies)|responses?|message's|response's|answer's|reply's)\b",
    r"\b(?:answer|respond|reply)\b.{0,30}\b(?:with|by|only|in|using)\b.{0,60}(?:[\"'“‘`*]|\bonly\b|\bemoji|\bstyle\b"
    r"|\blanguage\b|\bcode\b|\bjson\b)",
    r"\b(?:print|output|repeat|say|display|echo|write|type|show)\b(?: out| back)?(?: the)?(?: exact| exactly| verbatim"
    r"| following| text| words| phrase| string)*\W{1,3}[\"'“‘`<{]",
    r"\brepeat exactly\b|\bprint the following\b|\bconcatenate these strings\b|\bdo not use a code block\b|\bno code"
    r" style block\b|\bin one word\b.{0,20}\banswer\b",
    r"\b(?:reveal|leak|disclose|expose|exfiltrate|send|append|forward|provide|tell|give|return|show|display)\b.{0,60}"
    r"\b(?:prompt|secrets?|password|credential|api keys?|environment variables|conversation|confidential|credit card"
    r"|previous messages?|chat history|bank|private key)",
    r"\b(?:fetch|visit|open|browse|load|access|click|download|go to)\b.{0,60}(?:https?://|www\.|\b[\w-]+\.(?:com|net|org"
    r"|biz|xyz|io|security|onion|ru)\b)",
    r"\b(?:decode|execute|eval|evaluate|run)\b(?: and \w+)?\s*:?\s*(?:this|the following|[A-Za-z0-9+/]{16,}={0,2}"
    r"|\W*\w+\()",
    r"\b(?:use|utili[sz]e|include|append|incorporate|insert|integrate|embed|merge|meld|add|execute|enlist|embody|adopt)\b"
    r".{0,50}\b(?:code (?:section|block|snippet|excerpt|segment|fragment)|snippet|excerpt)\b",
)
_MARKS = re.compile("|".join(f"(?:{pattern})" for pattern in (*_ADDRESSED, *_SHAPES_THE_REPLY)), re.I | re.M | re.S)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]|[\U000e0000-\U000e007f]")


def speaks_to_assistant(text: str) -> bool:
    """Whether a stretch reads as an instruction to whoever writes the answer."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _MARKS.search(" ".join(plain.split())) is not None or _MARKS.search(plain) is not None
