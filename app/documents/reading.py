"""From the bytes of an uploaded file to its text; what can't be read is refused in one clear line."""

import codecs
import re

from lxml import etree, html

from app.documents.formats import refusals
from app.documents.formats.limits import LARGEST_FILE, Kind, recognise
from app.documents.formats.refusals import UnreadableFileError
from app.documents.markers import parse_marker
from app.documents.sandbox import read_outside
from app.kit.text import fold, tidy

__all__ = ["LARGEST_FILE", "UnreadableFileError", "decode", "read_document", "read_html", "read_markdown"]

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LARGEST_SHARE_OF_STRANGE = 0.02
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{3,20})""", re.IGNORECASE)
_UNREAD_TAGS = ("script", "style", "noscript", "template", "head", "select", "iframe", "svg")
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "p div li h1 h2 h3 h4 h5 h6 table section article header footer main ul ol dl dt dd blockquote pre form tr "
        "caption",
    )
)

_LARGEST_SPAN = 500


def read_document(content: bytes, file_name: str) -> str:
    """The text of a file, one printed line a line, table cells divided by tabs.

    The format is told by the content and, among texts, by the name's ending (none counts as .txt). Texts, Markdown
    and pages are read here, anything else in a process of its own (`sandbox`). Raises UnreadableFileError for
    whatever can't be read.
    """
    kind = recognise(content, file_name)
    if kind is Kind.PAGE:
        return read_html(decode(content, declared=_declared_encoding(content)))
    if kind is Kind.MARKDOWN:
        return read_markdown(decode(content))
    if kind is Kind.TEXT:
        return decode(content)
    return read_outside(content, file_name)


def _declared_encoding(content: bytes) -> str | None:
    found = _DECLARED.search(content[:4096])
    return found.group(1).decode("ascii") if found else None


def decode(content: bytes, declared: str | None = None) -> str:
    """Text by its byte order mark, else as UTF-8, else as declared, else as GB18030.

    Raises UnreadableFileError when none of them fits or the result holds more than a few control characters.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _checked(_try(content[len(mark) :], encoding))
    for candidate in ("utf-8", declared, "gb18030"):
        decoded = _try(content, candidate) if candidate else None
        if decoded is not None:
            return _checked(decoded)
    raise UnreadableFileError(refusals.ENCODING_UNKNOWN)


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _checked(text: str | None) -> str:
    if text is None:
        raise UnreadableFileError(refusals.BROKEN_TEXT)
    strange = sum(1 for character in text if character < " " and character not in "\t\n\r\f\v")
    if strange > _LARGEST_SHARE_OF_STRANGE * len(text):
        raise UnreadableFileError(refusals.NOT_A_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")


def read_html(source: str) -> str:
    """The visible text of a page: one line per block and per table row, cells divided by tabs, scripts left out."""
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


_MARKDOWN = (
    (re.compile(r"^\s{0,3}#{1,6}\s+", re.MULTILINE), ""),
    (re.compile(r"\*\*(.+?)\*\*"), r"\1"),
    (re.compile(r"__(.+?)__"), r"\1"),
    (re.compile(r"^\s{0,3}>\s?", re.MULTILINE), ""),
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*$", re.MULTILINE), ""),
    (re.compile(r"^\s*[-*_]{3,}\s*$", re.MULTILINE), ""),
    (re.compile(r"^(\s*\d{1,3})\\\.", re.MULTILINE), r"\1."),
)


def read_markdown(source: str) -> str:
    """The text without Markdown's signs; table rows become lines with tabs between their cells."""
    for pattern, plain in _MARKDOWN:
        source = pattern.sub(plain, source)
    lines = []
    for line in source.split("\n"):
        cells = line.strip()
        if cells.startswith("|") and cells.endswith("|") and len(cells) > 2:
            lines.append("\t".join(cell.strip() for cell in cells.strip("|").split("|")))
        else:
            lines.append(line)
    return "\n".join(lines)
