"""Taking a submission in. When `Intake.store` has returned, the submission is durable; there is no other way in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.captcha import ledger as challenges
from app.captcha.challenge import Challenge
from app.captcha.doubts import Doubt
from app.consultations import late_entry
from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation
from app.kit.database import Database
from app.kit.errors import Conflict, Unprocessable
from app.kit.identifiers import new_id
from app.masking.anonymise import MASK, Masked, anonymise
from app.permissions import Actor, ActorKind, Permission, require
from app.submissions.attachments import NewFile, row_of
from app.submissions.composing import ClausePlaces, Extent, after_covering
from app.submissions.guard import text_hash
from app.submissions.guarding import Guard, Words, new_number, settle
from app.submissions.identity import public_name
from app.submissions.lifecycle import Channel, HoldReason, SubmissionState
from app.submissions.messages import owe_receipt
from app.submissions.models import (
    DisplayedComment,
    LateSubmission,
    QuarantinedSubmission,
    Submission,
    SubmissionClause,
    SubmissionOrigin,
)
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.submissions.receipts import Receipt, Receipts
from app.submissions.submitter import Identity
from app.submissions.vault import Vault

FURTHER = (
    *("organisation_name", "credit_code", "organisation_type"),
    *("guardian_name", "guardian_relation", "guardian_phone"),
)
"""What only some submissions say of their senders."""


@dataclass(frozen=True)
class ChosenClause:
    """`places` tell where in the comment the words about this clause alone stand; None where there are none."""

    id: uuid.UUID
    text_hash: str
    places: ClausePlaces | None = None


@dataclass(frozen=True)
class Origin:
    """Who entered what came another way than the form, when, and which fields it came without."""

    entered_by: Actor
    entered_at: datetime
    missing: Sequence[str]
    remark: str = ""


@dataclass(frozen=True)
class NewSubmission:
    """A valid submission that has not been stored. `display` tells whether it is shown at once, masked.

    `late` lets it in after the closing instant, because a ticket or a code of its own says that it may; it lets nothing
    in while the consultation is suspended, nor after it was withdrawn. `late_code_id` names the code, which is used up.

    `keep` names what masking leaves alone, such as the consultation's own contacts. `challenge` is the answered
    captcha, None where a channel has none; such a one has an `origin`. `quarantine` names why a person looks at it
    before it counts, `hold_for` why one does before it is displayed. An organisation has a type and no occupation.
    """

    token: str
    consultation_id: uuid.UUID
    version_id: uuid.UUID
    channel: Channel
    received_at: datetime
    title: str
    comment: str
    occupation: str
    clauses: Sequence[ChosenClause]
    identity: Identity
    display: bool
    keep: Sequence[str]
    challenge: Challenge | None
    request_id: str | None
    late: bool = False
    late_code_id: uuid.UUID | None = None
    quarantine: frozenset[str] = frozenset()
    submitter_kind: SubmitterKind = SubmitterKind.INDIVIDUAL
    organisation_type: OrganisationType | None = None
    files: Sequence[NewFile] = ()
    hold_for: frozenset[HoldReason] = frozenset()
    origin: Origin | None = None

    def content(self) -> tuple[str, ...]:
        """Everything that the person entered or chose; a form that asks no more than it used to says no more."""
        who = self.identity
        chosen = sorted(str(clause.id) for clause in self.clauses)
        further = who.values() | {"organisation_type": self.organisation_type}
        return (
            str(self.consultation_id),
            self.title,
            self.comment,
            self.occupation,
            who.name,
            who.id_number or "",
            who.phone,
            who.email or "",
            *chosen,
            *(f"{name}={further[name]}" for name in FURTHER if further[name] is not None),
            *([f"subject={who.subject}"] if who.subject is not None else ()),
            *(f"file={file.sha256} {file.name}" for file in self.files),
        )


class NotTaken(Conflict):
    """The consultation takes no comment that arrived then; `phase` says why."""

    code = "not_taken"

    def __init__(self, phase: Phase) -> None:
        super().__init__(phase=phase.value)
        self.phase = phase


class Concluded(NotTaken):
    """The work on the consultation has ended, with every comment answered and its numbers made public.

    One that came in time and is found only now would have no outcome and stand in no number; it is answered by letter.
    """

    def __init__(self) -> None:
        super().__init__(Phase.CLOSED)


MAY_BE_A_COPY = ("exists_already", "late_code_gone")
"""What a form that was sent twice at once runs into, because its other copy was quicker."""


class Intake(Protocol):
    """Whatever stores submissions: one transaction each today, a group of them later."""

    def store(self, submission: NewSubmission) -> Receipt:
        """Stores it and answers its receipt once it is durable.

        The same token with the same content answers the same receipt and stores nothing. Raises Conflict
        (`token_reused`) for other content under a stored token and (`late_code_gone`) for a late code that was used,
        revoked or expired, NotTaken where the consultation, as it stands in the store at that moment, takes no comment
        that arrived then (Concluded where it takes none any more), Unprocessable (`challenge_used`) for a used captcha,
        Forbidden where whoever enters it may not; nothing is stored then.
        """


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
        self._database = database
        self._vault = vault
        self._receipts = receipts
        self._guard = guard or Guard()
        self._owes_receipts = owes_receipts

    def store(self, submission: NewSubmission) -> Receipt:
        if submission.origin is not None:
            _require_enterer(submission.origin.entered_by)
        receipt = self._receipts.of_token(submission.token)
        fingerprint = self._vault.fingerprint(*submission.content())
        public = self._public(submission) if submission.display else None
        try:
            with self._database.writing() as session:
                self._store(session, submission, receipt, fingerprint, public)
        except challenges.LedgerBroken:
            # A captcha that fails locks nobody out; nobody knows whether this one was used, so a person looks at it.
            doubts = submission.quarantine | {Doubt.BROKEN.value}
            return self.store(replace(submission, challenge=None, quarantine=doubts))
        except Conflict as conflict:
            if conflict.code not in MAY_BE_A_COPY or not self._stored_meanwhile(submission, fingerprint):
                raise
        except Unprocessable:
            # The captcha may have been used by this form's own copy, which came in between.
            if not self._stored_meanwhile(submission, fingerprint):
                raise
        return receipt

    def _public(self, submission: NewSubmission) -> "_Public":
        """What may take its time, before the store is kept busy: masking, and the installation's own checker."""
        words = Words(submission.title, submission.comment)
        reasons = self._guard.ask_checker(words) | submission.hold_for
        if submission.quarantine:
            reasons |= {HoldReason.QUARANTINE}
        return _Public(_displayed(submission), words, reasons)

    def _store(
        self,
        session: Session,
        submission: NewSubmission,
        receipt: Receipt,
        fingerprint: str,
        public: "_Public | None",
    ) -> None:
        if _stored_before(session, submission, fingerprint):
            return
        _refuse_untaken(session, submission)
        if submission.challenge is not None and not challenges.burn(session, submission.challenge):
            raise Unprocessable("challenge_used")
        _use_late_code(session, submission)
        row = Submission(
            id=new_id(),
            consultation_id=submission.consultation_id,
            version_id=submission.version_id,
            channel=submission.channel,
            token=submission.token,
            receipt_number=receipt.number,
            access_code_hash=self._receipts.hash_code(receipt.number, receipt.access_code),
            received_at=submission.received_at,
            title=submission.title,
            comment=submission.comment,
            occupation=submission.occupation,
            fingerprint=fingerprint,
            submitter_kind=submission.submitter_kind,
            organisation_type=submission.organisation_type,
            state=SubmissionState.QUARANTINED if submission.quarantine else SubmissionState.RECEIVED,
        )
        session.add(row)
        session.flush()
        session.add(self._vault.seal(submission.identity, row.id, row.consultation_id))
        session.add_all(_clause_row(row.id, clause) for clause in submission.clauses)
        session.add_all(row_of(file, row.id, place) for place, file in enumerate(submission.files, 1))
        if submission.quarantine:
            reasons = sorted(submission.quarantine)
            session.add(QuarantinedSubmission(submission_id=row.id, reasons=reasons, at=submission.received_at))
        if public is not None:
            public.row.submission_id = row.id
            settle(public.row, public.reasons | self._guard.judge(session, public.row, public.words))
            session.add(public.row)
        if submission.late_code_id is not None:
            session.add(LateSubmission(submission_id=row.id, late_code_id=submission.late_code_id))
        at = _note_origin(session, submission, row.id)
        if self._owes_receipts and submission.identity.email and not submission.quarantine:
            owe_receipt(session, at, row.id, row.consultation_id)

    def _stored_meanwhile(self, submission: NewSubmission, fingerprint: str) -> bool:
        """Two copies of one form raced: the other one won, and its receipt is this one's too.

        Raises Unprocessable (`challenge_used`) when it was another form that used the captcha up.
        """
        with self._database.reading() as session:
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


