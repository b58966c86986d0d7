"""What readers choose for all pages at once: by a link, without a script, kept in a cookie that scripts can't read.

Every choice works alike: `?size=large` in any address holds for that page and is remembered for the pages that follow.
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

YEAR = 365 * 24 * 3600


@dataclass(frozen=True, eq=False)
class Choice:
    """One of a few values, the first of them the default."""

    parameter: str
    values: Sequence[str]

    @cached_property
    def cookie(self) -> str:
        return f"yanlu_{self.parameter}"

    def asked(self, scope: Scope) -> str | None:
        """The value that the address asks for; None where it asks for none that exists."""
        if not scope["query_string"]:
            return None
        asked = parse_qs(scope["query_string"].decode("latin-1")).get(self.parameter, [""])[-1]
        return asked if asked in self.values else None

    def remembered(self, sent: str) -> str | None:
        """The value of an earlier request of this browser, of what it `sent_cookies`."""
        if self.cookie not in sent:
            return None
        cookie: SimpleCookie = SimpleCookie()
        try:
            cookie.load(sent)
        except CookieError:
            return None
        kept = cookie[self.cookie].value if self.cookie in cookie else ""
        return kept if kept in self.values else None


def sent_cookies(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"), "")


@dataclass(frozen=True)
class Keeping:
    """How the cookies of choices are kept: for these paths, and over TLS only where the service runs so."""

    path: str
    secure: bool

    def remember(self, message: Message, choice: Choice, value: str) -> None:
        """Adds the cookie to the beginning of an answer."""
        cookie = f"{choice.cookie}={value}; Path={self.path or '/'}; Max-Age={YEAR}; SameSite=Lax; HttpOnly"
        MutableHeaders(scope=message).append("set-cookie", cookie + ("; Secure" if self.secure else ""))


SIZE = Choice("size", ("medium", "small", "large"))
"""字体 中, 小, 大."""
CARE = Choice("care", ("off", "on"))
"""关怀模式: large, simple, high contrast."""
LOOK = Choice("look", ("lines", "table"))
"""How the desk shows its lists."""
KEYS = Choice("keys", ("on", "off"))
"""Whether single keys act on the desk (WCAG 2.2, 2.1.4)."""

_DEFAULTS: Mapping[Choice, str] = MappingProxyType({choice: choice.values[0] for choice in (SIZE, CARE, LOOK, KEYS)})
_current: ContextVar[Mapping[Choice, str]] = ContextVar("choices", default=_DEFAULTS)


def chosen(choice: Choice) -> str:
    """What holds in this request."""
    return _current.get()[choice]


class Chosen:
    """Sets size and 关怀模式 for everything inside."""

    def __init__(self, app: ASGIApp, keeping: Keeping) -> None:
        self.app = app
        self.keeping = keeping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = sent_cookies(scope)
        asked = {choice: value for choice in _DEFAULTS if (value := choice.asked(scope))}
        kept = {choice: value for choice in _DEFAULTS if (value := choice.remembered(sent))}
        mark = _current.set({**_DEFAULTS, **kept, **asked})

        async def remember(message: Message) -> None:
            if message["type"] == "http.response.start":
                for choice, value in asked.items():
                    self.keeping.remember(message, choice, value)
            await send(message)

        try:
            await self.app(scope, receive, remember)
        finally:
            _current.reset(mark)
