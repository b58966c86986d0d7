"""Tables for saving: CSV and XLSX of any length in memory that doesn't grow, with nothing that a spreadsheet would run.

Source: OWASP, "CSV Injection" (CWE-1236).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from app.kit.clock import BEIJING

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | datetime | None
BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets take a file without one for one in the system's old encoding."""
PIECE = 64 * 1024
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
"""Lines of a sheet, and UTF-16 units of a cell, as Excel limits them."""
LONGEST_NAME = 31
LONGEST_FOOTER = 255
CUT = "……（以下超出单元格上限）"
WIDTHS = (9, 60)
OPTIONS = {
    "constant_memory": True,
    "use_zip64": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_BLANK = r"[\s\u200b-\u200f\u2060\ufeff]*"
_FORMULA = re.compile(rf"[\t\r\n']|{_BLANK}[=+\-@＝＋－＠﹦﹢﹣﹫−]")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def safe(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula, full width or half."""
    return "'" + cell if _FORMULA.match(cell) else cell


def clean(text: str) -> str:
    """The text with U+FFFD for what XML 1.0 § 2.2 forbids: control characters, halves of a pair."""
    return _FORBIDDEN.sub("\ufffd", text)


def said(cell: Cell) -> str:
    """The cell as text: days as 2026-05-11, instants as 2026-05-11 09:30:00 in Beijing's time."""
    if isinstance(cell, datetime):
        return cell.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8 with a byte order mark, a piece whenever there are PIECE characters or more."""
    lines = io.StringIO(newline="")
    lines.write(BYTE_ORDER_MARK)
    writer = csv.writer(lines)
    for row in chain([headings], rows):
        writer.writerow([_in_csv(cell) for cell in row])
        if lines.tell() >= PIECE:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
    if lines.tell():
        yield lines.getvalue().encode()


def write_xlsx(
    file: IO[bytes],
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    note: str = "",
    *,
    folder: Path | None = None,
    most_rows: int = MOST_ROWS,
) -> int:
    """Writes a workbook (ECMA-376) and answers how many rows it holds; a sheet that is full is followed by another.

    Every text is written as text, never as a formula, number or link, and cut off where a cell ends, which CUT says.
    `note` stands on the first line and in the footer of every sheet and among the document's properties. `folder` is
    for the parts that wait to be packed: they hold the rows as they are.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(file, OPTIONS | ({"tmpdir": str(folder)} if folder else {}))
    book.set_properties({"title": title[:250], "comments": clean(note), "keywords": clean(note)[:250]})
    formats = (
        book.add_format({"bold": True, "bg_color": "#E3E9F2", "border": 1, "border_color": "#C9CDD4"}),
        book.add_format({"font_color": "#5B6472"}),
    )
    try:
        number = _fill(book, title, headings, rows, note, formats, most_rows)
        book.close()
    finally:  # what waits to be packed is closed, too, where the rows broke off
        for sheet in book.worksheets():
            sheet._opt_close()
    return number


def _fill(
    book: "xlsxwriter.Workbook",
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    note: str,
    formats: "tuple[Format, Format]",
    most_rows: int,
) -> int:
    waiting, number, sheets = iter(rows), 0, 0
    row = next(waiting, None)
    while row is not None or not sheets:
        sheets += 1
        sheet = book.add_worksheet(_name(title, sheets))
        first = _begin(sheet, headings, note, formats)
        here = [] if row is None else islice(chain([row], waiting), most_rows - first)
        for line, cells in enumerate(here, first):
            _write(sheet, line, cells)
            number += 1
        row = next(waiting, None)
    return number


def _begin(sheet: "Worksheet", headings: Sequence[str], note: str, formats: "tuple[Format, Format]") -> int:
    """The lines above the rows; the place of the first row."""
    heading, faint = formats
    for column, words in enumerate(headings):
        sheet.set_column(column, column, min(max(WIDTHS[0], 2 * len(words) + 4), WIDTHS[1]))
    first = 1 if note else 0
    if note:
        sheet.write_string(0, 0, _fitted(note), faint)
    for column, words in enumerate(headings):
        sheet.write_string(first, column, _fitted(words), heading)
    sheet.freeze_panes(first + 1, 0)
    sheet.repeat_rows(first)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(_footer(note))
    return first + 1


def _footer(note: str) -> str:
    """The note in small letters at the left, the page at the right; `&` begins a code there."""
    room = LONGEST_FOOTER - len("&L&8&R&8&P / &N") - 1
    kept = clean(note).replace("&", "&&")[:room]
    if kept.endswith("&") and not kept.endswith("&&"):
        kept = kept[:-1]
    return f"&L&8 {kept}&R&8&P / &N"


def _write(sheet: "Worksheet", line: int, cells: Sequence[Cell]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int | float):
            sheet.write_number(line, column, cell)
        elif cell is not None and cell != "":
            sheet.write_string(line, column, _fitted(said(cell)))


def _fitted(text: str) -> str:
    """As it goes into a cell of a workbook, where U+000A alone ends a line."""
    text = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= LONGEST_CELL // 2 or len(text.encode("utf-16-le")) <= 2 * LONGEST_CELL:
        return text
    room = 2 * (LONGEST_CELL - len(CUT))
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT


def _name(title: str, place: int) -> str:
    """A sheet's name: at most 31 characters, none that Excel refuses, and none twice."""
    end = f"({place})" if place > 1 else ""
    return (_NOT_IN_NAMES.sub("", clean(title)).strip(" '")[: LONGEST_NAME - len(end)] or "Sheet") + end


def _in_csv(cell: Cell) -> str:
    return str(cell) if isinstance(cell, int | float) else safe(clean(said(cell)))
