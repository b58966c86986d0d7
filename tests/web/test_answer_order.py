"""A receipt is sent only after the commit: the first byte of the answer leaves when the submission is durable."""

import asyncio
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from starlette.types import ASGIApp, Message

from app.main import build
from app.permissions import Role
from app.submissions.models import Submission
from tests.support import journey
from tests.support.app import ENTRY, SECRETS, press, serving, settings, signed_in
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"


async def _post(app: ASGIApp, body: bytes, log: list[str]) -> None:
    """One request, spoken to the application itself, so that nothing lies between it and the log."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": FORM,
        "raw_path": FORM.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/x-www-form-urlencoded")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await asyncio.Event().wait() or {}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            log.append(f"answer {message['status']}")

    await app(scope, receive, send)


def test_the_answer_begins_after_the_commit(world: World) -> None:
    app = build(settings(), SECRETS, world.database, StoppedClock())
    log: list[str] = []

    @event.listens_for(world.database.engine, "commit")
    def note(connection: Connection) -> None:
        log.append("commit")

    asyncio.run(_post(app, urlencode(ENTRY).encode(), log))
    assert log == ["commit", "answer 303"]


def test_a_failing_commit_gives_an_error_page_and_no_receipt(world: World) -> None:

    def fail(connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    with serving(world.database, StoppedClock()) as browser:
        event.listen(world.database.engine, "commit", fail)
        answer = browser.post(FORM, data=ENTRY)
        event.remove(world.database.engine, "commit", fail)
        assert answer.status_code == 503
        assert "location" not in answer.headers
        assert "set-cookie" not in answer.headers
        assert ENTRY["comment"] in answer.text
        assert "disk full" not in answer.text
        with world.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Submission)) == 0
        assert browser.post(FORM, data=ENTRY).status_code == 303


def test_a_staff_decision_is_answered_after_its_commit(world: World) -> None:
    """The write session of the routes has function scope; with the default scope the order would be the other one."""
    journey.submit(world)
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.SCREENER)
        with world.database.reading() as session:
            submission_id = session.scalars(select(Submission.id)).one()

        def fail(connection: Connection) -> None:
            raise OperationalError("COMMIT", {}, Exception("disk full"))

        event.listen(world.database.engine, "commit", fail)
        answer = press(browser, f"/staff/submissions/{submission_id}", "/accept")
        event.remove(world.database.engine, "commit", fail)
        assert answer.status_code == 503
        assert press(browser, f"/staff/submissions/{submission_id}", "/accept").status_code == 303
