"""The texts by which papers are made: written, tried out with real numbers, and put in force again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.errors import BadRequest, Conflict, DomainError, NotFound, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.papers import actions, templates
from app.papers.actions import Place
from app.papers.fields import HOLDS, REPEATS, SAID, Scope
from app.papers.kinds import PaperKind
from app.papers.language import LONGEST, field_tag, kept, parsed, section_tags
from app.papers.own_words import MOST_SUBMISSIONS
from app.papers.paragraphs import MARKS, Paragraph
from app.papers.templates import Template
from app.permissions import Actor, Permission
from app.web.errors import words_of
from app.web.paper_words import refusal_words
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import number_of
from app.web.staff.papers import paper_of, previewed
from app.web.templating import address, page

PATH = "/staff/paper-templates"
ONE = PATH + "/{kind}"
VERSIONS_SHOWN = 30
Writes = Annotated[Actor, allowed(Permission.WRITE_PAPER_TEMPLATES)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Entered:
    """What stands in the form: as it is in force, or as somebody has just put it."""

    text: str
    own_words_up_to: int


@dataclass(frozen=True)
class Trial:
    """How the text reads with a consultation's numbers; `problem` says why it can't be shown."""

    consultation: Consultation
    paragraphs: list[Paragraph] | None
    problem: str = ""


@router.get(PATH, name="staff_paper_templates")
def overview(request: Request, actor: Writes, session: ReadSession, consultation: str = "") -> Response:
    row = _consultation(session, consultation)
    found = [templates.newest(session, kind, row.id if row else None) for kind in PaperKind]
    context = {
        "items": found,
        "consultation": row,
        "consultations": consultations.all_consultations(session),
        "names": accounts.names_of(session, sorted({one.written_by for one in found if one.written_by})),
    }
    return page(request, "staff/papers/templates.html", context)


@router.get(ONE, name="staff_paper_template")
def one(
    request: Request,
    kind: PaperKind,
    actor: Writes,
    session: ReadSession,
    services: Svc,
    now: Now,
    consultation: str = "",
    trial: str = "",
) -> Response:
    place = _place(session, kind, consultation)
    current = templates.newest(session, kind, place.consultation_id)
    entered = Entered(current.text, current.own_words_up_to)
    tried = _tried(services, session, actor, now, place, trial, entered)
    return _page(request, session, place, current, entered, tried)


@router.post(ONE, name="staff_write_paper_template")
def write(request: Request, kind: PaperKind, sent: OwnForm, actor: Writes, services: Svc, now: Now) -> Response:
    """With the step `try` nothing is kept: the page shows how the text would read."""
    form, version = sent.form, _version(sent.form)
    entered = Entered(form.get("text", ""), number_of(form.get("own_words_up_to", ""), -1))
    problem: DomainError | None = None
    try:
        if form.get("step") == "try":
            parsed(kept(entered.text))
        else:
            with services.database.writing() as session:
                place = _place(session, kind, form.get("consultation", ""))
                actions.write_template(session, actor, now, place, version, entered.text, entered.own_words_up_to)
            return _back(request, kind, form)
    except (Unprocessable, Conflict) as refused:
        problem = refused
    with services.database.reading() as session:
        place = _place(session, kind, form.get("consultation", ""))
        current = templates.newest(session, kind, place.consultation_id)
        trial = form.get("trial", "")
        tried = None if problem else _tried(services, session, actor, now, place, trial, entered)
        return _page(request, session, place, current, entered, tried, problem)


@router.post(ONE + "/restore", name="staff_restore_paper_template")
def restore(
    request: Request, kind: PaperKind, sent: OwnForm, actor: Writes, session: WriteSession, now: Now
) -> Response:
    place = _place(session, kind, sent.form.get("consultation", ""))
    earlier = number_of(sent.form.get("earlier", ""), -1)
    actions.restore_template(session, actor, now, place, _version(sent.form), earlier)
    return _back(request, kind, sent.form)


@router.post(ONE + "/retire", name="staff_retire_paper_template")
def retire(
    request: Request, kind: PaperKind, sent: OwnForm, actor: Writes, session: WriteSession, now: Now
) -> Response:
    place = _place(session, kind, sent.form.get("consultation", ""))
    if place.consultation_id is None:
        raise BadRequest("bad_form")
    actions.retire_template(session, actor, now, kind, place.consultation_id, _version(sent.form))
    return _back(request, kind, sent.form)


def _page(
    request: Request,
    session: Session,
    place: Place,
    current: Template,
    entered: Entered,
    trial: Trial | None,
    problem: DomainError | None = None,
) -> Response:
    versions = templates.history(session, place.kind, place.consultation_id, VERSIONS_SHOWN)
    context: dict[str, Any] = {
        "kind": place.kind,
        "current": current,
        "consultation": session.get(Consultation, place.consultation_id) if place.consultation_id else None,
        "consultations": consultations.all_consultations(session),
        "entered": entered,
        "trial": trial,
        "versions": versions,
        "names": accounts.names_of(session, sorted({one.written_by for one in versions if one.written_by})),
        "everywhere": _tags(SAID[Scope.PAPER]),
        "repeats": [(section_tags(name), _tags(SAID[scope])) for name, scope in REPEATS.items()],
        "holds": [(section_tags(name)[0], said) for name, said in HOLDS.items()],
        "marks": MARKS,
        "limit": LONGEST,
        "most_own": MOST_SUBMISSIONS,
        "problem": refusal_words(problem, words_of(problem)) if problem else "",
    }
    return page(request, "staff/papers/template.html", context, problem.status if problem else 200)


def _tags(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(field_tag(name), said) for name, said in names.items()]


def _tried(
    services: Services, session: Session, actor: Actor, now: Now, place: Place, slug: str, entered: Entered
) -> Trial | None:
    """With the numbers of the consultation that the template is for, or of the one that was chosen."""
    if place.consultation_id is not None:
        row: Consultation | None = session.get(Consultation, place.consultation_id)
    else:
        row = _consultation(session, slug)
    if row is None:
        return None
    try:
        paper = paper_of(session, services.vault, actor, row, now)
        return Trial(row, previewed(session, paper, kept(entered.text)))
    except Unprocessable as refused:
        return Trial(row, None, refusal_words(refused, words_of(refused)))


def _place(session: Session, kind: PaperKind, slug: str) -> Place:
    """Raises NotFound("no_such_consultation")."""
    row = _consultation(session, slug)
    return Place(kind, row.id if row else None)


def _consultation(session: Session, slug: str) -> Consultation | None:
    """None for the column. Raises NotFound."""
    found = consultations.find(session, slug) if slug else None
    if slug and found is None:
        raise NotFound("no_such_consultation")
    return found


def _version(form: Form) -> int:
    version = number_of(form.get("version", ""), -1)
    if version < 0:
        raise BadRequest("bad_form")
    return version


def _back(request: Request, kind: PaperKind, form: Form) -> Response:
    slug = form.get("consultation", "")
    return RedirectResponse(
        address(request, "staff_paper_template", kind=kind.value, consultation=slug), status_code=303
    )
