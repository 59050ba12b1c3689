"""Whatever stands in a header, a token or a name: nobody is let in, nothing crashes, and nothing comes back."""

from __future__ import annotations

import shutil
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.errors import AccessError, NotAllowed, UnknownCaller, UsageError
from service.access.authenticator import OwnerToken, Row, SharedKey, StoreKeys, authenticate
from service.access.keys import Keys, Wish
from service.access.principal import Principal
from service.desk.streams import Streams
from service.desk.uploads import chosen, safe_name
from service.talking.follow import follow, leans

Door = Callable[..., TestClient]
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=200)
ANY = st.text(max_size=200)
HEADERS = ["authorization", "host", "origin", "accept", "x-request-id", "idempotency-key"]


@pytest.fixture(scope="module")
def keys(library: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Keys, str]:
    folder = Path(shutil.copytree(library, tmp_path_factory.mktemp("headers") / "store"))
    made = Keys(folder)
    return made, made.create(Wish("ci", access=("group:sre",)))[1]


@given(header=LATIN | LATIN.map(lambda text: f"Bearer {text}"))
@example(header="")
@example(header="Bearer")
@example(header="bearer  ")
@example(header="Basic YTpi")
@example(header="Bearer aether_000000000000_" + "A" * 43)
def test_no_header_but_the_key_s_opens(keys: tuple[Keys, str], header: str) -> None:
    row = Row((OwnerToken("t" * 43), StoreKeys(keys[0]), SharedKey("")))
    with pytest.raises(UnknownCaller, match="a bearer token that is known"):
        authenticate(row, header)


@given(at=st.integers(0, 200), char=st.sampled_from(string.printable))
def test_a_key_with_one_letter_changed_is_none(keys: tuple[Keys, str], at: int, char: str) -> None:
    store, token = keys
    at %= len(token)
    if token[at] != char:
        assert store.find(token[:at] + char + token[at + 1 :]) is None
    assert store.find(token) is not None


@given(name=ANY)
@example(name="../../etc/passwd")
@example(name="a" * 400 + ".md")
@example(name="\u202egnp.md")
def test_a_file_s_name_leads_nowhere(name: str) -> None:
    try:
        safe = safe_name(name)
    except UsageError:
        return
    assert safe not in ("", ".", "..")
    assert not set("/\\\0\n") & set(safe)
    assert len(safe.encode()) <= 255
    assert not safe.startswith(".")


@given(named=st.lists(ANY | st.sampled_from(["public", "group:sre", "user:ada", "group:finance"]), max_size=4))
def test_nobody_lets_others_read_than_they_are(named: list[str]) -> None:
    who = Principal("ada", frozenset({"public", "group:sre"}), "editor", "k")
    try:
        assert chosen(who, named) <= who.access
    except (AccessError, NotAllowed):
        assert named


@given(event=ANY)
@example(event="x.99999999999999999999")
@example(event=".1")
def test_an_event_s_id_finds_only_one_s_own_stream(event: str) -> None:
    streams = Streams()
    mine = streams.new(Principal("ada", frozenset({"public"}), "reader", "k"))
    other = Principal("bob", frozenset({"public"}), "reader", "k2")
    assert streams.find(other, event) is None
    assert streams.find(other, f"{mine.id}.0") is None
    found = streams.find(mine.who, event)
    assert found is None or found[0] is mine


@given(earlier=st.lists(ANY, max_size=3), question=ANY)
def test_a_follow_up_always_ends_in_what_was_asked(earlier: list[str], question: str) -> None:
    asked = follow(earlier, question)
    assert asked.endswith(question)
    assert asked == question or leans(question)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["authorization", "host", "origin", "accept", "x-request-id", "idempotency-key"]), value=LATIN
)
def test_no_header_brings_the_service_down(served: str, name: str, value: str) -> None:
    import http.client

    address = served.removeprefix("http://")
    door = http.client.HTTPConnection(address, timeout=30)
    try:
        door.putrequest("GET", "/v1/documents", skip_host=name == "host")
        door.putheader(name, value.encode("latin-1"))
        door.endheaders()
        assert door.getresponse().status < 500
    except (http.client.HTTPException, ValueError, ConnectionResetError):
        pass
    finally:
        door.close()
