"""Laying files with the answer to an assignment, and asking one of its senders."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.assignments import asking
from app.assignments import queries as assignments
from app.dispositions import files
from app.kit.errors import NotFound, Unavailable, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.offices.actions import own_department
from app.submissions.attachments import take_in
from app.submissions.file_examination import FileRefused
from app.web.department.case import PATH, Answers, to
from app.web.department.inbox import Reads
from app.web.downloads import content_of, download
from app.web.services import Svc
from app.web.staff.access import OwnForm
from app.web.uploads import ANY_SIZE, OwnUpload, in_turn

FILE = "file"

router = APIRouter(include_in_schema=False)


@router.post(PATH + "/ask", name="office_ask_sender")
def ask(request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now) -> Response:
    """Whom it goes to nobody here learns, and what comes back has no name."""
    asking.ask_sender(session, actor, now, id, sent.form.get("question", ""))
    return to(request, id)


@router.post(PATH + "/files", name="office_add_file", max_body_size=ANY_SIZE)
def add(request: Request, id: uuid.UUID, actor: Answers, sent: OwnUpload, services: Svc) -> Response:
    """Examined, scanned and kept as a comment's file is; outside any transaction, for it takes seconds."""
    file = sent.files.get(FILE)
    if file is None or not file.content:
        raise Unprocessable("office_file_required")
    with services.database.reading() as session:
        assignments.one(session, own_department(actor), id)
    try:
        kept = in_turn(lambda: take_in(services.blobs, services.scanner, file.content, file.name, sent.at))
    except FileRefused as refused:
        raise Unprocessable(f"office_file_{refused.problem.value}") from refused
    except OSError as error:
        raise Unavailable("files_unreachable") from error
    with services.database.writing() as session:
        files.add_file(session, actor, sent.at, id, kept)
    return to(request, id)


@router.post(PATH + "/files/{file_id}/remove", name="office_remove_file")
def remove(
    request: Request, id: uuid.UUID, file_id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now
) -> Response:
    files.remove_file(session, actor, now, id, file_id)
    return to(request, id)


@router.get(PATH + "/files/{file_id}", name="office_file")
def take(id: uuid.UUID, file_id: uuid.UUID, actor: Reads, session: ReadSession, services: Svc) -> Response:
    """Only with the department's own assignment. Raises NotFound, Conflict while nobody may have it."""
    assignments.one(session, own_department(actor), id)
    row = files.find(session, file_id)
    if row.assignment_id != id:
        raise NotFound("no_such_file")
    return download(content_of(services.blobs, row.sha256), row.name, row.kind)
