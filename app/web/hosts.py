"""Host names: a request that names another one gets no page, so that no link or cache can be poisoned by it."""

from collections.abc import Sequence

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

THIS_MACHINE = ("127.0.0.1", "localhost")
PROBES = ("/healthz", "/readyz", "/metrics")
"""Asked by machines under whatever name they know; their answers hold no link."""


class TrustedHosts(TrustedHostMiddleware):
    """Answers 400 to other names than those, in plain text."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], base_path: str = "") -> None:
        super().__init__(app, allowed_hosts=[*hosts, *THIS_MACHINE], www_redirect=False)
        self._probes = frozenset(base_path + probe for probe in PROBES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in self._probes:
            await self.app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)
