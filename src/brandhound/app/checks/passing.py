"""What stands between people and the web server: whether a proxy lets through what is said bit by bit."""

import socket
import ssl
import time
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import SplitResult, urlsplit

from brandhound.app.findings import Check, Finding
from brandhound.core.settings import settings

PATH = "/api/health/stream"
"""Two events are sent there, `APART` seconds apart."""

APART = 1.0
_PATIENCE = 8.0
_EVENTS = (b"data: 1", b"data: 2")
_MOST_BYTES = 64_000
_HERE = ("localhost", "127.0.0.1", "::1")


def check_event_streams() -> Finding:
    """Asked through the public address, as a browser would."""
    address = urlsplit(settings().public_url)
    if not address.hostname:
        return Finding("event streams", "good", "there is no public address, and nothing stands in between")
    if settings().zero_egress and address.hostname not in _HERE:
        return Finding("event streams", "unknown", "nobody outside is asked, so it is not known what stands in between")
    try:
        apart = _seconds_apart(address)
    except (OSError, ValueError) as error:
        fix = "From here the public address cannot be asked; where others can, nothing is wrong."
        return Finding("event streams", "unknown", f"{settings().public_url} does not answer: {error}", fix)
    if apart < APART / 2:
        return Finding(
            "event streams",
            "warning",
            f"a proxy keeps back what is sent bit by bit: two events sent {APART:g} s apart came within {apart:.2f} s",
            "Let it pass `text/event-stream` on at once (nginx: `proxy_buffering off;`, no compression of it). Until then "
            "progress and log lines come late, and screens ask every few seconds.",
        )
    return Finding("event streams", "good", "pass through the public address as they are sent")


def _seconds_apart(address: SplitResult) -> float:
    """How long after the first event the second one comes. Plainly read from the line: when bytes come is the whole question."""
    came: list[float] = []
    heard = b""
    with _line_to(address) as line:
        line.sendall(
            f"GET {address.path.rstrip('/')}{PATH} HTTP/1.1\r\nHost: {address.netloc.rpartition('@')[2]}\r\n"
            "Accept: text/event-stream\r\nUser-Agent: brandhound-doctor\r\nConnection: close\r\n\r\n".encode("ascii")
        )
        while len(came) < len(_EVENTS):
            part = line.recv(4096)
            if not part or len(heard) > _MOST_BYTES:
                raise ValueError(
                    f"it answers {_status(heard)}" if not came else "the stream ended before its second event"
                )
            heard += part
            if not heard.startswith(b"HTTP/1.1 200"[: len(heard)]):
                raise ValueError(f"it answers {_status(heard)}")
            while len(came) < len(_EVENTS) and _EVENTS[len(came)] in heard:
                came.append(time.monotonic())
    return came[1] - came[0]


@contextmanager
def _line_to(address: SplitResult) -> Generator[socket.socket]:
    secure = address.scheme == "https"
    host = address.hostname or ""
    with socket.create_connection((host, address.port or (443 if secure else 80)), _PATIENCE) as plain:
        plain.settimeout(_PATIENCE)
        if not secure:
            yield plain
            return
        with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured:
            yield secured


def _status(heard: bytes) -> str:
    """The first line of an answer, as far as there is one."""
    return heard.split(b"\r\n", 1)[0][:60].decode("ascii", "replace") or "nothing"


CHECKS: tuple[Check, ...] = (check_event_streams,)
