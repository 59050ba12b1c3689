"""The web page's own paths: its files, and documents as each caller may see them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.access.keys import Keys, Wish
from service.api.routes.page import STATIC

Door = Callable[..., TestClient]


def token(store: Path, role: str, *access: str) -> str:
    return Keys(store).create(Wish("test", role, access))[1]  # type: ignore[arg-type]


def test_the_page_loads_its_own_files_and_no_others(library: Path, door: Door) -> None:
    client = door(library)
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    for header in ("script-src 'self'", "default-src 'none'", "frame-ancestors 'none'"):
        assert header in page.headers["content-security-policy"]
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    for file in STATIC.iterdir():
        assert client.get(f"/web/static/{file.name}").status_code == 200, file.name
    for outside in ("..%2froutes.py", "../page.py", "%2e%2e/nights.py", "none.js"):
        assert client.get(f"/web/static/{outside}").status_code == 404


def test_the_page_has_no_inline_script_and_names_no_other_host() -> None:
    for file in STATIC.iterdir():
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, file.name
        assert "https://" not in text, file.name
        assert "onclick=" not in text, file.name
        assert "<script>" not in text, file.name
        assert "style=" not in text, file.name


def test_a_document_is_shown_where_it_is_cited(library: Path, door: Door) -> None:
    client = door(library)
    shown = client.get("/web/document", params={"id": "handbook/restore.md", "start": 2, "end": 20}).json()
    assert "<mark>Restore the ledger</mark>" in shown["html"]
    assert shown["current_revision"] == shown["revision"]
    assert shown["section"] == ["Restore the ledger"]
    assert client.get("/web/document", params={"id": "handbook/restore.md", "revision": "zz"}).status_code == 422


@pytest.mark.parametrize("path", ["/web/document", "/web/page.png"])
def test_what_may_not_be_read_is_not_there(path: str, library: Path, door: Door) -> None:
    client = door(library, token=token(library, "reader", "public"))
    forbidden = client.get(path, params={"id": "private/pay.md", "start": 0, "end": 5})
    absent = client.get(path, params={"id": "private/gap.md", "start": 0, "end": 5})
    assert forbidden.status_code == absent.status_code == 404
    assert forbidden.text.replace("pay", "gap") == absent.text


def test_nights_are_not_for_every_reader(library: Path, door: Door, tmp_path: Path) -> None:
    (tmp_path / "nights" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "nights" / "2026-01-01" / "report.json").write_text("{}")
    made = token(library, "editor", "public"), token(library, "reader", "public")
    editor, reader = (door(library, token=one, nights=tmp_path) for one in made)
    assert editor.get("/web/nights").json() == {"nights": [], "unreadable": ["2026-01-01"]}
    assert reader.get("/web/nights").status_code == 403
