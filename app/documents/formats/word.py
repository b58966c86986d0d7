"""The text of a .docx as it prints: paragraphs and tables in order, with the numbers that Word makes by itself.

It reads the parts themselves instead of going through a document model: a draft's tracked insertions, content
controls and automatic numbers are then where they print, and a damaged part is one kind of error.
Source: ECMA-376 part 1 § 17, transitional and strict.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zipfile import ZipFile

from lxml import etree

from app.documents.formats import refusals
from app.documents.formats.limits import Kind, open_archive, read_xml, recognise
from app.documents.formats.numbering import Numbering, W, is_on, read_numbering, read_styles, value, whole
from app.documents.formats.refusals import UnreadableFileError

LONGEST_TEXT = 5_000_000
"""Characters; a document of 300 pages has about 300,000."""
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_MAIN = "word/document.xml"
_UNPRINTED = frozenset(
    W + name
    for name in (
        *("del", "moveFrom", "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "rt"),
        *("drawing", "pict", "object", "instrText", "delText", "delInstrText", "fldData", "footnoteReference"),
        *("endnoteReference", "commentReference", "annotationRef", "footnoteRef", "endnoteRef"),
    )
)
_SIGNS = {W + "br": "\n", W + "cr": "\n", W + "tab": " ", W + "ptab": " ", W + "noBreakHyphen": "-"}
_SYMBOL_AREA = range(0xE000, 0xF900)
_CONTENTS_STYLE = re.compile(r"toc \d", re.IGNORECASE)
_CONTENTS = "Table of Contents"
_INDENTED = "\u3000\u3000"
_MOST_SPANNED = 200
_LONGEST_REPEATED = 2_000
"""Characters of a cell that are repeated in the rows it spans; tables inside tables would double longer ones on."""
_LONGEST_CHAIN = 20


def read_docx(content: bytes) -> str:
    """One line a paragraph or table row, cells divided by tabs; a cell merged downwards stands in each of its rows.

    Automatic numbers are text, a first line that is indented begins with two ideographic spaces. Tracked insertions
    count and deletions don't; headers, footers, notes, comments, text boxes, hidden text and tables of contents are
    left out. Raises UnreadableFileError for whatever can't be read so.
    """
    if recognise(content, ".docx") is not Kind.WORD:
        raise UnreadableFileError(refusals.NOT_WHAT_IT_SAYS)
    with open_archive(content) as archive:
        main = _target(archive, "_rels/.rels", "/officeDocument", "") or _MAIN
        folder, _, name = main.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        root = _parse(archive, main)
        styles = _optional(archive, _target(archive, relations, "/styles", folder))
        numbers = _optional(archive, _target(archive, relations, "/numbering", folder))
    body = root.find(W + "body")
    if body is None:
        raise UnreadableFileError(refusals.DAMAGED)
    known = read_styles(styles)
    text = "\n".join(_within_bounds(_Reader(read_numbering(numbers, known), _indented_styles(styles)).lines(body)))
    if not text.strip():
        raise UnreadableFileError(refusals.NO_TEXT)
    return text


def _within_bounds(lines: Iterator[str]) -> Iterator[str]:
    length = 0
    for line in lines:
        length += len(line) + 1
        if length > LONGEST_TEXT:
            raise UnreadableFileError(refusals.TOO_MUCH_TEXT)
        yield line


def _parse(archive: ZipFile, name: str) -> etree._Element:
    source = read_xml(archive, name)
    for strict, transitional in _STRICT:
        source = source.replace(strict, transitional)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(refusals.DAMAGED) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFileError(refusals.ENTITIES)
    return root


def _optional(archive: ZipFile, name: str | None) -> etree._Element | None:
    return _parse(archive, name) if name and name in archive.namelist() else None


def _target(archive: ZipFile, relations: str, kind: str, folder: str) -> str | None:
    """The part that a relationship of this kind leads to. Source: ECMA-376 part 2 § 9.3."""
    if relations not in archive.namelist():
        return None
    for relation in _parse(archive, relations):
        if relation.get("Type", "").endswith(kind) and relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            return target[1:] if target.startswith("/") else f"{folder}/{target}".lstrip("/")
    return None


def _indented_styles(root: etree._Element | None) -> dict[str, bool | None]:
    """Paragraph style → whether its first line is indented; the default style also under the empty id."""
    elements = {} if root is None else {style.get(W + "styleId", ""): style for style in root.iterfind(W + "style")}
    found: dict[str, bool | None] = {}
    for style_id, element in elements.items():
        found[style_id] = _inherited_first_line(elements, style_id)
        if element.get(W + "default") in ("1", "true") and element.get(W + "type") == "paragraph":
            found[""] = found[style_id]
    return found


def _inherited_first_line(elements: Mapping[str, etree._Element], style_id: str) -> bool | None:
    following: str | None = style_id
    for _ in range(_LONGEST_CHAIN):
        element = elements.get(following or "")
        indented = None if element is None else _first_line(element.find(W + "pPr"))
        if element is None or indented is not None:
            return indented
        following = value(element, "basedOn")
    return None


def _first_line(properties: etree._Element | None) -> bool | None:
    """Whether the first line is indented; None where nothing is said. Source: § 17.3.1.12."""
    said = [whole(value(properties, "ind", name)) for name in ("firstLineChars", "firstLine", "hanging")]
    if all(amount is None for amount in said):
        return None
    return (said[0] or 0) > 0 or (said[0] is None and (said[1] or 0) > 0)


@dataclass(slots=True)
class _Reader:
    """Walks a body in printed order, counting its numbers and carrying text over deleted paragraph marks."""

    numbering: Numbering
    indented: dict[str, bool | None]
    carried: str = ""

    def lines(self, container: etree._Element) -> Iterator[str]:
        for element in _blocks(container):
            if element.tag == W + "p":
                line = self._paragraph(element)
                if line is not None:
                    yield line
            else:
                yield from self._table(element)
        if self.carried:
            yield self.carried
            self.carried = ""

    def _paragraph(self, element: etree._Element) -> str | None:
        """None for a paragraph that doesn't print: of a table of contents, or deleted with its mark."""
        properties = element.find(W + "pPr")
        style = self.numbering.styles.get(value(properties, "pStyle") or "")
        if style is not None and _CONTENTS_STYLE.match(style.name):
            return None
        text = "".join(_inline(element))
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None):
            self.carried += text
            return None
        marker = self.numbering.next_marker(properties)
        line, self.carried = marker + self.carried + text, ""
        return _INDENTED + line if line.strip() and self._begins_indented(properties) else line

    def _begins_indented(self, properties: etree._Element | None) -> bool:
        own = _first_line(properties)
        return own if own is not None else self.indented.get(value(properties, "pStyle") or "") is True

    def _table(self, table: etree._Element) -> Iterator[str]:
        merged: dict[int, str] = {}
        for row in _inside(table, W + "tr"):
            if (said := row.find(W + "trPr")) is not None and said.find(W + "del") is not None:
                continue
            cells = list(_inside(row, W + "tc"))
            if len(cells) == 1:
                yield from self.lines(cells[0])
                continue
            texts = self._row(row, cells, merged)
            if any(texts):
                yield "\t".join(texts)

    def _row(self, row: etree._Element, cells: Sequence[etree._Element], merged: dict[int, str]) -> list[str]:
        """The texts of a row; `merged` holds, by column, the texts of cells that go on downwards."""
        column = min(whole(value(row, "trPr/gridBefore")) or 0, _MOST_SPANNED)
        texts = []
        for cell in cells:
            properties = cell.find(W + "tcPr")
            text = _one_line(self.lines(cell))
            down = None if properties is None else properties.find(W + "vMerge")
            if down is not None and down.get(W + "val", "continue") != "restart":
                text = text or merged.get(column, "")
            if down is None:
                merged.pop(column, None)
            else:
                merged[column] = text if len(text) <= _LONGEST_REPEATED else ""
            texts.append(text)
            column += min(max(whole(value(properties, "gridSpan")) or 1, 1), _MOST_SPANNED)
        return texts


