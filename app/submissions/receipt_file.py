"""The receipt file of one submission, and why there may be none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.kit.signing import Signer
from app.submissions.models import Submission
from app.submissions.promises import SEALED_WITHIN, receipt_fields
from app.transparency import queries, receipt_files
from app.transparency.commitments import Value, commitment
from app.transparency.models import EntryKind, LogEntry
from app.transparency.promising import promised


class NoFile(StrEnum):
    """OLDER: it was sent before the log began. FORGOTTEN: what was committed to was erased. ALTERED: what the store
    holds is not what was received."""

    OLDER = "older"
    FORGOTTEN = "forgotten"
    ALTERED = "altered"


@dataclass(frozen=True)
class ReceiptFile:
    """`content` is None where there is no file, for the reason `why_not`."""

    content: dict[str, Any] | None
    why_not: NoFile | None = None


def receipt_file(session: Session, signer: Signer, submission: Submission) -> ReceiptFile:
    """As it stands now: with proofs of whatever is sealed. The caller has verified that the reader may have it."""
    entries = queries.entries_of(session, submission.consultation_id, submission.id)
    first = next((entry for entry in entries if entry.kind is EntryKind.RECEIPT), None)
    if first is None:
        return ReceiptFile(None, NoFile.OLDER)
    if first.salt is None:
        return ReceiptFile(None, NoFile.FORGOTTEN)
    fields = receipt_fields(session, submission)
    if commitment(first.kind.value, first.at, first.salt, fields) != first.commitment:
        return ReceiptFile(None, NoFile.ALTERED)
    told: list[tuple[LogEntry, dict[str, Value]]] = [(first, fields)]
    told += [(entry, entry.said) for entry in entries if entry.said is not None and entry.salt is not None]
    promise = promised(signer, submission.receipt_number, first.commitment, first.at, SEALED_WITHIN)
    return ReceiptFile(receipt_files.make(session, signer, promise, told))
