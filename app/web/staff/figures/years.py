"""The year's figures for the website's annual report: by drafting department, with the consultations, and as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.exports import ledger as exports
from app.exports.tabular import Cell, csv_bytes, write_xlsx
from app.figures import years
from app.figures.years import RESULTS_DUE_DAYS, OfYear, YearSum
from app.kit.clock import BEIJING, beijing_day
from app.kit.errors import BadRequest
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.public.charts import BarChart, bar_chart
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import number_of
from app.web.templating import page

PATH = "/staff/figures/years"
EXPORTED = "yearly_figures"
ViewsFigures = Annotated[Actor, allowed(Permission.VIEW_FIGURES)]
COUNTED: Mapping[str, str] = {
    "opened": N_("Consultations opened"),
    "opinions": N_("Opinions received"),
    "published": N_("Results published"),
    "adoption_published": N_("Results on adoption published"),
    "overdue": N_("Results overdue"),
}
"""What is counted of a year, by the name that its figure has in `YearSum`, and what the column is called."""
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class SumRow:
    """One drafting department's year, in the order of COUNTED; the empty id is all of them together."""

    department_id: str
    name: str
    figures: Sequence[int]


@dataclass(frozen=True)
class YearView:
    year: int
    rows: Sequence[SumRow]
    whole: SumRow
    opinions: BarChart
    listed: Sequence[OfYear]


@router.get(PATH, name="staff_figures_years")
def show(
    request: Request, actor: ViewsFigures, session: ReadSession, now: Now, department: str = "", counted: str = ""
) -> Response:
    """`department` and `counted` narrow the list of consultations to those that a figure counts."""
    today = beijing_day(now)
    choices = years.years(session, today)
    year = _year(request.query_params.get("year", ""), choices)
    counted = counted if counted in COUNTED else ""
    context = {
        "asked": None,
        "f": _view(session, year, today, department, counted),
        "years": choices,
        "counted": [(name, _(words)) for name, words in COUNTED.items()],
        "chosen": {"department": department, "counted": counted},
        "due_days": RESULTS_DUE_DAYS,
        "formats": [("xlsx", _("Workbook (XLSX)")), ("csv", _("Table (CSV)"))],
        "today": today,
    }
    return page(request, "staff/figures/years.html", context)


@router.post(PATH + "/file", name="staff_figures_years_file")
def take_out(sent: OwnForm, actor: ViewsFigures, session: WriteSession, now: Now) -> Response:
    """That it was taken out is on record before it leaves. Raises BadRequest, Conflict("exports_frozen")."""
    today = beijing_day(now)
    year, kind = number_of(sent.form.get("year", ""), 0), sent.form.get("format", "")
    if year not in years.years(session, today) or kind not in MEDIA:
        raise BadRequest("bad_form")
    found = _view(session, year, today, "", "")
    rows = [_cells(one) for one in (*found.rows, found.whole)]
    exports.note(session, actor, now, EXPORTED, len(rows))
    name = f"figures-{year}-{today:%Y%m%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_file(kind, year, rows, now), media_type=MEDIA[kind], headers=headers)


def _view(session: Session, year: int, today: date, department: str, counted: str) -> YearView:
    found, names = years.of_year(session, year, today), departments.names(session)
    drafting = sorted({one.department_id for one in found}, key=lambda id: names.get(id, id))
    rows = [
        _sum(id, names.get(id, id), years.summed([one for one in found if one.department_id == id])) for id in drafting
    ]
    listed = [one for one in found if department in ("", one.department_id) and (not counted or getattr(one, counted))]
    opinions = bar_chart({row.name: row.figures[list(COUNTED).index("opinions")] for row in rows})
    return YearView(year, rows, _sum("", _("All together"), years.summed(found)), opinions, listed)


def _sum(department_id: str, name: str, summed: YearSum) -> SumRow:
    return SumRow(department_id, name, [getattr(summed, counted) for counted in COUNTED])


def _year(given: str, choices: Sequence[int]) -> int:
    asked = number_of(given, choices[0])
    return asked if asked in choices else choices[0]


def _cells(row: SumRow) -> list[Cell]:
    return [row.name, *row.figures]


def _file(kind: str, year: int, rows: Sequence[Sequence[Cell]], now: datetime) -> bytes:
    headings = [_("Drafting department"), *(_(words) for words in COUNTED.values())]
    if kind == "csv":
        return b"".join(csv_bytes(headings, rows))
    made = BytesIO()
    said = {"year": year, "at": f"{now.astimezone(BEIJING):%Y-%m-%d %H:%M}"}
    write_xlsx(made, str(year), headings, rows, _("Figures of %(year)s, as of %(at)s (Beijing time)") % said)
    return made.getvalue()
