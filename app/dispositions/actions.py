"""A department's answer, and the drafting department's word on it: nothing of either is told before a release."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import audit
from app.assignments import actions as assignments
from app.assignments import moving
from app.assignments.lifecycle import AssignmentRole
from app.assignments.models import Assignment
from app.consultations.models import Consultation
from app.counters import ledger as counters
from app.dispositions.kinds import DispositionKind, needs_reason
from app.dispositions.lifecycle import LIFECYCLE, DispositionEvent, DispositionState
from app.dispositions.models import Answer, AnswerFile, AnswerVersion, Disposition
from app.kit.clock import beijing_day
from app.kit.errors import Conflict, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, Permission, require
from app.screening.models import Suggestion

REASON_LIMIT = 5000
WORDS_LIMIT = 2000
REMARK_LIMIT = 1000
PERSON_LIMIT = 80
NUMBER_LIMIT = 200
COUNTED = "dispositions"
"""The name under which dispositions are counted by consultation and state."""


@dataclass(frozen=True)
class Letter:
    """The paper by which the drafting department confirmed: its number or the like, its date, who signed it."""

    number: str
    dated_on: date
    signed_by: str


@dataclass(frozen=True)
class _Given:
    """An answer as it is to be kept."""

    kind: DispositionKind
    reason: str
    draft: bool
    citizen_words: str
    approver: str
    dated_on: date | None
    document_number: str
    scan_id: uuid.UUID | None


def answer(  # noqa: PLR0913 - what one answer says, each by its name
    session: Session,
    actor: Actor,
    at: datetime,
    assignment_id: uuid.UUID,
    kind: DispositionKind,
    reason: str,
    draft: bool,
    *,
    approver: str = "",
    dated_on: date | None = None,
    document_number: str = "",
    citizen_words: str = "",
    scan_id: uuid.UUID | None = None,
) -> Assignment:
    """Keeps the department's answer, and every earlier one; a final one closes its assignment.

    The lead's final answer waits for the drafting department to confirm it (`confirm`); nobody is told of it before its
    release. `citizen_words` say the reason to the person, where it isn't to be told in the official words; `approver`,
    `dated_on`, `document_number` and the scan say who signed it, when, and under which number.

    Raises NotFound for another department's assignment or scan, InvalidTransition when it can't be answered any more,
    Unprocessable without a reason where one is due, Conflict when the suggestion has been decided.
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = assignments.own(session, actor, assignment_id)
    if not assignments.may_be_answered(assignment):
        raise InvalidTransition(state=assignment.state.value, event="answer")
    given = _checked(
        _Given(kind, reason, draft, citizen_words, approver, dated_on, document_number, scan_id), beijing_day(at)
    )
    _refuse_foreign_scan(session, assignment, scan_id)
    number = _keep(session, assignment, given, actor, at)
    if not draft:
        assignments.close_as_answered(session, assignment, at)
        if assignment.role is AssignmentRole.LEAD:
            _decide(session, assignment, given, actor, at)
    event = "assignment.answer_drafted" if draft else "assignment.answered"
    audit.record(session, actor, at, event, ("assignment", assignment.id), disposition=kind.value, version=number)
    return assignment


def confirm(
    session: Session,
    actor: Actor,
    at: datetime,
    suggestion_id: uuid.UUID,
    revision: int,
    letter: Letter | None = None,
) -> Disposition:
    """The drafting department agrees with the lead's answer; from now on it lies in the outbox.

    Its own staff do so themselves; whoever else does so records the letter in which it did. Never the person who gave
    the answer. Raises NotFound, also for staff of any other department, Conflict("changed_meanwhile"),
    Conflict("own_answer"), InvalidTransition, Unprocessable for a letter that is missing or lacks something.
    """
    require(actor, Permission.CONFIRM_DISPOSITIONS)
    disposition = _in_hand(session, actor, suggestion_id, revision)
    state = LIFECYCLE.after(disposition.state, DispositionEvent.CONFIRM)
    if disposition.answered_by == actor.id:
        raise Conflict("own_answer")
    said = None if actor.department_id is not None else whole_letter(letter, beijing_day(at))
    assignments.close_as_confirmed(session, _assignment_of(session, disposition), at)
    _move(session, disposition, state)
    disposition.confirmed_by, disposition.confirmed_at = actor.id, at
    _version_of(session, disposition.assignment_id).confirmed_at = at
    disposition.letter_number = said.number if said else None
    disposition.letter_dated_on = said.dated_on if said else None
    disposition.letter_signed_by = said.signed_by if said else None
    audit.record(
        session,
        actor,
        at,
        "disposition.confirmed",
        ("suggestion", suggestion_id),
        within=disposition.consultation_id,
        disposition=disposition.kind.value,
        letter=said.number if said else None,
    )
    return disposition


