"""Whom an answer is for, at the doors that other programs use: their own clients say it, and the answer is that one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from service.access.keys import Keys, Wish
from service.cli.program import run
from tests.unit.test_audience import MOVE, QUESTION

Serving = Callable[[Path], AbstractContextManager[str]]
FIRST = {"executive": "We decided to move", "engineer": "1. Attach"}


@pytest.fixture(scope="module")
def served(serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a running service, and a key of it."""
    folder = tmp_path_factory.mktemp("audience")
    (folder / "notes").mkdir()
    (folder / "notes" / "move.md").write_text(MOVE)
    assert run(["ingest", str(folder / "notes"), "--store", str(folder / "store")]) == 0
    token = Keys(folder / "store").create(Wish("client"))[1]
    with serving(folder / "store") as address:
        yield address, token


def test_openai_s_client_says_it_in_its_extra_body(served: tuple[str, str]) -> None:
    openai = pytest.importorskip("openai", reason="needs openai, of the extra [dev] or [eval]")
    client = openai.OpenAI(base_url=f"{served[0]}/v1", api_key=served[1], max_retries=0)
    asked = [{"role": "user", "content": QUESTION}]
    for audience, first in FIRST.items():
        extra = {"audience": audience}
        made = client.chat.completions.create(model="aether", messages=asked, extra_body=extra)
        assert made.choices[0].message.content.replace("**", "").startswith(first)
        with client.chat.completions.create(model="aether", messages=asked, extra_body=extra, stream=True) as stream:
            told = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
        assert told == made.choices[0].message.content
    with pytest.raises(openai.UnprocessableEntityError):
        client.chat.completions.create(model="aether", messages=asked, extra_body={"audience": "shareholder"})


def test_an_mcp_client_says_it_to_the_tool_and_the_prompt(served: tuple[str, str]) -> None:
    async def tour() -> None:
        async with (
            httpx2.AsyncClient(headers={"authorization": f"Bearer {served[1]}"}, timeout=60) as http,
            Client(streamable_http_client(f"{served[0]}/mcp", http_client=http)) as client,
        ):
            for audience, first in FIRST.items():
                made = await client.call_tool("ask", {"question": QUESTION, "audience": audience})
                assert made.structured_content["sentences"][0]["text"].startswith(first)
                prompt = await client.get_prompt("ask", {"question": QUESTION, "audience": audience})
                assert f"`audience` set to `{audience}`" in prompt.messages[0].content.text
            plain = await client.get_prompt("ask", {"question": QUESTION})
            assert "audience" not in plain.messages[0].content.text
            wrong = await client.call_tool("ask", {"question": QUESTION, "audience": "shareholder"})
            assert wrong.is_error

    anyio.run(tour)
