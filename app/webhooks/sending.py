"""One request to a receiver: to the address that the guard let pass, with the name kept for TLS, and no redirects.

Bounded in every way: in time from the first byte to the last, in what is read of the answer, in what is kept of it.
"""

import socket
import ssl
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from threading import Event, Timer

from app.webhooks.guard import Target, Way, literal_of
from app.webhooks.models import EXCERPT_LENGTH

TIMEOUT_SECONDS = 15.0
READ_BYTES = 4 * EXCERPT_LENGTH
AGENT = "yanlu-webhooks/1"
Resolve = Callable[[str, int], Sequence[str]]


class NotSent(Exception):
    """`code` is safe to keep: a kind, never anybody's words."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class TimedOut(NotSent):
    """The receiver had not answered when the time was over."""


@dataclass(frozen=True)
class Answer:
    """`excerpt` is the beginning of the body, without control characters."""

    status: int
    retry_after: str | None
    excerpt: str


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of the name now, as the machine's resolver tells them. Raises NotSent where it knows none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotSent("no_address") from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def addresses_of(target: Target, resolve: Resolve) -> Sequence[str]:
    """One look at the resolver; none for a host that is an address itself."""
    literal = literal_of(target)
    return [str(literal)] if literal else resolve(target.host, target.port)


def post(target: Target, way: Way, headers: Mapping[str, str], body: bytes, timeout: float = TIMEOUT_SECONDS) -> Answer:
    """What the receiver answers. Raises TimedOut, NotSent."""
    connection = _Pinned(target, way, timeout)
    expired = Event()
    watch = Timer(timeout, _end, (connection, expired))
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target.place, body, {"User-Agent": AGENT, "Accept": "*/*", **headers})
        response = connection.getresponse()
        excerpt = _plain(response.read(READ_BYTES))
        if expired.is_set():  # an answer that was cut off by us reads like a whole one
            raise TimedOut("timed_out")
        return Answer(response.status, response.headers.get("Retry-After"), excerpt)
    except (OSError, HTTPException, ValueError) as error:
        if expired.is_set() or isinstance(error, TimeoutError):
            raise TimedOut("timed_out") from None
        raise NotSent(_kind(error)) from None
    finally:
        watch.cancel()
        connection.close()


class _Pinned(HTTPConnection):
    """Connects to the way's address and asks for the target's name: the resolver has no second say."""

    def __init__(self, target: Target, way: Way, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target, self._way = target, way
        self.default_port = 443 if target.is_tls else 80

    def connect(self) -> None:
        self.sock = socket.create_connection((self._way.address, self.port), self.timeout)
        if self._target.is_tls:
            # The handshake comes after the socket is known to whoever watches the time.
            self.sock = _trust(self._way.authorities).wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()


@lru_cache(maxsize=32)
def _trust(authorities: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authorities:
        context.load_verify_locations(cadata=authorities)
    return context


def _end(connection: HTTPConnection, expired: Event) -> None:
    expired.set()
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _kind(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, ConnectionRefusedError):
        return "connection_refused"
    return "broken_answer" if isinstance(error, HTTPException | ValueError) else "unreachable"


def _plain(body: bytes) -> str:
    text = body.decode(errors="replace")[:EXCERPT_LENGTH]
    return "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text).strip()
