"""What time brings to assignments, some hundred at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.assignments import reminding
from app.jobs.ledger import enqueue

JOB = "remind_departments"


def keep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Lets clocks go on whose question is over, then reminds who is due; comes again at once while there are more."""
    settled = reminding.settle_questions(session, now)
    session.flush()
    reminded = reminding.remind_due(session, now)
    if reminding.AT_ONCE in (settled, reminded):
        enqueue(session, JOB, now)
