"""意见汇总表 as an editable XLSX: A4 across, a sheet for each part, in memory that doesn't grow with the rows.

Every cell is text, and one that a program could take for a formula once somebody has edited it is marked as quoted;
the words themselves stay as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from app.exports.tabular import LONGEST_CELL, MOST_ROWS, OPTIONS, clean, safe
from app.papers.lines import HEADINGS, Line
from app.papers.measures import ACROSS, BODY_TYPE, COLUMNS, FIGURE_TYPE, HEAD_TYPE, POINTS, SECOND_TYPE, TITLE_TYPE
from app.papers.paragraphs import Paragraph, Setting

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

A4 = 9
INCH = 25.4
CHARACTER = 2.0
"""Millimetres of one unit of a column's width, about."""
LONGEST = LONGEST_CELL // 2
"""Code points of a cell, so that no pair of UTF-16 units makes it too long."""
CUT = "……（以下超出单元格上限）"
TITLE_HEIGHT, LINE_HEIGHT = 40, 24
CENTRED_COLUMNS = frozenset({0, 4})


@dataclass(frozen=True)
class SheetPart:
    """`heads` stand above the table, `notes` below it."""

    name: str
    heads: Sequence[Paragraph]
    lines: Iterable[Line]
    notes: Sequence[str]


def write_sheets(file: IO[bytes], title: str, at: datetime, parts: Iterable[SheetPart], folder: Path) -> int:
    """Answers how many rows the tables have. `folder` is for what waits to be packed."""
    import xlsxwriter

    book = xlsxwriter.Workbook(file, OPTIONS | {"tmpdir": str(folder)})
    book.set_properties({"title": clean(title)[:250], "created": at.replace(tzinfo=None)})
    formats = _Formats(book)
    number = sum(_sheet(book.add_worksheet(part.name), part, formats) for part in parts)
    book.close()
    return number


class _Formats:
    def __init__(self, book: "xlsxwriter.Workbook") -> None:
        def made(**given: object) -> "Format":
            return book.add_format({"text_wrap": True, **given})

        centre = {"align": "center", "valign": "vcenter"}
        cell = {"font_name": BODY_TYPE.name, "font_size": POINTS["小四"], "border": 1, "valign": "vcenter"}
        self.title = made(font_name=TITLE_TYPE.name, font_size=POINTS["二号"], **centre)
        self.head = made(font_name=SECOND_TYPE.name, font_size=POINTS["四号"], **centre)
        self.note = made(font_name=BODY_TYPE.name, font_size=POINTS["小四"], valign="vcenter")
        self.heading = made(font_name=HEAD_TYPE.name, font_size=POINTS["小四"], border=1, **centre)
        self.cell, self.quoted = made(**cell), made(**cell, quote_prefix=True)
        self.centred = made(**cell, align="center")


def _sheet(sheet: "Worksheet", part: SheetPart, formats: _Formats) -> int:
    _lay_out(sheet)
    line = _heads(sheet, part.heads, formats)
    for column, words in enumerate(HEADINGS):
        sheet.write_string(line, column, words, formats.heading)
    sheet.repeat_rows(line)
    sheet.freeze_panes(line + 1, 0)
    first, number = line + 1, 0
    for row in part.lines:
        if first + number + len(part.notes) >= MOST_ROWS:
            break
        _row(sheet, first + number, row, formats)
        number += 1
    for place, note in enumerate(part.notes, first + number):
        sheet.set_row(place, LINE_HEIGHT * (1 + len(note) // (ACROSS.text_width // 4)))
        sheet.merge_range(place, 0, place, len(HEADINGS) - 1, fitted(note), formats.note)
    return number


def _lay_out(sheet: "Worksheet") -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(ACROSS.left / INCH, ACROSS.right / INCH, ACROSS.top / INCH, ACROSS.bottom / INCH)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f'&R&"{FIGURE_TYPE.name}"&14— &P —', {"margin": (ACROSS.bottom - 12) / INCH})
    for column, width in enumerate(COLUMNS):
        sheet.set_column(column, column, width / CHARACTER)


def _heads(sheet: "Worksheet", heads: Sequence[Paragraph], formats: _Formats) -> int:
    """Each over the whole width; the place of the line below."""
    shown = [one for one in heads if one.setting is not Setting.BLANK]
    for place, one in enumerate(shown):
        is_title = one.setting is Setting.TITLE
        long = 1 + len(one.words) // (28 if is_title else 44)
        sheet.set_row(place, (TITLE_HEIGHT if is_title else LINE_HEIGHT) * long)
        laid = formats.title if is_title else formats.head
        sheet.merge_range(place, 0, place, len(HEADINGS) - 1, fitted(one.words), laid)
    return len(shown)


def _row(sheet: "Worksheet", place: int, line: Line, formats: _Formats) -> None:
    sheet.write_number(place, 0, line.number, formats.centred)
    for column, words in enumerate(line[1:], 1):
        cell = fitted(str(words))
        if not cell:
            sheet.write_blank(place, column, None, formats.cell)
            continue
        laid = formats.centred if column in CENTRED_COLUMNS else formats.cell
        sheet.write_string(place, column, cell, laid if safe(cell) == cell else formats.quoted)


def fitted(words: str) -> str:
    """As it goes into a cell: without what XML forbids, cut off where a cell ends, which is said."""
    plain = clean(words).replace("\r\n", "\n").replace("\r", "\n")
    return plain if len(plain) <= LONGEST else plain[: LONGEST - len(CUT)] + CUT
