"""The files of a published edition, written from its value alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, TYPE_CHECKING

from app.exports.tabular import OPTIONS, csv_bytes
from app.papers.measures import ACROSS
from app.papers.paragraphs import Paragraph, Setting
from app.papers.sheets import fitted
from app.papers.word_file import word_file
from app.reporting.report import ReportFigures, ReportRow
from app.reporting.written import EditionHead
from app.web.reports.lines import HEADINGS, TITLE, FigureLine, cells, figure_lines, heads

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FIGURE_HEADINGS = ("统计类别", "项目", "数量")
LIST = "意见要点及采纳情况"
FIGURES = "统计"
ROW_WIDTHS = (13, 26, 48, 20, 11, 11, 11, 15, 30, 18, 22)
FIGURE_WIDTHS = (60, 125, 40)
"""Millimetres; each together the width of the text area across."""
CHARACTER = 2.0
"""Millimetres of a character's width in a spreadsheet, about."""


def as_csv(figures: ReportFigures, rows: Iterable[ReportRow]) -> Iterator[bytes]:
    """One table: the figures first, each by its part and item, then the suggestions under a part of their own."""
    return csv_bytes((*FIGURE_HEADINGS, *HEADINGS), _table(figures, rows))


def write_xlsx(file: IO[bytes], head: EditionHead, figures: ReportFigures, rows: Iterable[ReportRow]) -> None:
    """Two sheets: the figures with what the edition is, and the suggestions. Memory doesn't grow with the rows."""
    import xlsxwriter

    book = xlsxwriter.Workbook(file, OPTIONS)
    book.set_properties({"title": f"{figures.title} {TITLE}"[:250], "created": _naive(head.published_at)})
    bold, cell = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    first = book.add_worksheet(FIGURES)
    _widths(first, FIGURE_WIDTHS)
    above = [TITLE, *heads(head, figures)]
    for place, words in enumerate(above):
        first.write_string(place, 0, fitted(words), bold)
    _heading(first, len(above), FIGURE_HEADINGS, bold)
    for place, line in enumerate(figure_lines(figures), len(above) + 1):
        _line(first, place, line, cell)
    second = book.add_worksheet(LIST)
    _widths(second, ROW_WIDTHS)
    _heading(second, 0, HEADINGS, bold)
    second.freeze_panes(1, 0)
    for place, row in enumerate(rows, 1):
        _line(second, place, cells(row), cell)
    book.close()


def write_docx(file: IO[bytes], head: EditionHead, figures: ReportFigures, rows: Iterable[ReportRow]) -> None:
    """A paper across, which can be edited; memory doesn't grow with the rows."""
    with word_file(file, ACROSS, f"{figures.title} {TITLE}", head.published_at) as word:
        word.paragraphs(
            [Paragraph(Setting.TITLE, TITLE), *(Paragraph(Setting.BODY, line) for line in heads(head, figures))]
        )
        word.paragraphs([Paragraph(Setting.FIRST_LEVEL, f"一、{FIGURES}")])
        word.table(FIGURE_HEADINGS, figure_lines(figures), FIGURE_WIDTHS, frozenset({2}))
        waiting = iter(rows)
        found = next(waiting, None)
        if found is not None:
            word.paragraphs([Paragraph(Setting.BLANK, ""), Paragraph(Setting.FIRST_LEVEL, f"二、{LIST}")])
            word.table(HEADINGS, _cells(found, waiting), ROW_WIDTHS, frozenset({0, 4, 5, 6, 7}))
        word.paragraphs([Paragraph(Setting.BLANK, "")])


def _table(figures: ReportFigures, rows: Iterable[ReportRow]) -> Iterator[tuple[str | int, ...]]:
    empty = ("",) * len(HEADINGS)
    for line in figure_lines(figures):
        yield (*line, *empty)
    for row in rows:
        yield (LIST, "", "", *cells(row))


def _cells(first: ReportRow, rest: Iterable[ReportRow]) -> Iterator[tuple[str | int, ...]]:
    yield cells(first)
    yield from map(cells, rest)


def _widths(sheet: "Worksheet", widths: tuple[int, ...]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width / CHARACTER)


def _heading(sheet: "Worksheet", place: int, headings: tuple[str, ...], bold: "Format") -> None:
    for column, words in enumerate(headings):
        sheet.write_string(place, column, words, bold)


def _line(sheet: "Worksheet", place: int, found: FigureLine | tuple[str | int, ...], laid: "Format") -> None:
    for column, value in enumerate(found):
        if isinstance(value, int):
            sheet.write_number(place, column, value, laid)
        elif value:
            sheet.write_string(place, column, fitted(value), laid)


def _naive(at: datetime) -> datetime:
    """The library takes instants without an offset, in UTC."""
    return at.replace(tzinfo=None)