def return_answer(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int, remark: str
) -> Disposition:
    """The drafting department wants another answer, and says why; the lead's assignment is open again.

    Raises NotFound, Conflict("changed_meanwhile"), InvalidTransition once it lies in a release, Unprocessable without
    a remark.
    """
    require(actor, Permission.CONFIRM_DISPOSITIONS)
    disposition = _in_hand(session, actor, suggestion_id, revision)
    state = LIFECYCLE.after(disposition.state, DispositionEvent.RETURN)
    words = _remark(remark)
    _reopen(session, actor, at, disposition, state, words)
    audit.record(
        session,
        actor,
        at,
        "disposition.returned",
        ("suggestion", suggestion_id),
        within=disposition.consultation_id,
        remark=words,
    )
    return disposition


def revise(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int, remark: str
) -> Disposition:
    """What was released is to be answered anew, for a reason that is kept.

    What was told stays on the receipts until the new answer is confirmed and released; then its senders are told what
    changed. Raises NotFound, Conflict("changed_meanwhile"), InvalidTransition, Unprocessable without a remark.
    """
    require(actor, Permission.CONFIRM_DISPOSITIONS)
    disposition = _in_hand(session, actor, suggestion_id, revision)
    state = LIFECYCLE.after(disposition.state, DispositionEvent.REVISE)
    words = _remark(remark)
    _reopen(session, actor, at, disposition, state, words)
    disposition.release_id = None
    audit.record(
        session,
        actor,
        at,
        "disposition.revised",
        ("suggestion", suggestion_id),
        within=disposition.consultation_id,
        remark=words,
    )
    return disposition


def _in_hand(session: Session, actor: Actor, suggestion_id: uuid.UUID, revision: int) -> Disposition:
    """The disposition, held until the transaction ends, where the actor speaks for its drafting department."""
    disposition = session.get(Disposition, suggestion_id, with_for_update=True, populate_existing=True)
    if disposition is None or disposition.consultation_id is None:
        raise NotFound("no_such_disposition")
    require(actor, Permission.CONFIRM_DISPOSITIONS, within=disposition.consultation_id)
    drafting = session.get_one(Consultation, disposition.consultation_id).drafting_department_id
    if actor.department_id is not None and actor.department_id != drafting:
        raise NotFound("no_such_disposition")
    if disposition.revision != revision:
        raise Conflict("changed_meanwhile")
    return disposition


def _assignment_of(session: Session, disposition: Disposition) -> Assignment:
    """Held as every step holds it: the suggestion first, so that two steps wait for each other and never deadlock."""
    if disposition.assignment_id is None:
        raise NotFound("no_such_assignment")
    return moving.hold(session, disposition.assignment_id)


def _reopen(
    session: Session, actor: Actor, at: datetime, disposition: Disposition, state: DispositionState, words: str
) -> None:
    assignment = _assignment_of(session, disposition)
    assignments.reopen_as_returned(session, assignment, at, words)
    _move(session, disposition, state)
    disposition.return_remark = words
    disposition.confirmed_by = disposition.confirmed_at = None
    disposition.letter_number = disposition.letter_dated_on = disposition.letter_signed_by = None
    version = _version_of(session, assignment.id)
    version.returned_by, version.returned_at, version.return_remark = actor.id, at, words


def _version_of(session: Session, assignment_id: uuid.UUID | None) -> AnswerVersion:
    """The answer that its department has given last."""
    kept = session.get_one(Answer, assignment_id)
    return session.get_one(AnswerVersion, (assignment_id, kept.number))


def _move(session: Session, disposition: Disposition, state: DispositionState) -> None:
    count(session, disposition.consultation_id, disposition.state, -1)
    count(session, disposition.consultation_id, state, 1)
    disposition.state = state


