"""The disposition report as a page shows it: the same for a published edition and for a preview."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.offices.columns import DISPOSITIONS
from app.reporting.report import ClauseFigures, PointLine, ReportFigures, ReportRow
from app.reporting.suppression import LEAST
from app.web import labels
from app.web.i18n import gettext as _
from app.web.public import charts
from app.web.public.charts import BarChart
from app.web.public.views import clause_name
from app.web.reports.words import POINT_LINES, SUBMISSION_LINES

ALWAYS = tuple(PointLine(kind.value) for kind in DISPOSITIONS)
Line = tuple[str, int]


@dataclass(frozen=True)
class ClauseLine:
    name: str
    submissions: int
    suggestions: int
    taken_up: int


@dataclass(frozen=True)
class ReportView:
    """`lines` and `points` add up to their totals; `clauses` without those of which nothing is counted."""

    figures: ReportFigures
    lines: Sequence[Line]
    points: Sequence[Line]
    channels: Sequence[Line]
    clauses: Sequence[ClauseLine]
    chart: BarChart
    occupations: Sequence[Line]
    others: str
    least: int = LEAST


@dataclass(frozen=True)
class RowView:
    row: ReportRow
    clause: str


def report_view(figures: ReportFigures) -> ReportView:
    clauses = [_clause(clause) for clause in figures.clauses]
    occupations = list(figures.occupations.shown.items())
    if figures.occupations.hidden_sum:
        occupations.append((_("Others together"), figures.occupations.hidden_sum))
    points = figures.points
    return ReportView(
        figures=figures,
        lines=[(_(SUBMISSION_LINES[line]), n) for line, n in figures.lines.items() if n],
        points=[
            (_(POINT_LINES[line]), points.get(line, 0)) for line in PointLine if points.get(line) or line in ALWAYS
        ],
        channels=[(labels.label(channel), n) for channel, n in figures.channels.items()],
        clauses=[one for one in clauses if one.submissions or one.suggestions],
        chart=charts.bar_chart({one.name: one.suggestions for one in clauses if one.suggestions}),
        occupations=occupations,
        others="、".join(figures.occupations.hidden) if figures.occupations.hidden_sum else "",
    )


def row_views(rows: Sequence[ReportRow]) -> list[RowView]:
    return [RowView(row, _name(row.clause_number, row.clause_heading, row.clause_label)) for row in rows]


def _clause(clause: ClauseFigures) -> ClauseLine:
    name = _name(clause.number, clause.heading, clause.label)
    return ClauseLine(name, clause.submissions, clause.suggestions, clause.taken_up)


def _name(number: str, heading: str, label: str) -> str:
    return clause_name(number, heading) or label or _("The draft as a whole")
