"""A review as SARIF 2.1.0, so that code hosting annotates a pull request with it.

What GitHub asks of a file beside the schema: one run with the tool's name and its rules; each result with a rule, a
level, a message and one location whose address is relative to the repository; a fingerprint that stays the same while
the finding does, so that one is not reported twice. A document whose text is not its file (PDF, DOCX) has no lines of
its own: its results stand at line 1, and the place is in the message.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from corpus.citations import Citation
from service.protocols.report import Finding, ReviewReport, Severity
from service.protocols.review.lens import GROUPS, lens

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "note", "none": "none"}
_COMPARED: dict[str, tuple[str, str, Severity]] = {
    "quantity": ("Another value", "The library states another value for the same thing.", "high"),
    "decision": ("Against a decision", "A decision in force weighed this and chose otherwise.", "high"),
    "status": ("Another status", "The document has another status than the proposal says.", "medium"),
    "superseded-basis": ("Superseded basis", "The proposal rests on what is no longer in force.", "medium"),
    "seen-before": ("Seen before", "An incident on this subject is on record.", "medium"),
}


def as_sarif(report: ReviewReport, *, uri: str) -> dict[str, Any]:
    """The review's findings that ask for something; `uri` is the proposal's path from the top of its repository."""
    rules = _rules()
    at = {rule["id"]: number for number, rule in enumerate(rules)}
    address = quote(uri.replace("\\", "/"), safe="/-_.~")
    results = [_result(f, report, at, address) for f in report.findings if f.severity != "none"]
    driver = {
        "name": "Aether",
        "semanticVersion": report.fingerprint.version,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "aether-review/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules() -> list[dict[str, Any]]:
    asked = [(r.name, r.label, r.question, r.severity, GROUPS[r.group]) for r in lens()]
    compared = [(name, *row, "Comparison") for name, row in _COMPARED.items()]
    return [
        {
            "id": name,
            "name": "".join(part.capitalize() for part in name.split("-")),
            "shortDescription": {"text": label},
            "fullDescription": {"text": text},
            "help": {"text": text},
            "defaultConfiguration": {"level": _LEVELS[severity]},
            "properties": {"tags": ["design-review", group], "problem.severity": _severity(severity)},
        }
        for name, label, text, severity, group in (*asked, *compared)
    ]


def _severity(severity: Severity) -> str:
    return {"high": "error", "medium": "warning"}.get(severity, "recommendation")


def _result(finding: Finding, report: ReviewReport, at: dict[str, int], address: str) -> dict[str, Any]:
    cited = {c.number: c for c in report.citations}
    own = [cited[number] for number in finding.own]
    library = [cited[number] for number in finding.library]
    place = own[-1] if own else None
    message = f"{finding.says} {finding.fix}".strip()
    if library:
        message += " See: " + "; ".join(f"{c.title}, {c.place} ({c.document})" for c in library)
    if place and not report.native:
        message += f" In the proposal: {place.place}."
    print_of = hashlib.sha256(f"{finding.rule}\0{place.quote if place else ''}".encode()).hexdigest()[:32]
    return {
        "ruleId": finding.rule,
        "ruleIndex": at[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": address, "uriBaseId": "%SRCROOT%"},
                    "region": _region(place if report.native else None),
                }
            }
        ],
        "partialFingerprints": {"aetherFinding/v1": print_of},
        "properties": {"severity": finding.severity, "kind": finding.kind, "because": finding.because},
    }


def _region(place: Citation | None) -> dict[str, int]:
    if place is None or place.lines is None:
        return {"startLine": 1}
    return {"startLine": place.lines[0], "endLine": place.lines[1]}


def dump_sarif(report: ReviewReport, *, uri: str) -> str:
    """The file's text."""
    return json.dumps(as_sarif(report, uri=uri), ensure_ascii=False, indent=2) + "\n"