def count(session: Session, consultation_id: uuid.UUID | None, state: DispositionState, n: int) -> None:
    """Notes that so many more dispositions of the consultation are in that state."""
    if consultation_id is not None and n:
        counters.count(session, (COUNTED, consultation_id.hex, "", state.value), n)


def _checked(given: _Given, today: date) -> _Given:
    reason, citizen_words = given.reason.strip(), given.citizen_words.strip()
    approver, number = given.approver.strip(), given.document_number.strip()
    if len(reason) > REASON_LIMIT:
        raise Unprocessable("reason_too_long", limit=REASON_LIMIT)
    if len(citizen_words) > WORDS_LIMIT:
        raise Unprocessable("reason_too_long", limit=WORDS_LIMIT)
    if len(approver) > PERSON_LIMIT or len(number) > NUMBER_LIMIT:
        raise Unprocessable("confirmation_too_long")
    if given.dated_on is not None and given.dated_on > today:
        raise Unprocessable("confirmation_in_future")
    if not reason and needs_reason(given.kind) and not given.draft:
        raise Unprocessable("reason_required")
    return _Given(given.kind, reason, given.draft, citizen_words, approver, given.dated_on, number, given.scan_id)


def _refuse_foreign_scan(session: Session, assignment: Assignment, scan_id: uuid.UUID | None) -> None:
    scan = session.get(AnswerFile, scan_id) if scan_id is not None else None
    if scan_id is not None and (scan is None or scan.assignment_id != assignment.id):
        raise NotFound("no_such_file")


def _keep(session: Session, assignment: Assignment, given: _Given, actor: Actor, at: datetime) -> int:
    """The answer as it stands, and one more version; the version's number."""
    kept = session.get(Answer, assignment.id)
    number = kept.number + 1 if kept is not None else 1
    kept = kept or Answer(assignment_id=assignment.id)
    version = AnswerVersion(assignment_id=assignment.id)
    for row in (kept, version):
        row.number, row.kind, row.reason, row.draft = number, given.kind, given.reason, given.draft
        row.citizen_words, row.approver, row.dated_on = given.citizen_words, given.approver, given.dated_on
        row.document_number, row.scan_id = given.document_number, given.scan_id
        row.answered_by, row.answered_at = actor.id, at
        session.add(row)
    return number


def _decide(session: Session, assignment: Assignment, given: _Given, actor: Actor, at: datetime) -> None:
    found = session.get(Disposition, assignment.suggestion_id, with_for_update=True)
    if found is not None and not LIFECYCLE.allows(found.state, DispositionEvent.ANSWER):
        raise Conflict("decided_already")
    if found is None:
        found = Disposition(
            suggestion_id=assignment.suggestion_id,
            consultation_id=_consultation_of(session, assignment),
            state=DispositionState.ANSWERED,
        )
        count(session, found.consultation_id, found.state, 1)
    else:
        _move(session, found, LIFECYCLE.after(found.state, DispositionEvent.ANSWER))
    found.department_id, found.assignment_id = assignment.department_id, assignment.id
    found.kind, found.reason, found.citizen_words = given.kind, given.reason, given.citizen_words
    found.answered_by, found.decided_at = actor.id, at
    session.add(found)


def _consultation_of(session: Session, assignment: Assignment) -> uuid.UUID:
    return session.get_one(Suggestion, assignment.suggestion_id).consultation_id


def _remark(remark: str) -> str:
    words = remark.strip()
    if not words:
        raise Unprocessable("remark_required")
    if len(words) > REMARK_LIMIT:
        raise Unprocessable("reason_too_long", limit=REMARK_LIMIT)
    return words


def whole_letter(letter: Letter | None, today: date) -> Letter:
    """The letter as it is kept. Raises Unprocessable where it is missing, lacks something or lies in the future."""
    if letter is None or not letter.number.strip() or not letter.signed_by.strip():
        raise Unprocessable("confirmation_required")
    if len(letter.number.strip()) > NUMBER_LIMIT or len(letter.signed_by.strip()) > PERSON_LIMIT:
        raise Unprocessable("confirmation_too_long")
    if letter.dated_on > today:
        raise Unprocessable("confirmation_in_future")
    return Letter(letter.number.strip(), letter.dated_on, letter.signed_by.strip())
