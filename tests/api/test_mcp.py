"""The Model Context Protocol, spoken by the SDK's own client over both of its transports."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult

from service.access.keys import Keys, Wish
from service.api.app import create_app
from service.settings import Settings
from service.wiring import Wiring

T = TypeVar("T")
Serving = Callable[[Path], AbstractContextManager[str]]
REPO = Path(__file__).resolve().parents[2]
RESTORE = "How do I restore the ledger?"
PAYROLL = "When does the payroll export run?"


def key_of(store: Path, *access: str) -> str:
    return Keys(store).create(Wish("test", access=access))[1]


def text_of(result: CallToolResult) -> str:
    return "".join(part.text for part in result.content)


@pytest.fixture(scope="module")
def served(library: Path, serving: Serving) -> Iterator[str]:
    """A real server on loop-back."""
    with serving(library) as address:
        yield address


def over_http(address: str, token: str, work: Callable[[Client], Awaitable[T]]) -> T:
    async def go() -> T:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            return await work(client)

    return anyio.run(go)


async def tour(client: Client) -> dict[str, Any]:
    """Everything once."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    asked = await client.call_tool("ask", {"question": RESTORE, "length": "brief"})
    found = await client.call_tool("search", {"question": RESTORE, "limit": 1})
    citation = asked.structured_content["citations"][0]
    named = {name: citation[name] for name in ("document", "revision", "start", "end")}
    cited = await client.call_tool("cite", named)
    text = "# Proposal: a cache\n\n## Rollback\n\nTBD\n"
    checked = await client.call_tool(
        "check_text", {"text": "Deploy the ledger with `ledgerctl deploy`, on Fridays only."}
    )
    reviewed = await client.call_tool("review_design", {"text": text, "name": "cache.md"})
    drafted = await client.call_tool("draft_adr", {"question": "How is the ledger restored?", "options": ["by hand"]})
    uri = f"aether://document/{citation['document']}"
    read = await client.read_resource(uri)
    old = await client.read_resource(f"aether://revision/{citation['revision']}/{citation['document']}")
    return {
        "tools": tools,
        "ask": asked,
        "search": found,
        "cite": (citation, cited),
        "check": checked,
        "review": reviewed,
        "record": drafted,
        "read": (read.contents[0].text, old.contents[0].text),
        "templates": [one.uri_template for one in (await client.list_resource_templates()).resource_templates],
        "prompts": {one.name for one in (await client.list_prompts()).prompts},
        "prompt": await client.get_prompt("review", {"subject": "my proposal"}),
    }


def hold(seen: dict[str, Any]) -> None:
    protocols = {"review_design", "draft_adr", "intake", "assess", "premortem"}
    assert {"search", "ask", "cite", "check_text"} | protocols <= set(seen["tools"])
    assert "[NEEDS INPUT: by hand: what speaks for it]" in text_of(seen["record"])
    assert seen["record"].structured_content["protocol"] == "adr"
    assert set(seen["tools"]["ask"].input_schema["properties"]) == {"question", "length", "audience"}
    assert all(tool.annotations.read_only_hint for tool in seen["tools"].values())
    assert not seen["ask"].is_error
    assert "ledgerctl restore --from latest" in text_of(seen["ask"])
    assert seen["ask"].structured_content["status"] == "grounded"
    assert [one["document"] for one in seen["search"].structured_content["items"]] == ["handbook/restore.md"]
    citation, cited = seen["cite"]
    assert cited.structured_content["quote"] == citation["quote"]
    assert seen["check"].structured_content["failed"] == 1
    assert "the nearest is [1]" in text_of(seen["check"])
    assert seen["review"].structured_content["findings"]
    today, then = seen["read"]
    assert today == then
    assert "Restore the ledger" in today
    assert len(seen["templates"]) == 2
    assert {"ask", "review"} <= seen["prompts"]
    assert "my proposal" in seen["prompt"].messages[0].content.text


def test_over_http(served: str) -> None:
    hold(over_http(served, "", tour))


@pytest.mark.slow
def test_over_standard_input_and_output(library: Path, tmp_path: Path) -> None:
    store = shutil.copytree(library, tmp_path / "store")
    environment = {**os.environ, "PYTHONPATH": f"{REPO}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    command = ["-c", "from service.cli import main; main()", "mcp", "--as", "group:finance"]
    server = StdioServerParameters(
        command=sys.executable, args=[*command, "--store", str(store)], env=environment, cwd=REPO
    )

    async def go() -> tuple[dict[str, Any], str]:
        async with Client(server) as client:
            return await tour(client), text_of(await client.call_tool("ask", {"question": PAYROLL}))

    seen, payroll = anyio.run(go)
    hold(seen)
    assert "25th" in payroll


def test_what_may_not_be_read_is_not_there(library: Path, served: str) -> None:
    everyone, finance = key_of(library, "public"), key_of(library, "public", "group:finance")
    try:

        async def look(client: Client) -> tuple[str, list[str]]:
            said = text_of(await client.call_tool("ask", {"question": PAYROLL}))
            said += text_of(await client.call_tool("search", {"question": PAYROLL}))
            told = []
            for name in ("private/pay.md", "private/nil.md"):
                with pytest.raises(MCPError) as caught:
                    await client.read_resource(f"aether://document/{name}")
                cited = {"document": name, "revision": "abcdef", "start": 0, "end": 9}
                answer = text_of(await client.call_tool("cite", cited))
                told.append(f"{caught.value.error}{answer}".replace(name, "NAME"))
            return said, told

        said, told = over_http(served, everyone, look)
        assert "25th" not in said
        assert "private" not in said
        assert told[0] == told[1]
        assert "25th" in over_http(served, finance, lambda c: c.call_tool("ask", {"question": PAYROLL})).content[0].text
        refused = httpx2.post(f"{served}/mcp", json={}, headers={"authorization": "Bearer nobody"})
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    finally:
        (library / "keys.json").unlink()


def test_bad_arguments_are_the_caller_s_mistake(served: str) -> None:
    async def wrong(client: Client) -> list[Any]:
        return [
            await client.call_tool("ask", {"question": " "}),
            await client.call_tool("review_design", {"name": "a.md"}),
            await client.call_tool("cite", {"document": "handbook/restore.md", "revision": "..", "start": 0, "end": 1}),
        ]

    for told in over_http(served, "", wrong):
        assert told.is_error
        assert len(text_of(told)) > 10


def test_another_host_s_pages_are_kept_out(library: Path) -> None:
    with TestClient(create_app(Wiring(Settings(store=library))), "http://127.0.0.1:8000") as client:
        assert client.post("/mcp", json={}, headers={"origin": "http://evil.example"}).status_code == 403
