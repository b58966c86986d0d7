"""The versions of a consultation's draft: its final text, what differs between two of them, and its release."""

import uuid
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.documents import versions
from app.documents.actions import add_version, ask_comparison
from app.documents.extraction import extract
from app.documents.models import VersionRole
from app.documents.versions import Version
from app.kit.errors import BadRequest, Conflict, NotFound, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.publication import actions as publication
from app.publication.actions import Confirmation
from app.web.services import Svc
from app.web.staff import comparison_page
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.fields import optional_id
from app.web.templating import address, page
from app.web.uploads import ANY_SIZE, OwnUpload, read_upload

PATH = "/staff/consultations/{slug}/comparison"
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]
Publishes = Annotated[Actor, allowed(Permission.PUBLISH)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_comparison")
def show_versions(
    request: Request,
    slug: str,
    actor: ViewsDesk,
    session: ReadSession,
    draft: str = "",
    final: str = "",
    show: str = "",
) -> Response:
    """Two versions by their numbers; without them, the pair that was compared last."""
    consultation = _found(session, slug)
    context = comparison_page.context(session, actor, consultation, (draft, final), show)
    return page(request, "staff/comparison.html", context)


@router.post(PATH, name="staff_compare")
def compare(request: Request, slug: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    known = versions.versions_of(session, _document(session, _found(session, slug)))
    draft, final = (_numbered(known, sent.form.get(name, "")) for name in ("draft", "final"))
    ask_comparison(session, actor, now, draft.id, final.id)
    return _to(request, slug, draft, final)


@router.post("/staff/consultations/{slug}/final-text", name="staff_final_text", max_body_size=ANY_SIZE)
def add_final_text(request: Request, slug: str, actor: Manages, sent: OwnUpload, services: Svc, now: Now) -> Response:
    """Stores it as the next version and compares the draft that was put out for comment with it."""
    file = sent.files.get("file")
    if file is None or not file.content:
        raise Unprocessable("file_empty")
    text = read_upload(request, file)
    with services.database.reading() as session:
        directory = departments.directory(session)
    found = extract(text, directory)
    if not found.clauses:
        raise Unprocessable("no_clauses_found")
    with services.database.writing() as session:
        consultation = _found(session, slug)
        document_id = _document(session, consultation)
        known = versions.versions_of(session, document_id)
        if sent.form.get("newest", "") != str(known[-1].number):
            raise Conflict("changed_meanwhile")
        final = add_version(session, actor, now, document_id, file.name, text, found, VersionRole.FINAL)
        session.flush()
        ask_comparison(session, actor, now, consultation.version_id, final.id)
        draft = versions.version(session, consultation.version_id)
        return _to(request, slug, draft, versions.version(session, final.id))


@router.post(PATH + "/release", name="staff_release_comparison")
def release(request: Request, slug: str, sent: OwnForm, actor: Publishes, session: WriteSession, now: Now) -> Response:
    form = sent.form
    comparison_id, made_at = _uuid(form.get("comparison", "")), _instant(form.get("made_at", ""))
    confirmation = Confirmation(
        form.get("reference", ""), _day(form.get("confirmed_on", "")), form.get("confirmed_by", "")
    )
    publication.release_comparison(session, actor, now, _found(session, slug).id, comparison_id, made_at, confirmation)
    return _to(request, slug)


@router.post(PATH + "/withdraw", name="staff_withdraw_comparison")
def withdraw(request: Request, slug: str, sent: OwnForm, actor: Publishes, session: WriteSession, now: Now) -> Response:
    publication.withdraw_release(session, actor, now, _found(session, slug).id, sent.form.get("reason", ""))
    return _to(request, slug)


def _found(session: Session, slug: str) -> Consultation:
    consultation = consultations.find(session, slug)
    if consultation is None:
        raise NotFound("no_such_consultation")
    return consultation


def _document(session: Session, consultation: Consultation) -> uuid.UUID:
    return versions.version(session, consultation.version_id).document_id


def _numbered(known: tuple[Version, ...], number: str) -> Version:
    found = next((one for one in known if str(one.number) == number), None)
    if found is None:
        raise NotFound("no_such_version")
    return found


def _uuid(text: str) -> uuid.UUID:
    found = optional_id(text)
    if found is None:
        raise BadRequest("bad_form")
    return found


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("bad_form") from error


def _day(text: str) -> date:
    """Raises Unprocessable: a person may have typed it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unprocessable("confirmation_required") from error


def _to(request: Request, slug: str, draft: Version | None = None, final: Version | None = None) -> Response:
    pair = {"draft": draft.number, "final": final.number} if draft and final else {}
    return RedirectResponse(address(request, "staff_comparison", slug=slug, **pair), status_code=303)
