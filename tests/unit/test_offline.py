"""The guard of `tests/offline` works, here and in a child."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

CASES = [
    "socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "socket.getaddrinfo('example.org', 443)",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    "urllib.request.urlopen('http://example.org')",
]


@pytest.mark.parametrize("attempt", CASES)
def test_children_cannot_reach_the_network(attempt: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import socket, urllib.request; {attempt}"], capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "NetworkBlocked" in done.stderr


def test_neither_can_the_tests() -> None:
    with socket.socket() as plug, pytest.raises(BaseException, match=r"tried to reach '192\.0\.2\.1'"):
        plug.connect(("192.0.2.1", 80))


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"x")
        peer, _ = server.accept()
        with peer:
            assert peer.recv(1) == b"x"
