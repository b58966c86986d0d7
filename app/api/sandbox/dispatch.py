"""Two applications at one address: the key's form says which of them is asked."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.accounts import keys


class ByKey:
    """`yl_test_…` goes to the sandbox, which has no way to the live store; everything else goes to the live one."""

    def __init__(self, live: ASGIApp, sandbox: ASGIApp) -> None:
        self.live, self.sandbox = live, sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_test = scope["type"] == "http" and keys.is_test(_key_of(Headers(scope=scope)))
        await (self.sandbox if is_test else self.live)(scope, receive, send)


def _key_of(headers: Headers) -> str:
    """As `authentication.key_of` reads it."""
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return headers.get("x-api-key", "").strip()
