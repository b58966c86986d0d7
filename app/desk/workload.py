"""Who has how much to screen, and how it goes on from day to day: from the counts that the store keeps."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.consultations.models import Consultation
from app.counters import ledger as counters
from app.desk.reader import SCREENING_DAYS
from app.kit.clock import beijing_day, end_of_beijing_day
from app.screening.models import ScreeningDecision
from app.submissions.lifecycle import UNCOUNTED, SubmissionState
from app.submissions.models import Submission

ONE_DAY = timedelta(days=1)
DAYS_SHOWN = 14


@dataclass(frozen=True)
class Load:
    """What waits with one person, since when the oldest of it, and on how many they decided today (in Beijing).

    `staff_id` is empty for what is nobody's.
    """

    staff_id: str
    waiting: int
    oldest: datetime | None
    decided_today: int


@dataclass(frozen=True)
class Day:
    """One day in Beijing: how many came in and were decided on, and how many waited at its end."""

    day: date
    received: int
    decided: int
    backlog: int


@dataclass(frozen=True)
class Progress:
    """`due` is the last day for screening; `needed` the number to decide on each working day left, today included.

    Nothing is needed once nothing waits; after the last day, all that waits is.
    """

    days: Sequence[Day]
    backlog: int
    due: date
    working_days_left: int
    needed: int


def loads(session: Session, consultation_id: uuid.UUID, at: datetime) -> list[Load]:
    """Everybody with something waiting or decided today, and nobody. A query for each whom something waits with."""
    waiting = {
        person: number
        for (person, state), number in counters.by_value(session, "submissions.person", consultation_id.hex).items()
        if state == SubmissionState.RECEIVED and number > 0
    }
    decided = _decided_today(session, consultation_id, at)
    return [
        Load(person, waiting.get(person, 0), _oldest(session, consultation_id, person), decided.get(person, 0))
        for person in sorted({"", *waiting, *decided})
    ]


def progress(session: Session, consultation: Consultation, at: datetime, shown: int = DAYS_SHOWN) -> Progress:
    """The last `shown` days up to today, none before the opening, oldest first, and what is still to be done."""
    received = _by_day(counters.by_value(session, "submissions.day", consultation.id.hex))
    decided = _by_day(counters.by_value(session, "decisions.day", consultation.id.hex))
    waiting = counters.by_value(session, "submissions.channel", consultation.id.hex)
    backlog = sum(number for (_, state), number in waiting.items() if state == SubmissionState.RECEIVED)
    today = beijing_day(at)
    days, left = [], backlog
    for day in (today - n * ONE_DAY for n in range(min(shown, (today - beijing_day(consultation.opens_at)).days + 1))):
        days.append(Day(day, received.get(day, 0), decided.get(day, 0), max(0, left)))
        left += decided.get(day, 0) - received.get(day, 0)
    calendar = calendars.calendar(session)
    due = calendar.after(beijing_day(consultation.closes_at), SCREENING_DAYS).day
    working_days = calendar.count(today - ONE_DAY, due).working_days
    return Progress(days[::-1], backlog, due, working_days, -(-backlog // max(1, working_days)))


def _by_day(counted: dict[tuple[str, str], int]) -> dict[date, int]:
    """Day → how many, in whatever state, but for what is in no number."""
    found: dict[date, int] = {}
    for (day, state), number in counted.items():
        if state not in UNCOUNTED:
            found[date.fromisoformat(day)] = found.get(date.fromisoformat(day), 0) + number
    return found


def _decided_today(session: Session, consultation_id: uuid.UUID, at: datetime) -> dict[str, int]:
    """Person → how many of their decisions of today stand. Reads one day's decisions."""
    rows = session.execute(
        select(ScreeningDecision.decided_by, func.count())
        .join(Submission, Submission.id == ScreeningDecision.submission_id)
        .where(
            ScreeningDecision.decided_at >= end_of_beijing_day(beijing_day(at) - ONE_DAY),
            ScreeningDecision.undone_at.is_(None),
            Submission.consultation_id == consultation_id,
        )
        .group_by(ScreeningDecision.decided_by)
    )
    return {row.decided_by: row[1] for row in rows}


def _oldest(session: Session, consultation_id: uuid.UUID, person: str) -> datetime | None:
    whose = Submission.allocated_to == person if person else Submission.allocated_to.is_(None)
    return session.scalar(
        select(Submission.received_at)
        .where(Submission.consultation_id == consultation_id, Submission.state == SubmissionState.RECEIVED, whose)
        .order_by(Submission.received_at, Submission.id)
        .limit(1)
    )
