"""Pages that are the same for everybody, rendered once for all who ask within the same second (docs/caching.md).

An endpoint says by `share` that its page holds nothing of one reader. Such a page is kept by path, language and view
until the clock's second ends, and so is never older than a second, in whatever process; what changes at an instant,
which is a whole second, shows at that instant. Asked for with any cookie but those of the reader's choices, with a
query or an Authorization, a page is made for that request alone, as every other.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.clock import Clock
from app.web import choices
from app.web.compression import accepts_gzip, holds_no_secret
from app.web.i18n import language
from app.web.piecewise import PiecewisePage

MAY_SHARE, SHARED = "yanlu.may_share", "yanlu.shared"
MOST_PAGES = 512
REVALIDATED = b"no-cache"
"""A browser or proxy may keep it and asks each time whether it is still the same (RFC 9111 §5.2.2.4)."""
DEPENDS_ON = b"Accept-Encoding, Accept-Language, Cookie"

Renew = Callable[[Request], Sequence[str] | None]
"""Values of this view's own, None where this request needs a page of its own."""


@dataclass(frozen=True)
class Shared:
    """What an endpoint says of its page: `values` are this view's own, `renew` makes another view's."""

    values: Sequence[str] = ()
    renew: Renew | None = None


@dataclass(frozen=True)
class Kept:
    """A page of one second. `tag` is empty where each view has values of its own."""

    second: int
    page: PiecewisePage
    renew: Renew | None
    tag: str
    plain: bytes
    gzipped: bytes
    route: Any


def share(request: Request, values: Sequence[str] = (), renew: Renew | None = None) -> None:
    """The page that this request is about to get is the same for everybody but for these values of its own."""
    if request.scope.get(MAY_SHARE):
        request.scope[SHARED] = Shared(values, renew)


def is_to_be_kept(request: Request) -> bool:
    """Whether the answer goes to others too: it is compressed later then."""
    return SHARED in request.scope


class SharedPages:
    """Answers for the application where the page of this second is there; without a thread and without the store."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._flights: dict[tuple[str, ...], asyncio.Future[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_for_everybody(scope):
            await self.app(scope, receive, send)
            return
        key = (scope["path"], language(), choices.chosen(choices.SIZE), choices.chosen(choices.CARE))
        second = int(self.clock.now().timestamp())
        kept = await self._of_second(key, second)
        if kept is None or not await _answered(kept, scope, send):
            await self._rendered(key, second, scope, receive, send)

    async def _of_second(self, key: tuple[str, ...], second: int) -> Kept | None:
        """The page of that second or a later one. While somebody renders it, the others wait for that.

        Where none was kept before, it may be no shared page, and is waited for once, until its answer begins.
        """
        kept = self._kept.get(key)
        if kept is None and key in self._flights:
            await asyncio.shield(self._flights[key])
            kept = self._kept.get(key)
        while kept is not None and kept.second < second and key in self._flights:
            await asyncio.shield(self._flights[key])
            kept = self._kept.get(key)
        return kept if kept is not None and kept.second >= second else None

    async def _rendered(self, key: tuple[str, ...], second: int, scope: Scope, receive: Receive, send: Send) -> None:
        flight = self._flights.setdefault(key, asyncio.get_running_loop().create_future())
        collected, kept = _Collected(send, scope, partial(self._land, key, flight)), None
        scope[MAY_SHARE] = True
        try:
            await self.app(scope, receive, collected)
            kept = collected.kept(second)
            if kept is not None:
                self._keep(key, kept)
        finally:
            self._land(key, flight)
        if kept is not None:
            await _say(scope, send, kept, kept.plain, kept.gzipped)

    def _land(self, key: tuple[str, ...], flight: "asyncio.Future[None]") -> None:
        """Those who waited go on."""
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.done():
            flight.set_result(None)

    def _keep(self, key: tuple[str, ...], kept: Kept) -> None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_PAGES:
            self._kept.popitem(last=False)


class _Collected:
    """Holds an answer back where it is a shared page, and lets every other one through as it comes."""

    def __init__(self, send: Send, scope: Scope, let_go: Callable[[], None]) -> None:
        self._send, self._scope, self._let_go = send, scope, let_go
        self._holds, self._body = False, bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name.lower() for name, _ in message["headers"]}
            self._holds = SHARED in self._scope and message["status"] == 200 and b"set-cookie" not in names
        if not self._holds:
            self._let_go()
            await self._send(message)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")

    def kept(self, second: int) -> Kept | None:
        if not self._holds:
            return None
        shared: Shared = self._scope[SHARED]
        plain = bytes(self._body)
        page = PiecewisePage(plain.decode(), shared.values)
        tag = "" if shared.renew else sha256(plain).hexdigest()[:24]
        gzipped = page.gzipped(shared.values)
        return Kept(second, page, shared.renew, tag, plain, gzipped, self._scope.get("route"))


def _is_for_everybody(scope: Scope) -> bool:
    return scope["method"] == "GET" and not scope["query_string"] and holds_no_secret(Request(scope))


async def _answered(kept: Kept, scope: Scope, send: Send) -> bool:
    """Sends the page, with fresh values where it has any; False where this request needs a page of its own."""
    scope["route"] = kept.route
    if kept.renew is None:
        await _say(scope, send, kept, kept.plain, kept.gzipped)
        return True
    values = kept.renew(Request(scope))
    if values is None:
        return False
    if _takes_gzip(scope):
        await _say(scope, send, kept, b"", kept.page.gzipped(values))
    else:
        await _say(scope, send, kept, kept.page.filled(values), b"")
    return True


async def _say(scope: Scope, send: Send, kept: Kept, plain: bytes, gzipped: bytes) -> None:
    by_gzip = _takes_gzip(scope)
    tag = f'"{kept.tag}{"-gzip" if by_gzip else ""}"' if kept.tag else ""
    headers = [(b"vary", DEPENDS_ON)]
    if tag:
        headers += [(b"etag", tag.encode()), (b"cache-control", REVALIDATED)]
    if tag and _has(scope, tag):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body = gzipped if by_gzip else plain
    headers += [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if by_gzip:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _takes_gzip(scope: Scope) -> bool:
    return accepts_gzip(_header(scope, b"accept-encoding"))


def _has(scope: Scope, tag: str) -> bool:
    """Whether the reader has this very page already: RFC 9110 §13.1.2, by weak comparison."""
    known = [item.strip().removeprefix("W/") for item in _header(scope, b"if-none-match").split(",")]
    return tag in known or known == ["*"]


def _header(scope: Scope, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)
