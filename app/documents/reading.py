"""From the bytes of an uploaded file to its text; what can't be read is refused in one clear line."""

import codecs
import re

from app.documents.formats import refusals
from app.documents.formats.limits import LARGEST_FILE, Kind, recognise
from app.documents.formats.refusals import UnreadableFileError
from app.documents.sandbox import read_outside

__all__ = ["LARGEST_FILE", "UnreadableFileError", "decode", "read_document", "read_markdown"]

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LARGEST_SHARE_OF_STRANGE = 0.02
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{3,20})""", re.IGNORECASE)


def read_document(content: bytes, file_name: str) -> str:
    """The text of a file, one printed line a line, table cells divided by tabs.

    The format is told by the content and, among texts, by the name's ending (none counts as .txt). Texts, Markdown
    and pages are read here, anything else in a process of its own (`sandbox`). Raises UnreadableFileError for
    whatever can't be read.
    """
    kind = recognise(content, file_name)
    if kind is Kind.PAGE:
        from app.documents.pages import read_html  # loads a library of four MiB, which most processes never need

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
