"""What a file is and whether it is taken, by its content alone; its name and what a browser says of it count nothing.

What only signatures and sizes tell is looked at in this process. Parsers run in a confined process of its own, with no
network, little memory and little time (`app/documents/formats/confinement.py`): whatever they do, this one goes on.
"""

import sys
import tempfile
import zipfile
from enum import StrEnum
from pathlib import Path

from app.documents.formats import refusals
from app.documents.formats.confinement import CrashedError, Limits, TimeIsUpError, run_confined
from app.documents.formats.limits import BROKEN_ARCHIVE, Kind, open_archive, read_member, recognise
from app.documents.formats.refusals import UnreadableFileError
from app.submissions.file_kinds import LARGEST_FILE, FileKind

LIMITS = Limits(seconds=20, megabytes=1024)
_CODE = Path(__file__).resolve().parents[2]
_PROGRAM = (sys.executable, "-P", "-s", "-m", "app.submissions.file_reading")
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_LAST = b"\0\0\0\0IEND\xaeB`\x82"
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_END_BYTES = 22
_LONGEST_ARCHIVE_COMMENT = 65535
_PDF_MAY_BEGIN_WITHIN = 1024
"""Where readers look for the head of a PDF. Source: ISO 32000-1, annex H.3, implementation note 13."""
_PDF_ENDS_WITHIN = 2048


class FileProblem(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOGETHER_TOO_LARGE = "together_too_large"
    TOO_MANY = "too_many"
    KIND = "kind"
    TWO_KINDS = "two_kinds"
    PROTECTED = "protected"
    ACTIVE = "active"
    DAMAGED = "damaged"
    BOMB = "bomb"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOOK_TOO_LONG = "took_too_long"
    INFECTED = "infected"
    BUSY = "busy"
    TOO_OFTEN = "too_often"
    GONE = "gone"


class FileRefused(Exception):
    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


_PROBLEMS = {
    refusals.ENCRYPTED: FileProblem.PROTECTED,
    refusals.MACROS: FileProblem.ACTIVE,
    refusals.BOMB: FileProblem.BOMB,
    refusals.DAMAGED: FileProblem.DAMAGED,
    refusals.ENTITIES: FileProblem.ACTIVE,
}


def examine(content: bytes) -> FileKind:
    """What the content is, having been read to its end. Raises FileRefused; takes up to LIMITS.seconds."""
    if not content:
        raise FileRefused(FileProblem.EMPTY)
    if len(content) > LARGEST_FILE:
        raise FileRefused(FileProblem.TOO_LARGE)
    kind = _kind_of(content)
    if kind is FileKind.WORD:
        _look_into_word(content)
    else:
        _apart("look", content, kind)
    return kind


def without_notes(content: bytes, kind: FileKind) -> bytes:
    """A picture drawn anew from its pixels: without place, time, device and whatever else stood beside them.

    Other kinds are answered as they are. Raises FileRefused.
    """
    return _apart("redraw", content, kind) if kind.is_picture else content


def _kind_of(content: bytes) -> FileKind:
    """By signature and by how it ends; what could be read as two kinds is none. Raises FileRefused."""
    is_archive = _ends_as_archive(content)
    if content.startswith(b"PK\x03\x04"):
        return FileKind.WORD
    if content.startswith(b"%PDF-"):
        kind, whole = FileKind.PDF, b"%%EOF" in content[-_PDF_ENDS_WITHIN:]
    elif content.startswith(b"\xff\xd8\xff"):
        kind, whole = FileKind.JPEG, b"\xff\xd9" in content
    elif content.startswith(_PNG):
        kind, whole = FileKind.PNG, content.endswith(_PNG_LAST)
    else:
        raise FileRefused(FileProblem.KIND)
    if is_archive or (kind is not FileKind.PDF and b"%PDF-" in content[:_PDF_MAY_BEGIN_WITHIN]):
        raise FileRefused(FileProblem.TWO_KINDS)
    if not whole:
        raise FileRefused(FileProblem.DAMAGED)
    return kind


def _ends_as_archive(content: bytes) -> bool:
    """Whether a reader of zip archives would find one here: it looks from the end. Source: PKWARE APPNOTE 4.3.16."""
    tail = content[-(_LONGEST_ARCHIVE_COMMENT + _ARCHIVE_END_BYTES) :]
    at = tail.rfind(_ARCHIVE_END)
    while at >= 0:
        comment = int.from_bytes(tail[at + 20 : at + _ARCHIVE_END_BYTES], "little")
        if at + _ARCHIVE_END_BYTES + comment == len(tail):
            return True
        at = tail.rfind(_ARCHIVE_END, 0, at)
    return False


def _look_into_word(content: bytes) -> None:
    """A document of words and nothing that runs: no macros, no controls, no objects, no template from elsewhere."""
    try:
        if recognise(content, "file.docx") is not Kind.WORD:
            raise FileRefused(FileProblem.KIND)
        with open_archive(content) as archive:
            _refuse_parts(archive)
            read_member(archive, "word/document.xml")
            if archive.testzip() is not None:
                raise FileRefused(FileProblem.DAMAGED)
    except UnreadableFileError as error:
        raise FileRefused(_PROBLEMS.get(str(error), FileProblem.KIND)) from error
    except BROKEN_ARCHIVE as error:
        raise FileRefused(FileProblem.DAMAGED) from error
    if not _ends_as_archive(content) or b"%PDF-" in content[:_PDF_MAY_BEGIN_WITHIN]:
        raise FileRefused(FileProblem.TWO_KINDS)


def _refuse_parts(archive: zipfile.ZipFile) -> None:
    for member in archive.infolist():
        name = member.filename.lower()
        runs = name.startswith("word/activex/") or (name.startswith("word/embeddings/") and name.endswith(".bin"))
        if runs or (name == "word/_rels/settings.xml.rels" and _names_template(archive, member.filename)):
            raise FileRefused(FileProblem.ACTIVE)


def _names_template(archive: zipfile.ZipFile, name: str) -> bool:
    """Word would fetch the template from where it says when the document is opened."""
    said = read_member(archive, name).lower()
    return b"attachedtemplate" in said and b"external" in said


def _apart(task: str, content: bytes, kind: FileKind) -> bytes:
    with tempfile.TemporaryDirectory(prefix="yanlu-", ignore_cleanup_errors=True) as folder:
        try:
            answer = run_confined(
                [*_PROGRAM, task, kind.value],
                Path(folder),
                LIMITS,
                content=content,
                extra={"PYTHONPATH": str(_CODE), "PYTHONUTF8": "1"},
            )
        except TimeIsUpError as error:
            raise FileRefused(FileProblem.TOOK_TOO_LONG) from error
        except CrashedError as error:
            raise FileRefused(FileProblem.DAMAGED) from error
    word, _mark, result = answer.partition(b"\n")
    if word == b"taken":
        return result
    refused = word.decode("ascii", "replace")
    raise FileRefused(FileProblem(refused) if refused in set(FileProblem) else FileProblem.DAMAGED)
