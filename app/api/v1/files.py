"""Files: what a department lays with its answer, and what senders sent as far as it was released."""

import uuid
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.api.authentication import Reader, department_of
from app.api.receiving import DepartmentRoute
from app.api.repeating import Caller, Writing, check_version, written_once
from app.api.uploading import MULTIPART, RAW, UploadRoute, cabinet_of, received, taken_in
from app.api.v1.assignments import AssignmentId
from app.api.v1.file_shapes import (
    AttachmentPage,
    FileRemoved,
    OwnFile,
    OwnFiles,
    RemoveRequest,
    UploadedBody,
    attachment,
    own_file,
)
from app.api.v1.representations import senders_of
from app.api.v1.requests import PageQuery
from app.api.v1.responses import ADD_FILE, READ_FILE, READ_FILES, READ_PAGED_FILES, WRITE_FILE
from app.assignments import queries as assignments
from app.dispositions import files
from app.kit.blobs import key_of
from app.kit.errors import Conflict, NotFound
from app.kit.http import ReadSession
from app.kit.multipart import UploadedFile
from app.kit.paging import read_cursor
from app.submissions import file_queries
from app.submissions.attachments import content_of
from app.submissions.file_kinds import FileKind

router = APIRouter(route_class=DepartmentRoute, tags=["files"])
uploads = APIRouter(route_class=UploadRoute, tags=["files"])
FileId = Annotated[uuid.UUID, Path(description="The file's `id`, from the list.")]
Name = Annotated[
    str | None,
    Query(min_length=1, max_length=200, description="What people see it as; needed where the body is the file itself."),
]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "idempotency_key": {"type": "string", "maxLength": 255, "description": "As in the header."},
    },
    "additionalProperties": False,
}
BODY = {"requestBody": {"required": True, "content": {MULTIPART: {"schema": FORM}, **dict.fromkeys(RAW, _BINARY)}}}


@dataclass(frozen=True)
class Upload:
    """A file as it arrived, and as which request it counts."""

    file: UploadedFile
    body: UploadedBody


async def _upload(request: Request, writing: Writing, assignment_id: AssignmentId, name: Name = None) -> Upload:
    """Nothing of the body is read for an assignment that isn't this department's."""
    cabinet_of(request)
    await run_in_threadpool(_check_own, writing, assignment_id)
    file, key = await received(request, name)
    try:
        body = UploadedBody(name=file.name, sha256=key_of(file.content), idempotency_key=key)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error
    return Upload(file, body)


def _check_own(writing: Caller, assignment_id: uuid.UUID) -> None:
    with writing.database.reading() as session:
        assignments.one(session, department_of(writing.actor), assignment_id)


@uploads.post(
    "/assignments/{assignment_id}/files",
    responses=ADD_FILE,
    response_model=OwnFile,
    response_description="The file",
    operation_id="add_file",
    openapi_extra=BODY,
)
def add_file(
    request: Request,
    writing: Writing,
    assignment_id: AssignmentId,
    upload: Annotated[Upload, Depends(_upload)],
) -> Response:
    """Lays a file with your answer: the signed scan (签批件), or another. Internal, never public.

    PDF, Word, JPEG or PNG of up to 10 MB, by its content; as `multipart/form-data`, or as the body itself. An answer
    names its scan by `scan`. Possible until it is answered for good; ten files at most.
    """
    kept = taken_in(request, writing.actor.id, upload.file)

    def act(session: Session) -> OwnFile:
        held = assignments.one(session, department_of(writing.actor), assignment_id)
        check_version(writing, upload.body, held.assignment.revision)
        made = files.add_file(session, writing.actor, writing.at, assignment_id, kept)
        session.flush()
        return own_file(made)

    return written_once(writing, f"{assignment_id}/files", upload.body, act)


@router.get(
    "/assignments/{assignment_id}/files", responses=READ_FILES, response_description="All", operation_id="list_files"
)
def list_files(reader: Reader, session: ReadSession, assignment_id: AssignmentId) -> OwnFiles:
    """What lies with your department's answer."""
    assignments.one(session, department_of(reader), assignment_id)
    return OwnFiles(items=[own_file(row) for row in files.of_assignment(session, assignment_id)])


@router.get(
    "/assignments/{assignment_id}/files/{file_id}",
    responses=READ_FILE,
    response_class=Response,
    response_description="Its content",
    operation_id="download_file",
)
def download_file(
    request: Request, reader: Reader, session: ReadSession, assignment_id: AssignmentId, file_id: FileId
) -> Response:
    """The content of a file that lies with your department's answer."""
    assignments.one(session, department_of(reader), assignment_id)
    files.of_own(session, assignment_id, file_id)
    row = files.find(session, file_id)
    return _handed_out(request, row.sha256, row.name, row.kind)


@router.post(
    "/assignments/{assignment_id}/files/{file_id}/remove",
    responses=WRITE_FILE,
    response_model=FileRemoved,
    response_description="It is gone",
    operation_id="remove_file",
)
def remove_file(
    writing: Writing, assignment_id: AssignmentId, file_id: FileId, body: RemoveRequest | None = None
) -> Response:
    """Takes a file back while the answer is a draft. What lay with a final answer stays."""
    asked = body or RemoveRequest()

    def act(session: Session) -> FileRemoved:
        held = assignments.one(session, department_of(writing.actor), assignment_id)
        check_version(writing, asked, held.assignment.revision)
        files.remove_file(session, writing.actor, writing.at, assignment_id, file_id)
        return FileRemoved(id=file_id)

    return written_once(writing, f"{assignment_id}/files/{file_id}/remove", asked, act)


@router.get(
    "/assignments/{assignment_id}/attachments",
    responses=READ_PAGED_FILES,
    response_description="One page",
    operation_id="list_attachments",
)
def list_attachments(
    reader: Reader, session: ReadSession, assignment_id: AssignmentId, query: Annotated[PageQuery, Query()]
) -> AttachmentPage:
    """Files that came with the comments and that the column's staff released; what was sent is never handed out as is.

    A picture is a new one, drawn from the pixels of what was sent.
    """
    held = assignments.one(session, department_of(reader), assignment_id)
    suggestion, after = held.suggestion, read_cursor(query.cursor)
    senders = senders_of(suggestion.id)
    page = file_queries.public_among(session, suggestion.consultation_id, senders, after, query.limit)
    return AttachmentPage(items=[attachment(row) for row in page.items], next_cursor=page.next_cursor)


@router.get(
    "/assignments/{assignment_id}/attachments/{file_id}",
    responses=READ_FILE,
    response_class=Response,
    response_description="Its content",
    operation_id="download_attachment",
)
def download_attachment(
    request: Request, reader: Reader, session: ReadSession, assignment_id: AssignmentId, file_id: FileId
) -> Response:
    """The content of a released file, as it was released; gone as soon as its release is."""
    held = assignments.one(session, department_of(reader), assignment_id)
    suggestion = held.suggestion
    row = file_queries.public_one(session, suggestion.consultation_id, senders_of(suggestion.id), file_id)
    return _handed_out(request, row.released_sha256 or row.sha256, row.name, row.kind)


def _handed_out(request: Request, key: str, name: str, kind: FileKind) -> Response:
    """For saving, never to be shown (RFC 6266 §4.3, RFC 8187)."""
    try:
        content = content_of(cabinet_of(request).blobs, key)
    except NotFound as error:
        raise Conflict("file_lost") from error
    called = f"attachment; filename=\"file.{kind}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": called, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="application/octet-stream", headers=headers)
