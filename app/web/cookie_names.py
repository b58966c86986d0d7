"""Prefixes of cookie names over TLS, which browsers enforce (RFC 6265bis §4.1.3; OWASP ASVS 5.0, V3.3.1).

`__Host-` demands `Path=/`, so a cookie that goes to one part of the service alone keeps its narrow path and is
`__Secure-` instead: it is sealed, so that one which a neighbouring host slipped in opens nothing. Inside, every cookie
has its plain name; one that arrives without its prefix is not looked at.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OURS = b"yanlu_"
PREFIXES = (b"__Host-", b"__Secure-")
SESSION = b"__Host-yanlu_session"
"""Named in full by those who set it."""


class PrefixedCookies:
    """Gives our cookies their prefixes on the way out, and takes them off on the way in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if any(name == b"cookie" for name, _ in scope["headers"]):
            scope["headers"] = [
                (name, taken_in(value) if name == b"cookie" else value) for name, value in scope["headers"]
            ]

        async def send_prefixed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, handed_out(value) if name.lower() == b"set-cookie" else value)
                    for name, value in message.get("headers", ())
                ]
            await send(message)

        await self.app(scope, receive, send_prefixed)


def taken_in(cookies: bytes) -> bytes:
    """The value of `Cookie` as the pages know it; those that aren't ours stay as they are."""
    kept = []
    for cookie in (one.strip() for one in cookies.split(b";")):
        plain = _without_prefix(cookie)
        if cookie.startswith(SESSION) or not plain.startswith(OURS):
            kept.append(cookie)
        elif plain != cookie:
            kept.append(plain)
    return b"; ".join(kept)


def handed_out(cookie: bytes) -> bytes:
    """The value of `Set-Cookie` with the strictest prefix that its path allows, and what a removal leaves out."""
    attributes = {part.strip().lower() for part in cookie.split(b";")[1:]}
    for attribute in (b"HttpOnly", b"Secure"):
        if attribute.lower() not in attributes:
            cookie += b"; " + attribute
    if not cookie.startswith(OURS):
        return cookie
    return (PREFIXES[0] if b"path=/" in attributes else PREFIXES[1]) + cookie


def _without_prefix(cookie: bytes) -> bytes:
    for prefix in PREFIXES:
        cookie = cookie.removeprefix(prefix)
    return cookie
