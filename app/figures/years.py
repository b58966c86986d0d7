"""The year's figures for a government website's annual report (政府网站工作年度报表): consultations, opinions, results.

A year is Beijing's. What that report's form asks is known at second hand (docs/figures.md); the definitions are ours.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.counters import ledger as counters
from app.kit.clock import beijing_day
from app.records.models import Conclusion, ResultReport
from app.records.stages import ConclusionKind, ResultStage
from app.submissions.lifecycle import UNCOUNTED

RESULTS_DUE_DAYS = 30
"""Calendar days after the closing within which results are published.

The national rules that are known to us set no period for it, and a consultation's rules have none either; the time that
normative documents are open for comment is taken, so that people wait no longer than they were given.
"""


@dataclass(frozen=True)
class OfYear:
    """One consultation in one year. `opinions` are those received in it (份), `due_on` the last day for its results.

    `results_on` is when the first of its results was published, be it in another year; `adopted_on` when that on their
    adoption was. Each flag tells whether it counts in this year.
    """

    id: uuid.UUID
    slug: str
    title: str
    department_id: str
    opened_on: date
    closes_on: date
    due_on: date
    results_on: date | None
    adopted_on: date | None
    opinions: int
    opened: bool
    published: bool
    adoption_published: bool
    overdue: bool

    @property
    def counts(self) -> bool:
        return self.opened or self.published or self.adoption_published or self.overdue or self.opinions > 0


@dataclass(frozen=True)
class YearSum:
    """What the consultations of one department, or of all, add up to in a year."""

    opened: int
    opinions: int
    published: int
    adoption_published: int
    overdue: int


@dataclass(frozen=True)
class _Published:
    first: Mapping[uuid.UUID, date]
    adoption: Mapping[uuid.UUID, date]


def of_year(session: Session, year: int, today: date) -> list[OfYear]:
    """Every consultation that counts in the year in whatever way, in the order of opening. Four queries."""
    published, opinions = _published(session), _opinions(session, year)
    found = [_of_year(row, year, today, published, opinions) for row in _made_public(session)]
    return sorted((one for one in found if one.counts), key=lambda one: (one.opened_on, one.slug))


def years(session: Session, today: date) -> list[int]:
    """Every year since the first opening, the newest first; this year at least."""
    earliest = min((beijing_day(row.opens_at).year for row in _made_public(session)), default=today.year)
    return list(range(today.year, min(earliest, today.year) - 1, -1))


def summed(rows: Sequence[OfYear]) -> YearSum:
    return YearSum(
        opened=sum(row.opened for row in rows),
        opinions=sum(row.opinions for row in rows),
        published=sum(row.published for row in rows),
        adoption_published=sum(row.adoption_published for row in rows),
        overdue=sum(row.overdue for row in rows),
    )


@dataclass(frozen=True)
class _Row:
    id: uuid.UUID
    slug: str
    title: str
    department_id: str
    opens_at: datetime
    closes_at: datetime
    state: ConsultationState


def _made_public(session: Session) -> list[_Row]:
    columns = (Consultation.id, Consultation.slug, Consultation.title, Consultation.drafting_department_id)
    query = select(*columns, Consultation.opens_at, Consultation.closes_at, Consultation.state)
    return [_Row(*row) for row in session.execute(query.where(Consultation.state != ConsultationState.DRAFT))]


def _of_year(row: _Row, year: int, today: date, published: _Published, opinions: Mapping[uuid.UUID, int]) -> OfYear:
    opened_on, closes_on = beijing_day(row.opens_at), beijing_day(row.closes_at - timedelta(microseconds=1))
    due_on = closes_on + timedelta(days=RESULTS_DUE_DAYS)
    results_on, adopted_on = published.first.get(row.id), published.adoption.get(row.id)
    owes = row.state not in (ConsultationState.WITHDRAWN, ConsultationState.SUSPENDED)
    return OfYear(
        id=row.id,
        slug=row.slug,
        title=row.title,
        department_id=row.department_id,
        opened_on=opened_on,
        closes_on=closes_on,
        due_on=due_on,
        results_on=results_on,
        adopted_on=adopted_on,
        opinions=opinions.get(row.id, 0),
        opened=opened_on.year == year and opened_on <= today,
        published=results_on is not None and results_on.year == year,
        adoption_published=adopted_on is not None and adopted_on.year == year,
        overdue=owes and due_on.year == year and due_on < (results_on or today),
    )


def _published(session: Session) -> _Published:
    """The first result of each consultation: a report of either stage, or a public end without one."""
    first: dict[uuid.UUID, date] = {}
    adoption: dict[uuid.UUID, date] = {}
    reports = select(ResultReport.consultation_id, ResultReport.stage, ResultReport.published_at)
    for consultation_id, stage, at in session.execute(reports):
        day = beijing_day(at)
        first[consultation_id] = min(day, first.get(consultation_id, day))
        if stage is ResultStage.ADOPTION:
            adoption[consultation_id] = day
    ends = select(Conclusion.consultation_id, Conclusion.concluded_at).where(
        Conclusion.kind != ConclusionKind.COMPLETED
    )
    for consultation_id, at in session.execute(ends):
        day = beijing_day(at)
        first[consultation_id] = min(day, first.get(consultation_id, day))
    return _Published(first, adoption)


def _opinions(session: Session, year: int) -> dict[uuid.UUID, int]:
    """Consultation → how many were received in the year, without what is in no number that the public sees."""
    left_out = {state.value for state in UNCOUNTED}
    received = counters.by_scope(session, "submissions.day", least=f"{year:04}-01-01", below=f"{year + 1:04}-01-01")
    found: dict[uuid.UUID, int] = {}
    for (scope, _day, state), n in received.items():
        if state not in left_out:
            found[uuid.UUID(scope)] = found.get(uuid.UUID(scope), 0) + n
    return found
