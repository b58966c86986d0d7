"""Rolling up what happened on each day, and what waits now: by the worker, and anew by a command.

A day's rows are worked out from the records alone and replace those that were there. So it doesn't matter how often,
in which order or by whom a day is rolled up.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.consultations.models import Consultation
from app.figures import backlog, sources
from app.figures.backlog import Waiting
from app.figures.buckets import bucket_of
from app.figures.measures import Measure
from app.figures.models import FiguresProgress, StageTime
from app.figures.sources import Stretch
from app.kit.clock import beijing_day, end_of_beijing_day

ONE_DAY = timedelta(days=1)
LET_SETTLE = timedelta(minutes=10)
"""After midnight a day isn't taken for over yet: what began before may still be committed."""
ROWS_AT_ONCE = 500
ONLY_ROW = 1
Cell = tuple[uuid.UUID, Measure, str, int]
"""Consultation, measure, department, and the bucket of working days."""


@dataclass(frozen=True)
class Rolled:
    """A day's rows: cell → how many, and the longest among them."""

    day: date
    cells: Mapping[Cell, tuple[int, int]]


def next_days(session: Session, most: int) -> Sequence[date]:
    """The days from the first that isn't whole yet, whether or not they have come; none without a consultation."""
    first = _next(session, session.get(FiguresProgress, ONLY_ROW))
    return [first + n * ONE_DAY for n in range(most)] if first else []


def first_day(session: Session) -> date | None:
    """The day before which nothing can have happened; None without a consultation."""
    earliest = select(func.min(Consultation.opens_at), func.min(Consultation.created_at))
    instants: list[datetime] = [at for at in session.execute(earliest).one() if at is not None]
    return beijing_day(min(instants)) if instants else None


def roll_up(session: Session, day: date) -> Rolled:
    """Works a day out; changes nothing."""
    calendar = calendars.calendar(session)
    stretch = Stretch(end_of_beijing_day(day - ONE_DAY), end_of_beijing_day(day))
    cells: dict[Cell, tuple[int, int]] = {}
    for ended in sources.ended_in(session, stretch):
        days = calendar.count(ended.since, day).working_days
        cell = (ended.consultation_id, ended.measure, ended.department_id, bucket_of(days))
        n, longest = cells.get(cell, (0, 0))
        cells[cell] = (n + ended.n, max(longest, days))
    return Rolled(day, cells)


def keep(
    session: Session, now: datetime, rolled: Iterable[Rolled], waiting: Sequence[Waiting] | None = None
) -> date | None:
    """Puts the days that have begun in place of what was there, and what waits; the first day that isn't whole yet.

    Whoever comes second waits for the first. Days count as whole from the first one on without a gap, so that whoever
    began before everything was forgotten can leave none out.
    """
    progress = _held(session)
    for one in sorted(rolled, key=lambda one: one.day):
        if one.day > beijing_day(now):
            break
        _replace(session, one)
        if end_of_beijing_day(one.day) + LET_SETTLE <= now and one.day == _next(session, progress):
            progress.folded_until = one.day
    if waiting is not None:
        backlog.replace(session, beijing_day(now), waiting)
        progress.counted_at = now
    return _next(session, progress)


def begin_anew(session: Session) -> None:
    """Forgets everything that was rolled up; `keep` makes it anew."""
    session.execute(delete(StageTime))
    _held(session).folded_until = None


def _next(session: Session, progress: FiguresProgress | None) -> date | None:
    if progress is None or progress.folded_until is None:
        return first_day(session)
    return progress.folded_until + ONE_DAY


def _held(session: Session) -> FiguresProgress:
    found = session.get(FiguresProgress, ONLY_ROW, with_for_update=True, populate_existing=True)
    if found is None:
        found = FiguresProgress(id=ONLY_ROW)
        session.add(found)
        session.flush()
    return found


def _replace(session: Session, rolled: Rolled) -> None:
    session.execute(delete(StageTime).where(StageTime.day == rolled.day))
    rows = [
        {
            "day": rolled.day,
            "consultation_id": consultation_id,
            "measure": measure,
            "department_id": department_id,
            "days": bucket,
            "n": n,
            "longest": longest,
        }
        for (consultation_id, measure, department_id, bucket), (n, longest) in sorted(rolled.cells.items())
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(StageTime), rows[start : start + ROWS_AT_ONCE])
