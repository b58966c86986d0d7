"""The blind second look: what waits for one, the page on which it is made, differences, and how often there are any."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations import arranging
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.documents import queries as documents
from app.kit.errors import BadRequest, Forbidden, NotFound
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.screening import second_looks
from app.screening.lifecycle import UnsuitableClass
from app.screening.models import ScreeningDecision, SecondLook
from app.screening.second_look import SecondLookState
from app.screening.second_looks import Opinion
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from app.teamwork import queries as teamwork
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.fields import revision_of
from app.web.templating import address, page

LIST = "/staff/second-looks"
PATH = LIST + "/{id}"
PAGE_SIZE = 25
Screens = Annotated[Actor, allowed(Permission.SCREEN)]
Settles = Annotated[Actor, allowed(Permission.SETTLE_SECOND_LOOKS)]
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class LookRow:
    """One that waits: nothing of the first decision."""

    id: uuid.UUID
    title: str
    consultation: str
    drawn_at: datetime


@dataclass(frozen=True)
class Side:
    """What one of the two decided."""

    event: ScreeningEvent
    unsuitable_class: UnsuitableClass | None
    reason: str | None
    by: str
    at: datetime


@router.get(LIST, name="staff_second_looks")
def show_list(
    request: Request, actor: ViewsDesk, session: ReadSession, consultation: str = "", after: str = ""
) -> Response:
    chosen = _consultation(session, consultation) if consultation else None
    of = chosen.id if chosen else None
    waiting = second_looks.waiting_for(session, actor.id, of, read_cursor(after), PAGE_SIZE)
    settles = actor.may(Permission.SETTLE_SECOND_LOOKS)
    differing = second_looks.differing_for(session, actor.id, of, None, PAGE_SIZE).items if settles else []
    following = waiting.next_cursor
    context = {
        "consultations": consultations.all_consultations(session),
        "c": chosen,
        "percent": consultations.second_look_percent(session, chosen.id) if chosen else None,
        "waiting": _rows(session, waiting.items) if actor.may(Permission.SCREEN) else [],
        "differing": _rows(session, differing),
        "rates": second_looks.rates(session, of),
        "fewest": second_looks.FEWEST_TOLD,
        "may_set": chosen is not None and actor.may(Permission.MANAGE_CONSULTATIONS),
        "next_url": address(request, "staff_second_looks", consultation=consultation, after=following)
        if following
        else None,
    }
    return page(request, "staff/second_looks/list.html", context)


@router.get(PATH, name="staff_second_look")
def show(request: Request, id: uuid.UUID, actor: ViewsDesk, session: ReadSession) -> Response:
    """To whoever may look, without the first decision; with both sides to whoever settles, and afterwards."""
    found = second_looks.get(session, id)
    first = session.get_one(ScreeningDecision, id)
    is_blind = found.state is SecondLookState.WAITING
    if is_blind and (first.decided_by == actor.id or not actor.may(Permission.SCREEN)):
        raise Forbidden("own_decision" if first.decided_by == actor.id else None)
    return page(request, "staff/second_looks/page.html", _context(session, actor, found, first, is_blind=is_blind))


@router.post(PATH + "/look", name="staff_look_again")
def look(request: Request, id: uuid.UUID, sent: OwnForm, actor: Screens, session: WriteSession, now: Now) -> Response:
    second_looks.look(session, actor, now, id, revision_of(sent.form), _opinion(sent.form))
    return RedirectResponse(address(request, "staff_second_looks"), status_code=303)


@router.post(PATH + "/settle", name="staff_settle_look")
def settle(request: Request, id: uuid.UUID, sent: OwnForm, actor: Settles, session: WriteSession, now: Now) -> Response:
    verdict = sent.form.get("verdict", "")
    if verdict not in ("uphold", "reopen"):
        raise BadRequest("bad_form")
    upholds, reason = verdict == "uphold", sent.form.get("reason", "")
    second_looks.settle(session, actor, now, id, revision_of(sent.form), upholds=upholds, reason=reason)
    return RedirectResponse(address(request, "staff_second_look", id=id), status_code=303)


@router.post("/staff/consultations/{slug}/second-looks", name="staff_set_second_looks")
def set_share(request: Request, slug: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    words = sent.form.get("percent", "").strip()
    if not (words.isascii() and words.isdecimal() and len(words) <= 3):
        raise BadRequest("percent_out_of_bounds")
    arranging.set_second_look_share(session, actor, now, _consultation(session, slug).id, int(words))
    return RedirectResponse(address(request, "staff_second_looks", consultation=slug), status_code=303)


def _opinion(form: Form) -> Opinion:
    """The answer is an event or, for what is unsuitable, `close_as_unsuitable:` and the class. Raises BadRequest."""
    event, _, unsuitable = form.get("answer", "").partition(":")
    if event not in list(ScreeningEvent) or (unsuitable and unsuitable not in list(UnsuitableClass)):
        raise BadRequest("bad_form")
    return Opinion(ScreeningEvent(event), UnsuitableClass(unsuitable) if unsuitable else None, form.get("reason", ""))


def _consultation(session: Session, slug: str) -> Consultation:
    found = consultations.find(session, slug)
    if found is None:
        raise NotFound("no_such_consultation")
    return found


def _rows(session: Session, found: Sequence[SecondLook]) -> list[LookRow]:
    by_id = {one.id: one for one in submissions.many(session, [row.submission_id for row in found])}
    titles = {one.id: one.title for one in consultations.all_consultations(session)}
    return [
        LookRow(row.decision_id, by_id[row.submission_id].title, titles[row.consultation_id], row.drawn_at)
        for row in found
    ]


def _context(
    session: Session, actor: Actor, found: SecondLook, first: ScreeningDecision, *, is_blind: bool
) -> dict[str, object]:
    submission = submissions.get(session, found.submission_id)
    chosen = submissions.clause_ids(session, [submission.id])[submission.id]
    no_part = actor.id not in (first.decided_by, found.looked_by)
    settles = found.state is SecondLookState.DISAGREED and actor.may(Permission.SETTLE_SECOND_LOOKS) and no_part
    return {
        "look": found,
        "s": submission,
        "c": session.get_one(Consultation, found.consultation_id),
        "clauses": documents.clauses_by_id(session, chosen),
        "rules": teamwork.rules_in_force(session, found.consultation_id),
        "unsuitable_classes": list(UnsuitableClass),
        "sides": [] if is_blind else _sides(session, found, first),
        "settled_by": _name(session, found.settled_by),
        "may_look": is_blind,
        "may_settle": settles,
    }


def _sides(session: Session, found: SecondLook, first: ScreeningDecision) -> list[Side]:
    by = _name(session, first.decided_by)
    sides = [Side(first.decision, first.unsuitable_class, first.reason, by, first.decided_at)]
    if found.decision is not None and found.looked_at is not None:
        by = _name(session, found.looked_by)
        sides.append(Side(found.decision, found.unsuitable_class, found.reason, by, found.looked_at))
    return sides


def _name(session: Session, id: str | None) -> str:
    return accounts.names_of(session, [id]).get(id, id) if id else ""