def _note_origin(session: Session, submission: NewSubmission, submission_id: uuid.UUID) -> datetime:
    """Who brought it in goes on record; answers when."""
    about, origin = ("submission", submission_id), submission.origin
    if origin is None:
        sender = Actor(ActorKind.CITIZEN, "", frozenset(), request_id=submission.request_id)
        audit.record(
            session, sender, submission.received_at, "submission.received", about, within=submission.consultation_id
        )
        return submission.received_at
    session.add(
        SubmissionOrigin(
            submission_id=submission_id,
            entered_by=origin.entered_by.id,
            entered_at=origin.entered_at,
            missing=list(origin.missing),
            remark=origin.remark,
        )
    )
    channel, within = submission.channel.value, submission.consultation_id
    audit.record(
        session, origin.entered_by, origin.entered_at, "submission.entered", about, within=within, channel=channel
    )
    return origin.entered_at


def _refuse_untaken(session: Session, submission: NewSubmission) -> None:
    came_otherwise = submission.origin is not None or submission.late
    # What comes after the window waits for whoever is concluding, and the other way round.
    lock = {"read": True} if came_otherwise else None
    consultation = session.get_one(
        Consultation, submission.consultation_id, with_for_update=lock, populate_existing=came_otherwise
    )
    if consultation.concluded_at is not None:
        raise Concluded
    phase = consultations.phase_for_receipt(session, consultation, submission.received_at)
    if phase is not Phase.OPEN and not (phase is Phase.CLOSED and submission.late):
        raise NotTaken(phase)


