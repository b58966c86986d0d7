"""Referring a submission to another body: taken on by a named contact, handed over on record, closed."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.deliveries import ledger as deliveries
from app.deliveries.lifecycle import DeliveryChannel
from app.kit.crypto import content_hash
from app.kit.errors import Conflict, Unprocessable
from app.kit.identifiers import new_id
from app.kit.reasons import due, optional
from app.permissions import Actor, Permission, require
from app.referrals import queries
from app.referrals.evidence import evidence_of
from app.referrals.lifecycle import (
    HANDED_OVER_WITHIN,
    LIFECYCLE,
    URGENT,
    HandoverWay,
    ReferralClass,
    ReferralEvent,
    ReferralState,
)
from app.referrals.models import Handover, ReferralCase
from app.submissions import display_ending
from app.submissions.lifecycle import EndedClass
from app.submissions.models import Submission

CONTACT_LIMIT = 120
RECEIVER_LIMIT = 200
LETTER_LIMIT = 80
ENDED_AS = {ReferralClass.ILLEGAL_CONTENT: EndedClass.UNLAWFUL}


@dataclass(frozen=True)
class Receiver:
    """Who got it, by which way, the number of our letter where there is one, and since when they have it."""

    name: str
    way: HandoverWay
    letter_number: str
    handed_over_at: datetime
    remark: str = ""


def open_case(
    session: Session,
    actor: Actor,
    at: datetime,
    submission: Submission,
    referral_class: ReferralClass,
    note: str | None,
) -> ReferralCase:
    """Part of the decision to refer: evidence is noted, the display stops, the duty desk is alerted where it is urgent.

    The alert says that there is a case and nothing of what it is about.
    """
    require(actor, Permission.SCREEN)
    case = ReferralCase(
        id=new_id(),
        submission_id=submission.id,
        consultation_id=submission.consultation_id,
        referral_class=referral_class,
        state=ReferralState.OPEN,
        note=note,
        due_at=at + HANDED_OVER_WITHIN[referral_class],
        evidence=evidence_of(session, submission),
        opened_by=actor.id,
        opened_at=at,
    )
    session.add(case)
    display_ending.freeze(session, at, submission.id)
    audit.record(
        session,
        actor,
        at,
        "referral.opened",
        ("referral_case", case.id),
        within=case.consultation_id,
        submission=str(submission.id),
    )
    if referral_class in URGENT:
        deliveries.promise(
            session,
            at,
            channel=DeliveryChannel.EMAIL,
            recipient=("alert_address", "referrals"),
            template="urgent_referral",
            about=("referral_case", case.id),
            once=content_hash("urgent_referral", str(case.id)),
        )
    return case


def cancel(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID) -> None:
    """Part of undoing the decision to refer. Raises Conflict("referral_in_hand") once somebody has taken it on."""
    require(actor, Permission.SCREEN)
    case = queries.standing_case(session, submission_id)
    if case is None or not LIFECYCLE.allows(case.state, ReferralEvent.CANCEL):
        raise Conflict("referral_in_hand")
    case.state = LIFECYCLE.after(case.state, ReferralEvent.CANCEL)
    _end(case, actor, at, None)
    display_ending.thaw(session, at, submission_id)
    audit.record(session, actor, at, "referral.cancelled", ("referral_case", case.id), within=case.consultation_id)


def take_on(session: Session, actor: Actor, at: datetime, case_id: uuid.UUID, revision: int, contact: str) -> None:
    """Names who sees to it; another name takes the place of an earlier one.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile"), Unprocessable("contact_name_required").
    """
    require(actor, Permission.HANDLE_REFERRALS)
    case = _at_revision(session, case_id, revision)
    state = LIFECYCLE.after(case.state, ReferralEvent.TAKE_ON)
    name = _short(contact, CONTACT_LIMIT, "contact_name_required")
    case.state, case.contact = state, name
    audit.record(
        session, actor, at, "referral.taken_on", ("referral_case", case.id), within=case.consultation_id, contact=name
    )


def hand_over(
    session: Session, actor: Actor, at: datetime, case_id: uuid.UUID, revision: int, receiver: Receiver
) -> None:
    """Records to whom it went; more than one body may get it.

    Raises NotFound, InvalidTransition before somebody has taken it on, Conflict("changed_meanwhile"),
    Unprocessable("receiver_required"), Unprocessable("handed_over_in_future"), Unprocessable("handed_over_too_early")
    for an instant before it was referred, Unprocessable("letter_number_required") for a letter without its number.
    """
    require(actor, Permission.HANDLE_REFERRALS)
    case = _at_revision(session, case_id, revision)
    state = LIFECYCLE.after(case.state, ReferralEvent.HAND_OVER)
    handover = _handover(case, actor, at, receiver)
    case.state = state
    session.add(handover)
    audit.record(
        session,
        actor,
        at,
        "referral.handed_over",
        ("referral_case", case.id),
        within=case.consultation_id,
        receiver=handover.receiver,
        way=receiver.way.value,
        letter_number=handover.letter_number,
    )


def close(session: Session, actor: Actor, at: datetime, case_id: uuid.UUID, revision: int, ending: str) -> None:
    """What came of it; from now on its sender's wishes about their data can be met again. It stays off display.

    Raises NotFound, InvalidTransition before it was handed over, Conflict("changed_meanwhile"), Unprocessable without
    words.
    """
    require(actor, Permission.HANDLE_REFERRALS)
    case = _at_revision(session, case_id, revision)
    state = LIFECYCLE.after(case.state, ReferralEvent.CLOSE)
    words = due(ending)
    case.state = state
    _end(case, actor, at, words)
    display_ending.end(session, at, case.submission_id, ENDED_AS.get(case.referral_class, EndedClass.OTHER))
    audit.record(
        session, actor, at, "referral.closed", ("referral_case", case.id), within=case.consultation_id, reason=words
    )


def give_back(
    session: Session, actor: Actor, at: datetime, case_id: uuid.UUID, revision: int, reason: str
) -> ReferralCase:
    """It is an ordinary comment after all: the caller takes the decision to refer back in the same transaction.

    Raises NotFound, InvalidTransition once it was handed over, Conflict("changed_meanwhile"), Unprocessable without a
    reason.
    """
    require(actor, Permission.HANDLE_REFERRALS)
    case = _at_revision(session, case_id, revision)
    state = LIFECYCLE.after(case.state, ReferralEvent.RETURN)
    words = due(reason)
    case.state = state
    _end(case, actor, at, words)
    display_ending.thaw(session, at, case.submission_id)
    audit.record(
        session, actor, at, "referral.returned", ("referral_case", case.id), within=case.consultation_id, reason=words
    )
    return case


def _handover(case: ReferralCase, actor: Actor, at: datetime, receiver: Receiver) -> Handover:
    if receiver.handed_over_at > at:
        raise Unprocessable("handed_over_in_future")
    # A form tells the minute only.
    if receiver.handed_over_at < case.opened_at.replace(second=0, microsecond=0):
        raise Unprocessable("handed_over_too_early")
    number = receiver.letter_number.strip()
    if receiver.way is HandoverWay.LETTER and not number:
        raise Unprocessable("letter_number_required")
    return Handover(
        case_id=case.id,
        receiver=_short(receiver.name, RECEIVER_LIMIT, "receiver_required"),
        way=receiver.way,
        letter_number=_short(number, LETTER_LIMIT, "letter_number_required") if number else None,
        remark=optional(receiver.remark),
        handed_over_at=receiver.handed_over_at,
        recorded_by=actor.id,
        recorded_at=at,
    )


def _short(words: str, limit: int, missing: str) -> str:
    given = " ".join(words.split())
    if not given:
        raise Unprocessable(missing)
    if len(given) > limit:
        raise Unprocessable("words_too_long", limit=limit)
    return given


def _end(case: ReferralCase, actor: Actor, at: datetime, words: str | None) -> None:
    case.ended_by, case.ended_at, case.ending = actor.id, at, words


def _at_revision(session: Session, case_id: uuid.UUID, revision: int) -> ReferralCase:
    case = queries.get(session, case_id)
    if case.revision != revision:
        raise Conflict("changed_meanwhile")
    return case
