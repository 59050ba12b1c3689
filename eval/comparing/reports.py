"""The verdict of a gate for machines and for pull requests: JUnit XML, and a Markdown summary."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from eval.comparing.compare import Comparison
from eval.comparing.gate import Gate

_SHOWN = 15


def junit(gate: Gate) -> str:
    """JUnit XML: a test case for each finding, so that a CI shows what failed."""
    failures = sum(not finding.passed for finding in gate.findings)
    suite = Element("testsuite", name=f"aether-eval {gate.suite}", tests=str(len(gate.findings)))
    suite.set("failures", str(failures))
    suite.set("errors", "0")
    for finding in gate.findings:
        case = SubElement(suite, "testcase", classname=f"aether-eval.{gate.suite}", name=finding.name)
        if not finding.passed:
            failure = SubElement(case, "failure", message=_clean(f"{finding.detail}. Likely cause: {gate.cause}"))
            failure.text = _clean(finding.detail)
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def markdown(gate: Gate) -> str:
    """The summary for a pull request."""
    lines = [f"### {'✅' if gate.passed else '❌'} {gate.suite}: {'passed' if gate.passed else 'failed'}", ""]
    if gate.cause:
        lines += [f"**Likely cause:** {gate.cause}", ""]
    for finding in gate.findings:
        if not finding.passed:
            lines.append(f"- **{finding.name}**: {finding.detail}")
    if gate.comparison:
        lines += ["", *_compared(gate.comparison)]
    return "\n".join(lines).rstrip() + "\n"


def compared_markdown(comparison: Comparison) -> str:
    """A comparison as Markdown."""
    return "\n".join(_compared(comparison)) + "\n"


def _compared(comparison: Comparison) -> list[str]:
    lines = ["| measure | before | after | difference, 95 % | n |", "|---|---|---|---|---|"]
    for d in comparison.differences:
        mark = " ▼" if d.worse else " ▲" if d.better else ""
        lines.append(f"| {d.name}{mark} | {d.before:.3f} | {d.after:.3f} | [{d.low:+.3f}, {d.high:+.3f}] | {d.n} |")
    for title, flips in (("Broken", comparison.broken), ("Mended", comparison.mended)):
        if flips:
            lines += ["", f"**{title}: {len(flips)}**", "", "| case | question | was | is | began at |"]
            lines.append("|---|---|---|---|---|")
        for flip in flips[:_SHOWN]:
            asked = flip.question.replace("|", "\\|")
            lines.append(f"| {flip.id} | {asked} | {flip.before} | {flip.after} | {flip.blamed} |")
        if len(flips) > _SHOWN:
            lines.append(f"| | and {len(flips) - _SHOWN} more | | | |")
    for title, documents in (("gone", comparison.gone), ("changed", comparison.changed), ("added", comparison.added)):
        if documents:
            more = f" and {len(documents) - 5} more" if len(documents) > 5 else ""
            lines += ["", f"Documents {title}: {', '.join(f'`{d}`' for d in documents[:5])}{more}"]
    return lines


def _clean(text: str) -> str:
    """Without characters that XML cannot carry."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
