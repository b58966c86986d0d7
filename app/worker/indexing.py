"""Making what has come in findable by its words, after the intake: taking a comment in costs nothing more."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.jobs import ledger
from app.submissions import search_index

JOB = "index_submissions"
BATCH = 500


def index(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Adds what waits, the earliest first; where a whole batch was waiting, goes on at once."""
    found = search_index.waiting(session, BATCH)
    search_index.add(session, found)
    if len(found) == BATCH:
        ledger.enqueue(session, JOB, now)
