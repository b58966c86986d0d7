"""What is taken as an attachment and what isn't: told by the content, whatever the name says."""

import io
import struct
import zipfile

import pytest
from PIL import Image

from app.submissions.attachments import name_of
from app.submissions.file_examination import FileProblem, FileRefused, examine, without_notes
from app.submissions.file_kinds import LARGEST_FILE, LONGEST_NAME, FileKind
from tests.support.files import GPS, archive, docx, huge_png, jpeg, pdf, pdf_with_script, png

TAKEN = {
    "pdf": (pdf(), FileKind.PDF),
    "docx": (docx(), FileKind.WORD),
    "docx with a spreadsheet for its chart": (docx(**{"word__embeddings__a.xlsx": b"x"}), FileKind.WORD),
    "jpg": (jpeg(), FileKind.JPEG),
    "jpg with a trailer of the telephone": (jpeg() + b"\0\0SEFH trailer", FileKind.JPEG),
    "png": (png(), FileKind.PNG),
}
ELSEWHERE = (
    '<Relationships><Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'attachedTemplate" Target="http://example.com/t.dotm" TargetMode="External"/></Relationships>'
)
EMBEDDED = "/Names<</EmbeddedFiles<</Names[(a) 4 0 R]>>>>"
INSIDE = "4 0 obj\n<</Type/Filespec/F(a.exe)>>\nendobj\n"
REFUSED = {
    "nothing": (b"", FileProblem.EMPTY),
    "too many bytes": (b"%PDF-" + bytes(LARGEST_FILE), FileProblem.TOO_LARGE),
    "a text": (b"hello", FileProblem.KIND),
    "a program": (b"MZ\x90\0" + bytes(100), FileProblem.KIND),
    "a page": (b"<!doctype html><script>alert(1)</script>", FileProblem.KIND),
    "a drawing that can hold scripts": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', FileProblem.KIND),
    "a moving picture": (b"GIF89a" + bytes(100), FileProblem.KIND),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileProblem.KIND),
    "any archive": (archive(readme=b"x"), FileProblem.KIND),
    "a Word document without its text": (archive(**{"[Content_Types].xml": b"<Types/>"}), FileProblem.KIND),
    "a docx with macros": (docx(**{"word__vbaProject.bin": b"x"}), FileProblem.ACTIVE),
    "a docx with controls": (docx(word__activeX__activeX1_xml=b"<x/>"), FileProblem.ACTIVE),
    "a docx with an object": (docx(**{"word__embeddings__oleObject1.bin": b"x"}), FileProblem.ACTIVE),
    "a docx that fetches its template": (docx(**{"word___rels__settings.xml.rels": ELSEWHERE}), FileProblem.ACTIVE),
    "a docx that declares entities": (
        docx(**{"word__a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
        FileProblem.ACTIVE,
    ),
    "a docx that unpacks to far more": (docx(**{"word__a.txt": bytes(50_000_000)}), FileProblem.BOMB),
    "a pdf that ends in the middle": (pdf()[:100], FileProblem.DAMAGED),
    "a head of a pdf alone": (b"%PDF-1.7\n%%EOF\n", FileProblem.DAMAGED),
    "a pdf with a script": (pdf_with_script(), FileProblem.ACTIVE),
    "a pdf with a file inside": (pdf(EMBEDDED, INSIDE), FileProblem.ACTIVE),
    "a picture that ends in the middle": (jpeg((400, 300))[:-300], FileProblem.DAMAGED),
    "only the first bytes of a picture": (b"\xff\xd8\xff\xe0" + bytes(50) + b"\xff\xd9", FileProblem.DAMAGED),
    "a png without its end": (png()[:-12], FileProblem.DAMAGED),
    "a flood of pixels": (huge_png(), FileProblem.TOO_MANY_PIXELS),
    "a pdf that is an archive too": (pdf() + archive(a=b"x"), FileProblem.TWO_KINDS),
    "a picture that is an archive too": (jpeg() + archive(a=b"x"), FileProblem.TWO_KINDS),
    "a png with an archive behind it": (png() + archive(a=b"x"), FileProblem.TWO_KINDS),
}


@pytest.mark.parametrize("what", TAKEN)
def test_a_file_is_what_its_content_is(what: str) -> None:
    content, kind = TAKEN[what]
    assert examine(content) is kind


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_and_why(what: str) -> None:
    content, problem = REFUSED[what]
    with pytest.raises(FileRefused) as refused:
        examine(content)
    assert refused.value.problem is problem


def test_a_picture_inside_a_pdf_head_is_two_kinds() -> None:
    comment = b"%PDF-1.7 "
    content = jpeg()
    with_head = content[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + content[2:]
    with pytest.raises(FileRefused) as refused:
        examine(with_head)
    assert refused.value.problem is FileProblem.TWO_KINDS


def test_a_docx_with_a_password_is_refused() -> None:
    locked = bytearray(docx())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(sign)
        while place >= 0:
            locked[place + at] |= 1
            place = locked.find(sign, place + 1)
    with pytest.raises(FileRefused) as refused:
        examine(bytes(locked))
    assert refused.value.problem is FileProblem.PROTECTED


def test_a_docx_whose_part_was_altered_is_damaged() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        with zipfile.ZipFile(io.BytesIO(docx())) as original:
            for member in original.infolist():
                packed.writestr(member.filename, original.read(member))
        packed.writestr("word/media.txt", "twelve bytes")
    broken = made.getvalue().replace(b"twelve bytes", b"TWELVE bytes")
    with pytest.raises(FileRefused) as refused:
        examine(broken)
    assert refused.value.problem is FileProblem.DAMAGED


def test_a_redrawn_photograph_says_nothing_of_where_it_was_taken() -> None:
    photograph = jpeg((80, 60), place=True) + b"telephone's trailer"
    assert Image.open(io.BytesIO(photograph)).getexif().get_ifd(GPS)
    redrawn = without_notes(photograph, FileKind.JPEG)
    picture = Image.open(io.BytesIO(redrawn))
    assert picture.size == (80, 60)
    assert not picture.getexif()
    assert b"CameraMaker" not in redrawn
    assert b"trailer" not in redrawn


def test_a_redrawn_photograph_stands_upright() -> None:
    exif, made = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.new("RGB", (80, 60)).save(made, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(without_notes(made.getvalue(), FileKind.JPEG))).size == (60, 80)


def test_a_redrawn_png_keeps_its_pixels_and_no_words() -> None:
    from PIL.PngImagePlugin import PngInfo

    said, made = PngInfo(), io.BytesIO()
    said.add_text("Author", "somebody")
    Image.new("RGBA", (3, 2), (1, 2, 3, 40)).save(made, "PNG", pnginfo=said)
    redrawn = without_notes(made.getvalue(), FileKind.PNG)
    assert b"somebody" not in redrawn
    assert Image.open(io.BytesIO(redrawn)).getpixel((1, 1)) == (1, 2, 3, 40)


def test_documents_are_not_redrawn() -> None:
    assert without_notes(pdf(), FileKind.PDF) == pdf()


NAMES = [
    ("建议.pdf", FileKind.PDF, "建议.pdf"),
    ("a.PDF", FileKind.PDF, "a.pdf"),
    ("photo.JPEG", FileKind.JPEG, "photo.jpeg"),
    ("photo", FileKind.JPEG, "photo.jpg"),
    ("invoice.exe", FileKind.PDF, "invoice.exe.pdf"),
    ("../../etc/passwd", FileKind.PNG, "etc passwd.png"),
    ("C:\\fakepath\\图.png", FileKind.PNG, "C fakepath 图.png"),
    ("fdp.\u202egnp", FileKind.PNG, "fdp.gnp.png"),
    ("a\r\nContent-Type: x\0.docx", FileKind.WORD, "a Content-Type x.docx"),
    ("...", FileKind.PDF, "file.pdf"),
    ("", FileKind.WORD, "file.docx"),
    (" .pdf", FileKind.PDF, "file.pdf"),
    ("“图”\u3000说明.png", FileKind.PNG, "“图” 说明.png"),
]


@pytest.mark.parametrize(("said", "kind", "seen"), NAMES)
def test_a_name_is_a_label_with_the_ending_of_what_it_is(said: str, kind: FileKind, seen: str) -> None:
    assert name_of(said, kind) == seen


def test_a_long_name_keeps_its_ending() -> None:
    name = name_of("𠮷" * 300 + ".docx", FileKind.WORD)
    assert len(name) == LONGEST_NAME
    assert name.endswith("𠮷.docx")
