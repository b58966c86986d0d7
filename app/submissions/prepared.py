"""Everything that a submission will be in the store, made before the store is kept busy.

Sealing, masking and the installation's own checker take their time; a transaction only asks what the store alone knows
and inserts what lies ready here.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.audit import ledger as audit
from app.audit.models import AuditEntry
from app.kit.database import Model
from app.kit.identifiers import new_id
from app.masking.anonymise import MASK, Masked, anonymise
from app.permissions import Actor, ActorKind
from app.submissions import promises
from app.submissions.arriving import ChosenClause, NewSubmission
from app.submissions.attachments import row_of
from app.submissions.composing import Extent, after_covering
from app.submissions.guard import folded_hash
from app.submissions.guarding import Arrival, Guard, Words, new_number
from app.submissions.identity import public_name
from app.submissions.lifecycle import HoldReason, SubmissionState
from app.submissions.messages import receipt_message
from app.submissions.models import (
    DisplayedComment,
    LateSubmission,
    QuarantinedSubmission,
    Submission,
    SubmissionClause,
    SubmissionOrigin,
)
from app.submissions.receipts import Receipt, Receipts
from app.submissions.vault import Vault


@dataclass(frozen=True)
class Prepared:
    """A submission's rows: its own, the public form, and all `others`, which lead to it."""

    submission: NewSubmission
    receipt: Receipt
    fingerprint: str
    row: Submission
    others: Sequence[Model]
    public: Arrival | None


class Preparer:
    """Makes rows of submissions; owes their senders a message where `owes_receipts`."""

    def __init__(self, vault: Vault, receipts: Receipts, guard: Guard, *, owes_receipts: bool) -> None:
        self._vault = vault
        self._receipts = receipts
        self._guard = guard
        self._owes_receipts = owes_receipts

    @property
    def is_prompt(self) -> bool:
        """Whether it asks nobody outside this process: neither a site's own key store nor its own checker."""
        return self._vault.has_own_keys and not self._guard.asks_checker

    def lay_out(self, submission: NewSubmission) -> Prepared:
        """The same form gets the same receipt and the same fingerprint each time; its rows have new ids."""
        receipt = self._receipts.of_token(submission.token)
        row = self._row(submission, receipt)
        public = self._public(submission, row.id) if submission.display else None
        return Prepared(submission, receipt, row.fingerprint, row, self._others(submission, row), public)

    def _row(self, submission: NewSubmission, receipt: Receipt) -> Submission:
        return Submission(
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
            fingerprint=self._vault.fingerprint(*submission.content()),
            submitter_kind=submission.submitter_kind,
            organisation_type=submission.organisation_type,
            state=SubmissionState.QUARANTINED if submission.quarantine else SubmissionState.RECEIVED,
        )

    def _others(self, submission: NewSubmission, row: Submission) -> Sequence[Model]:
        clauses = [_clause_row(row.id, clause) for clause in submission.clauses]
        files = [row_of(file, row.id, place) for place, file in enumerate(submission.files, 1)]
        at = submission.origin.entered_at if submission.origin else submission.received_at
        rows: list[Model] = [
            *self._vault.seal(submission.identity, row.id, row.consultation_id),
            *clauses,
            *files,
            *_special(submission, row.id),
            _audit_entry(submission, row.id),
            promises.receipt_entry(row, clauses, files, at),
        ]
        if self._owes_receipts and submission.identity.email and not submission.quarantine:
            rows.append(receipt_message(at, row.id, row.consultation_id))
        return rows

    def _public(self, submission: NewSubmission, submission_id: uuid.UUID) -> Arrival:
        words = Words(submission.title, submission.comment)
        reasons = self._guard.ask_checker(words) | submission.hold_for
        if submission.quarantine:
            reasons |= {HoldReason.QUARANTINE}
        return Arrival(_displayed(submission, submission_id, folded_hash(words.folded_comment)), words, reasons)


def _special(submission: NewSubmission, submission_id: uuid.UUID) -> list[Model]:
    """What only some have: doubts, a late code, somebody who entered it."""
    rows: list[Model] = []
    if submission.quarantine:
        reasons = sorted(submission.quarantine)
        rows.append(QuarantinedSubmission(submission_id=submission_id, reasons=reasons, at=submission.received_at))
    if submission.late_code_id is not None:
        rows.append(LateSubmission(submission_id=submission_id, late_code_id=submission.late_code_id))
    if submission.origin is not None:
        rows.append(
            SubmissionOrigin(
                submission_id=submission_id,
                entered_by=submission.origin.entered_by.id,
                entered_at=submission.origin.entered_at,
                missing=list(submission.origin.missing),
                remark=submission.origin.remark,
            )
        )
    return rows


def _audit_entry(submission: NewSubmission, submission_id: uuid.UUID) -> AuditEntry:
    about, within, origin = ("submission", submission_id), submission.consultation_id, submission.origin
    if origin is None:
        sender = Actor(ActorKind.CITIZEN, "", frozenset(), request_id=submission.request_id)
        return audit.entry(sender, submission.received_at, "submission.received", about, within=within)
    channel = submission.channel.value
    return audit.entry(
        origin.entered_by, origin.entered_at, "submission.entered", about, within=within, channel=channel
    )


def _displayed(submission: NewSubmission, submission_id: uuid.UUID, text_hash: str) -> DisplayedComment:
    masked = anonymise(submission.comment, submission.keep)
    return DisplayedComment(
        submission_id=submission_id,
        consultation_id=submission.consultation_id,
        number=new_number(),
        displayed_at=submission.received_at,
        text_hash=text_hash,
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
