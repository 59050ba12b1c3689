"""No network beyond loopback, in the test process and (being on its PYTHONPATH) in every Python that it starts.

An audit hook rather than a patched socket: it sees what C code asks for as well, and nothing can import around it.
"""

from __future__ import annotations

import ipaddress
import sys


class NetworkBlocked(BaseException):
    """Something reached for the network. Not an `Exception`, so that no code under test can swallow it."""


def _is_local(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        return name == "localhost" or ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False


def _guard(event: str, args: tuple[object, ...]) -> None:
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(args[1], tuple):
        host = args[1][0]
    else:
        return
    if not _is_local(host):
        raise NetworkBlocked(f"{event}: tried to reach {host!r}")


sys.addaudithook(_guard)
