"""Releases of outcomes: put together, printed for a signature (呈批件), approved or given up."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.dispositions import queries, releasing
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import OutcomeRelease
from app.kit.errors import BadRequest
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.web.staff import history, outcomes
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.fields import optional_id, revision_of
from app.web.templating import address, page

PATH = "/staff/releases/{id}"
PAGE_SIZE, SHEET_SIZE = 50, 200
Releases = Annotated[Actor, allowed(Permission.RELEASE_OUTCOMES)]

router = APIRouter(include_in_schema=False)


@router.post("/staff/consultations/{slug}/releases", name="staff_prepare_release")
def prepare(request: Request, slug: str, sent: OwnForm, actor: Releases, session: WriteSession, now: Now) -> Response:
    consultation = outcomes.found(session, slug)
    form = sent.form
    made = releasing.prepare_release(session, actor, now, consultation.id, form.get("title", ""), form.get("basis", ""))
    return _to(request, made.id)


@router.get(PATH, name="staff_release")
def shown(request: Request, id: uuid.UUID, actor: ViewsDesk, session: ReadSession, after: str = "") -> Response:
    return page(
        request, "staff/outcomes/release.html", _context(request, session, id, after, PAGE_SIZE, "staff_release")
    )


@router.get(PATH + "/sheet", name="staff_release_sheet")
def sheet(request: Request, id: uuid.UUID, actor: ViewsDesk, session: ReadSession, after: str = "") -> Response:
    """To be printed and signed; a long list goes on on a further sheet."""
    context = _context(request, session, id, after, SHEET_SIZE, "staff_release_sheet")
    return page(request, "staff/outcomes/sheet.html", context)


@router.post(PATH + "/release", name="staff_release_outcomes")
def release(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Releases, session: WriteSession, now: Now
) -> Response:
    form = sent.form
    releasing.release_outcomes(
        session,
        actor,
        now,
        id,
        revision_of(form),
        approver=form.get("approver", ""),
        document_number=form.get("document_number", ""),
    )
    return _to(request, id)


@router.post(PATH + "/withdraw", name="staff_withdraw_release")
def withdraw(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Releases, session: WriteSession, now: Now
) -> Response:
    form = sent.form
    releasing.withdraw_release(session, actor, now, id, revision_of(form), form.get("reason", ""))
    return _to(request, id)


@router.post(PATH + "/take-out", name="staff_take_out_of_release")
def take_out(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Releases, session: WriteSession, now: Now
) -> Response:
    form = sent.form
    suggestion_id = optional_id(form.get("suggestion", ""))
    if suggestion_id is None:
        raise BadRequest("bad_form")
    releasing.take_out(session, actor, now, id, revision_of(form), suggestion_id)
    return _to(request, id)


def _context(
    request: Request, session: Session, release_id: uuid.UUID, after: str, size: int, route: str
) -> dict[str, object]:
    made = queries.release(session, release_id)
    consultation = session.get_one(Consultation, made.consultation_id)
    listed = queries.in_release(session, made, read_cursor(after), size)
    people = accounts.names_of(session, [one for one in (made.prepared_by, made.released_by, made.withdrawn_by) if one])
    return {
        "c": consultation,
        "release": made,
        "people": people,
        "drafting_department": departments.names(session)[consultation.drafting_department_id],
        "counts": _by_kind(made),
        "total": outcomes.number_in(made),
        "senders": made.counts.get(releasing.SENDERS, 0),
        "items": [outcomes.outcome_row(one) for one in listed.items],
        "further": bool(after),
        "next_url": address(request, route, id=release_id, after=listed.next_cursor) if listed.next_cursor else None,
        "history": history.of_record(session, "outcome_release", made.id),
    }


def _by_kind(made: OutcomeRelease) -> dict[DispositionKind, int]:
    return {kind: made.counts[kind.value] for kind in DispositionKind if made.counts.get(kind.value)}


def _to(request: Request, release_id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_release", id=release_id), status_code=303)
