"""How many pages one network address may ask for: so many that an office behind one address never notices.

Comments are not refused here, however many come from one address: their excess goes to the captcha's own limits, and
from there to a person who looks at them. Static files cost little, and the API has limits for each program.
"""

import math
from datetime import timedelta

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.clock import Clock
from app.kit.throttle import Rate, Sharing, of_address
from app.web.errors import error_page

SPAN = timedelta(minutes=1)
MOST_PAGES, MOST_FORMS = 3_000, 600
"""Of one address, or the /64 of an IPv6 one, within SPAN and over all processes."""
THIS_MACHINE = frozenset({"127.0.0.1", "::1", ""})
COMMENTS = "/comment"
"""How the address ends that comments are sent to."""


class RequestLimits:
    """Answers 429 with `Retry-After`, in plain words, to an address beyond the limits."""

    def __init__(self, app: ASGIApp, clock: Clock, sharing: Sharing, base_path: str = "") -> None:
        self.app, self.clock = app, clock
        self._unlimited = (f"{base_path}/static/", f"{base_path}/api/")
        self._pages = Rate(MOST_PAGES, SPAN, "pages", sharing)
        self._forms = Rate(MOST_FORMS, SPAN, "forms", sharing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self._unlimited):
            await self.app(scope, receive, send)
            return
        seconds = self._seconds_to_wait(scope)
        if seconds is None:
            await self.app(scope, receive, send)
            return
        answer = error_page(Request(scope, receive), 429, "", {"Retry-After": str(seconds)})
        await answer(scope, receive, send)

    def _seconds_to_wait(self, scope: Scope) -> int | None:
        is_form = scope["method"] == "POST"
        if is_form and scope["path"].endswith(COMMENTS):
            return None
        client = of_address(scope["client"][0] if scope["client"] else None)
        if client in THIS_MACHINE:
            return None
        now = self.clock.now()
        free_at = (self._forms if is_form else self._pages).free_at(client, now)
        return None if free_at is None else max(1, math.ceil((free_at - now).total_seconds()))
