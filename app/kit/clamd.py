"""Asking clamd whether a content is harmful: its INSTREAM command over TCP or a Unix socket (clamd(8), COMMANDS)."""

import socket
from contextlib import closing
from dataclasses import dataclass
from time import monotonic
from typing import Protocol
from urllib.parse import unquote, urlsplit

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
LONGEST_NAME = 200
CONNECTING_SECONDS = 3.0
SECONDS = 20.0
"""For one content, the answer included."""


class ScannerGone(Exception):
    """The scanner gave no answer that could be used, in time; whether the content is harmful is not known."""


class Scanner(Protocol):
    def find(self, content: bytes) -> str | None:
        """The name of what was found in the content; None when it is clean. Raises ScannerGone."""


@dataclass(frozen=True)
class Clamd:
    """`address` is `tcp://host:port` or `unix:///path`."""

    address: str
    seconds: float = SECONDS

    def find(self, content: bytes) -> str | None:
        until = monotonic() + self.seconds
        try:
            with closing(self._connected()) as connection:
                connection.settimeout(self.seconds)
                connection.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), PIECE):
                    piece = content[start : start + PIECE]
                    _allow(connection, until)
                    connection.sendall(len(piece).to_bytes(4) + piece)
                connection.sendall(bytes(4))
                return _verdict(_answer(connection, until))
        except OSError as error:
            raise ScannerGone(type(error).__name__) from error

    def _connected(self) -> socket.socket:
        parts = urlsplit(self.address)
        if parts.scheme == "tcp":
            return socket.create_connection((parts.hostname or "", parts.port or 0), CONNECTING_SECONDS)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(CONNECTING_SECONDS)
            connection.connect(unquote(parts.path))
        except OSError:
            connection.close()
            raise
        return connection


def _allow(connection: socket.socket, until: float) -> None:
    """The next step may take what is left of the time. Raises TimeoutError when nothing is."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)


def _answer(connection: socket.socket, until: float) -> bytes:
    said = b""
    while b"\0" not in said and len(said) <= LONGEST_ANSWER:
        _allow(connection, until)
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0]


def _verdict(said: bytes) -> str | None:
    """`stream: OK` or `stream: NAME FOUND`; anything else, such as `… ERROR`, says nothing about the content."""
    words = said.decode("utf-8", "replace").strip()
    if words == "stream: OK":
        return None
    if words.startswith("stream: ") and words.endswith(" FOUND"):
        return words[len("stream: ") : -len(" FOUND")][:LONGEST_NAME] or "?"
    raise ScannerGone("no verdict")
