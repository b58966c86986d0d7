"""The text of a PDF page by page, without what comes back on every page."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from app.documents.formats import refusals
from app.documents.formats.limits import Kind, recognise
from app.documents.formats.refusals import UnreadableFileError

MOST_PAGES = 2_000
LONGEST_TEXT = 5_000_000
LEAST_TEXT_A_PAGE = 20
"""Characters on average. Scanned pages have none, or a number that was stamped on them."""

_EDGE = 2
_SHARE_OF_PAGES = 0.6
_LEAST_PAGES = 3
_LARGEST_SHARE_UNREADABLE = 0.1
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[—－–·\-\s]*(?:第\s*)?(\d{1,4})(?:\s*[页/]\s*(?:[共,，\s]*\d{1,4}\s*页?)?)?[—－–·\-\s]*")
_JOINED_DASH = re.compile(r"(?<=[。；：])(?=——)")
_TABLE_HEAD = re.compile(r"序\s*号")
_BROKEN_HYPHENS = {"\ufffe": "", "\xad": ""}
_RADICALS = dict(
    zip(
        "⺒⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "巳母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
"""Radicals that Unicode gives no compatibility with the characters they are drawn like."""


def read_pdf(content: bytes) -> str:
    """The lines of all pages as printed, hard-wrapped ones too; page numbers and running heads are left out.

    Raises UnreadableFileError for an encrypted or damaged file, and for one whose pages are pictures or whose
    fonts don't say which characters they draw. PDFium is not thread-safe: one reading at a time in a process.
    """
    if recognise(content, ".pdf") is not Kind.PDF:
        raise UnreadableFileError(refusals.NOT_WHAT_IT_SAYS)
    try:
        pages = list(_pages(content))
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise UnreadableFileError(refusals.ENCRYPTED if locked else refusals.DAMAGED) from error
    _refuse_without_text(pages)
    kept = without_running_heads(pages)
    return "\n".join(line for page in (kept if any(kept) else pages) for line in page)


def _pages(content: bytes) -> Iterator[list[str]]:
    length = 0
    with pypdfium2.PdfDocument(content) as document:
        if len(document) == 0:
            raise UnreadableFileError(refusals.DAMAGED)
        if len(document) > MOST_PAGES:
            raise UnreadableFileError(refusals.TOO_MANY_PAGES)
        for number in range(len(document)):
            text = _page_text(document, number)
            length += len(text)
            if length > LONGEST_TEXT:
                raise UnreadableFileError(refusals.TOO_MUCH_TEXT)
            yield [line.rstrip() for line in text.split("\n") if line.strip()]


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        words = page.get_textpage()
        try:
            return plain(str(words.get_text_bounded()))
        finally:
            words.close()
    finally:
        page.close()


def plain(text: str) -> str:
    """Ordinary characters for those that PDF fonts name instead: radicals, compatibility forms, broken hyphens.

    PDFium takes a line that begins with a dash for the rest of the one before; the break is put back after a stop.
    """
    lines = "".join(map(_plain_character, text.replace("\r\n", "\n").replace("\r", "\n")))
    return _JOINED_DASH.sub("\n", lines)


def _plain_character(character: str) -> str:
    if character < " " and character not in "\n\t":
        return ""
    if character < "\x7f":
        return character
    if "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return _BROKEN_HYPHENS.get(character, character)


def _refuse_without_text(pages: Sequence[Sequence[str]]) -> None:
    text = "".join("".join(line.split()) for page in pages for line in page)
    if len(text) < LEAST_TEXT_A_PAGE * len(pages):
        raise UnreadableFileError(refusals.SCANNED)
    strange = sum(1 for character in text if unicodedata.category(character) in ("Cc", "Co", "Cn", "Cs"))
    if strange + text.count("\ufffd") > _LARGEST_SHARE_UNREADABLE * len(text):
        raise UnreadableFileError(refusals.UNREADABLE_FONTS)


def without_running_heads(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without numbers and lines that stand at the edge of most pages, differing at most in their digits.

    The head of a table that goes on over pages is kept where it stands first.
    """
    edges = Counter(key for page in pages for key in {_key(page[at]) for at in _edges(page)})
    least = max(_LEAST_PAGES, _SHARE_OF_PAGES * len(pages))
    running = {key for key, count in edges.items() if count >= least}
    kept: list[list[str]] = []
    table_heads: set[str] = set()
    for number, page in enumerate(pages, start=1):
        dropped = {at for at in _edges(page) if _key(page[at]) in running or _is_own_number(page[at], number)}
        first_heads = {at for at in dropped if _TABLE_HEAD.match(page[at]) and page[at] not in table_heads}
        table_heads |= {page[at] for at in first_heads}
        kept.append([line for at, line in enumerate(page) if at not in dropped - first_heads])
    return kept


def _edges(page: Sequence[str]) -> set[int]:
    """Places of the first and last lines of a page."""
    return {at for at in range(len(page)) if at < _EDGE or at >= len(page) - _EDGE}


def _key(line: str) -> str:
    return _NUMBER.sub("#", "".join(line.split()))


def _is_own_number(line: str, page_number: int) -> bool:
    found = _PAGE_NUMBER.fullmatch(line.strip())
    return found is not None and int(found.group(1)) == page_number
