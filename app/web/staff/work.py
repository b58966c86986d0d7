"""Who does what in a consultation: allocating, evening out, handing over; each after a look at the numbers."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.errors import BadRequest, NotFound
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening.models import SubmissionTheme
from app.teamwork import allocating
from app.teamwork.allocating import Portion
from app.web.services import Svc
from app.web.staff import work_page
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.fields import optional_id
from app.web.templating import address, page

PATH = "/staff/work/{slug}"
Allocates = Annotated[Actor, allowed(Permission.ALLOCATE_WORK)]
Screens = Annotated[Actor, allowed(Permission.SCREEN)]
Change = Callable[[Session, Actor, datetime, Consultation, Form], Mapping[str, int]]

router = APIRouter(include_in_schema=False)


@router.get("/staff/work", name="staff_work_choice")
def choose(request: Request, actor: ViewsDesk, session: ReadSession) -> Response:
    return page(request, "staff/work/choice.html", {"consultations": consultations.all_consultations(session)})


@router.get(PATH, name="staff_work")
def show(request: Request, slug: str, actor: ViewsDesk, session: ReadSession, now: Now, moved: int = -1) -> Response:
    consultation = _consultation(session, slug)
    context = work_page.context(session, actor, now, consultation)
    return page(request, "staff/work/page.html", {**context, "moved": moved if moved >= 0 else None})


@router.post(PATH + "/claim", name="staff_claim_next")
def claim_next(request: Request, slug: str, sent: OwnForm, actor: Screens, session: WriteSession, now: Now) -> Response:
    consultation = _consultation(session, slug)
    allocating.claim_next(session, actor, now, _portion(consultation, sent.form), _number(sent.form))
    where = address(request, "queue", view="mine", consultation=consultation.slug)
    return RedirectResponse(where, status_code=303)


@router.post(PATH + "/give-back", name="staff_give_all_back")
def give_all_back(
    request: Request, slug: str, sent: OwnForm, actor: Screens, session: WriteSession, now: Now
) -> Response:
    moved = allocating.give_all_back(session, actor, now, _consultation(session, slug).id)
    return _done(request, slug, moved)


@router.post(PATH + "/{act}", name="staff_move_work")
def move_work(
    request: Request, slug: str, act: str, services: Svc, sent: OwnForm, actor: Allocates, now: Now
) -> Response:
    """Shows first who would get how many, and does it once that is confirmed."""
    change = _change(act)
    confirmed = sent.form.get("confirmed") == "yes"
    with services.database.writing() if confirmed else services.database.trying() as session:
        consultation = _consultation(session, slug)
        given = change(session, actor, now, consultation, sent.form)
        shown = work_page.confirmation(session, consultation.title, slug, act, sent.form, given)
    if confirmed:
        return _done(request, slug, sum(given.values()))
    return page(request, "staff/work/confirm.html", shown)


def _allocate(session: Session, actor: Actor, at: datetime, of: Consultation, form: Form) -> Mapping[str, int]:
    members = form.all("member")
    return allocating.allocate(session, actor, at, _portion(of, form), _number(form), members)


def _even_out(session: Session, actor: Actor, at: datetime, of: Consultation, form: Form) -> Mapping[str, int]:
    return allocating.even_out(session, actor, at, of.id, form.all("member"))


def _hand_over(session: Session, actor: Actor, at: datetime, of: Consultation, form: Form) -> Mapping[str, int]:
    everywhere = form.get("everywhere") == "yes"
    absent = form.get("absent", "")
    return allocating.hand_over(session, actor, at, None if everywhere else of.id, absent, form.all("member"))


CHANGES: dict[str, Change] = {"allocate": _allocate, "even-out": _even_out, "hand-over": _hand_over}


def _change(act: str) -> Change:
    if act not in CHANGES:
        raise NotFound
    return CHANGES[act]


def _consultation(session: Session, slug: str) -> Consultation:
    found = consultations.find(session, slug)
    if found is None:
        raise NotFound("no_such_consultation")
    return found


def _portion(consultation: Consultation, form: Form) -> Portion:
    theme = optional_id(form.get("theme", ""))
    among = select(SubmissionTheme.submission_id).where(SubmissionTheme.theme_id == theme) if theme else None
    return Portion(consultation.id, optional_id(form.get("clause", "")), among)


def _number(form: Form) -> int:
    words = form.get("count", "").strip()
    if not (words.isascii() and words.isdecimal() and len(words) < 9):
        raise BadRequest("count_out_of_bounds")
    return int(words)


def _done(request: Request, slug: str, moved: int) -> Response:
    return RedirectResponse(address(request, "staff_work", slug=slug, moved=moved), status_code=303)
