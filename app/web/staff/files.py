"""Files that came with a submission: having one, and deciding whether the public may."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.kit.errors import NotFound, Unavailable, Unprocessable
from app.kit.http import Now, WriteSession
from app.permissions import Actor, Permission
from app.submissions import attachments
from app.submissions import file_queries as files
from app.submissions.file_examination import FileRefused, without_notes
from app.submissions.file_kinds import FileKind
from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment, SubmissionFile
from app.web.downloads import content_of, download
from app.web.file_words import SHORT_HASH, scan_words, size_words
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm, allowed
from app.web.staff.desk.place import stay

PATH = "/staff/submissions/{id}/files/{file_id}"
OWN_PAGE = "staff_submission"
Opens = Annotated[Actor, allowed(Permission.OPEN_FILES)]
Publishes = Annotated[Actor, allowed(Permission.PUBLISH)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FileView:
    """`may_be_released`: the comment that it came with is on display."""

    id: uuid.UUID
    name: str
    kind: FileKind
    size: str
    short_hash: str
    scan: str
    may_be_opened: bool
    may_be_released: bool
    is_picture: bool
    released_at: datetime | None
    release_reason: str | None


def context(session: Session, actor: Actor, submission_id: uuid.UUID) -> dict[str, object]:
    """What the submission's page shows of its files."""
    shown = session.get(DisplayedComment, submission_id)
    is_displayed = shown is not None and shown.state is DisplayState.DISPLAYED
    return {
        "files": [_view(file, is_displayed) for file in files.of_submission(session, submission_id)],
        "may_open_files": actor.may(Permission.OPEN_FILES),
        "may_release_files": actor.may(Permission.PUBLISH),
    }


@router.post(PATH, name="staff_open_file")
def open_file(id: uuid.UUID, file_id: uuid.UUID, services: Svc, sent: OwnForm, actor: Opens, now: Now) -> Response:
    """By a form: that somebody had the file is kept before the first byte of it goes out."""
    file = _file(services, id, file_id)
    content = content_of(services.blobs, file.sha256)
    with services.database.writing() as session:
        attachments.open_file(session, actor, now, file_id)
    return download(content, file.name, file.kind)


@router.post(PATH + "/release", name="staff_release_file")
def release(
    request: Request, id: uuid.UUID, file_id: uuid.UUID, services: Svc, sent: OwnForm, actor: Publishes, now: Now
) -> Response:
    """Draws a picture anew first, which takes seconds, outside any transaction."""
    file = _file(services, id, file_id)
    try:
        public = without_notes(content_of(services.blobs, file.sha256), file.kind)
        key = services.blobs.put(public)
    except FileRefused as error:
        raise Unprocessable("file_not_redrawn") from error
    except OSError as error:
        raise Unavailable("files_unreachable") from error
    with services.database.writing() as session:
        attachments.release_file(session, actor, now, file_id, sent.form.get("reason", ""), key, len(public))
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/withdraw", name="staff_withdraw_file")
def withdraw(
    request: Request,
    id: uuid.UUID,
    file_id: uuid.UUID,
    services: Svc,
    sent: OwnForm,
    actor: Publishes,
    session: WriteSession,
    now: Now,
) -> Response:
    _file(services, id, file_id)
    attachments.withdraw_file(session, actor, now, file_id, sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGE, id)


def _file(services: Services, submission_id: uuid.UUID, file_id: uuid.UUID) -> SubmissionFile:
    with services.database.reading() as session:
        file = files.get(session, file_id)
    if file.submission_id != submission_id:
        raise NotFound("no_such_file")
    return file


def _view(file: SubmissionFile, is_displayed: bool) -> FileView:
    return FileView(
        id=file.id,
        name=file.name,
        kind=file.kind,
        size=size_words(file.size),
        short_hash=file.sha256[:SHORT_HASH],
        scan=scan_words(file.scan),
        may_be_opened=file.scan.may_be_opened,
        may_be_released=is_displayed,
        is_picture=file.kind.is_picture,
        released_at=file.released_at,
        release_reason=file.release_reason,
    )
