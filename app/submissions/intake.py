"""Taking a submission in. When `Intake.store` has returned, the submission is durable; there is no other way in."""

from concurrent.futures import Future
from dataclasses import replace
from typing import Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.captcha import ledger as challenges
from app.captcha.doubts import Doubt
from app.consultations import late_entry
from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.consultations.queries import Standing
from app.kit.database import Database
from app.kit.errors import Conflict, Unavailable, Unprocessable
from app.permissions import Actor, ActorKind, Permission, require
from app.submissions.arriving import ChosenClause, Concluded, NewSubmission, NotTaken, Origin, Outdated
from app.submissions.guarding import Guard, settle
from app.submissions.models import Submission
from app.submissions.prepared import Prepared, Preparer
from app.submissions.receipts import Receipt, Receipts
from app.submissions.vault import Vault

__all__ = ["ChosenClause", "Concluded", "DirectIntake", "Intake", "NewSubmission", "NotTaken", "Origin", "Outdated"]

MAY_BE_A_COPY = ("exists_already", "late_code_gone")
"""What a form that was sent twice at once runs into, because its other copy was quicker."""

_log = structlog.get_logger("yanlu.intake")


class Intake(Protocol):
    """Whatever stores submissions: one transaction each, or a group of them in one."""

    def store(self, submission: NewSubmission) -> Receipt:
        """Stores it and answers its receipt once it is durable.

        The same token with the same content answers the same receipt and stores nothing. Raises Conflict
        (`token_reused`) for other content under a stored token and (`late_code_gone`) for a late code that was used,
        revoked or expired, NotTaken where the consultation, as it stands in the store at that moment, takes no comment
        that arrived then (Concluded where it takes none any more), Outdated where it has changed since the form was
        judged (`judged_by`), Unprocessable (`challenge_used`) for a used captcha,
        Forbidden where whoever enters it may not; nothing is stored then. Unavailable (`outcome_unknown`) where the
        store broke off and doesn't tell whether it is stored: the same form, sent again, is stored once.
        """

    def submit(self, submission: NewSubmission) -> "Future[Receipt]":
        """The same, for callers that don't wait in a thread. Raises Busy where too many are waiting already."""


class DirectIntake:
    """Stores each submission in a transaction of its own, and owes its sender a message where `owes_receipts`."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        receipts: Receipts,
        guard: Guard | None = None,
        *,
        owes_receipts: bool = False,
    ) -> None:
        self.database = database
        self.guard = guard or Guard()
        self.preparer = Preparer(vault, receipts, self.guard, owes_receipts=owes_receipts)

    def store(self, submission: NewSubmission) -> Receipt:
        if submission.origin is not None:
            _require_enterer(submission.origin.entered_by)
        return self.store_prepared(self.preparer.lay_out(submission))

    def submit(self, submission: NewSubmission) -> "Future[Receipt]":
        answer: Future[Receipt] = Future()
        try:
            answer.set_result(self.store(submission))
        except Exception as error:  # told to whoever waits for the answer
            answer.set_exception(error)
        return answer

    def store_prepared(self, prepared: Prepared) -> Receipt:
        """As `store`, for one whose rows lie ready. They can't be used again."""
        submission = prepared.submission
        try:
            with self.database.writing() as session:
                self._insert(session, prepared)
        except challenges.LedgerBroken:
            # A captcha that fails locks nobody out; nobody knows whether this one was used, so a person looks at it.
            doubts = submission.quarantine | {Doubt.BROKEN.value}
            return self.store(replace(submission, challenge=None, quarantine=doubts))
        except (OperationalError, InterfaceError) as error:
            self._find_out(prepared, error)
        except Conflict as conflict:
            if conflict.code not in MAY_BE_A_COPY or not self._stored_meanwhile(submission, prepared.fingerprint):
                raise
        except Unprocessable:
            # The captcha may have been used by this form's own copy, which came in between.
            if not self._stored_meanwhile(submission, prepared.fingerprint):
                raise
        return prepared.receipt

    def _insert(self, session: Session, prepared: Prepared) -> None:
        submission = prepared.submission
        if _stored_before(session, submission, prepared.fingerprint):
            return
        refuse_untaken(session, standing_of(session, submission), submission)
        if submission.challenge is not None and not challenges.burn(session, submission.challenge):
            raise Unprocessable("challenge_used")
        _use_late_code(session, submission)
        session.add(prepared.row)
        session.flush()
        session.add_all(prepared.others)
        if prepared.public is not None:
            [reasons] = self.guard.judge(session, [prepared.public])
            settle(prepared.public.row, reasons)
            session.add(prepared.public.row)

    def _find_out(self, prepared: Prepared, error: Exception) -> None:
        """A connection that broke may have broken after its commit.

        Raises Unavailable unless the submission is there: one whose commit is still under way may yet come to be there.
        """
        try:
            with self.database.reading() as session:
                if _stored_before(session, prepared.submission, prepared.fingerprint):
                    return
        except SQLAlchemyError:
            _log.warning("store_unreachable")
        raise Unavailable("outcome_unknown") from error

    def _stored_meanwhile(self, submission: NewSubmission, fingerprint: str) -> bool:
        """Two copies of one form raced: the other one won, and its receipt is this one's too.

        Raises Unprocessable (`challenge_used`) when it was another form that used the captcha up.
        """
        with self.database.reading() as session:
            if _stored_before(session, submission, fingerprint):
                return True
            if submission.challenge is not None and challenges.is_burned(session, submission.challenge):
                raise Unprocessable("challenge_used")
            return False


def _require_enterer(actor: Actor) -> None:
    """A program of a trusted channel may by its own permission. Raises Forbidden."""
    by_program = actor.kind is ActorKind.CLIENT
    require(actor, Permission.ENTER_BY_CLIENT if by_program else Permission.ENTER_SUBMISSIONS)


def _stored_before(session: Session, submission: NewSubmission, fingerprint: str) -> bool:
    known = session.scalar(select(Submission.fingerprint).where(Submission.token == submission.token))
    if known is None:
        return False
    if known != fingerprint:
        raise Conflict("token_reused")
    return True


def standing_of(session: Session, submission: NewSubmission) -> Standing:
    """Its consultation's, now; what came otherwise than in the window waits for whoever is concluding, and the other
    way round."""
    came_otherwise = submission.origin is not None or submission.late
    return consultations.standing(session, submission.consultation_id, hold=came_otherwise)


def refuse_untaken(session: Session, standing: Standing, submission: NewSubmission) -> None:
    """Raises NotTaken where the consultation, as it stands, takes no comment that arrived then.

    Outdated where it would, and has changed since the form was judged.
    """
    if standing.concluded_at is not None:
        raise Concluded
    phase = consultations.phase_for_receipt(session, standing, submission.received_at)
    if phase is not Phase.OPEN and not (phase is Phase.CLOSED and submission.late):
        raise NotTaken(phase)
    if submission.judged_by not in (None, standing.revision):
        raise Outdated


def _use_late_code(session: Session, submission: NewSubmission) -> None:
    code_id = submission.late_code_id
    if code_id is None:
        return
    if not late_entry.use_up(session, code_id, submission.consultation_id, submission.received_at):
        raise Conflict("late_code_gone")
