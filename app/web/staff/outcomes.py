"""The outcomes of one consultation: what waits for confirmation, what lies in the outbox, what was released."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import arranging
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.consultations.terms import ReplyTerms
from app.dispositions import actions, queries
from app.dispositions.actions import Letter
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import OutcomeRelease
from app.kit.errors import BadRequest, NotFound, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.fields import optional_id, revision_of
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/outcomes"
PAGE_SIZE = 50
RELEASES_SHOWN = 20
Confirms = Annotated[Actor, allowed(Permission.CONFIRM_DISPOSITIONS)]
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class OutcomeRow:
    """A disposition in a list, as staff see it. `words` are those that people will read or read already."""

    id: uuid.UUID
    revision: int
    state: DispositionState
    kind: DispositionKind
    reason: str
    words: str
    text: str
    clause: str | None
    department: str
    decided_at: datetime
    letter: str | None
    remark: str | None
    again: bool


@dataclass(frozen=True)
class ReleaseRow:
    row: OutcomeRelease
    number_of_outcomes: int


@router.get("/staff/outcomes", name="staff_all_outcomes")
def overview(request: Request, actor: ViewsDesk, session: ReadSession) -> Response:
    """Every public consultation with what stands where, the latest first."""
    rows = consultations.public_consultations(session)
    counts = queries.states_of(session, [row.id for row in rows])
    items = [{"slug": row.slug, "title": row.title, "counts": counts[row.id]} for row in rows]
    return page(request, "staff/outcomes/all.html", {"items": items, "states": list(DispositionState)})


@router.get(PATH, name="staff_outcomes")
def outcomes(
    request: Request, slug: str, actor: ViewsDesk, session: ReadSession, state: str = "", after: str = ""
) -> Response:
    row = found(session, slug)
    counts = queries.state_counts(session, row.id)
    chosen = _state(state) or next((each for each in DispositionState if counts[each]), DispositionState.ANSWERED)
    listed = queries.in_state(session, row.id, chosen, read_cursor(after), PAGE_SIZE)
    following = None
    if listed.next_cursor:
        following = address(request, "staff_outcomes", slug=slug, state=chosen.value, after=listed.next_cursor)
    context = {
        "c": row,
        "counts": counts,
        "chosen": chosen,
        "items": [outcome_row(one) for one in listed.items],
        "next_url": following,
        "replies": consultations.reply_terms(session, row.id),
        "releases": [ReleaseRow(one, number_in(one)) for one in queries.releases(session, row.id, RELEASES_SHOWN)],
    }
    return page(request, "staff/outcomes/list.html", context)


@router.post(PATH + "/confirm", name="staff_confirm_outcomes")
def confirm(request: Request, slug: str, sent: OwnForm, actor: Confirms, session: WriteSession, now: Now) -> Response:
    """All that were chosen, on the strength of one letter; all of them or none."""
    found(session, slug)
    letter = _letter(sent.form)
    chosen = [_chosen(one) for one in sent.form.all("chosen")]
    if not chosen:
        raise Unprocessable("nothing_chosen")
    for suggestion_id, revision in chosen:
        actions.confirm(session, actor, now, suggestion_id, revision, letter)
    return _back(request, slug, DispositionState.ANSWERED)


@router.post(PATH + "/{id}/return", name="staff_return_outcome")
def return_answer(
    request: Request, slug: str, id: uuid.UUID, sent: OwnForm, actor: Confirms, session: WriteSession, now: Now
) -> Response:
    found(session, slug)
    form = sent.form
    actions.return_answer(session, actor, now, id, revision_of(form), form.get("remark", ""))
    return _back(request, slug, DispositionState.RETURNED)


@router.post(PATH + "/{id}/revise", name="staff_revise_outcome")
def revise(
    request: Request, slug: str, id: uuid.UUID, sent: OwnForm, actor: Confirms, session: WriteSession, now: Now
) -> Response:
    found(session, slug)
    form = sent.form
    actions.revise(session, actor, now, id, revision_of(form), form.get("remark", ""))
    return _back(request, slug, DispositionState.RETURNED)


@router.post(PATH + "/replies", name="staff_set_replies")
def set_replies(
    request: Request, slug: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    chosen = ReplyTerms(
        replies_together=sent.form.get("replies_together") == "yes",
        texts_outcomes=sent.form.get("texts_outcomes") == "yes",
    )
    arranging.set_replies(session, actor, now, found(session, slug).id, chosen)
    return RedirectResponse(address(request, "staff_outcomes", slug=slug), status_code=303)


def outcome_row(one: queries.Listed) -> OutcomeRow:
    made = one.disposition
    return OutcomeRow(
        id=made.suggestion_id,
        revision=made.revision,
        state=made.state,
        kind=made.kind,
        reason=made.reason,
        words=made.citizen_words,
        text=one.suggestion.text,
        clause=one.clause,
        department=one.department,
        decided_at=made.decided_at,
        letter=made.letter_number,
        remark=made.return_remark if made.state in (DispositionState.RETURNED, DispositionState.ANSWERED) else None,
        again=made.released_number is not None and made.state is not DispositionState.RELEASED,
    )


def number_in(release: OutcomeRelease) -> int:
    """How many outcomes lie in it."""
    return sum(release.counts.get(kind.value, 0) for kind in DispositionKind)


def found(session: Session, slug: str) -> Consultation:
    """Raises NotFound."""
    row = consultations.find(session, slug)
    if row is None:
        raise NotFound("no_such_consultation")
    return row


def day(text: str) -> date:
    """Raises Unprocessable: a person may have typed it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unprocessable("confirmation_required") from error


def _letter(form: Form) -> Letter:
    return Letter(form.get("letter_number", ""), day(form.get("letter_day", "")), form.get("letter_by", ""))


def _chosen(text: str) -> tuple[uuid.UUID, int]:
    """An id and the revision that the person saw, as the checkbox has them. Raises BadRequest."""
    first, _, second = text.partition(":")
    suggestion_id = optional_id(first)
    if suggestion_id is None:
        raise BadRequest("bad_form")
    return suggestion_id, _number(second)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest("bad_form")
    return int(text)


def _state(text: str) -> DispositionState | None:
    return DispositionState(text) if text in set(DispositionState) else None


def _back(request: Request, slug: str, state: DispositionState) -> Response:
    return RedirectResponse(address(request, "staff_outcomes", slug=slug, state=state.value), status_code=303)
