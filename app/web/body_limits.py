"""How large a form may be: counted as it arrives, whatever it announces of itself (CWE-770).

The framework's own limit answers in plain text past all middleware where a length is announced; this one answers with
our page. A route that reads files says `max_body_size=ANY_SIZE` and bounds what it reads itself.
"""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES_OF_A_FORM = 256 * 1024
MOST_BYTES_OF_A_SIGN_IN = 64 * 1024
SIGN_IN = "/staff/sign-in"


class BodyLimits:
    """Refuses a body beyond its limit with 413 as soon as somebody reads it; innermost, where the route is known."""

    def __init__(self, app: ASGIApp, base_path: str = "") -> None:
        self.app, self._sign_in = app, base_path + SIGN_IN

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self.app(scope, receive, send)
            return
        announced, arrived = _announced(scope), 0
        usual = MOST_BYTES_OF_A_SIGN_IN if scope["path"].startswith(self._sign_in) else MOST_BYTES_OF_A_FORM

        async def bounded() -> Message:
            nonlocal arrived
            most = scope.get(MAX_BODY_SIZE_SCOPE_KEY, usual)
            if announced > most:
                raise HTTPException(413)
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > most:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded, send)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
