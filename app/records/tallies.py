"""What the transparency log says at the end of a consultation: how many receipts have no decision in it."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.records.stages import ConclusionKind
from app.transparency import ledger, queries
from app.transparency.models import EntryKind


def note(session: Session, at: datetime, consultation_id: uuid.UUID, kind: ConclusionKind) -> None:
    """Counted in the log itself, so that a comment whose rows were removed is among those without a decision."""
    session.flush()
    found = queries.tally(session, consultation_id)
    fields = {
        "consultation": str(consultation_id),
        "end": kind.value,
        "receipts": found.receipts,
        "without_outcome": found.without_outcome,
    }
    session.add(ledger.entry(EntryKind.TALLY, at, fields, consultation_id=consultation_id))
