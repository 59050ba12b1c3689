"""The extension chooses the parser, and the content has a veto."""

from __future__ import annotations

import pytest

from corpus.errors import Outcome, SourceError
from ingest.parse.registry import inner_name, parse_file

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20


@pytest.mark.parametrize(
    ("data", "name", "outcome"),
    [
        (b"", "a.md", "empty"),
        (b" \n\t\r\n", "a.md", "empty"),
        (b"\xef\xbb\xbf", "a.txt", "empty"),
        ("\ufeff".encode("utf-16-le"), "a.txt", "empty"),
        (b"<!-- nothing -->\n", "a.md", "empty"),
        (b"---\ntitle: A\n---\n", "a.md", "empty"),
        ("\u200b\u202e\n".encode(), "a.txt", "empty"),
        (PNG, "a.md", "binary"),
        (PNG, "a.unknown", "binary"),
        (PNG, "noextension", "binary"),
        (PNG, "logo.png", "unsupported"),
        (b"PK\x03\x04" + bytes(200), "a.txt", "binary"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "a.yaml", "binary"),
        (b"\xff\xfea", "a.txt", "undecodable"),
        ("Usługa zamówień musi być zatrzymana. Sprawdź połączenie.".encode("iso8859-2"), "a.txt", "undecodable"),
        (b"\x81\x8d\x8f\x90\x9d\xfe\xff" * 50, "a.txt", "undecodable"),
    ],
)
def test_what_is_no_document_says_why(data: bytes, name: str, outcome: Outcome) -> None:
    with pytest.raises(SourceError) as caught:
        parse_file(data, name)
    assert caught.value.outcome == outcome
    assert caught.value.item == name
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("# Café\r\n", "utf-8-sig"),
        ("# Café\n", "utf-16"),
        ("# Café\n", "utf-32"),
        ("# Restore\n\nDon’t stop the “orders” service – wait 5 minutes. The café’s naïve.\n", "cp1252"),
        ("# Reprise\n\nLe service est démarré après la base de données. À vérifier: café, où, ça.\n", "cp1252"),
        ("# Procedura\n\nUsługa zamówień musi być zatrzymana. Sprawdź połączenie, źródło, żądanie.\n", "cp1250"),
        (
            "# Восстановление\n\nСлужба заказов должна быть остановлена до базы данных. Проверить соединение.\n",
            "koi8-r",
        ),
        (
            "# 復旧手順\n\nデータベースの前に注文サービスを停止する必要があります。接続を確認してください。\n",
            "shift_jis",
        ),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    assert parse_file(text.encode(encoding), "a.md").text == text


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("a/x.html.md.erb", "a/x.html.md"),
        ("x.yaml.j2", "x.yaml"),
        ("x.md.tmpl.j2", "x.md"),
        ("x.md", "x.md"),
        ("x.erb", "x.erb"),
    ],
)
def test_templates_are_read_as_what_they_make(name: str, inner: str) -> None:
    assert inner_name(name) == (inner, name != inner)


def test_templates_and_unknown_extensions_have_a_parser() -> None:
    assert parse_file(b"# A\n\n<% if b %>\nc\n<% end %>\n", "x.html.md.erb").metadata.title == "A"
    assert parse_file(b"a: {{ b }}\n", "x.yaml.j2").blocks[0].label == "yaml"
    assert parse_file(b"words\n", "x.unknown").blocks[0].kind == "paragraph"
    html = parse_file(b"<p>kept</p><% if secret(1) > 2 %><p>also</p><% end %>", "x.html.erb")
    assert "secret" not in html.text
    assert "also" in html.text
