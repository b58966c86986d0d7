"""What is refused before anything of it is parsed, and what a file is whatever its name says."""

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from app.documents.formats import limits, refusals
from app.documents.formats.limits import LARGEST_FILE, Kind, open_archive, read_path, read_stream, recognise
from app.documents.formats.refusals import UnreadableFileError
from tests.documents.formats.making import archive, part, pdf, with_part, word

WORD = word(["花园方案"])
TYPES = "[Content_Types].xml"
MAIN = b"wordprocessingml.document.main+xml"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def stream(name: str) -> bytes:
    return name.encode("utf-16-le")


def open_text(more: dict[str, bytes]) -> bytes:
    return archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>", **more})


def as_type(declared: bytes) -> bytes:
    return with_part(WORD, TYPES, part(WORD, TYPES).replace(b"wordprocessingml.document.main", declared))


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (WORD, "a.docx", Kind.WORD),
        (WORD, "a.doc", Kind.WORD),
        (as_type(b"wordprocessingml.template.main"), "a.dotx", Kind.WORD),
        (pdf([["a"]]), "a.pdf", Kind.PDF),
        (b"\r\n\r\n%PDF-1.4", "a.PDF", Kind.PDF),
        (OLD + stream("WordDocument"), "a.wps", Kind.OLD_WORD),
        (b"{\\rtf1 a}", "a.doc", Kind.RICH_TEXT),
        (open_text({}), "a.odt", Kind.OPEN_TEXT),
        (b"\xef\xbb\xbf<HTML><p>a", "a.doc", Kind.PAGE),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html><p>a", "a.wps", Kind.PAGE),
        (b"text", "a", Kind.TEXT),
        (b"text", "a.TXT", Kind.TEXT),
        (b"text", "a.markdown", Kind.MARKDOWN),
        (b"text", "a.htm", Kind.PAGE),
        (b"text about %PDF-1.4", "a.txt", Kind.TEXT),
        (b"BM and BZh and MZ begin words too", "a.txt", Kind.TEXT),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, name: str, kind: Kind) -> None:
    assert recognise(content, name) is kind


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.docx", refusals.EMPTY),
        (b" \n\t", "a.txt", refusals.EMPTY),
        (b"x" * (LARGEST_FILE + 1), "a.txt", refusals.TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n", "a.docx", refusals.PICTURE),
        (b"\xff\xd8\xff\xe0", "a.pdf", refusals.PICTURE),
        (b"GIF89a", "a.txt", refusals.PICTURE),
        (b"BM\x8a\x10\0\0\0\0\0\0\x8a\0\0\0", "a.docx", refusals.PICTURE),
        (b"RIFF\0\0\0\0WEBP", "a.docx", refusals.PICTURE),
        (b"\0\0\0\x18ftypheic", "a.docx", refusals.PICTURE),
        (b"text", "a.docx", refusals.NOT_WHAT_IT_SAYS),
        (b"text", "a.pdf", refusals.NOT_WHAT_IT_SAYS),
        (b"text", "a.doc", refusals.NOT_WHAT_IT_SAYS),
        (b"text", "a.exe", refusals.NOT_A_DOCUMENT),
        (b"\x7fELF", "a.txt", refusals.NOT_A_DOCUMENT),
        (b"Rar!\x1a", "a.docx", refusals.ARCHIVE),
        (archive({"a.txt": b"a"}), "a.docx", refusals.ARCHIVE),
        (archive({"mimetype": b"application/epub+zip"}), "a.docx", refusals.NOT_A_DOCUMENT),
        (as_type(b"spreadsheetml.sheet.main"), "a.docx", refusals.NOT_A_DOCUMENT),
        (as_type(b"ms-word.document.macroEnabled.main"), "a.docx", refusals.MACROS),
        (with_part(WORD, "word/vbaProject.bin", b"x"), "a.docx", refusals.MACROS),
        (open_text({"Basic/Standard/Module1.xml": b"<a/>"}), "a.odt", refusals.MACROS),
        (open_text({"META-INF/manifest.xml": b"<encryption-data/>"}), "a.odt", refusals.ENCRYPTED),
        (OLD + stream("EncryptedPackage"), "a.docx", refusals.ENCRYPTED),
        (OLD + stream("Workbook"), "a.doc", refusals.NOT_A_DOCUMENT),
        (b"PK\x03\x04", "a.docx", refusals.DAMAGED),
    ],
)
def test_what_is_no_document_is_refused_by_its_reason(content: bytes, name: str, message: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        recognise(content, name)
    assert str(refused.value) == message


def refusal_of(content: bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        open_archive(content)
    return str(refused.value)


def test_a_member_that_grows_a_thousandfold_is_refused() -> None:
    assert refusal_of(with_part(WORD, "word/media/a.bmp", b"\0" * 5_000_000)) == refusals.BOMB


def test_a_small_member_may_be_packed_tightly() -> None:
    with open_archive(with_part(WORD, "word/media/a.bmp", b"\0" * 1_000_000)) as opened:
        assert "word/media/a.bmp" in opened.namelist()


def test_members_are_summed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_UNPACKED", 100_000)
    assert refusal_of(archive({f"a{at}": os.urandom(30_000) for at in range(4)})) == refusals.BOMB


def test_too_many_members_are_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    many = archive({f"{at}": b"" for at in range(limits.MOST_MEMBERS + 1)})
    monkeypatch.delattr(zipfile.ZipFile, "_RealGetContents")
    assert refusal_of(many) == refusals.BOMB


def test_an_archive_inside_is_refused_and_an_embedded_sheet_is_not() -> None:
    assert refusal_of(with_part(WORD, "word/bomb.zip", b"PK")) == refusals.ARCHIVE
    with open_archive(with_part(WORD, "word/embeddings/Sheet1.xlsx", b"PK")) as opened:
        assert opened.namelist()


def test_a_member_with_a_password_is_refused() -> None:
    content = bytearray(archive({"word/document.xml": b"<a/>"}))
    entry = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[entry + 8] |= 1
    assert refusal_of(bytes(content)) == refusals.ENCRYPTED


def test_a_size_that_lies_brings_no_more_than_it_says() -> None:
    content = bytearray(archive({"word/document.xml": b"x" * 5_000_000}))
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 100)
    with pytest.raises(UnreadableFileError):
        limits.read_member(open_archive(bytes(content)), "word/document.xml")


def test_a_large_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as made:
        made.truncate(200 * 1024 * 1024)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(UnreadableFileError, match="20 MB"):
        read_path(path)


def test_a_stream_is_never_read_far_beyond_the_limit() -> None:
    endless = io.BytesIO(b"x" * (LARGEST_FILE + 1000))
    with pytest.raises(UnreadableFileError, match="20 MB"):
        read_stream(endless)
    assert endless.tell() == LARGEST_FILE + 1


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing", Path("/dev/zero"), Path("a\0b")):
        with pytest.raises(UnreadableFileError):
            read_path(path)


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    assert read_path(tmp_path / "a.txt") == b"text"


def test_every_refusal_is_one_line_for_people() -> None:
    assert len(refusals.CODES) > 15
    for message in refusals.CODES:
        assert message.isprintable()
        assert message.endswith(".")
        assert len(message) <= 150
