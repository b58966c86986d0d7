"""How long each step took, and how often second looks differed."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.figures.buckets import Distribution, together
from app.figures.measures import STEPS, Measure
from app.figures.queries import Measured
from app.screening import second_looks
from app.web import figure_words
from app.web.i18n import gettext as _
from app.web.public.charts import BarChart, bar_chart

MEDIAN, NINETIETH = 50, 90


@dataclass(frozen=True)
class StepRow:
    """One step: how often it was taken, and the working days that it took, in words."""

    name: str
    what: str
    number: int
    median: str
    ninetieth: str
    longest: str


@dataclass(frozen=True)
class TurnaroundView:
    """`medians` are those that are told, by the beginning of their span. `percent` is None where it isn't told."""

    steps: Sequence[StepRow]
    medians: BarChart
    looked_at: int
    differed: int
    percent: int | None


def view(measured: Measured) -> TurnaroundView:
    found = {measure: of(measured, measure) for measure in Measure}
    medians = {measure: found[measure].quantile(MEDIAN) for measure in STEPS}
    looked_at, differed = found[Measure.LOOKED_AT].n, found[Measure.DIFFERED].n
    return TurnaroundView(
        steps=[_row(measure, found[measure]) for measure in STEPS],
        medians=bar_chart(
            {_(figure_words.STEPS[measure][0]): read.least for measure, read in medians.items() if read is not None}
        ),
        looked_at=looked_at,
        differed=differed,
        percent=second_looks.percent(looked_at, differed),
    )


def of(measured: Measured, measure: Measure, department_id: str | None = None) -> Distribution:
    """Of one department, or of all together."""
    parts = (
        found for (one, department), found in measured.items() if one is measure and department_id in (None, department)
    )
    return together(parts)


def _row(measure: Measure, found: Distribution) -> StepRow:
    name, what = figure_words.STEPS[measure]
    return StepRow(
        name=_(name),
        what=_(what),
        number=found.n,
        median=figure_words.read(found.quantile(MEDIAN)),
        ninetieth=figure_words.read(found.quantile(NINETIETH)),
        longest=figure_words.longest(found),
    )
