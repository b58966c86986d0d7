"""A consultation's own page, and what is done to it after its opening: entered, looked at, confirmed."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import ConsultationEvent
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.documents import versions
from app.documents.actions import add_version
from app.documents.extraction import extract
from app.kit.errors import Conflict, InvalidTransition, NotFound, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession
from app.permissions import Actor, Permission
from app.web.services import Svc
from app.web.staff import change_form, consultation_page
from app.web.staff.access import OwnForm, allowed
from app.web.staff.change_words import WORDS
from app.web.templating import address, page
from app.web.uploads import ANY_SIZE, OwnUpload, read_upload

PATH = "/staff/consultations/{slug}"
CHANGE = PATH + "/change/{change}"
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_consultation")
def overview(request: Request, slug: str, actor: Manages, session: ReadSession, now: Now) -> Response:
    row = _found(session, slug)
    return page(request, "staff/consultation.html", consultation_page.overview(session, row, now))


@router.get(CHANGE, name="staff_change")
def entry(
    request: Request,
    slug: str,
    change: ConsultationEvent,
    actor: Manages,
    session: ReadSession,
    now: Now,
    version: str = "",
) -> Response:
    return _form(request, session, slug, change, now, {"version": version})


@router.post(CHANGE, name="staff_make_change")
def make(
    request: Request, slug: str, change: ConsultationEvent, sent: OwnForm, actor: Manages, services: Svc, now: Now
) -> Response:
    """What was entered is done and, until it is confirmed, undone: what is shown is exactly what will happen."""
    confirmed = sent.form.get("step") == "confirm"
    _known(change)
    unit = services.database.writing if confirmed else services.database.trying
    try:
        with unit() as session:
            before = consultation_page.standing(_found(session, slug), now)
            note = change_form.made(session, actor, now, slug, change, sent.form)
            foreseen = consultation_page.foreseen(session, _found(session, slug), before, note, now)
    except InvalidTransition:
        raise
    except (Unprocessable, Conflict) as problem:
        with services.database.reading() as session:
            return _form(request, session, slug, change, now, sent.form, problem)
    if confirmed:
        return RedirectResponse(address(request, "staff_consultation", slug=slug), status_code=303)
    context = {
        "slug": slug,
        "change": change,
        "words": WORDS[change],
        "foreseen": foreseen,
        "hidden": _carried(sent.form),
    }
    return page(request, "staff/change_confirm.html", context)


@router.post(PATH + "/texts", name="staff_add_text", max_body_size=ANY_SIZE)
def add_text(request: Request, slug: str, actor: Manages, sent: OwnUpload, services: Svc, now: Now) -> Response:
    """Stores it as the document's next version; nobody outside sees it until it takes the present one's place."""
    replacing = sent.form.get("change") == ConsultationEvent.REPLACE
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
        document_id = versions.version(session, _found(session, slug).version_id).document_id
        added = add_version(session, actor, now, document_id, file.name, text, found)
    change = ConsultationEvent.REPLACE if replacing else ConsultationEvent.CORRECT
    where = address(request, "staff_change", slug=slug, change=change.value, version=str(added.id))
    return RedirectResponse(where, status_code=303)


def _form(
    request: Request,
    session: Session,
    slug: str,
    change: ConsultationEvent,
    now: Now,
    values: Form | dict[str, str],
    problem: Unprocessable | Conflict | None = None,
) -> Response:
    row = _found(session, slug)
    if _known(change) not in consultation_page.possible(row, now):
        raise InvalidTransition(state=row.state.value, event=change.value)
    context = {
        "slug": slug,
        "change": change,
        "words": WORDS[change],
        "row": row,
        "values": {name: values.get(name, "") for name in change_form.KEPT},
        "texts": consultation_page.later_texts(session, row),
        "present": versions.version(session, row.version_id).number,
        "problem_words": consultation_page.problem_words(problem),
    }
    return page(request, "staff/change.html", context, problem.status if problem else 200)


def _carried(form: Form) -> dict[str, str]:
    names = ("revision", *change_form.KEPT)
    return {name: form[name] for name in names if form.get(name)}


def _known(change: ConsultationEvent) -> ConsultationEvent:
    """Raises NotFound for the event that is no change: opening has a page of its own."""
    if change not in WORDS:
        raise NotFound
    return change


def _found(session: Session, slug: str) -> Consultation:
    row = consultations.find(session, slug)
    if row is None:
        raise NotFound("no_such_consultation", slug=slug)
    return row
