"""Reading what was rolled up: a fixed number of queries, none of which reads a record of the work itself."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.figures.buckets import Distribution
from app.figures.folding import ONLY_ROW
from app.figures.measures import Measure, Stage
from app.figures.models import BacklogAge, FiguresProgress, StageTime

Measured = Mapping[tuple[Measure, str], Distribution]
"""Measure and department → how many there were after how many working days."""


@dataclass(frozen=True)
class Period:
    """From the first day to the last one, both included, in Beijing; of one consultation or of all."""

    first: date
    last: date
    consultation_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Waits:
    """How much of one department's, or of the desk's, waits at a stage in one class of age."""

    stage: Stage
    department_id: str
    age: int
    n: int
    late: int


def measured(session: Session, period: Period) -> Measured:
    """One query; what there was none of is missing."""
    query = (
        select(
            StageTime.measure,
            StageTime.department_id,
            StageTime.days,
            func.sum(StageTime.n),
            func.max(StageTime.longest),
        )
        .where(StageTime.day >= period.first, StageTime.day <= period.last)
        .group_by(StageTime.measure, StageTime.department_id, StageTime.days)
    )
    if period.consultation_id is not None:
        query = query.where(StageTime.consultation_id == period.consultation_id)
    counts: dict[tuple[Measure, str], dict[int, int]] = {}
    longest: dict[tuple[Measure, str], int] = {}
    for measure, department_id, days, n, most in session.execute(query):
        cell = (measure, department_id)
        counts.setdefault(cell, {})[days] = int(n)
        longest[cell] = max(longest.get(cell, 0), most)
    return {cell: Distribution(found, longest[cell]) for cell, found in counts.items()}


def backlog(session: Session, consultation_id: uuid.UUID | None) -> Sequence[Waits]:
    """What waited when it was last counted; one query."""
    cell = (BacklogAge.stage, BacklogAge.department_id, BacklogAge.age)
    query = select(*cell, func.sum(BacklogAge.n), func.sum(BacklogAge.late)).group_by(*cell)
    if consultation_id is not None:
        query = query.where(BacklogAge.consultation_id == consultation_id)
    return [
        Waits(stage, department, age, int(n), int(late)) for stage, department, age, n, late in session.execute(query)
    ]


def progress(session: Session) -> FiguresProgress | None:
    """How far the figures are; None where nobody has ever worked them out."""
    return session.get(FiguresProgress, ONLY_ROW)
