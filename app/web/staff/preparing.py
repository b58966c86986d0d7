"""Preparing a consultation: send the files, look over what was found, correct it."""

import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import preparations, preparing
from app.consultations.models import Preparation
from app.consultations.preparation import PreparationState, TextPart
from app.consultations.reading_apart import read_files_apart
from app.consultations.uploaded import ReadFiles, SourceText
from app.departments import queries as departments
from app.departments.proposing import propose_name
from app.kit.errors import Conflict, DomainError, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.errors import MESSAGES
from app.web.i18n import gettext as _
from app.web.services import Services, Svc
from app.web.staff import clause_form, preparation_page
from app.web.staff.access import OwnForm, allowed
from app.web.staff.clause_form import TypedClause
from app.web.staff.fields import number_of, revision_of
from app.web.templating import address, page
from app.web.uploads import ANY_SIZE, OwnUpload, Uploaded, in_turn, read_upload

NEW = "/staff/consultations/new"
PATH = "/staff/preparations/{id}"
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FieldError:
    field: str
    message: str


@router.get(NEW, name="staff_new")
def choose_files(request: Request, actor: Manages) -> Response:
    return _files_page(request, {}, 200)


@router.post(NEW, name="staff_upload", max_body_size=ANY_SIZE)
def upload(request: Request, actor: Manages, sent: OwnUpload, services: Svc, now: Now) -> Response:
    """Reads with nothing locked, as it may take a minute. Nothing of a refused file is kept."""
    read, refused = _read(request, sent, services)
    if read is None:
        return _files_page(request, refused, 422)
    with services.database.writing() as session:
        preparation = preparing.begin(session, actor, now, read)
    return _to(request, preparation.id)


def _files_page(request: Request, refused: dict[str, str], status: int) -> Response:
    errors = [FieldError(name, message) for name, message in refused.items()]
    return page(request, "staff/preparation/new.html", {"errors": errors, "error_for": refused}, status)


def _read(request: Request, sent: Uploaded, services: Services) -> tuple[ReadFiles | None, dict[str, str]]:
    """What the files say; or by field why a file can't be read, of all of them."""
    texts: dict[TextPart, SourceText] = {}
    refused: dict[str, str] = {}
    for part in TextPart:
        file = sent.files.get(part.value)
        try:
            if file is not None:
                texts[part] = SourceText(file.name, read_upload(request, file))
            elif part is TextPart.DRAFT:
                raise Unprocessable("draft_required")
        except Unprocessable as error:
            words = _(MESSAGES[error.code])
            refused[part.value] = f"{file.name}: {words}" if file else words
    if refused:
        return None, refused
    with services.database.reading() as session:
        directory = departments.directory(session)
    try:
        return in_turn(lambda: read_files_apart(texts, directory)), {}
    except Unprocessable as error:
        return None, {TextPart.DRAFT.value: _(MESSAGES[error.code])}


@router.get(PATH, name="staff_preparation")
def look_over(request: Request, id: uuid.UUID, actor: Manages, session: ReadSession, part: str = "1") -> Response:
    preparation = preparations.find(session, id)
    return page(request, "staff/preparation/review.html", _review(session, preparation, number_of(part, 1)))


def _review(session: Session, preparation: Preparation, part: int) -> dict[str, object]:
    now = preparations.reviewed(preparation)
    texts = preparations.texts(session, preparation.id)
    shown = preparation_page.shown(now, texts[TextPart.DRAFT].text, part)
    doubts = preparation_page.doubts(now)
    slug = preparations.slug(session, preparation)
    return {
        "p": preparation_page.view(preparation, slug),
        "progress": preparation_page.progress(now),
        "holds": [TextPart(held) for held in preparation.found["holds"]],
        "files": [(kind, texts[kind].source_name) for kind in TextPart if kind in texts],
        "shown": shown,
        "doubts": doubts,
        "implied": preparation_page.implied(now.read.implied_units),
        "annex": preparation_page.annex(now.read.annex_rows),
        "unknown": preparation_page.unknown_names(now),
        "departments": departments.names(session).values(),
        "editable": preparation.state is PreparationState.IN_PROGRESS,
        "stored": clause_form.as_stored,
    }


