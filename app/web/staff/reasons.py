"""Writing the prepared reasons (回复用语) that screeners choose from, for the column or for one consultation."""

import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.errors import BadRequest, NotFound
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening import prepared, preparing_reasons
from app.screening.lifecycle import Pointer
from app.screening.prepared import PreparedReason
from app.screening.preparing_reasons import PREPARED_FOR, Draft
from app.screening.reasons import NAME_LIMIT, PLACEHOLDERS, TEXT_LIMIT, Facts, filled
from app.submissions.lifecycle import ScreeningEvent
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import number_of, optional_id
from app.web.templating import address, page

PATH = "/staff/reasons"
Writes = Annotated[Actor, allowed(Permission.WRITE_REASONS)]
EXPLAINED = {
    "title": N_("the title of the submission"),
    "consultation": N_("the title of the consultation"),
    "number": N_("the receipt number"),
    "department": N_("the drafting department"),
}
EXAMPLE = Facts("关于增设母婴室的建议", "某某办法（征求意见稿）", "1234 5678 9012 3456", "某某局")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Group:
    """The prepared reasons for one kind of decision, those in force first."""

    decision: ScreeningEvent
    items: list[PreparedReason]


@router.get(PATH, name="staff_reasons")
def overview(request: Request, actor: Writes, session: ReadSession, consultation: str = "") -> Response:
    row = _consultation(session, consultation)
    found = sorted(prepared.all_of(session, row.id if row else None), key=lambda one: one.retired)
    context = {
        "groups": [Group(event, [one for one in found if one.decision is event]) for event in PREPARED_FOR],
        "consultation": row,
        "consultations": consultations.all_consultations(session),
        **_choices(),
    }
    return page(request, "staff/reasons/list.html", context)


@router.get(PATH + "/{id}", name="staff_reason")
def one(request: Request, id: uuid.UUID, actor: Writes, session: ReadSession) -> Response:
    versions = prepared.history(session, id)
    current = prepared.current(session, id)
    names = accounts.names_of(session, sorted({one.written_by for one in versions if one.written_by}))
    row = session.get(Consultation, current.consultation_id) if current.consultation_id else None
    context = {
        "one": current,
        "versions": versions,
        "names": names,
        "consultation": row,
        "example": filled(current.text, EXAMPLE),
        **_choices(),
    }
    return page(request, "staff/reasons/one.html", context)


@router.post(PATH + "/add", name="staff_add_reason")
def add(request: Request, sent: OwnForm, actor: Writes, session: WriteSession, now: Now) -> Response:
    form = sent.form
    if form.get("decision", "") not in list(PREPARED_FOR):
        raise BadRequest("bad_form")
    decision, within = ScreeningEvent(form["decision"]), optional_id(form.get("within", ""))
    made = preparing_reasons.add_reason(session, actor, now, decision, within, _draft(form))
    return _back(request, made)


@router.post(PATH + "/{id}", name="staff_change_reason")
def change(request: Request, id: uuid.UUID, sent: OwnForm, actor: Writes, session: WriteSession, now: Now) -> Response:
    preparing_reasons.change_reason(session, actor, now, id, _version(sent.form), _draft(sent.form))
    return _back(request, id)


@router.post(PATH + "/{id}/retire", name="staff_retire_reason")
def retire(request: Request, id: uuid.UUID, sent: OwnForm, actor: Writes, session: WriteSession, now: Now) -> Response:
    preparing_reasons.retire_reason(session, actor, now, id, _version(sent.form))
    return _back(request, id)


def _choices() -> dict[str, object]:
    return {
        "decisions": PREPARED_FOR,
        "pointers": list(Pointer),
        "placeholders": [(f"{{{name}}}", _(EXPLAINED[name])) for name in PLACEHOLDERS],
        "name_limit": NAME_LIMIT,
        "text_limit": TEXT_LIMIT,
        "out_of_scope": ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE,
    }


def _consultation(session: Session, slug: str) -> Consultation | None:
    """None for the column. Raises NotFound."""
    found = consultations.find(session, slug) if slug else None
    if slug and found is None:
        raise NotFound("no_such_consultation")
    return found


def _draft(form: Form) -> Draft:
    """Raises BadRequest for a pointer that isn't there."""
    pointer = form.get("pointer", "")
    if pointer and pointer not in list(Pointer):
        raise BadRequest("bad_form")
    return Draft(form.text("name"), form.get("text", ""), Pointer(pointer) if pointer else None)


def _version(form: Form) -> int:
    version = number_of(form.get("version", ""), -1)
    if version < 0:
        raise BadRequest("bad_form")
    return version


def _back(request: Request, id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_reason", id=id), status_code=303)
