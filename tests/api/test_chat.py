"""OpenAI's API, spoken by OpenAI's own client as it is, over a real connection."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from service.access.keys import Keys, Wish

Serving = Callable[[Path], AbstractContextManager[str]]
QUESTION = {"role": "user", "content": "How do I restore the ledger?"}


@pytest.fixture(scope="module")
def served(library: Path, serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a running service, and a key of it."""
    store = Path(shutil.copytree(library, tmp_path_factory.mktemp("chat") / "store"))
    token = Keys(store).create(Wish("client"))[1]
    with serving(store) as address:
        yield address, token


def test_openai_s_client_gets_an_answer_with_citations(served: tuple[str, str]) -> None:
    openai = pytest.importorskip("openai", reason="needs openai, of the extra [dev] or [eval]")
    client = openai.OpenAI(base_url=f"{served[0]}/v1", api_key=served[1], max_retries=0)
    assert {"aether", "aether-brief", "aether-review"} <= {model.id for model in client.models.list()}
    made = client.chat.completions.create(model="aether", messages=[QUESTION], temperature=0.7)
    message = made.choices[0].message
    assert "ledgerctl restore --from latest" in message.content
    assert made.choices[0].finish_reason == "stop"
    (first, *_) = message.annotations
    mark = message.content[first.url_citation.start_index : first.url_citation.end_index]
    assert mark == "[1]"
    assert "/v1/documents/handbook/restore.md/revisions/" in first.url_citation.url
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-unknown", messages=[QUESTION])
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=f"{served[0]}/v1", api_key="no", max_retries=0).models.list()


def test_openai_s_client_streams_the_same_text(served: tuple[str, str]) -> None:
    openai = pytest.importorskip("openai", reason="needs openai, of the extra [dev] or [eval]")
    client = openai.OpenAI(base_url=f"{served[0]}/v1", api_key=served[1], max_retries=0)
    whole = client.chat.completions.create(model="aether", messages=[QUESTION]).choices[0].message.content
    with client.chat.completions.create(
        model="aether", messages=[QUESTION], stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == whole
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage.total_tokens == 0


def test_a_protocol_is_a_model(served: tuple[str, str]) -> None:
    openai = pytest.importorskip("openai", reason="needs openai, of the extra [dev] or [eval]")
    client = openai.OpenAI(base_url=f"{served[0]}/v1", api_key=served[1], max_retries=0)
    proposal = "# Move the ledger\n\nWe move the ledger to another host, with `ledgerctl deploy`.\n"
    made = client.chat.completions.create(model="aether-review", messages=[{"role": "user", "content": proposal}])
    assert "rollback" in made.choices[0].message.content.lower()


@pytest.mark.st
def test_langchain_s_client_works_as_it_is(served: tuple[str, str]) -> None:
    from langchain_openai import ChatOpenAI

    chat = ChatOpenAI(base_url=f"{served[0]}/v1", api_key=served[1], model="aether", max_retries=0)
    assert "ledgerctl restore" in str(chat.invoke("How do I restore the ledger?").content)
    assert "ledgerctl restore" in "".join(str(c.content) for c in chat.stream("How do I restore the ledger?"))


@pytest.mark.st
def test_llamaindex_s_client_works_as_it_is(served: tuple[str, str]) -> None:
    like = pytest.importorskip("llama_index.llms.openai_like", reason="it wants openai<3, the extra [eval] openai>=3")
    from llama_index.core.llms import ChatMessage

    model = like.OpenAILike(
        api_base=f"{served[0]}/v1", api_key=served[1], model="aether", is_chat_model=True, max_retries=0
    )
    asked = [ChatMessage(role="user", content="How do I restore the ledger?")]
    assert "ledgerctl restore" in str(model.chat(asked).message.content)
    assert "ledgerctl restore" in [str(part.message.content) for part in model.stream_chat(asked)][-1]