def _use_late_code(session: Session, submission: NewSubmission) -> None:
    code_id = submission.late_code_id
    if code_id is None:
        return
    if not late_entry.use_up(session, code_id, submission.consultation_id, submission.received_at):
        raise Conflict("late_code_gone")


@dataclass(frozen=True)
class _Public:
    """The public form, not yet stored, and why it would wait whatever the store says."""

    row: DisplayedComment
    words: Words
    reasons: frozenset[HoldReason]


def _displayed(submission: NewSubmission) -> DisplayedComment:
    masked = anonymise(submission.comment, submission.keep)
    return DisplayedComment(
        consultation_id=submission.consultation_id,
        number=new_number(),
        displayed_at=submission.received_at,
        text_hash=text_hash(submission.comment),
        masked_name=public_name(submission.identity),
        title=anonymise(submission.title, submission.keep).text,
        text=masked.text,
        wordings=_wordings(submission.clauses, masked),
    )


def _wordings(clauses: Sequence[ChosenClause], masked: Masked) -> list[dict[str, Any]] | None:
    """Where the proposed wordings stand in the masked comment."""
    covered = [Extent(span.start, span.end) for span in masked.spans]
    found = [
        {"clause_id": str(clause.id), "start": moved.start, "end": moved.end}
        for clause in clauses
        if clause.places and clause.places.wording
        for moved in [after_covering(clause.places.wording, covered, len(MASK))]
    ]
    return found or None


def _clause_row(submission_id: uuid.UUID, clause: ChosenClause) -> SubmissionClause:
    text = clause.places.text if clause.places else None
    wording = clause.places.wording if clause.places else None
    return SubmissionClause(
        submission_id=submission_id,
        clause_id=clause.id,
        text_hash=clause.text_hash,
        text_start=text.start if text else None,
        text_end=text.end if text else None,
        wording_start=wording.start if wording else None,
        wording_end=wording.end if wording else None,
    )
