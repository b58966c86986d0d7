"""Languages of the pages: English msgids, zh_CN the default, chosen by `?lang=`, a cookie, or the browser.

A choice in the address is remembered in a cookie, so that it holds on the pages that follow.
"""

from contextvars import ContextVar
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.catalogues import N_, translations

__all__ = ["LANGUAGES", "N_", "Localised", "gettext", "language", "ngettext", "preferred", "translations"]

DEFAULT = "zh_CN"
LANGUAGES = {"zh_CN": "zh-CN", "en": "en"}
COOKIE = "yanlu_lang"
YEAR = 365 * 24 * 3600

_current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def language() -> str:
    """The reader's language in this request."""
    return _current.get()


def gettext(message: str) -> str:
    return translations(language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return translations(language()).ngettext(singular, plural, number)


_ = gettext


class Localised:
    """Sets the reader's language for everything inside."""

    def __init__(self, app: ASGIApp, cookie_path: str) -> None:
        self.app = app
        self.cookie_path = cookie_path or "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
        chosen = asked if asked in LANGUAGES else None
        mark = _current.set(chosen or _remembered(scope))

        async def remember(message: Message) -> None:
            if chosen and message["type"] == "http.response.start":
                cookie = f"{COOKIE}={chosen}; Path={self.cookie_path}; Max-Age={YEAR}; SameSite=Lax; HttpOnly"
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        try:
            await self.app(scope, receive, remember)
        finally:
            _current.reset(mark)


def _remembered(scope: Scope) -> str:
    headers = Headers(scope=scope)
    for morsel in _cookies(headers):
        if morsel in LANGUAGES:
            return morsel
    return preferred(headers.get("accept-language", ""))


def _cookies(headers: Headers) -> list[str]:
    cookie: SimpleCookie = SimpleCookie()
    cookie.load(headers.get("cookie", ""))
    return [cookie[COOKIE].value] if COOKIE in cookie else []


def preferred(accept_language: str) -> str:
    """The best of our languages by `Accept-Language` (RFC 9110 §12.5.4), in the order given; Chinese when unsure."""
    for item in accept_language.split(","):
        tag = item.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return DEFAULT
