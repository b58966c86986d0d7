"""What staff do together on one record: lease, claim, notes and flags."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session

from app.kit.http import Now, WriteSession
from app.permissions import Actor, Permission
from app.screening import editing
from app.submissions import queries as submissions
from app.teamwork import actions, allocating, leases
from app.teamwork.records import RecordKind
from app.web.staff import team_part
from app.web.staff.access import OwnForm, allowed
from app.web.staff.desk.place import stay
from app.web.staff.fields import optional_id, revision_of
from app.web.staff.leasing import decides

PATH = "/staff/teamwork/{kind}/{id}"
OWN_PAGES = {RecordKind.SUBMISSION: "staff_submission", RecordKind.SUGGESTION: "staff_suggestion"}
Discusses = Annotated[Actor, allowed(Permission.DISCUSS_CASES)]
Screens = Annotated[Actor, allowed(Permission.SCREEN)]

router = APIRouter(include_in_schema=False)


@router.post(PATH + "/take-over", name="staff_take_over")
def take_over(
    request: Request,
    kind: RecordKind,
    id: uuid.UUID,
    sent: OwnForm,
    actor: Discusses,
    session: WriteSession,
    now: Now,
) -> Response:
    actions.take_over(session, actor, now, kind, id, within=_consultation_of(session, kind, id))
    return stay(request, sent.form, OWN_PAGES[kind], id)


@router.post(PATH + "/hold", name="staff_hold")
def hold(kind: RecordKind, id: uuid.UUID, sent: OwnForm, actor: Discusses, session: WriteSession, now: Now) -> Response:
    """Whoever still works on an open record keeps its lease; answers who else has it, in words, empty for nobody."""
    _consultation_of(session, kind, id)
    if decides(actor, kind):
        leases.mark(session, actor.id, kind, id, now)
        session.flush()
    other = team_part.lease(session, actor, now, kind, id)
    return JSONResponse({"words": team_part.open_with(other) if other else ""})


@router.post(PATH + "/notes", name="staff_write_note")
def write_note(
    request: Request,
    kind: RecordKind,
    id: uuid.UUID,
    sent: OwnForm,
    actor: Discusses,
    session: WriteSession,
    now: Now,
) -> Response:
    consultation_id = _consultation_of(session, kind, id)
    corrects = optional_id(sent.form.get("corrects", ""))
    actions.write_note(session, actor, now, kind, id, sent.form.get("text", ""), corrects, within=consultation_id)
    leases.mark(session, actor.id, kind, id, now)
    return stay(request, sent.form, OWN_PAGES[kind], id)


@router.post(PATH + "/flag", name="staff_raise_flag")
def raise_flag(
    request: Request,
    kind: RecordKind,
    id: uuid.UUID,
    sent: OwnForm,
    actor: Discusses,
    session: WriteSession,
    now: Now,
) -> Response:
    consultation_id = _consultation_of(session, kind, id)
    actions.raise_flag(session, actor, now, kind, id, consultation_id, sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGES[kind], id)


@router.post("/staff/teamwork/flags/{flag_id}/resolve", name="staff_resolve_flag")
def resolve_flag(
    request: Request, flag_id: uuid.UUID, sent: OwnForm, actor: Discusses, session: WriteSession, now: Now
) -> Response:
    flag = actions.resolve_flag(session, actor, now, flag_id, revision_of(sent.form), sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGES[flag.record_kind], flag.record_id)


@router.post("/staff/submissions/{id}/claim", name="staff_claim")
def claim(request: Request, id: uuid.UUID, sent: OwnForm, actor: Screens, session: WriteSession, now: Now) -> Response:
    allocating.claim(session, actor, now, id)
    return stay(request, sent.form, OWN_PAGES[RecordKind.SUBMISSION], id)


@router.post("/staff/submissions/{id}/give-back", name="staff_give_back")
def give_back(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Screens, session: WriteSession, now: Now
) -> Response:
    allocating.give_back(session, actor, now, id)
    return stay(request, sent.form, OWN_PAGES[RecordKind.SUBMISSION], id)


def _consultation_of(session: Session, kind: RecordKind, id: uuid.UUID) -> uuid.UUID:
    """The consultation that the record belongs to. Raises NotFound."""
    if kind is RecordKind.SUBMISSION:
        return submissions.get(session, id).consultation_id
    return editing.find(session, id).consultation_id
