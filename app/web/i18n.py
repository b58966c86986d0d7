"""Languages of the pages: English msgids, zh_CN the default, chosen by `?lang=`, a cookie, or the browser.

A choice in the address is remembered in a cookie, so that it holds on the pages that follow.
"""

from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.catalogues import N_, translations
from app.web.choices import Choice, Keeping, sent_cookies

__all__ = ["LANGUAGES", "N_", "Localised", "gettext", "language", "ngettext", "preferred", "translations"]

DEFAULT = "zh_CN"
LANGUAGES = {"zh_CN": "zh-CN", "en": "en"}
LANGUAGE = Choice("lang", tuple(LANGUAGES))

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

    def __init__(self, app: ASGIApp, keeping: Keeping) -> None:
        self.app = app
        self.keeping = keeping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = LANGUAGE.asked(scope)
        mark = _current.set(asked or LANGUAGE.remembered(sent_cookies(scope)) or _of_the_browser(scope))

        async def remember(message: Message) -> None:
            if asked and message["type"] == "http.response.start":
                self.keeping.remember(message, LANGUAGE, asked)
            await send(message)

        try:
            await self.app(scope, receive, remember)
        finally:
            _current.reset(mark)


def _of_the_browser(scope: Scope) -> str:
    return preferred(Headers(scope=scope).get("accept-language", ""))


def preferred(accept_language: str) -> str:
    """The best of our languages by `Accept-Language` (RFC 9110 §12.5.4), in the order given; Chinese when unsure."""
    for item in accept_language.split(","):
        tag = item.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return DEFAULT