def _one_line(lines: Iterator[str]) -> str:
    return " ".join(" ".join(lines).split())


def _blocks(container: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, out of whatever wraps them. Depth is bounded by the parser."""
    for element in container:
        if element.tag in (W + "p", W + "tbl"):
            yield element
        elif element.tag == _ALTERNATIVES:
            yield from _blocks(element[0]) if len(element) else ()
        elif element.tag not in _UNPRINTED and not _is_contents(element):
            yield from _blocks(element)


def _is_contents(element: etree._Element) -> bool:
    return value(element, "sdtPr/docPartObj/docPartGallery") == _CONTENTS


def _inside(container: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, out of content controls."""
    for element in container:
        if element.tag == tag:
            yield element
        elif element.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "moveTo"):
            yield from _inside(element, tag)


def _inline(container: etree._Element) -> Iterator[str]:
    for element in container:
        tag = element.tag
        if tag in (W + "t", _FORMULA_TEXT):
            yield re.sub(r"[\r\n\t]+", " ", element.text or "")
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == W + "sym":
            yield _symbol(element)
        elif tag == W + "r" and is_on(element.find(W + "rPr"), "vanish"):
            continue
        elif tag == _ALTERNATIVES:
            yield from _inline(element[0]) if len(element) else ()
        elif tag not in _UNPRINTED:
            yield from _inline(element)


def _symbol(element: etree._Element) -> str:
    """A sign by its code; those of symbol fonts lie in the private area and mean nothing elsewhere."""
    code = element.get(W + "char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{2,4}", code) or 0xD800 <= int(code, 16) < 0xE000:
        return ""
    return "" if int(code, 16) in _SYMBOL_AREA or int(code, 16) < 0x20 else chr(int(code, 16))
