"""The files of a mail: what is taken with the submission, what is refused and why, and which of them hold its words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.documents.formats.refusals import UnreadableFileError
from app.documents.reading import decode
from app.documents.sandbox import read_outside
from app.kit.blobs import BlobStore
from app.kit.clamd import Scanner
from app.mail.keeping import FileNote
from app.mail.parts import Attachment
from app.submissions.attachments import NewFile, take_in
from app.submissions.file_examination import FileProblem, FileRefused
from app.submissions.file_kinds import LARGEST_TOGETHER, MOST_FILES

READ = (".docx", ".pdf", ".txt")
LONGEST_READ = 200_000
"""Characters of a document that are looked at; a comment has room for far fewer."""
DRAWN = "drawn"
"""Why a picture isn't kept that only belongs to the mail's own look."""


@dataclass(frozen=True)
class Cabinet:
    """Where files are kept, and who looks into them, if anybody does."""

    blobs: BlobStore
    scanner: Scanner | None


@dataclass(frozen=True)
class Attached:
    files: Sequence[NewFile]
    notes: Sequence[FileNote]
    texts: Sequence[str]


def look_into(cabinet: Cabinet, attachments: Sequence[Attachment], at: datetime, *, read: bool) -> Attached:
    """Takes seconds a file, so hold no session meanwhile. `read` asks for the words of documents too.

    Raises OSError where contents can't be kept.
    """
    files, notes, texts = list[NewFile](), list[FileNote](), list[str]()
    for attachment in attachments:
        note = FileNote(attachment.name, len(attachment.content))
        try:
            _refuse_beyond(files, attachment)
            files.append(take_in(cabinet.blobs, cabinet.scanner, attachment.content, attachment.name, at))
        except FileRefused as refused:
            note = replace(note, problem=DRAWN if attachment.is_drawn else refused.problem.value)
        text = text_of(attachment) if read and note.problem != FileProblem.INFECTED else ""
        texts += [text] if text else []
        notes.append(replace(note, read=bool(text)))
    return Attached(files, notes, texts)


def text_of(attachment: Attachment) -> str:
    """The words of a .docx, .pdf or .txt; empty for what can't be read. Parsers run in a process of their own."""
    if not attachment.name.lower().endswith(READ):
        return ""
    try:
        if attachment.name.lower().endswith(".txt"):
            return decode(attachment.content)[:LONGEST_READ].strip()
        return read_outside(attachment.content, attachment.name)[:LONGEST_READ].replace("\0", "").strip()
    except UnreadableFileError:
        return ""


def _refuse_beyond(files: Sequence[NewFile], attachment: Attachment) -> None:
    if attachment.is_drawn:
        raise FileRefused(FileProblem.KIND)
    if len(files) >= MOST_FILES:
        raise FileRefused(FileProblem.TOO_MANY)
    if sum(file.size for file in files) + len(attachment.content) > LARGEST_TOGETHER:
        raise FileRefused(FileProblem.TOGETHER_TOO_LARGE)
