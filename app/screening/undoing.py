"""Taking a decision back: by anybody who screens until the next stage took it over, by a lead after that."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.documents import examples
from app.jobs.ledger import enqueue
from app.kit.errors import Conflict, DomainError, Unprocessable
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.referrals import actions as referrals
from app.screening import drawing, queries, tracking
from app.screening.deciding import MOST_AT_ONCE, Decided
from app.screening.models import ScreeningDecision
from app.submissions import promises
from app.submissions import queries as submissions
from app.submissions.lifecycle import LIFECYCLE, ScreeningEvent, SubmissionState
from app.submissions.models import Submission


def undo(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, revision: int) -> None:
    """As if nobody had decided; what was decided stays in the history, and its sender isn't told of it.

    Raises NotFound, InvalidTransition, and Conflict: "changed_meanwhile", "told_already" once its sender may have been
    told, "gathered_already" once an editor made something of it, "repeated_already" once another one was closed as
    repeating it, "referral_in_hand" once somebody has taken on what was referred.
    """
    require(actor, Permission.SCREEN)
    submission, standing = _standing(session, submission_id, revision)
    state = LIFECYCLE.after(submission.state, ScreeningEvent.UNDO)
    _refuse_taken_over(session, submission, standing)
    if standing.decision is ScreeningEvent.REFER:
        referrals.cancel(session, actor, at, submission.id)
    submission.state = state
    tracking.end(session, submission.id)
    _take_back(session, actor, at, standing, None)
    promises.note_outcome(session, at, submission, undoes=True)
    audit.record(
        session,
        actor,
        at,
        "submission.undone",
        ("submission", submission.id),
        within=submission.consultation_id,
        decision=standing.decision.value,
    )


def undo_all(session: Session, actor: Actor, at: datetime, chosen: Sequence[tuple[uuid.UUID, int]]) -> Decided:
    """The same for many that were decided together, each at the revision that the person saw; all that can be are.

    Raises Unprocessable("too_many_chosen") above MOST_AT_ONCE, Unprocessable("nothing_chosen"); what stands against a
    single one is told in the answer, and that one stays decided.
    """
    require(actor, Permission.SCREEN)
    if not chosen:
        raise Unprocessable("nothing_chosen")
    if len(chosen) > MOST_AT_ONCE:
        raise Unprocessable("too_many_chosen", limit=MOST_AT_ONCE)
    ids = [id for id, _ in chosen]
    submissions.hold(session, ids)
    done: list[uuid.UUID] = []
    refused: list[tuple[uuid.UUID, str]] = []
    for submission_id, revision in chosen:
        try:
            undo(session, actor, at, submission_id, revision)
            done.append(submission_id)
        except DomainError as error:
            refused.append((submission_id, error.code))
    audit.record(
        session,
        actor,
        at,
        "submissions.undone",
        ("decision", ScreeningEvent.UNDO.value),
        within=submissions.common_consultation(session, ids),
        count=len(done),
        of=len(chosen),
    )
    return Decided(tuple(done), tuple(refused))


def reopen(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, revision: int, reason: str) -> None:
    """Takes a decision back that its sender knows of; the sender is told that the earlier message no longer holds.

    Raises NotFound, InvalidTransition, Unprocessable without a reason, and Conflict: "changed_meanwhile",
    "gathered_already" once an editor made something of it, "referral_in_hand" for what was referred: only who handles
    the case gives that back.
    """
    require(actor, Permission.REOPEN_DECISIONS)
    submission, standing = _standing(session, submission_id, revision)
    if submission.state is SubmissionState.REFERRED:
        raise Conflict("referral_in_hand")
    state = LIFECYCLE.after(submission.state, ScreeningEvent.REOPEN)
    words = due(reason)
    _refuse_gathered(session, submission)
    submission.state = state
    tracking.end(session, submission.id)
    _take_back(session, actor, at, standing, words)
    promises.note_outcome(session, at, submission, undoes=True)
    audit.record(
        session,
        actor,
        at,
        "submission.reopened",
        ("submission", submission.id),
        within=submission.consultation_id,
        reason=words,
    )
    _tell(session, at, standing)


def give_back(session: Session, actor: Actor, at: datetime, case_id: uuid.UUID, revision: int, reason: str) -> None:
    """What was referred is an ordinary comment after all and comes back to the desk; `revision` is the case's.

    Raises NotFound, InvalidTransition once it was handed over, Conflict("changed_meanwhile"), Unprocessable without a
    reason.
    """
    require(actor, Permission.HANDLE_REFERRALS)
    case = referrals.give_back(session, actor, at, case_id, revision, reason)
    submissions.hold(session, [case.submission_id])
    submission = submissions.get(session, case.submission_id)
    standing = queries.decision_on(session, submission.id)
    submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.REOPEN)
    if standing is not None:
        _take_back(session, actor, at, standing, case.ending)
    promises.note_outcome(session, at, submission, undoes=True)
    audit.record(
        session, actor, at, "submission.reopened", ("submission", submission.id), within=submission.consultation_id
    )
    if standing is not None:
        _tell(session, at, standing)


def _tell(session: Session, at: datetime, standing: ScreeningDecision) -> None:
    if standing.told_at is not None:
        ids = {"submission_id": str(standing.submission_id), "decision_id": str(standing.id)}
        enqueue(session, "tell_reopening", at, **ids)


def _standing(session: Session, submission_id: uuid.UUID, revision: int) -> tuple[Submission, ScreeningDecision]:
    """The submission as the person saw it, held, and the decision on it."""
    submissions.hold(session, [submission_id])
    submission = submissions.get(session, submission_id)
    if submission.revision != revision:
        raise Conflict("changed_meanwhile")
    standing = queries.decision_on(session, submission_id)
    if standing is None:
        raise Conflict("not_decided")
    return submission, standing


def _refuse_taken_over(session: Session, submission: Submission, standing: ScreeningDecision) -> None:
    if standing.told_at is not None:
        raise Conflict("told_already")
    _refuse_gathered(session, submission)
    if queries.repetitions_of(session, submission.id, None, 1):
        raise Conflict("repeated_already")


def _refuse_gathered(session: Session, submission: Submission) -> None:
    if queries.gathered_spans(session, submission.id):
        raise Conflict("gathered_already")


def _take_back(session: Session, actor: Actor, at: datetime, standing: ScreeningDecision, reason: str | None) -> None:
    standing.undone_at, standing.undone_by, standing.undone_for = at, actor.id, reason
    drawing.decision_ended(session, actor.id, at, standing, reason)
    drawing.count(session, submissions.get(session, standing.submission_id), standing, -1)
    if standing.decision is ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE:
        examples.forget(session, standing.submission_id)
