"""What is refused before anything is parsed: by size, by signature, and by what a zipped document unpacks to."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path, PurePath
from typing import BinaryIO

from app.documents.formats import refusals
from app.documents.formats.refusals import UnreadableFileError

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes as sent. A policy document of 300 pages is below one megabyte of text."""
LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes of all members of a zipped document together."""
MOST_MEMBERS = 5_000
STEEPEST_RATIO = 100
"""Unpacked to packed bytes of one member; real text reaches 40."""
LARGEST_UNWATCHED_MEMBER = 1024 * 1024
"""Bytes up to which a member may be packed more tightly: an empty picture or a style sheet is."""

BROKEN_ARCHIVE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, IndexError),
)
"""What zipfile raises for damaged, encrypted or exotic archives. Source: its documentation and its sources."""


class Kind(StrEnum):
    """What the content is, whatever the name says."""

    TEXT = "txt"
    MARKDOWN = "md"
    PAGE = "html"
    WORD = "docx"
    PDF = "pdf"
    OLD_WORD = "doc"
    RICH_TEXT = "rtf"
    OPEN_TEXT = "odt"


PLAIN = frozenset({Kind.TEXT, Kind.MARKDOWN, Kind.PAGE})
CONVERTED = frozenset({Kind.OLD_WORD, Kind.RICH_TEXT, Kind.OPEN_TEXT})
_BY_NAME = {
    **dict.fromkeys(("", ".txt", ".text"), Kind.TEXT),
    **dict.fromkeys((".md", ".markdown"), Kind.MARKDOWN),
    **dict.fromkeys((".html", ".htm"), Kind.PAGE),
}
_CLAIMS_MORE = frozenset({".docx", ".dotx", ".docm", ".pdf", ".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt"})
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\x01\0")
_PICTURES_WITHIN = ((b"RIFF", 8, b"WEBP"), (b"\0\0\0", 4, b"ftyp"), (b"BM", 6, b"\0\0\0\0"))
_ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a", b"\xfd7zXZ", b"BZh91AY", b"\x28\xb5\x2f\xfd")
_PROGRAMS = (b"\x7fELF", b"MZ\x90")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PDF_WITHIN = 1024
_PAGE_BEGINS = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ENTRY = b"PK\x01\x02"
_LARGEST_MANIFEST = 1024 * 1024
_PACKED_INSIDE = re.compile(r"\.(?:zip|jar|7z|rar|gz|bz2|xz|docx|docm|xlsx|xlsm|pptx|odt|epub)$", re.IGNORECASE)
_OBJECTS = "word/embeddings/"
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PROLOGUE = 4096
_ENCODINGS = re.compile(rb"""^<\?xml[^>]{0,100}encoding\s*=\s*["'](?!utf-?8|utf-?16|us-ascii)""", re.IGNORECASE)


