"""Managers and administrators: consultations, the column's rules, accounts."""

import uuid
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.consultations import actions as consultation_actions
from app.consultations import queries as consultations
from app.consultations.actions import Rule
from app.consultations.lifecycle import ConsultationState, LegalNature
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.submissions import queries as submissions
from app.web.public import views
from app.web.staff import preparation_page
from app.web.staff.access import OwnForm, allowed
from app.web.templating import address, page

Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]
EditsRules = Annotated[Actor, allowed(Permission.EDIT_COLUMN_RULES)]
ManagesClients = Annotated[Actor, allowed(Permission.MANAGE_CLIENTS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ManagedCard(views.Card):
    state: ConsultationState
    legal_nature: LegalNature
    drafting_department: str
    revision: int


@router.get("/staff/consultations", name="staff_consultations")
def all_consultations(request: Request, actor: Manages, session: ReadSession, now: Now) -> Response:
    rows = consultations.all_consultations(session)
    counts = submissions.counts(session, [row.id for row in rows])
    names = departments.names(session)
    items = [
        ManagedCard(
            **asdict(views.card(row, now, counts.get(row.id, 0))),
            state=row.state,
            legal_nature=row.legal_nature,
            drafting_department=names[row.drafting_department_id],
            revision=row.revision,
        )
        for row in rows
    ]
    context = {"items": items, "preparations": preparation_page.unfinished(session)}
    return page(request, "staff/consultations.html", context)


@router.get("/staff/column-rules", name="staff_rules")
def rules(request: Request, actor: EditsRules, session: ReadSession, consultation: str = "") -> Response:
    """The rules of the column or, where one is named, of a consultation; it has the column's until it has its own."""
    chosen = _named(session, consultation)
    shown = consultations.rules(session, chosen.id if chosen else None)
    return page(request, "staff/rules.html", {"rules": shown, "consultation": chosen})


@router.post("/staff/column-rules", name="staff_set_rules")
def set_rules(request: Request, sent: OwnForm, actor: EditsRules, session: WriteSession, now: Now) -> Response:
    chosen = _named(session, sent.form.get("consultation", ""))
    rows = zip_longest(sent.form.all("heading"), sent.form.all("text"), fillvalue="")
    given = [Rule(heading, text) for heading, text in rows]
    consultation_actions.set_rules(session, actor, now, given, chosen.id if chosen else None)
    return _to(request, "staff_rules", consultation=chosen.slug if chosen else None)


@router.post("/staff/clients/{id}/revoke", name="client_revoke")
def revoke(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: ManagesClients, session: WriteSession, now: Now
) -> Response:
    accounts.revoke_client(session, actor, now, id)
    return _to(request, "staff_client", id=id)


def _named(session: Session, slug: str) -> Consultation | None:
    """Raises NotFound for a slug that names none."""
    chosen = consultations.find(session, slug) if slug else None
    if slug and chosen is None:
        raise NotFound("no_such_consultation")
    return chosen


def _to(request: Request, name: str, **values: object) -> Response:
    return RedirectResponse(address(request, name, **values), status_code=303)
