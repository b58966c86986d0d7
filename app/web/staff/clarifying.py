"""Asking a sender, and settling what came of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.clarifications import actions, queries
from app.clarifications.asking import Asker
from app.clarifications.lifecycle import AskerKind, ClarificationState
from app.clarifications.models import Clarification
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.submissions import queries as submissions
from app.submissions.restricted import title_for_lists
from app.web.services import Svc
from app.web.staff.access import OwnForm, allowed
from app.web.staff.desk.place import stay
from app.web.staff.fields import revision_of
from app.web.staff.submission import OWN_PAGE
from app.web.templating import address, page

PAGE_SIZE = 50
WAITING = (ClarificationState.ANSWERED, ClarificationState.LAPSED, ClarificationState.ASKED)
"""What comes back to who asked first."""
Asks = Annotated[Actor, allowed(Permission.ASK_SENDERS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class OwnQuestion:
    """A question that the reader asked, with the submission that it is about."""

    submission_id: uuid.UUID
    title: str
    question: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None


@router.get("/staff/questions", name="staff_questions")
def own(request: Request, actor: Asks, session: ReadSession, state: str = "", after: str = "") -> Response:
    """What came back to who asked, and what still waits for its sender."""
    chosen = next((each for each in WAITING if each.value == state), ClarificationState.ANSWERED)
    shown = queries.of_asker(session, AskerKind.DESK, actor.id, chosen, read_cursor(after), PAGE_SIZE)
    counts = queries.counts_of_asker(session, AskerKind.DESK, actor.id)
    following = shown.next_cursor
    context = {
        "items": _own(session, shown.items),
        "chosen": chosen,
        "states": [(each, counts.get(each, 0)) for each in WAITING],
        "next_url": address(request, "staff_questions", state=chosen.value, after=following) if following else None,
    }
    return page(request, "staff/questions.html", context)


@router.post("/staff/submissions/{id}/ask", name="staff_ask_sender")
def ask(
    request: Request, id: uuid.UUID, services: Svc, sent: OwnForm, actor: Asks, session: WriteSession, now: Now
) -> Response:
    within = timedelta(days=services.settings.clarification_days)
    asker = Asker(AskerKind.DESK, actor.id)
    actions.ask(session, actor, now, id, asker, sent.form.get("question", ""), within)
    return stay(request, sent.form, OWN_PAGE, id)


@router.post("/staff/questions/{id}/settle", name="staff_settle_question")
def settle(request: Request, id: uuid.UUID, sent: OwnForm, actor: Asks, session: WriteSession, now: Now) -> Response:
    actions.settle(session, actor, now, id, revision_of(sent.form))
    return stay(request, sent.form, OWN_PAGE, queries.get(session, id).submission_id)


@router.post("/staff/questions/{id}/drop", name="staff_drop_question")
def drop(request: Request, id: uuid.UUID, sent: OwnForm, actor: Asks, session: WriteSession, now: Now) -> Response:
    actions.drop(session, actor, now, id, revision_of(sent.form), sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGE, queries.get(session, id).submission_id)


def _own(session: Session, found: Sequence[Clarification]) -> list[OwnQuestion]:
    about = {one.id: one for one in submissions.many(session, [each.submission_id for each in found])}
    return [
        OwnQuestion(
            one.submission_id,
            title_for_lists(about[one.submission_id]),
            one.question,
            one.asked_at,
            one.due_at,
            one.answered_at,
        )
        for one in found
    ]
