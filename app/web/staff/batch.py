"""Entering many submissions from a file: looked through first, each row with what is wrong in it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.documents.formats.refusals import UnreadableFileError
from app.documents.reading import decode
from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, RequestId
from app.permissions import Actor
from app.submissions import batching
from app.submissions.batches import HEADINGS, MOST_ROWS, Line, checked, read_rows
from app.submissions.batching import NewBatch
from app.submissions.entering import ENTERED_CHANNELS
from app.submissions.intake import NotTaken, Origin
from app.web import labels
from app.web.errors import MESSAGES
from app.web.i18n import gettext as _
from app.web.public import field_words
from app.web.public.person_fields import listed
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm
from app.web.staff.entering import Enters, consultation_of, field_label, new_submission
from app.web.templating import address, page
from app.web.uploads import ANY_SIZE, OwnUpload, Uploaded

PATH = "/staff/consultations/{slug}/batch"
FILE = "file"
EXCERPT = 40

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class LineView:
    number: int
    channel: str
    day: str
    words: str
    missing: str
    problems: Sequence[str]
    repeats: int | None


@router.get(PATH, name="staff_batch")
def form(request: Request, slug: str, actor: Enters, session: ReadSession) -> Response:
    return _form(request, session, slug)


@router.post(PATH, name="staff_keep_batch", max_body_size=ANY_SIZE)
def keep(request: Request, slug: str, actor: Enters, sent: OwnUpload, services: Svc) -> Response:
    """The file as it was sent is not kept; its rows are, sealed, until they are entered."""
    try:
        rows = read_rows(_text(sent))
    except Unprocessable as refused:
        with services.database.reading() as session:
            return _form(request, session, slug, _(MESSAGES[refused.code]))
    with services.database.writing() as session:
        new = NewBatch(consultation_of(session, slug).id, rows)
        batch_id = batching.keep_batch(session, actor, sent.at, services.batches, new)
    return RedirectResponse(address(request, "staff_look_through", slug=slug, id=batch_id), status_code=303)


@router.get(PATH + "/{id}", name="staff_look_through")
def look_through(
    request: Request, slug: str, id: uuid.UUID, actor: Enters, services: Svc, session: ReadSession, now: Now
) -> Response:
    row = consultation_of(session, slug)
    lines = list(checked(batching.rows_of(session, actor, services.batches, id), now))
    context = {
        "slug": slug,
        "title": row.title,
        "batch": id,
        "lines": [_line(line) for line in sorted(lines, key=lambda line: (not line.problems, line.number))],
        "right": sum(1 for line in lines if not line.problems),
        "wrong": sum(1 for line in lines if line.problems),
        "repeated": sum(1 for line in lines if line.repeats),
    }
    return page(request, "staff/batch_rows.html", context)


@router.post(PATH + "/{id}", name="staff_enter_batch")
def enter(
    request: Request,
    slug: str,
    id: uuid.UUID,
    sent: OwnForm,
    actor: Enters,
    services: Svc,
    now: Now,
    request_id: RequestId,
) -> Response:
    """Each row is durable by itself: where it breaks off, pressing again goes on and stores none twice."""
    with services.database.reading() as session:
        row = consultation_of(session, slug)
        lines = list(checked(batching.rows_of(session, actor, services.batches, id), now))
    right = [line for line in lines if line.entered]
    stored = [_is_stored(services, row, actor, now, id, line, request_id) for line in right]
    entered = sum(stored)
    with services.database.writing() as session:
        batching.finish_batch(session, actor, now, id, entered)
    context = {
        "slug": slug,
        "title": row.title,
        "entered": entered,
        "refused": len(right) - entered,
        "left_out": len(lines) - len(right),
    }
    return page(request, "staff/batch_entered.html", context)


def _is_stored(
    services: Services,
    row: Consultation,
    actor: Actor,
    now: datetime,
    batch: uuid.UUID,
    line: Line,
    request_id: str | None,
) -> bool:
    """False where no comments were taken when it arrived."""
    assert line.entered is not None
    origin = Origin(actor, now, line.entered.missing, line.entered.remark)
    token = services.batches.token(batch, line.number)
    try:
        services.intake.store(new_submission(row, line.entered, token, origin, request_id))
    except NotTaken:
        return False
    return True


def _form(request: Request, session: Session, slug: str, problem: str = "") -> Response:
    row = consultation_of(session, slug)
    context = {
        "slug": slug,
        "title": row.title,
        "most": MOST_ROWS,
        "columns": [(names[0], field_label(name)) for name, names in HEADINGS.items()],
        "channels": [(channel.value, labels.label(channel)) for channel in ENTERED_CHANNELS],
        "problem_words": problem,
    }
    return page(request, "staff/batch.html", context, 422 if problem else 200)


def _line(line: Line) -> LineView:
    words = " ".join(line.row.get("comment", "").split())
    entered = line.entered
    return LineView(
        number=line.number,
        channel=labels.label(entered.channel) if entered else line.row.get("channel", ""),
        day=line.row.get("day", ""),
        words=words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…",
        missing=listed([name for name in entered.missing if name != "name"]) if entered else "",
        problems=[field_words.words(problem, name) for name, problem in line.problems.items()],
        repeats=line.repeats,
    )


def _text(sent: Uploaded) -> str:
    """Raises Unprocessable for what is no text."""
    file = sent.files.get(FILE)
    try:
        return decode(file.content if file else b"")
    except UnreadableFileError as error:
        raise Unprocessable("batch_unreadable") from error
