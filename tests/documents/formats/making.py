"""Files made for the tests: Word documents with numbers of their own, PDFs by hand, archives that lie."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.text.paragraph import Paragraph
from playwright.sync_api import Browser

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word(lines: Iterable[str]) -> bytes:
    """A Word document with one paragraph a line; a line with tabs becomes a row of a table."""
    document = docx.Document()
    for is_row, together in groupby(lines, key=lambda line: "\t" in line):
        if not is_row:
            for line in together:
                document.add_paragraph(line)
            continue
        rows = [line.split("\t") for line in together]
        table = document.add_table(0, max(map(len, rows)))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = text
    return saved(document)


def level(at: int, text: str, number_format: str = "decimal", more: str = "", start: int = 1) -> str:
    """One w:lvl; `more` are further elements, which the schema wants between numFmt and lvlText."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


class Numbered:
    """A document whose numbering part holds only these lists."""

    def __init__(self, lists: Mapping[int, Sequence[str]], instances: Mapping[int, str]) -> None:
        """`lists`: number of a list → its levels; `instances`: number → content of its w:num."""
        self.document = docx.Document()
        root = self.document.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for number, levels in lists.items():
            root.append(
                parse_xml(f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>')
            )
        for number, content in instances.items():
            root.append(parse_xml(f'<w:num xmlns:w="{W}" w:numId="{number}">{content}</w:num>'))

    def add(self, text: str, instance: int | None = None, at: int | None = None) -> Paragraph:
        paragraph = self.document.add_paragraph(text)
        if instance is not None:
            paragraph._p.get_or_add_pPr().append(number(instance, at))
        return paragraph

    def saved(self) -> bytes:
        return saved(self.document)


def number(instance: int, at: int | None = 0) -> object:
    by_level = "" if at is None else f'<w:ilvl w:val="{at}"/>'
    return parse_xml(f'<w:numPr xmlns:w="{W}">{by_level}<w:numId w:val="{instance}"/></w:numPr>')


def of_list(list_number: int, starts: Mapping[int, int] | None = None) -> str:
    """The content of a w:num."""
    overrides = "".join(
        f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        for at, start in (starts or {}).items()
    )
    return f'<w:abstractNumId w:val="{list_number}"/>{overrides}'


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with one member replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, part)
    return stream.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def with_body(inner: str) -> bytes:
    """A Word document whose body is written as XML with the prefix w."""
    xml = f'<w:document xmlns:w="{W}"><w:body>{inner}<w:sectPr/></w:body></w:document>'
    return with_part(saved(docx.Document()), "word/document.xml", xml.encode())


def archive(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def pdf(pages: Sequence[Sequence[str]], *, trailer: str = "", more: Sequence[bytes] = ()) -> bytes:
    """A PDF by hand: lines of text, drawn by codes that a ToUnicode map of the font explains.

    Source: ISO 32000-1 § 7.5 and § 9.10.3.
    """
    letters = sorted({letter for page in pages for line in page for letter in line})
    codes = {letter: code for code, letter in enumerate(letters, start=1)}
    mapping = "".join(f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>\n" for letter, code in codes.items())
    bodies: dict[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        4: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/DW 1000/FontDescriptor 6 0 R>>",
        5: _stream(
            "/CIDInit /ProcSet findresource begin begincmap /CMapName /X def 1 begincodespacerange <0000> <ffff> "
            f"endcodespacerange\n{len(codes)} beginbfchar\n{mapping}endbfchar endcmap end".encode()
        ),
        6: b"<</Type/FontDescriptor/FontName/A/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200"
        b"/CapHeight 800/StemV 80>>",
    }
    kids = []
    for place, page in enumerate(pages):
        at = 10 + 2 * place
        kids.append(f"{at} 0 R")
        drawn = "".join(
            f"1 0 0 1 60 {780 - 20 * row} Tm <{''.join(f'{codes[letter]:04x}' for letter in line)}> Tj\n"
            for row, line in enumerate(page)
        )
        bodies[at] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {at + 1} 0 R>>"
        ).encode()
        bodies[at + 1] = _stream(f"BT /F 12 Tf {drawn} ET".encode())
    bodies[2] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    for extra, body in enumerate(more):
        bodies[5000 + extra] = body
    return _assembled(bodies, trailer)


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def _assembled(bodies: Mapping[int, bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    table = bytearray(b"xref\n0 1\n0000000000 65535 f \n")
    for at in sorted(bodies):
        table += b"%d 1\n%010d 00000 n \n" % (at, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, bodies[at])
    size = max(bodies) + 1
    end = f"trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    return bytes(out + table + end)


def locked_pdf() -> bytes:
    """Asks for a password: what it holds to compare with belongs to no empty one. Source: ISO 32000-1 § 7.6.3."""
    rubbish = "<" + "5a" * 32 + ">"
    return pdf(
        [["a locked page of some length"]],
        trailer="/Encrypt 5000 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]",
        more=[f"<</Filter/Standard/V 1/R 2/O {rubbish}/U {rubbish}/P -4>>".encode()],
    )


def scanned_pdf(pages: int) -> bytes:
    """Pages with a drawing and no text."""
    bodies: dict[int, bytes] = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    kids = " ".join(f"{10 + page} 0 R" for page in range(pages))
    bodies[2] = f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode()
    bodies[3] = _stream(b"q 500 0 0 700 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q")
    for page in range(pages):
        bodies[10 + page] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>"
    return _assembled(bodies, "")


def html(lines: Iterable[str]) -> str:
    """A page with one block a line."""
    blocks = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    head = '<head><meta charset="utf-8"><title>稿</title></head>'
    return f'<!DOCTYPE html><html lang="zh-CN">{head}<body>{blocks}</body></html>'


def printed_pdf(lines: Iterable[str], browser: Browser) -> bytes:
    """The lines as Chromium prints and wraps them on A4, with a running head and page numbers."""
    style = "<style>p{margin:0;font-size:16px;line-height:1.6;white-space:pre-wrap}</style>"
    small = '<div style="font-size:8px;width:100%;text-align:center">'
    page = browser.new_page()
    page.set_content(html(lines).replace("</head>", f"{style}</head>"))
    made = page.pdf(
        format="A4",
        margin={"top": "20mm", "bottom": "20mm", "left": "20mm", "right": "20mm"},
        display_header_footer=True,
        header_template=f"{small}试印的文件</div>",
        footer_template=f'{small}— <span class="pageNumber"></span> —</div>',
    )
    page.close()
    return made
