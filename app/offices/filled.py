"""A workbook that came back: opened within bounds, its rows as texts, nothing believed.

Formulas are not reckoned: of a cell that holds one only the value counts that the program stored beside it.
"""

import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

from app.documents.formats.limits import LARGEST_FILE, open_archive, read_xml
from app.documents.formats.refusals import UnreadableFileError
from app.kit.errors import Unprocessable
from app.offices.columns import FILLED, HEADING_ROW, HEADINGS, LONGEST_CELL, MOST_ROWS, SHEET, Column

LARGEST_PART = 32 * 1024 * 1024
"""Bytes of one unpacked part; a full workbook of 1000 rows has about five million."""
MOST_PARTS = 60


@dataclass(frozen=True)
class FilledRow:
    """One row as it came; `line` is its number in the sheet, from 1."""

    line: int
    cells: dict[Column, str]

    @property
    def is_filled(self) -> bool:
        """Whether anything was answered: a row that nobody touched is left out in silence."""
        return any(self.cells[column] for column in FILLED)


def read_filled(content: bytes) -> list[FilledRow]:
    """The rows that hold anything. Raises Unprocessable with one code for a file that isn't our workbook.

    The codes: `workbook_unreadable`, `workbook_not_ours` (no such sheet or other columns), `workbook_too_long`.
    """
    _within_bounds(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says what it leaves out of a file that others wrote
            return list(_rows(content))
    except Unprocessable:
        raise
    except Exception as error:  # a parser of foreign bytes may raise anything
        raise Unprocessable("workbook_unreadable") from error


def _within_bounds(content: bytes) -> None:
    """Refuses what unpacks to too much and whatever declares entities, before the parser sees it."""
    if not content or len(content) > LARGEST_FILE or not content.startswith(b"PK"):
        raise Unprocessable("workbook_unreadable")
    try:
        with open_archive(content) as archive:
            _look_into(archive)
    except UnreadableFileError as error:
        raise Unprocessable("workbook_unreadable") from error


def _look_into(archive: ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MOST_PARTS or any(member.file_size > LARGEST_PART for member in members):
        raise Unprocessable("workbook_unreadable")
    names = [member.filename for member in members]
    for name in filter(lambda name: name.lower().endswith((".xml", ".rels")), names):
        read_xml(archive, name)


def _rows(content: bytes) -> Iterator[FilledRow]:
    from openpyxl import load_workbook  # loads numpy where it finds it: not before somebody sends a workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        if SHEET not in book.sheetnames:
            raise Unprocessable("workbook_not_ours")
        bounds = {"max_row": HEADING_ROW + MOST_ROWS + 1, "max_col": len(Column)}
        lines = enumerate(book[SHEET].iter_rows(min_row=1, values_only=True, **bounds), start=1)
        yield from _checked(lines)
    finally:
        book.close()


def _checked(lines: Iterable[tuple[int, tuple[Any, ...]]]) -> Iterator[FilledRow]:
    seen_heading = False
    for line, values in lines:
        cells = _cells(values)
        if line == HEADING_ROW:
            seen_heading = cells == HEADINGS
            if not seen_heading:
                raise Unprocessable("workbook_not_ours")
        elif line > HEADING_ROW and any(cells.values()):
            if line > HEADING_ROW + MOST_ROWS:
                raise Unprocessable("workbook_too_long")
            yield FilledRow(line, cells)
    if not seen_heading:
        raise Unprocessable("workbook_not_ours")


def _cells(values: tuple[Any, ...]) -> dict[Column, str]:
    return {column: _text(values[column]) if column < len(values) else "" for column in Column}


def _text(value: Any) -> str:
    """As a person reads it; a day as 2026-05-11, whatever format the cell has."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[: LONGEST_CELL + 1].replace("\0", "").strip()
