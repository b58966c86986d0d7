"""The HTTP server's connections, bounded: uvicorn's own protocol has no limit of head, time or number (CWE-400).

httptools refuses what could be read in two ways (RFC 9112 §6.3, §11.2); what it lets through of that is refused here.
Times are looked at once in `look_seconds`, so that a request costs no timer of its own.
"""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import httptools
import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.kit.connection_limits import LIMITS, Limits, Places, refusal
from app.kit.observing import is_within

log = structlog.get_logger("yanlu.connections")
PIECE = 16 * 1024
CLOSE = (b"connection", b"close")
_numbers = itertools.count()
_places: "WeakKeyDictionary[ServerState, Places]" = WeakKeyDictionary()


class Refused(Exception):
    """The request goes beyond a bound; `args[0]` is the status to answer."""


class _Lingering:
    """The transport of an answer that begins before its request has arrived: reads on for a moment after the answer.

    Closed at once, the system would reset the connection, and a browser that is still sending would show its own error
    page instead of ours (RFC 9112 §9.6).
    """

    __slots__ = ("close", "is_closing", "write")

    def __init__(self, transport: asyncio.Transport, linger: Callable[[], None]) -> None:
        self.write, self.is_closing, self.close = transport.write, transport.is_closing, linger


class GuardedProtocol(HttpToolsProtocol):
    """One connection within its limits; whoever keeps them notices nothing."""

    limits: ClassVar[Limits] = LIMITS

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        # uvicorn would count idle connections as well, which cost nothing; here requests in hand are counted.
        self._most_requests, self.limit_concurrency = self.limit_concurrency, None
        self._number = next(_numbers)
        self._place: str | None = None
        self._look: asyncio.TimerHandle | None = None
        self._in_head, self._in_body, self._is_deaf, self._answers_early = True, False, False, False
        self._head_since: float | None = None
        self._head_bytes = 0
        self._body_since = self._body_at = 0.0
        self._body_bytes = self._sent_bytes = 0
        self._closes_at: float | None = None
        self._stuck_since: float | None = None
        self._unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_since = self.loop.time()
        self._look = self.loop.call_later(self.limits.look_seconds, self.look)
        if not self._has_place():
            self._refuse(429)
        elif len(self.connections) > self.limits.in_all:
            self._make_room()

    def _has_place(self) -> bool:
        peer = self.client[0] if self.client else ""
        if not peer or peer in self.limits.unbounded or self._is_trusted(peer):
            return True
        places = _places.setdefault(self.server_state, Places())
        self._place = places.take(peer, self.limits.per_address)
        return self._place is not None

    def _is_trusted(self, peer: str) -> bool:
        proxies = self.config.forwarded_allow_ips
        return self.config.proxy_headers and isinstance(proxies, list) and is_within(peer, proxies)

    def _make_room(self) -> None:
        """Those whose end is under way no longer count: they are among the connections until it has been told."""
        open_ones = [one for one in self.connections if not one.transport.is_closing()]
        waiting = [one for one in open_ones if isinstance(one, GuardedProtocol) and one.waits_since is not None]
        if waiting and len(open_ones) > self.limits.in_all:
            min(waiting, key=lambda one: one.waits_since or ()).transport.abort()

    @property
    def waits_since(self) -> tuple[float, int] | None:
        """Since when nothing has been asked on this connection; None while something is being answered.

        A loop's clock may stand still for a millisecond: of those that came in it, the first has waited longest.
        """
        since = self._body_at if self._head_since is None else self._head_since
        return (since, self._number) if self._answered is None else None

    @property
    def _answered(self) -> RequestResponseCycle | None:
        """The newest request whose answer isn't complete."""
        newest: RequestResponseCycle | None = self.cycle
        return newest if newest is not None and not newest.response_complete else None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        if self._place is not None:
            _places[self.server_state].give_back(self._place)
            self._place = None
        self._is_deaf = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_deaf:
            return
        self._unset_keepalive_if_required()
        if self._in_head and self._head_since is None:
            self._head_since = self.loop.time()
        try:
            self._feed_all(data)
        except Refused as refused:
            self._refuse(refused.args[0])
        except httptools.HttpParserUpgrade:
            # Nothing is upgraded to. What follows the head could be a body or a next request: it is not looked at.
            self._last_answer()
        except httptools.HttpParserError as error:
            inner = error.__context__
            self._refuse(inner.args[0] if isinstance(inner, Refused) else 400)

    def _feed_all(self, data: bytes) -> None:
        """In pieces, since the parser keeps half a header field to itself however long it grows."""
        if len(data) <= PIECE:
            self._feed(data)
            return
        for start in range(0, len(data), PIECE):
            if not self._is_deaf:
                self._feed(data[start : start + PIECE])

    def _feed(self, piece: bytes) -> None:
        began_in_head = self._in_head
        self.parser.feed_data(piece)
        if self._in_head:
            self._head_bytes += len(piece) if began_in_head else 0
            if self._head_bytes > self.limits.head_bytes or len(self.headers or ()) > self.limits.fields:
                raise Refused(431)
        elif self._in_body:
            self._note_body(len(piece))

    def _note_body(self, size: int) -> None:
        """What carries the body may not outweigh it without bound: extensions of chunks, trailers, tiny chunks."""
        self._body_at = self.loop.time()
        self._sent_bytes += size
        if self._sent_bytes > 8 * self._body_bytes + self.limits.overhead_bytes + self.limits.head_bytes:
            raise Refused(400)
        if not self._answers_early:
            self._answers_early = True
            self.cycle.transport = _Lingering(self.transport, self._linger)  # type: ignore[assignment]
            self.cycle.default_headers = [*self.cycle.default_headers, CLOSE]

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = 0
        if self._head_since is None:
            self._head_since = self.loop.time()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.head_bytes:
            raise Refused(431)

    def on_headers_complete(self) -> None:
        self._check_head()
        if len(self.pipeline) >= self.limits.pipelined:
            raise Refused(400)
        self._in_head, self._in_body, self._answers_early = False, True, False
        self._head_since = None
        self._body_since = self._body_at = self.loop.time()
        self._body_bytes = self._sent_bytes = 0
        is_full = self._most_requests is not None and len(self.tasks) >= self._most_requests
        self.app = too_busy if is_full else self.config.loaded_app
        super().on_headers_complete()
        self.headers = []  # trailers come as header fields too: nobody sees them (RFC 9110 §6.5.1)

    def _check_head(self) -> None:
        """One host, a path as target, no coding but `chunked` (RFC 9112 §3.2, §6.1), and the size of a long head."""
        headers, is_old = self.headers, self.parser.get_http_version() != "1.1"
        if len(headers) > self.limits.fields:
            raise Refused(431)
        if self._head_bytes and self._size_of_head() > self.limits.head_bytes:
            raise Refused(431)
        names = [name for name, _ in headers]
        hosts = names.count(b"host")
        if hosts != 1 and not (is_old and hosts == 0):
            raise Refused(400)
        if b"transfer-encoding" in names and (is_old or (b"transfer-encoding", b"chunked") not in headers):
            raise Refused(400)
        if self.url[:1] != b"/" and self.url != b"*":
            raise Refused(400)

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head, self._in_body = True, False
        if self._answers_early and not self.cycle.response_started:
            self.cycle.transport, self.cycle.default_headers = self.transport, self.server_state.default_headers
        super().on_message_complete()

    def _last_answer(self) -> None:
        """Nothing more is read; what is being answered is answered to its end."""
        self._is_deaf = True
        if self._answered is None:
            self.transport.close()
        else:
            self._answered.keep_alive = False

    def _refuse(self, status: int) -> None:
        """Answers and closes; behind answers that are still to come, it only closes after them."""
        log.info("connection_refused", status=status)
        answered = self._answered
        has_begun = answered is not None and answered.response_started
        if (self._in_head and answered is not None) or (self.pipeline and not has_begun):
            self._last_answer()
            return
        self._is_deaf = True
        if not has_begun and not self.transport.is_closing():
            self.transport.write(refusal(status))
        if answered is not None:
            answered.disconnected = True
            answered.message_event.set()
        self._linger()

    def _linger(self) -> None:
        """Tells the client that nothing follows, and reads over what it is still sending, for a moment."""
        self._is_deaf = True
        if self._closes_at is not None or self.transport.is_closing():
            return
        self._closes_at = self.loop.time() + self.limits.linger_seconds
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def look(self) -> None:
        """Ends what has taken too long, and looks again later."""
        now = self.loop.time()
        self._look = self.loop.call_later(self.limits.look_seconds, self.look)
        if self._is_stuck(now):
            self.transport.abort()
        elif self._closes_at is not None:
            if now >= self._closes_at:
                self.transport.abort()
        elif self._is_deaf:
            return
        elif self._is_late(now):
            if self._has_said_something():
                self._refuse(408)
            else:
                self.transport.close()

    def _has_said_something(self) -> bool:
        return self._in_body or self._head_bytes > 0

    def _is_late(self, now: float) -> bool:
        if self._head_since is not None:
            return now - self._head_since > self.limits.head_seconds
        if not self._in_body:
            return False
        if self.flow.read_paused:  # we keep the client waiting
            self._body_at = now
            self._body_since += self.limits.look_seconds
            return False
        took = now - self._body_since
        slowest = self.limits.pause_seconds + self._body_bytes / self.limits.bytes_per_second
        return now - self._body_at > self.limits.pause_seconds or took > min(slowest, self.limits.body_seconds)

    def _is_stuck(self, now: float) -> bool:
        """Whether the client has taken too little of its answer since the last time that it took enough."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0:
            self._stuck_since = None
            return False
        enough = self.limits.bytes_per_second * self.limits.taking_seconds
        if self._stuck_since is None or self._unsent - unsent >= enough:
            self._stuck_since, self._unsent = now, unsent
        return now - self._stuck_since > self.limits.taking_seconds

    def resume_writing(self) -> None:
        self._stuck_since = None
        super().resume_writing()


async def too_busy(scope: Any, receive: Any, send: Any) -> None:
    """Answers at once that there is too much going on."""
    head, _, body = refusal(503).partition(b"\r\n\r\n")
    fields = [tuple(line.split(b": ", 1)) for line in head.split(b"\r\n")[1:]]
    await send({"type": "http.response.start", "status": 503, "headers": fields})
    await send({"type": "http.response.body", "body": body, "more_body": False})
