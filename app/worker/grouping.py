"""Finding submissions of the same content among what has come in, after the intake and in portions."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.campaigns import sweeping
from app.jobs import ledger

JOB = "group_submissions"
BATCH = 50
"""So few that other writers wait for a fraction of a second."""


def sweep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Where a whole batch was waiting, goes on at once."""
    if sweeping.sweep(session, now, BATCH) == BATCH:
        ledger.enqueue(session, JOB, now)
