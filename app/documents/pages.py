"""The text of a web page as a reader sees it."""

import re

from lxml import etree, html

from app.documents.formats import refusals
from app.documents.formats.refusals import UnreadableFileError
from app.documents.markers import parse_marker
from app.kit.text import fold, tidy

_UNREAD_TAGS = ("script", "style", "noscript", "template", "head", "select", "iframe", "svg")
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "p div li h1 h2 h3 h4 h5 h6 table section article header footer main ul ol dl dt dd blockquote pre form tr "
        "caption",
    )
)

_LARGEST_SPAN = 500


def read_html(source: str) -> str:
    """The visible text of a page: one line per block and per table row, cells divided by tabs, scripts left out.

    Raises UnreadableFileError where nothing of it would be seen.
    """
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(refusals.NO_TEXT_ON_PAGE) from error
    etree.strip_elements(root, *_UNREAD_TAGS, with_tail=False)
    for table in root.iter("table"):
        _repeat_spanning_cells(table)
    for numbered in root.iter("ol"):
        _print_numbers(numbered)
    pieces: list[str] = []
    _collect(root, pieces)
    lines = (line.strip(" \n\r\t") for line in "".join(pieces).split("\n"))
    text = "\n".join(line for line in lines if line)
    if not text:
        raise UnreadableFileError(refusals.NO_TEXT_ON_PAGE)
    return text


def _print_numbers(numbered: html.HtmlElement) -> None:
    """A browser prints the numbers of such a list; an item that carries a marker of its own keeps that one."""
    if numbered.get("type", "1") != "1" or "none" in numbered.get("style", ""):
        return
    start = numbered.get("start", "1")
    items = [item for item in numbered if item.tag == "li"]
    for number, item in enumerate(items, start=int(start) if start.isdecimal() else 1):
        if parse_marker(fold(tidy(item.text_content()))) is None:
            first = next((part for part in item.iter() if (part.text or "").strip()), item)
            first.text = f"{number}. {(first.text or '').lstrip()}"


def _repeat_spanning_cells(table: html.HtmlElement) -> None:
    """A cell that spans rows or columns is put into each of them, so that every row has all its columns."""
    waiting: dict[int, tuple[int, html.HtmlElement]] = {}
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        column = 0
        for cell in cells:
            column = _fill(row, cell, column, waiting)
            rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
            if rows > 1 and columns == 1:
                waiting[column] = (rows - 1, cell)
            column += columns
        _fill(row, None, column, waiting)


def _fill(
    row: html.HtmlElement,
    before: html.HtmlElement | None,
    column: int,
    waiting: dict[int, tuple[int, html.HtmlElement]],
) -> int:
    """Puts copies of the cells that still span this row in front of `before`; gives the next free column."""
    while column in waiting:
        left, spanning = waiting.pop(column)
        copied = html.fromstring("<td></td>")
        copied.text = spanning.text_content()
        row.insert(len(row) if before is None else row.index(before), copied)
        if left > 1:
            waiting[column] = (left - 1, spanning)
        column += 1
    return column


def _span(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(int(value), _LARGEST_SPAN) if value.isdecimal() and int(value) > 0 else 1


def _collect(root: html.HtmlElement, pieces: list[str]) -> None:
    """Walks without recursion, so that deep nesting is no danger."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS or tag == "br":
                pieces.append(" " if _in_cell(element) else "\n")
            pieces.append(_flow(element.text, element))
            continue
        if tag in _BLOCKS:
            pieces.append(" " if _in_cell(element) else "\n")
        elif tag in ("td", "th") and element.getnext() is not None:
            pieces.append("\t")
        pieces.append(_flow(element.tail, element))


def _in_cell(element: etree._Element) -> bool:
    return any(ancestor.tag in ("td", "th") for ancestor in element.iterancestors())


def _flow(text: str | None, element: etree._Element) -> str:
    """Line ends in a page's source are no line ends of the text, except inside pre."""
    if not text:
        return ""
    if any(ancestor.tag == "pre" for ancestor in element.iterancestors()) or element.tag == "pre":
        return text
    return re.sub(r"[\r\n\t]+", "", text) if text.strip() else ""
