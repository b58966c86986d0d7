"""The security headers of every answer (OWASP ASVS 5.0, V3.4). Nothing from elsewhere, nothing inline."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REPORTS = "/csp-reports"
GROUP = "csp"
"""The name of the endpoint for reports (Reporting API §3.3); the older `report-uri` says the same to other browsers."""
_RULES = (
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
)
DIRECTIVES = frozenset(
    {rule.partition(" ")[0] for rule in _RULES}
    | {
        "script-src-elem",
        "script-src-attr",
        "style-src-elem",
        "style-src-attr",
        "font-src",
        "frame-src",
        "manifest-src",
    }
)
"""What a browser can report: those that we set, and those that stand in for a more general one."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}
UNLESS_SAID = {
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""For answers that don't say otherwise: a file handed out has a stricter policy of its own."""


def content_security_policy(base_path: str = "") -> str:
    """Own files and nothing else, and where browsers tell what they kept out."""
    return "; ".join((*_RULES, f"report-uri {base_path}{REPORTS}", f"report-to {GROUP}"))


STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class SecurityHeaders:
    """Adds the headers; those of UNLESS_SAID only where the answer has none of its own."""

    def __init__(self, app: ASGIApp, over_tls: bool, base_path: str = "") -> None:
        self.app = app
        headers = HEADERS | ({"Strict-Transport-Security": STRICT_TRANSPORT} if over_tls else {})
        self.headers = _raw(headers | {"Reporting-Endpoints": f'{GROUP}="{base_path}{REPORTS}"'})
        self.unless_said = _raw(UNLESS_SAID | {"Content-Security-Policy": content_security_policy(base_path)})
        self.names = frozenset(name for name, _ in self.headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = [header for header in message.get("headers", ()) if header[0].lower() not in self.names]
                names = {name.lower() for name, _ in said}
                missing = [header for header in self.unless_said if header[0] not in names]
                message["headers"] = [*said, *self.headers, *missing]
            await send(message)

        await self.app(scope, receive, send_with_headers)
