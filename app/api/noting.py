"""Noting what a program asked, once it has its answer: for its own developers, and for the key's last use."""

from typing import Any

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts import asked
from app.accounts.models import ApiRequest
from app.accounts.signing_in import Opened, touch_key
from app.api.authentication import OPENED
from app.kit.database import Database
from app.kit.errors import Unavailable
from app.kit.http import PLACE
from app.kit.observing import REQUEST_ID

LONGEST_ROUTE = 120


class Noted:
    """Leaves one row for each request that a key opened. A store that is busy is not waited for: it goes without."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        finally:
            if OPENED in scope:
                await to_thread.run_sync(_keep, scope, status)


def _keep(scope: Scope, status: int) -> None:
    opened: Opened = scope[OPENED]
    state: Any = scope["app"].state
    now = state.accounts_clock.now()
    row = ApiRequest(
        client_id=opened.actor.id,
        at=now,
        method=str(scope["method"])[:10],
        route=str(getattr(scope.get("route"), "path", ""))[:LONGEST_ROUTE],
        status=status,
        request_id=scope.get(REQUEST_ID),
        key_id=opened.key_id,
    )
    accounts: Database = state.accounts
    place: Database = scope[PLACE].database if PLACE in scope else state.database
    try:
        if opened.touch:
            with accounts.marking() as session:
                touch_key(session, opened.key_id, now)
        with place.marking() as session:
            asked.note(session, row)
    except Unavailable:
        return