@router.get(PATH + "/texts/{kind}", name="staff_preparation_text")
def source(request: Request, id: uuid.UUID, kind: TextPart, actor: Manages, session: ReadSession) -> Response:
    """A text that is about to become public, line by line."""
    preparation = preparations.find(session, id)
    context = {
        "p": preparation_page.view(preparation, preparations.slug(session, preparation)),
        "kind": kind,
        "lines": preparation_page.lines_of(preparations.checked_text(preparation, kind)),
    }
    return page(request, "staff/preparation/source.html", context)


@router.post(PATH + "/first-clause", name="staff_first_clause")
def add_first_clause(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    """Before all others: the only way to begin where no clause was found."""
    preparing.correct(session, actor, now, id, revision_of(sent.form), clause_form.first(sent.form))
    return _to(request, id)


@router.get(PATH + "/clauses/{key}", name="staff_clause")
def show_clause(request: Request, id: uuid.UUID, key: str, actor: Manages, session: ReadSession) -> Response:
    """One clause with its form, for a page of its own."""
    return _clause(request, session, id, key, None, None, 200)


@router.post(PATH + "/clauses/{key}", name="staff_correct")
def correct(
    request: Request, id: uuid.UUID, key: str, sent: OwnForm, actor: Manages, services: Svc, now: Now
) -> Response:
    """One correction; what can't be kept comes back with everything that was typed."""
    typed = clause_form.typed(sent.form)
    try:
        with services.database.writing() as session:
            before = preparations.clause(preparations.find(session, id), key)
            correction = clause_form.correction(sent.form, key, before, departments.directory(session))
            preparing.correct(session, actor, now, id, revision_of(sent.form), correction)
    except (Conflict, Unprocessable) as error:
        with services.database.reading() as session:
            return _clause(request, session, id, key, typed, error, error.status)
    return _to(request, id, part=sent.form.get("part", ""), anchor=key)


def _clause(
    request: Request,
    session: Session,
    id: uuid.UUID,
    key: str,
    typed: TypedClause | None,
    error: DomainError | None,
    status: int,
) -> Response:
    preparation = preparations.find(session, id)
    now = preparations.reviewed(preparation)
    row = preparations.clause(preparation, key)
    lines = preparations.texts(session, id)[TextPart.DRAFT].text.split("\n")
    told = preparation_page.by_clause(preparation_page.doubts(now)).get(key, [])
    context = {
        "p": preparation_page.view(preparation, preparations.slug(session, preparation)),
        "c": preparation_page.clause_view(row, now.place(key), lines, told),
        "typed": typed or clause_form.as_stored(row.clause),
        "error": _(MESSAGES[error.code]) if error else None,
        "stale": error is not None and error.code == "changed_meanwhile",
        "part": preparation_page.page_of(now, key),
        "departments": departments.names(session).values(),
        "editable": preparation.state is PreparationState.IN_PROGRESS,
    }
    return page(request, "staff/preparation/clause.html", context, status)


@router.post(PATH + "/doubts", name="staff_look_at_doubts")
def look_at_doubts(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    doubts = [number_of(word, -1) for word in sent.form.all("doubt")]
    preparing.look_at_doubts(session, actor, now, id, revision_of(sent.form), doubts)
    return _to(request, id, part=sent.form.get("part", ""), anchor=sent.form.get("anchor", "doubts"))


@router.post(PATH + "/propose", name="staff_propose_names")
def propose_names(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    """Queues the names that the directory doesn't know, for whoever keeps it."""
    preparation = preparations.find(session, id)
    for name in preparation_page.unknown_names(preparations.reviewed(preparation)):
        propose_name(session, actor, now, name, preparation.title[:120])
    return _to(request, id, anchor="unknown")


@router.post(PATH + "/look-up", name="staff_look_up_units")
def look_up_units(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    correction = preparing.looking_up(departments.directory(session))
    preparing.correct(session, actor, now, id, revision_of(sent.form), correction)
    return _to(request, id, anchor="progress")


@router.post(PATH + "/discard", name="staff_discard")
def discard(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    preparing.discard(session, actor, now, id, revision_of(sent.form))
    return RedirectResponse(address(request, "staff_consultations"), status_code=303)


def _to(request: Request, id: uuid.UUID, part: str = "", anchor: str = "") -> Response:
    place = address(request, "staff_preparation", id=id, part=part if part != "1" else "")
    return RedirectResponse(place + (f"#{anchor}" if anchor.isalnum() else ""), status_code=303)
