"""Opening a consultation: all checks beside its facts, decided by a second person."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.calendars import queries as calendars
from app.consultations import actions, preparations
from app.consultations import queries as consultations
from app.consultations.actions import Opening
from app.consultations.checks import check, subject_of
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.documents import queries as documents
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.staff import check_words
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import revision_of
from app.web.templating import address, page

Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]
PATH = "/staff/consultations/{slug}/opening"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Prepared:
    """What is about to be public, and how far it was read."""

    row: Consultation
    drafting_department: str
    prepared_by: str
    clauses: int
    clauses_with_units: int


@router.get(PATH, name="staff_opening")
def opening(request: Request, slug: str, actor: Manages, session: ReadSession, now: Now) -> Response:
    row = _prepared(session, slug)
    subject = subject_of(session, row, now)
    checks = check(subject, calendars.calendar(session), consultations.watched_words(session))
    context = {
        "c": _facts(session, row),
        "window": check_words.window_view(checks.window),
        "parts": check_words.parts(subject, checks),
        "warnings": len(checks.warnings),
        "is_own": actions.is_own_preparation(session, row, actor),
        "is_returned": consultations.is_returned(session, row),
        "preparation": preparations.of_consultation(session, row.id),
    }
    return page(request, "staff/opening.html", context)


@router.post(PATH, name="staff_open")
def open_consultation(
    request: Request, slug: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    form = sent.form
    answered = Opening(
        short_window_reason=form.get("short_window_reason", ""),
        override_reason=form.get("override_reason", ""),
        revision=revision_of(form),
    )
    actions.open_consultation(session, actor, now, slug, answered)
    return RedirectResponse(address(request, "staff_consultations"), status_code=303)


def _prepared(session: Session, slug: str) -> Consultation:
    """Raises NotFound for what was never there, and for what was opened already."""
    row = consultations.find(session, slug)
    if row is None or row.state is not ConsultationState.DRAFT:
        raise NotFound("nothing_to_open")
    return row


def _facts(session: Session, row: Consultation) -> Prepared:
    clauses = documents.clauses_of(session, row.version_id)
    names = accounts.names_of(session, [row.prepared_by] if row.prepared_by else [])
    return Prepared(
        row=row,
        drafting_department=departments.names(session)[row.drafting_department_id],
        prepared_by=names.get(row.prepared_by or "", ""),
        clauses=len(clauses),
        clauses_with_units=sum(1 for clause in clauses if clause.units),
    )
