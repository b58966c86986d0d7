"""An office's own answer templates, and how it finalises answers."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.dispositions.kinds import DispositionKind
from app.kit.errors import Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.offices import actions, queries
from app.offices.actions import Wording, own_department
from app.permissions import Actor, Permission
from app.web.staff.access import OwnForm, allowed
from app.web.templating import address, page

Keeps = Annotated[Actor, allowed(Permission.KEEP_ANSWER_TEMPLATES)]
SetsUp = Annotated[Actor, allowed(Permission.SET_UP_OWN_OFFICE)]
BLANK = Wording("", DispositionKind.ADOPTED, "", "")

router = APIRouter(include_in_schema=False)


@router.get("/office/templates", name="office_templates")
def all_templates(request: Request, actor: Keeps, session: ReadSession) -> Response:
    context = {"templates": queries.templates(session, own_department(actor))}
    return page(request, "department/templates.html", context)


@router.get("/office/templates/new", name="office_new_template")
def new(request: Request, actor: Keeps) -> Response:
    return _form(request, None, BLANK)


@router.post("/office/templates", name="office_add_template")
def add(request: Request, sent: OwnForm, actor: Keeps, session: WriteSession, now: Now) -> Response:
    actions.keep_template(session, actor, now, _wording(sent.form))
    return _to_list(request)


@router.get("/office/templates/{id}", name="office_template")
def one(request: Request, id: uuid.UUID, actor: Keeps, session: ReadSession) -> Response:
    row = actions.own_template(session, actor, id)
    return _form(request, id, Wording(row.name, row.kind, row.reason, row.citizen_words))


@router.post("/office/templates/{id}", name="office_keep_template")
def keep(request: Request, id: uuid.UUID, sent: OwnForm, actor: Keeps, session: WriteSession, now: Now) -> Response:
    actions.keep_template(session, actor, now, _wording(sent.form), id)
    return _to_list(request)


@router.post("/office/templates/{id}/withdraw", name="office_withdraw_template")
def withdraw(request: Request, id: uuid.UUID, sent: OwnForm, actor: Keeps, session: WriteSession, now: Now) -> Response:
    actions.withdraw_template(session, actor, now, id)
    return _to_list(request)


@router.get("/office/settings", name="office_set_up")
def settings(request: Request, actor: SetsUp, session: ReadSession) -> Response:
    return _settings(request, session, actor)


@router.post("/office/settings", name="office_keep_set_up")
def keep_settings(request: Request, sent: OwnForm, actor: SetsUp, session: WriteSession, now: Now) -> Response:
    steps = sent.form.get("steps", "")
    if steps not in ("one", "two"):
        raise Unprocessable("steps_required")
    actions.set_two_step(session, actor, now, steps == "two")
    actions.set_signed(session, actor, now, sent.form.get("signed", "") == "yes")
    return RedirectResponse(address(request, "office_set_up"), status_code=303)


def _settings(request: Request, session: Session, actor: Actor) -> Response:
    department_id = own_department(actor)
    context = {
        "is_two_step": queries.is_two_step(session, department_id),
        "is_signed": queries.is_signed(session, department_id),
    }
    return page(request, "department/settings.html", context)


def _form(request: Request, id: uuid.UUID | None, wording: Wording) -> Response:
    context = {"id": id, "wording": wording, "kinds": list(DispositionKind), "longest_name": actions.LONGEST_NAME}
    return page(request, "department/template.html", context)


def _wording(form: Form) -> Wording:
    kind = form.get("kind", "")
    if kind not in set(DispositionKind):
        raise Unprocessable("disposition_required")
    texts = (form.get("reason", ""), form.get("citizen_words", ""))
    reason, words = (text.replace("\r\n", "\n") for text in texts)
    return Wording(form.get("name", ""), DispositionKind(kind), reason, words)


def _to_list(request: Request) -> Response:
    return RedirectResponse(address(request, "office_templates"), status_code=303)
