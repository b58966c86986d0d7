"""Asking a sender, and settling what came of it."""

import uuid
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.clarifications import actions, queries
from app.clarifications.actions import Asker
from app.clarifications.lifecycle import AskerKind
from app.kit.http import Now, WriteSession
from app.permissions import Actor, Permission
from app.web.services import Svc
from app.web.staff.access import OwnForm, allowed
from app.web.staff.desk.place import stay
from app.web.staff.fields import revision_of
from app.web.staff.submission import OWN_PAGE

Asks = Annotated[Actor, allowed(Permission.ASK_SENDERS)]

router = APIRouter(include_in_schema=False)


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
