"""Rolling the figures up: each day once it is over, the present one and what waits a few times an hour."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.desk import mending
from app.figures import backlog, folding
from app.jobs.ledger import enqueue

JOB = "roll_up_figures"
DAYS_AT_ONCE = 7
ROLLED, WAITING = "rolled", "waiting"


def work_out(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    """The next days and what waits; days that haven't begun yet hold nothing and cost nothing."""
    mending.take_time(session)
    rolled = [folding.roll_up(session, day) for day in folding.next_days(session, DAYS_AT_ONCE)]
    return {ROLLED: rolled, WAITING: list(backlog.standing(session))}


def keep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Comes again at once while there are more days that are over."""
    following = folding.keep(session, now, payload[ROLLED], payload[WAITING])
    rolled = payload[ROLLED]
    if following is not None and rolled and following > rolled[-1].day:
        enqueue(session, JOB, now)
