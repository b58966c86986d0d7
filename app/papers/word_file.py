"""A paper as an editable DOCX, written as it comes: memory doesn't grow with its length.

The file holds text, styles and page numbers alone: no macro, no link, no field but the number of the page, so that
nothing that a sender wrote can do anything in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from math import ceil
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.exports.tabular import clean
from app.papers import word_parts
from app.papers.measures import COLUMNS, MM, POINTS, Sheet
from app.papers.paragraphs import Paragraph
from app.papers.word_parts import CELL, CELL_CENTRED, CELL_HEAD, HEADER, RELATED, SPACE, STYLES

KEPT_WHOLE = 12
"""Lines of a row that is never broken over two pages; half a page has that many."""
CENTRED_COLUMNS = frozenset({0, 4})
_PADDING = 4
"""Millimetres of a cell's width that no letter stands on."""
_CELL_POINT = POINTS["小四"]


class WordFile:
    """What a caller writes into, from top to bottom."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part = part

    def paragraphs(self, found: Iterable[Paragraph]) -> None:
        for one in found:
            self._write(_paragraph(STYLES[one.setting], one.words))

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str | int]],
        widths: Sequence[float] = COLUMNS,
        centred: frozenset[int] = CENTRED_COLUMNS,
    ) -> int:
        """Its heading stands on every page; `widths` in millimetres. Answers how many rows it has."""
        self._write(_beginning(widths))
        self._write(_row(headings, [CELL_HEAD] * len(headings), widths, "<w:cantSplit/><w:tblHeader/>"))
        styles = [CELL_CENTRED if place in centred else CELL for place in range(len(headings))]
        number = 0
        for row in rows:
            number += 1
            cells = [str(cell) for cell in row]
            whole = "<w:cantSplit/>" if _lines(cells, widths) <= KEPT_WHOLE else ""
            self._write(_row(cells, styles, widths, whole))
        self._write("</w:tbl>")
        return number

    def _write(self, xml: str) -> None:
        self._part.write(xml.encode())


@contextmanager
def word_file(file: IO[bytes], sheet: Sheet, title: str, at: datetime) -> Iterator[WordFile]:
    """The file is whole once the block is left well."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, text in _parts(title, at).items():
            archive.writestr(_entry(name, at), text)
        with archive.open(_entry("word/document.xml", at), "w", force_zip64=True) as part:
            part.write(f'{HEADER}<w:document {SPACE} xmlns:r="{RELATED}"><w:body>'.encode())
            yield WordFile(part)
            part.write(f"{word_parts.page(sheet)}</w:body></w:document>".encode())


def _parts(title: str, at: datetime) -> dict[str, str]:
    """The list of types comes first: some programs look for it there."""
    return {
        "[Content_Types].xml": word_parts.CONTENT_TYPES,
        "_rels/.rels": word_parts.ROOT_RELATIONS,
        "docProps/core.xml": word_parts.core(title, at),
        "word/_rels/document.xml.rels": word_parts.RELATIONS,
        "word/styles.xml": word_parts.styles(),
        "word/settings.xml": word_parts.SETTINGS,
        "word/fontTable.xml": word_parts.types(),
        "word/odd.xml": word_parts.page_number(is_odd=True),
        "word/even.xml": word_parts.page_number(is_odd=False),
    }


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


def _paragraph(style: str, words: str) -> str:
    said = escape(clean(words.replace("\t", " ").replace("\r", " ").replace("\n", " ")))
    run = f'<w:r><w:t xml:space="preserve">{said}</w:t></w:r>' if said else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'


def _beginning(widths: Sequence[float]) -> str:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    sides = f'<w:left w:w="{_PADDING / 2 * MM:.0f}" w:type="dxa"/><w:right w:w="{_PADDING / 2 * MM:.0f}" w:type="dxa"/>'
    grid = "".join(f'<w:gridCol w:w="{width * MM:.0f}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths) * MM:.0f}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )


def _row(cells: Sequence[str], styles: Sequence[str], widths: Sequence[float], properties: str) -> str:
    said = "".join(_cell(cell, style, width) for cell, style, width in zip(cells, styles, widths, strict=True))
    return f"<w:tr><w:trPr>{properties}</w:trPr>{said}</w:tr>"


def _cell(words: str, style: str, width: float) -> str:
    lines = "".join(_paragraph(style, line) for line in words.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width * MM:.0f}" w:type="dxa"/></w:tcPr>{lines}</w:tc>'


def _lines(cells: Sequence[str], widths: Sequence[float]) -> int:
    """How many lines the row takes, reckoned by the width of a Chinese character."""
    points = [(width - _PADDING) * MM / 20 for width in widths]
    return max(
        sum(ceil(max(len(line), 1) * _CELL_POINT / width) for line in cell.split("\n"))
        for cell, width in zip(cells, points, strict=True)
    )
