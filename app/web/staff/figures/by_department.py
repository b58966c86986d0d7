"""What departments have, how long they took, and what happened to their assignments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from app.assignments.lifecycle import AssignmentState
from app.consultations.models import Consultation
from app.departments.models import Department
from app.figures.buckets import Distribution
from app.figures.measures import HAPPENINGS, HELD_BY_DEPARTMENTS, OF_DEPARTMENTS, Measure
from app.figures.queries import Measured, Waits
from app.web import figure_words
from app.web.public.charts import BarChart, bar_chart
from app.web.staff.figures import turnaround, waiting
from app.web.staff.figures.turnaround import MEDIAN, NINETIETH


@dataclass(frozen=True)
class HeldRow:
    """What one department has now; the addresses are those of the lists."""

    name: str
    counts: Sequence[int]
    number: int
    late: int
    url: str
    late_url: str


@dataclass(frozen=True)
class Took:
    """How often a department took a step, and how many working days it took, in words."""

    number: int
    median: str
    ninetieth: str
    longest: str


@dataclass(frozen=True)
class DepartmentRow:
    """What one department did in the period: its steps and what happened, in the order of the columns."""

    name: str
    took: Sequence[Took]
    happened: Sequence[int]


@dataclass(frozen=True)
class DepartmentsView:
    held: Sequence[HeldRow]
    states: Sequence[AssignmentState]
    rows: Sequence[DepartmentRow]
    late: BarChart
    answering: BarChart


def view(
    request: Request,
    departments: Sequence[Department],
    found: Sequence[Waits],
    measured: Measured,
    chosen: Consultation | None,
) -> DepartmentsView:
    """Departments in the directory's order; those of which there is nothing to tell are left out."""
    holding = {one.department_id for one in found if one.department_id}
    acting = {department_id for _, department_id in measured if department_id}
    held = [_held(request, one, found, chosen) for one in departments if one.id in holding]
    return DepartmentsView(
        held=held,
        states=[waiting.ON_BOARD[stage] for stage in HELD_BY_DEPARTMENTS],
        rows=[_row(one, measured) for one in departments if one.id in acting],
        late=bar_chart({row.name: row.late for row in held}),
        answering=bar_chart(_medians(departments, measured)),
    )


def _held(request: Request, one: Department, found: Sequence[Waits], chosen: Consultation | None) -> HeldRow:
    theirs = [waits for waits in found if waits.department_id == one.id]
    counts = [sum(waits.n for waits in theirs if waits.stage is stage) for stage in HELD_BY_DEPARTMENTS]
    return HeldRow(
        name=one.name,
        counts=counts,
        number=sum(counts),
        late=sum(waits.late for waits in theirs),
        url=waiting.board(request, chosen, department=one.id),
        late_url=waiting.board(request, chosen, department=one.id, late="1"),
    )


def _row(one: Department, measured: Measured) -> DepartmentRow:
    return DepartmentRow(
        name=one.name,
        took=[_took(turnaround.of(measured, measure, one.id)) for measure in OF_DEPARTMENTS],
        happened=[turnaround.of(measured, measure, one.id).n for measure in HAPPENINGS],
    )


def _took(found: Distribution) -> Took:
    return Took(
        found.n,
        figure_words.read(found.quantile(MEDIAN)),
        figure_words.read(found.quantile(NINETIETH)),
        figure_words.longest(found),
    )


def _medians(departments: Sequence[Department], measured: Measured) -> Mapping[str, int]:
    """Department → the median of its answering, of those of which it is told."""
    read = {one.name: turnaround.of(measured, Measure.ANSWERED, one.id).quantile(MEDIAN) for one in departments}
    return {name: found.least for name, found in read.items() if found is not None}
