"""Files as a department's program sees them."""

import uuid
from datetime import datetime

from pydantic import BaseModel, Field

from app.api.repeating import WriteBody
from app.dispositions.models import AnswerFile
from app.submissions.file_kinds import FileKind, ScanState
from app.submissions.models import SubmissionFile


class UploadedBody(WriteBody):
    """What was sent, as far as two requests are compared."""

    name: str
    sha256: str


class RemoveRequest(WriteBody):
    """Nothing needs to be said; the body may be left out."""


class OwnFile(BaseModel):
    """A file that your department laid with its answer; internal, never public."""

    id: uuid.UUID
    name: str
    kind: FileKind = Field(description="What it is by its content.")
    size: int = Field(description="Bytes.")
    sha256: str
    scan_state: ScanState = Field(
        description="not_asked 未设检查 · waiting 待检查 · clean 通过 · infected 未通过 · lost 已丢失; "
        "handed out only while `not_asked` or `clean`"
    )
    added_at: datetime


class OwnFiles(BaseModel):
    """All of them, in the order of adding; there are ten at most."""

    items: list[OwnFile]


class Attachment(BaseModel):
    """A file that came with a comment and was released, as it was released; others are never handed out."""

    id: uuid.UUID
    name: str
    kind: FileKind
    size: int = Field(description="Bytes.")


class AttachmentPage(BaseModel):
    """Some of them, in the order of their release."""

    items: list[Attachment]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class FileRemoved(BaseModel):
    """It is there no more."""

    id: uuid.UUID


def own_file(row: AnswerFile) -> OwnFile:
    return OwnFile(
        id=row.id,
        name=row.name,
        kind=row.kind,
        size=row.size,
        sha256=row.sha256,
        scan_state=row.scan,
        added_at=row.added_at,
    )


def attachment(row: SubmissionFile) -> Attachment:
    size = row.released_size if row.released_size is not None else row.size
    return Attachment(id=row.id, name=row.name, kind=row.kind, size=size)
