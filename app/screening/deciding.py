"""Deciding on submissions (阅览筛选), one or many at a time. A decision that stands is taken back by `undoing`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.clarifications import asking as clarifications
from app.documents import examples
from app.documents.examples import Decision as Learned
from app.documents.matching.kinds import Kind
from app.jobs.ledger import enqueue
from app.kit.errors import Conflict, DomainError, Unprocessable
from app.kit.identifiers import new_id
from app.permissions import Actor, Permission, require
from app.referrals import actions as referrals
from app.screening import drawing, prepared, proposing, tracking
from app.screening.decisions import TELL, Decision
from app.screening.lifecycle import Pointer
from app.screening.models import ScreeningDecision
from app.screening.reasons import filled
from app.submissions import promises
from app.submissions import queries as submissions
from app.submissions.lifecycle import LIFECYCLE, ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from app.teamwork import leases
from app.teamwork.records import RecordKind

MOST_AT_ONCE = 500
AUDITED = {
    ScreeningEvent.ACCEPT: "submission.accepted",
    ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE: "submission.out_of_scope",
    ScreeningEvent.CLOSE_AS_DUPLICATE: "submission.duplicate",
    ScreeningEvent.CLOSE_AS_UNSUITABLE: "submission.unsuitable",
    ScreeningEvent.REFER: "submission.referred",
}
NOBODYS_ORIGINAL = (SubmissionState.REFERRED,)
"""Who repeats one of these would learn where it went."""


@dataclass(frozen=True)
class Decided:
    """What came of deciding on many: those decided, and the code of the refusal for each of the others."""

    done: tuple[uuid.UUID, ...]
    refused: tuple[tuple[uuid.UUID, str], ...]


def decide(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, revision: int, decision: Decision
) -> None:
    """Makes the decision. Its sender is told when `decision.letter_waits` is over, unless it is undone before.

    Raises NotFound, Conflict("changed_meanwhile"), InvalidTransition, and Unprocessable for a decision that lacks what
    it needs (`Decision.words`), a prepared reason that isn't for it ("no_such_reason"), an original that isn't there
    ("no_such_original") or repeats another one ("original_is_duplicate"). Refused, it has changed nothing.
    """
    require(actor, Permission.SCREEN)
    original = _original(session, submission_id, decision)
    submission = _at_revision(session, submission_id, revision)
    state = LIFECYCLE.after(submission.state, decision.event)
    told = _told(session, submission, decision)
    _refuse_unfit(submission, decision, original)
    submission.state = state
    made = ScreeningDecision(
        id=new_id(),
        submission_id=submission.id,
        decision=decision.event,
        unsuitable_class=decision.unsuitable_class,
        reason=told.reason,
        pointer=told.pointer,
        referral_class=decision.referral_class,
        duplicate_of_id=original.id if original else None,
        decided_by=actor.id,
        decided_at=at,
    )
    session.add(made)
    drawing.draw(session, at, submission, made)
    drawing.count(session, submission, made)
    leases.end(session, actor.id, RecordKind.SUBMISSION, submission.id)
    if decision.event is ScreeningEvent.ACCEPT:
        tracking.begin(session, submission)
    if decision.referral_class is not None:
        referrals.open_case(session, actor, at, submission, decision.referral_class, told.reason)
    _learn(session, actor, at, submission, decision)
    unsuitable = decision.unsuitable_class.value if decision.unsuitable_class else None
    promises.note_outcome(session, at, submission, unsuitable)
    audit.record(
        session,
        actor,
        at,
        AUDITED[decision.event],
        ("submission", submission.id),
        within=submission.consultation_id,
        reason=told.reason if decision.event is not ScreeningEvent.REFER else None,
        unsuitable_class=unsuitable,
        pointer=told.pointer.value if told.pointer else None,
        duplicate_of=str(original.id) if original else None,
    )
    if decision.event in TELL:
        clarifications.drop_open(session, at, submission.id, actor.id)
        due_at = at + decision.letter_waits
        enqueue(session, "tell_closing", due_at, submission_id=str(submission.id), decision_id=str(made.id))


def decide_all(
    session: Session, actor: Actor, at: datetime, chosen: Sequence[tuple[uuid.UUID, int]], decision: Decision
) -> Decided:
    """The same decision on many, each at the revision that the person saw; all that can be decided are, in one go.

    Raises Unprocessable("too_many_chosen") above MOST_AT_ONCE, Unprocessable("nothing_chosen"), and what
    `Decision.words` raises; whatever is wrong with a single one is told in the answer.
    """
    require(actor, Permission.SCREEN)
    decision.words()
    if not chosen:
        raise Unprocessable("nothing_chosen")
    if len(chosen) > MOST_AT_ONCE:
        raise Unprocessable("too_many_chosen", limit=MOST_AT_ONCE)
    original = submissions.by_number(session, decision.duplicate_of) if decision.duplicate_of else None
    submissions.hold(session, [*(id for id, _ in chosen), *([original.id] if original else [])])
    done: list[uuid.UUID] = []
    refused: list[tuple[uuid.UUID, str]] = []
    for submission_id, revision in chosen:
        try:
            decide(session, actor, at, submission_id, revision, decision)
            done.append(submission_id)
        except DomainError as error:
            refused.append((submission_id, error.code))
    audit.record(
        session,
        actor,
        at,
        "submissions.decided",
        ("decision", decision.event.value),
        within=submissions.common_consultation(session, [id for id, _ in chosen]),
        count=len(done),
        of=len(chosen),
    )
    return Decided(tuple(done), tuple(refused))


@dataclass(frozen=True)
class _Told:
    reason: str | None
    pointer: Pointer | None


def _told(session: Session, submission: Submission, decision: Decision) -> _Told:
    """The reason and where else to turn, the prepared ones made out for this submission."""
    words = decision.words()
    if decision.prepared is None:
        return _Told(words, decision.pointer)
    holding = prepared.choices(session, submission.consultation_id).get(decision.event, [])
    chosen = next((one for one in holding if one.template_id == decision.prepared), None)
    if chosen is None:
        raise Unprocessable("no_such_reason")
    whole = filled(chosen.text, prepared.facts_of(session, submission), words or "")
    return _Told(whole, decision.pointer or chosen.pointer)


def _original(session: Session, submission_id: uuid.UUID, decision: Decision) -> Submission | None:
    """The one that is repeated. Both are held together, so that no two people can make two repeat each other."""
    original = None
    if decision.event is ScreeningEvent.CLOSE_AS_DUPLICATE:
        original = submissions.by_number(session, decision.duplicate_of)
    submissions.hold(session, [submission_id, *([original.id] if original else [])])
    return original


def _at_revision(session: Session, submission_id: uuid.UUID, revision: int) -> Submission:
    """The submission as the person saw it; two people can't decide one item."""
    submission = submissions.get(session, submission_id)
    if submission.revision != revision:
        raise Conflict("changed_meanwhile")
    return submission


def _refuse_unfit(submission: Submission, decision: Decision, original: Submission | None) -> None:
    if decision.event is not ScreeningEvent.CLOSE_AS_DUPLICATE:
        return
    elsewhere = original is None or original.consultation_id != submission.consultation_id
    if original is None or elsewhere or original.id == submission.id or original.state in NOBODYS_ORIGINAL:
        raise Unprocessable("no_such_original")
    if original.state is SubmissionState.DUPLICATE:
        raise Unprocessable("original_is_duplicate")


def _learn(session: Session, actor: Actor, at: datetime, submission: Submission, decision: Decision) -> None:
    """What is foreign to this draft, for the comments to come."""
    if decision.event is not ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE:
        return
    proposed = proposing.labels_of(session, submission.id)
    foreign = Learned(Kind.OUT_OF_SCOPE, None, actor.id, at)
    examples.remember(session, submission.version_id, submission.id, submission.comment, proposed, foreign)
