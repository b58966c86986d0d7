"""What was referred to another body: what waits, until when, to whom it went. For those who handle it alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.kit.clock import BEIJING
from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.referrals import actions, queries
from app.referrals.actions import Receiver
from app.referrals.evidence import is_unaltered
from app.referrals.lifecycle import LIFECYCLE, URGENT, HandoverWay, ReferralClass, ReferralEvent, ReferralState
from app.referrals.models import Handover, ReferralCase
from app.screening import undoing
from app.submissions import file_queries
from app.submissions import queries as submissions
from app.web.staff import history
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import revision_of
from app.web.templating import address, page

PATH = "/staff/referrals"
PAGE_SIZE = 50
WAITING = (ReferralState.OPEN, ReferralState.IN_HAND)
LOCAL = "%Y-%m-%dT%H:%M"
Handles = Annotated[Actor, allowed(Permission.HANDLE_REFERRALS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class RowView:
    """A case as the list shows it: no word of what the person wrote."""

    id: uuid.UUID
    number: str
    consultation: str
    referral_class: ReferralClass
    state: ReferralState
    contact: str | None
    opened_at: datetime
    due_at: datetime
    urgent: bool
    overdue: bool


@dataclass(frozen=True)
class HandoverView:
    receiver: str
    way: HandoverWay
    letter_number: str | None
    remark: str | None
    handed_over_at: datetime
    recorded_by: str


@router.get(PATH, name="staff_referrals")
def overview(
    request: Request, actor: Handles, session: ReadSession, now: Now, state: str = "", after: str = ""
) -> Response:
    chosen = next((each for each in ReferralState if each.value == state), ReferralState.OPEN)
    shown = queries.most_pressing_first(session, chosen, read_cursor(after), PAGE_SIZE)
    waiting, overdue = queries.waiting_and_overdue(session, now)
    following = shown.next_cursor
    context = {
        "items": _rows(session, shown.items, now),
        "chosen": chosen,
        "states": list(ReferralState),
        "waiting": waiting,
        "overdue": overdue,
        "next_url": address(request, "staff_referrals", state=chosen.value, after=following) if following else None,
    }
    return page(request, "staff/referrals/list.html", context)


@router.get(PATH + "/{id}", name="staff_referral")
def case(request: Request, id: uuid.UUID, actor: Handles, session: ReadSession, now: Now) -> Response:
    row = queries.get(session, id)
    submission = submissions.get(session, row.submission_id)
    handovers = queries.handovers_of(session, row.id)
    people = [row.opened_by, row.ended_by or "", *(one.recorded_by for one in handovers)]
    names = accounts.names_of(session, sorted({person for person in people if person}))
    (shown,) = _rows(session, [row], now)
    context = {
        "case": shown,
        "row": row,
        "names": names,
        "submission": submission,
        "files": file_queries.of_submission(session, submission.id),
        "unaltered": is_unaltered(session, submission, row.evidence),
        "handovers": [_handover(one, names) for one in handovers],
        "ways": list(HandoverWay),
        "local_now": now.astimezone(BEIJING).strftime(LOCAL),
        "may": {event.value: LIFECYCLE.allows(row.state, event) for event in ReferralEvent},
        "history": history.of_record(session, "referral_case", row.id),
    }
    answer = page(request, "staff/referrals/case.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post(PATH + "/{id}/contact", name="staff_take_on_referral")
def take_on(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Handles, session: WriteSession, now: Now
) -> Response:
    actions.take_on(session, actor, now, id, revision_of(sent.form), sent.form.text("contact"))
    return _back(request, id)


@router.post(PATH + "/{id}/handover", name="staff_hand_over_referral")
def hand_over(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Handles, session: WriteSession, now: Now
) -> Response:
    actions.hand_over(session, actor, now, id, revision_of(sent.form), _receiver(sent.form))
    return _back(request, id)


@router.post(PATH + "/{id}/close", name="staff_close_referral")
def close(request: Request, id: uuid.UUID, sent: OwnForm, actor: Handles, session: WriteSession, now: Now) -> Response:
    actions.close(session, actor, now, id, revision_of(sent.form), sent.form.get("reason", ""))
    return _back(request, id)


@router.post(PATH + "/{id}/give-back", name="staff_give_back_referral")
def give_back(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Handles, session: WriteSession, now: Now
) -> Response:
    undoing.give_back(session, actor, now, id, revision_of(sent.form), sent.form.get("reason", ""))
    return _back(request, id)


def _receiver(form: Form) -> Receiver:
    """Raises BadRequest for what our page can't have sent."""
    try:
        way = HandoverWay(form.get("way", ""))
        at = datetime.strptime(form.text("handed_over_at"), LOCAL).replace(tzinfo=BEIJING)
    except ValueError as error:
        raise BadRequest("bad_form") from error
    return Receiver(form.text("receiver"), way, form.text("letter_number"), at, form.get("remark", ""))


def _rows(session: Session, rows: Sequence[ReferralCase], now: datetime) -> list[RowView]:
    about = {one.id: one for one in submissions.many(session, [row.submission_id for row in rows])}
    wanted = {row.consultation_id for row in rows}
    named = session.execute(select(Consultation.id, Consultation.title).where(Consultation.id.in_(wanted)))
    titles = {row.id: row.title for row in named}
    return [
        RowView(
            id=row.id,
            number=about[row.submission_id].receipt_number,
            consultation=titles[row.consultation_id],
            referral_class=row.referral_class,
            state=row.state,
            contact=row.contact,
            opened_at=row.opened_at,
            due_at=row.due_at,
            urgent=row.referral_class in URGENT and row.state in WAITING,
            overdue=row.state in WAITING and row.due_at < now,
        )
        for row in rows
    ]


def _handover(one: Handover, names: dict[str, str]) -> HandoverView:
    by = names.get(one.recorded_by, one.recorded_by)
    return HandoverView(one.receiver, one.way, one.letter_number, one.remark, one.handed_over_at, by)


def _back(request: Request, id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_referral", id=id), status_code=303)
