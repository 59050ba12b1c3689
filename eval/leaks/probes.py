"""Everything that a caller can ask of a service, aimed at one document: theirs, another's, or none."""

from __future__ import annotations

import http.client
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from eval.leaks.worlds import Page
from ingest.store.store import Store

_CHANGING = re.compile(
    r'"(?:id|created|event)": ?"?(?:chatcmpl-)?[0-9a-z-]{6,40}"?'  # made anew for each request
    r"|\b[0-9a-f]{16}\.\d+\b"  # the id of an event
    r'|"timing_ms": ?\{[^}]*\}'
    r"|127\.0\.0\.1:\d+"
)
_OWN = ("x-request-id", "content-length", "date")


@dataclass(frozen=True, slots=True)
class Told:
    """A response: what a caller can see of it."""

    status: int
    headers: str
    body: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A request."""

    method: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    accept: str = "application/json"

    def ask(self, door: http.client.HTTPConnection, token: str) -> Told:
        """What is answered to the bearer of the token, without what differs from one request to the next."""
        query = f"?{urlencode(self.params, doseq=True)}" if self.params else ""
        headers = {"authorization": f"Bearer {token}", "accept": self.accept, "content-type": "application/json"}
        door.request(self.method, quote(self.path) + query, json.dumps(self.body) if self.body else None, headers)
        response = door.getresponse()
        body = response.read().decode("utf-8", "replace")
        kept = {name.lower(): value for name, value in response.getheaders() if name.lower() not in _OWN}
        return Told(response.status, json.dumps(kept, sort_keys=True), _CHANGING.sub("*", body))

    @property
    def said(self) -> str:
        """The caller's own words, which may come back."""
        return json.dumps([self.path, self.params, self.body])


@dataclass(frozen=True, slots=True)
class Target:
    """A document that is or is not there: its names."""

    id: str
    source: str
    canary: str
    title: str
    revision: str
    passage: str


def target_of(page: Page, store: Store) -> Target:
    """The names of a page that was ingested."""
    card = store.documents.card(page.id)
    passages = store.passages.of(page.id)
    return Target(page.id, page.source, page.canary, card.title, card.revision, passages[0].id)


NOBODY = Target("s9/plans/nothing-0.md", "s9", "nothing000000", "Nothing", "0" * 64, "0" * 32)


def probes_at(target: Target, chance: random.Random, *, changing: bool) -> Iterator[Probe]:
    """Requests that would tell of the target, and some of those that take long. `changing`: also what changes it."""
    yield from _reading(target)
    yield from _searching(target)
    yield from chance.sample([*_asking(target)], 3)
    if changing:
        yield Probe("DELETE", f"/v1/documents/{target.id}")
    yield Probe("GET", f"/v1/jobs/{target.passage[:24]}")


def _reading(target: Target) -> Iterator[Probe]:
    yield Probe("GET", "/v1/documents", {"limit": 2})
    yield Probe("GET", "/v1/documents", {"source": target.source})
    yield Probe("GET", f"/v1/documents/{target.id}")
    for revision in (target.revision, target.revision[:8], "abcdef"):
        yield Probe("GET", f"/v1/documents/{target.id}/revisions/{revision}")
    yield Probe("GET", f"/v1/passages/{target.passage}")
    yield Probe("GET", "/web/document", {"id": target.id, "start": 1, "end": 9})
    yield Probe("GET", "/web/document", {"id": target.id, "revision": target.revision})
    yield Probe("GET", "/web/page.png", {"id": target.id})


def _searching(target: Target) -> Iterator[Probe]:
    topic = " ".join(target.title.split()[:3])
    yield Probe("GET", "/v1/search", {"q": target.canary})
    yield Probe("GET", "/v1/search", {"q": topic, "limit": 3})
    yield Probe("GET", "/v1/search", {"q": topic, "source": target.source})
    yield _called("search", {"question": target.title})
    yield _called("cite", {"document": target.id, "revision": target.revision, "start": 0, "end": 9})
    yield _rpc("resources/read", {"uri": f"aether://document/{target.id}"})
    yield _rpc("resources/read", {"uri": f"aether://revision/{target.revision}/{target.id}"})
    yield _rpc("resources/list", {})


def _asking(target: Target) -> Iterator[Probe]:
    topic = " ".join(target.title.split()[:3])
    how = f"How do I {topic.lower()}?"
    yield Probe("POST", "/v1/ask", body={"question": how})
    yield Probe("POST", "/v1/ask", body={"question": how, "length": "full", "sources": [target.source]})
    yield Probe("POST", "/v1/ask", body={"question": f"What is {target.canary}?", "length": "brief"})
    yield Probe("POST", "/v1/ask", body={"question": how, "exclude": [target.id]})
    yield Probe("POST", "/v1/ask", body={"question": how}, accept="text/event-stream")
    yield Probe("POST", "/v1/ask", body={"question": how, "as": ["group:finance"]})
    yield Probe("POST", "/v1/ask", body={"question": f"And {topic.lower()}?", "conversation": target.canary})
    yield Probe("GET", f"/v1/conversations/{target.canary}")
    proposal = f"# Proposal\n\n## Summary\n\n{topic} within 5 minutes, as {target.id} says.\n\n## Rollback\n\nTBD\n"
    yield Probe("POST", "/v1/protocols/review", body={"text": proposal})
    yield Probe("POST", "/v1/protocols/intake", body={"text": proposal})
    yield Probe("POST", "/v1/protocols/premortem", body={"text": topic})
    yield Probe("POST", "/v1/protocols/assess", body={"system": topic})
    yield Probe("POST", "/v1/protocols/adr", body={"question": f"Which way do we {topic.lower()}?"})
    messages = [{"role": "user", "content": f"How do I {target.title.lower()}?"}]
    yield Probe("POST", "/v1/chat/completions", body={"model": "aether", "messages": messages})
    yield Probe("POST", "/v1/chat/completions", body={"model": "aether-brief", "messages": messages, "stream": True})
    yield Probe("POST", "/v1/check", body={"text": f"{topic} is done with {target.canary}. {how}"})
    yield Probe("POST", "/v1/verify", body={"saved": _saved(target)})
    yield _called("check_text", {"text": f"{topic} is done as {target.id} says it is."})
    yield _called("ask", {"question": messages[0]["content"]})
    yield _called("review_design", {"text": proposal})


def _saved(target: Target) -> dict[str, Any]:
    cited = {
        "number": 1,
        "document": target.id,
        "revision": target.revision,
        "start": 0,
        "end": 9,
        "quote": "# " + target.title,
    }
    return {"sentences": [{"text": target.title, "citations": [1]}], "citations": [cited]}


def _called(tool: str, arguments: dict[str, Any]) -> Probe:
    return _rpc("tools/call", {"name": tool, "arguments": arguments})


def _rpc(method: str, params: dict[str, Any]) -> Probe:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return Probe("POST", "/mcp", body=body, accept="application/json, text/event-stream")