def read_path(path: Path) -> bytes:
    """The content of a file, which is measured before it is read.

    Raises UnreadableFileError when it is no regular file, can't be opened, or is above LARGEST_FILE.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableFileError(refusals.NOT_A_FILE)
        if found.st_size > LARGEST_FILE:
            raise UnreadableFileError(refusals.TOO_LARGE)
        with path.open("rb") as stream:
            return read_stream(stream)
    except (OSError, ValueError) as error:
        raise UnreadableFileError(refusals.NOT_A_FILE) from error


def read_stream(stream: BinaryIO) -> bytes:
    """The rest of a stream. Never holds more than LARGEST_FILE and one byte; raises UnreadableFileError beyond."""
    content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise UnreadableFileError(refusals.TOO_LARGE)
    return content


def recognise(content: bytes, file_name: str) -> Kind:
    """What a file is by its signature, and by its name only among formats that have none.

    Raises UnreadableFileError for what is empty, too large, a picture, an archive, a program, a spreadsheet, a
    document with macros or a password, or not what its name says.
    """
    suffix = PurePath(file_name).suffix.lower()
    if not content.strip():
        raise UnreadableFileError(refusals.EMPTY)
    if len(content) > LARGEST_FILE:
        raise UnreadableFileError(refusals.TOO_LARGE)
    if content.startswith(_ZIP):
        return _kind_of_archive(content)
    if content.startswith(_OLD_OFFICE):
        return _kind_of_old_office(content)
    if content.startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in content[:_PDF_WITHIN]):
        return Kind.PDF
    if content.startswith(b"{\\rtf"):
        return Kind.RICH_TEXT
    _refuse_strangers(content)
    if suffix in (".doc", ".wps") and _PAGE_BEGINS.match(content.removeprefix(b"\xef\xbb\xbf")):
        return Kind.PAGE
    if suffix in _BY_NAME:
        return _BY_NAME[suffix]
    raise UnreadableFileError(refusals.NOT_WHAT_IT_SAYS if suffix in _CLAIMS_MORE else refusals.NOT_A_DOCUMENT)


def _refuse_strangers(content: bytes) -> None:
    within = any(content.startswith(head) and content[at:].startswith(sign) for head, at, sign in _PICTURES_WITHIN)
    if within or content.startswith(_PICTURES):
        raise UnreadableFileError(refusals.PICTURE)
    if content.startswith(_ARCHIVES):
        raise UnreadableFileError(refusals.ARCHIVE)
    if content.startswith(_PROGRAMS):
        raise UnreadableFileError(refusals.NOT_A_DOCUMENT)


def _kind_of_old_office(content: bytes) -> Kind:
    """By the names of the streams of a compound file, which are UTF-16. Source: MS-CFB 2.6.1, MS-DOC 2.1."""
    if _named("EncryptedPackage") in content:
        raise UnreadableFileError(refusals.ENCRYPTED)
    if _named("WordDocument") not in content:
        raise UnreadableFileError(refusals.NOT_A_DOCUMENT)
    return Kind.OLD_WORD


def _named(stream: str) -> bytes:
    return stream.encode("utf-16-le")


def _kind_of_archive(content: bytes) -> Kind:
    with open_archive(content) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names:
            return _kind_of_package(read_member(archive, "[Content_Types].xml", _LARGEST_MANIFEST), names)
        if "mimetype" in names:
            said = read_member(archive, "mimetype", _LARGEST_MANIFEST).strip()
            if said in (
                b"application/vnd.oasis.opendocument.text",
                b"application/vnd.oasis.opendocument.text-template",
            ):
                return _open_text(archive, names)
            raise UnreadableFileError(refusals.NOT_A_DOCUMENT)
    raise UnreadableFileError(refusals.ARCHIVE)


def _kind_of_package(content_types: bytes, names: set[str]) -> Kind:
    """Source: ECMA-376 part 2 § 10.1.2 and part 1 § 11.3.10."""
    declared = content_types.replace(b"\0", b"").lower()
    if b"macroenabled" in declared or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFileError(refusals.MACROS)
    if b"wordprocessingml.document.main" in declared or b"wordprocessingml.template.main" in declared:
        return Kind.WORD
    raise UnreadableFileError(refusals.NOT_A_DOCUMENT)


def _open_text(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in read_member(archive, manifest, _LARGEST_MANIFEST):
        raise UnreadableFileError(refusals.ENCRYPTED)
    if any(name.startswith("Basic/") and name.endswith(".xml") for name in names):
        raise UnreadableFileError(refusals.MACROS)
    return Kind.OPEN_TEXT


def open_archive(content: bytes) -> zipfile.ZipFile:
    """A zipped document that unpacks to no more than a document does.

    Sizes are those the archive declares; zipfile never unpacks a member beyond its declared size. Raises
    UnreadableFileError above LARGEST_UNPACKED, MOST_MEMBERS or STEEPEST_RATIO, for archives inside, for parts that
    declare XML entities, for encrypted and for damaged archives.
    """
    if content.count(_ENTRY) > MOST_MEMBERS:
        raise UnreadableFileError(refusals.BOMB)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except BROKEN_ARCHIVE as error:
        raise UnreadableFileError(refusals.DAMAGED) from error
    members = archive.infolist()
    if sum(member.file_size for member in members) > LARGEST_UNPACKED or any(map(_is_steep, members)):
        raise UnreadableFileError(refusals.BOMB)
    _refuse_members(archive, members)
    return archive


def _is_steep(member: zipfile.ZipInfo) -> bool:
    grown = member.file_size > STEEPEST_RATIO * max(member.compress_size, 1)
    return grown and member.file_size > LARGEST_UNWATCHED_MEMBER


def _refuse_members(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> None:
    for member in members:
        if member.flag_bits & 0x1:
            raise UnreadableFileError(refusals.ENCRYPTED)
        if _PACKED_INSIDE.search(member.filename) and not member.filename.startswith(_OBJECTS):
            raise UnreadableFileError(refusals.ARCHIVE)
        if member.filename.lower().endswith((".xml", ".rels")) and _declares(_beginning(archive, member)):
            raise UnreadableFileError(refusals.ENTITIES)


def _beginning(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as stream:
            return stream.read(_PROLOGUE)
    except BROKEN_ARCHIVE as error:
        raise UnreadableFileError(refusals.DAMAGED) from error


def _declares(xml: bytes) -> bool:
    """Whether XML declares a document type or entities, also in UTF-16; other encodings can't be told and count."""
    plain = xml.replace(b"\0", b"")
    return _DECLARES.search(plain) is not None or _ENCODINGS.match(plain) is not None


def read_member(archive: zipfile.ZipFile, name: str, largest: int = LARGEST_UNPACKED) -> bytes:
    """One member, at most `largest` bytes. Raises UnreadableFileError where it is missing, larger, or damaged."""
    try:
        with archive.open(name) as stream:
            content = stream.read(largest + 1)
    except (KeyError, *BROKEN_ARCHIVE) as error:
        raise UnreadableFileError(refusals.DAMAGED) from error
    if len(content) > largest:
        raise UnreadableFileError(refusals.BOMB)
    return content


def read_xml(archive: zipfile.ZipFile, name: str) -> bytes:
    """One XML part, of which nothing declares a document type or an entity."""
    content = read_member(archive, name)
    if _declares(content):
        raise UnreadableFileError(refusals.ENTITIES)
    return content
