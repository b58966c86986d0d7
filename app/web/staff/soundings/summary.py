"""The summary of organs' opinions (部门意见汇总): a page for printing, and the same as a table to take away."""

import io
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.exports import ledger as exports
from app.exports.tabular import csv_bytes
from app.kit.clock import beijing_day
from app.kit.errors import NotFound, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.soundings import queries, totals
from app.soundings.actions import MOST_ORGANS
from app.soundings.lifecycle import Disagreement
from app.soundings.models import Sounding
from app.soundings.queries import SummaryRow
from app.web import labels
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import number_of
from app.web.staff.proving import proven
from app.web.staff.soundings import letters_view
from app.web.staff.soundings.earlier_view import clause_words
from app.web.templating import address, page

PATH = "/staff/soundings/{id}/summary"
ROWS_OF_PAGE = 300
MOST_EXPORTED = 20_000
COLUMNS = (N_("No."), N_("Organ"), N_("Clause concerned"), N_("Opinion"), N_("Made of it"), N_("Reason"))
WIDTHS = (6, 24, 20, 60, 14, 50)
"""Characters of a spreadsheet's column."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Reads = Annotated[Actor, allowed(Permission.READ_SOUNDINGS)]
TakesOut = Annotated[Actor, proven(Permission.READ_SOUNDINGS)]
Line = tuple[int, str, str, str, str, str]
After = tuple[int, int, int]
"""Places of the organ and of the opinion that the page before ended with, and the number of its last line."""

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_sounding_summary")
def summary(request: Request, id: uuid.UUID, actor: Reads, session: ReadSession, now: Now, after: str = "") -> Response:
    letter = queries.get(session, id)
    begun, today = _after(after), beijing_day(now)
    found, following = queries.summary(session, id, begun[:2], ROWS_OF_PAGE)
    lines = _lines(session, found, begun[2])
    further = "-".join(map(str, (*following, begun[2] + len(lines)))) if following else ""
    organs = queries.organs(session, id, 0, MOST_ORGANS)[0]
    context: dict[str, Any] = {
        "letter": letter,
        "consultation": session.get_one(Consultation, letter.consultation_id),
        "columns": [_(name) for name in COLUMNS],
        "lines": lines,
        "totals": totals.of_letters(session, [id], today)[id],
        "groups": letters_view.by_standing(letters_view.organ_rows(session, letter, organs, today)),
        "today": today,
        "next_url": address(request, "staff_sounding_summary", id=id, after=further) if further else None,
    }
    return page(request, "staff/soundings/summary.html", context)


@router.post(PATH + "/export", name="staff_export_soundings")
def export(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: TakesOut, session: WriteSession, now: Now
) -> Response:
    """That it was taken out is on record before the first byte leaves.

    Raises NotFound, Conflict("exports_frozen"), Unprocessable("export_too_large").
    """
    letter = queries.get(session, id)
    number = totals.of_letters(session, [id], beijing_day(now))[id].opinions
    if number > MOST_EXPORTED:
        raise Unprocessable("export_too_large", limit=MOST_EXPORTED)
    exports.note(session, actor, now, "organ_opinions", number)
    as_workbook = sent.form.get("format", "") == "xlsx"
    lines = _all(session, letter)
    content = _workbook(lines) if as_workbook else _table(lines)
    name = f"organ-opinions-{beijing_day(now):%Y%m%d}.{'xlsx' if as_workbook else 'csv'}"
    return Response(
        content,
        media_type=XLSX if as_workbook else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _after(said: str) -> After:
    """Raises NotFound for what is no place of ours."""
    if not said:
        return 0, 0, 0
    parts = [number_of(part, -1) for part in said.split("-")]
    if len(parts) != len(("organ", "opinion", "line")) or min(parts) < 0:
        raise NotFound
    return parts[0], parts[1], parts[2]


def _all(session: Session, letter: Sounding) -> Iterator[Line]:
    after: tuple[int, int] | None = (0, 0)
    number = 0
    while after is not None:
        found, after = queries.summary(session, letter.id, after, ROWS_OF_PAGE)
        yield from _lines(session, found, number)
        number += len(found)


def _lines(session: Session, rows: Sequence[SummaryRow], before: int) -> list[Line]:
    """Numbered on after `before`; one query for the clauses."""
    clauses = clause_words(session, (row.opinion.clause_id for row in rows))
    return [
        (
            number,
            row.organ.name,
            clauses.get(str(row.opinion.clause_id), _("Whole draft")),
            _opinion(row),
            labels.label(row.opinion.adoption) if row.opinion.adoption else _("Not dealt with yet"),
            _reason(row),
        )
        for number, row in enumerate(rows, before + 1)
    ]


def _opinion(row: SummaryRow) -> str:
    if not row.opinion.proposed:
        return row.opinion.words
    return "\n".join((row.opinion.words, _("Proposed wording: %(words)s") % {"words": row.opinion.proposed}))


def _reason(row: SummaryRow) -> str:
    """With what remains in dispute, or what coordination came to."""
    said = [row.opinion.reason or ""]
    if row.opinion.disagreement is not Disagreement.NONE:
        mark = labels.label(row.opinion.disagreement)
        words = row.opinion.coordination
        said.append(_("%(mark)s: %(words)s") % {"mark": mark, "words": words} if words else mark)
    return "\n".join(filter(None, said))


def _table(lines: Iterable[Line]) -> bytes:
    return b"".join(csv_bytes([_(name) for name in COLUMNS], lines))


def _workbook(lines: Iterable[Line]) -> bytes:
    """Every cell but the number is written as text, so that no program reckons with it; the words stay as they are."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, _(name), heading)
        for row, line in enumerate(lines, 1):
            sheet.write_number(row, 0, line[0], wrapped)
            for column, cell in enumerate(line[1:], 1):
                sheet.write_string(row, column, str(cell), wrapped)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return content.getvalue()
