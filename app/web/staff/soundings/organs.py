"""One organ of a letter: its reply with the scan, that it was reminded, and its opinions in a list."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.kit.errors import DomainError, Unavailable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession
from app.permissions import Actor, Permission
from app.soundings import queries, replying
from app.soundings.replying import Reply
from app.submissions.attachments import NewFile, take_in
from app.submissions.file_examination import FileRefused
from app.web.downloads import content_of, download
from app.web.errors import words_of
from app.web.file_words import problem_words
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import number_of, revision_of
from app.web.staff.soundings import organs_view
from app.web.staff.soundings.entered import OPINION_FIELDS, REPLY_FIELDS, carried_out, day_of, values_of, wording_of
from app.web.templating import address, page
from app.web.uploads import ANY_SIZE, OwnUpload, Uploaded, in_turn

ONE = "/staff/sounded-organs/{id}"
SCAN = "scan"
LONGEST_NAME_SHOWN = 60
Reads = Annotated[Actor, allowed(Permission.READ_SOUNDINGS)]
Manages = Annotated[Actor, allowed(Permission.MANAGE_SOUNDINGS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Refused:
    """Why something wasn't stored, and what was entered of a reply or of an opinion."""

    code: str
    words: str
    status: int
    reply: Mapping[str, str] | None = None
    opinion: Mapping[str, str] | None = None

    @classmethod
    def by(cls, problem: DomainError, **entered: Mapping[str, str]) -> "Refused":
        return cls(problem.code, words_of(problem), problem.status, **entered)


@router.get(ONE, name="staff_sounded_organ")
def organ(request: Request, id: uuid.UUID, actor: Reads, session: ReadSession, now: Now, after: str = "") -> Response:
    return _organ(request, session, actor, id, now, after=number_of(after, 0))


@router.post(ONE + "/reply", name="staff_enter_reply", max_body_size=ANY_SIZE)
def enter_reply(request: Request, id: uuid.UUID, actor: Manages, sent: OwnUpload, services: Svc, now: Now) -> Response:
    """The scan is examined first, which takes seconds, outside any transaction.

    Who comes second sees what stands now beside what they entered.
    """
    entered = values_of(sent.form, REPLY_FIELDS)
    try:
        file = _scan(services, sent)
    except FileRefused as refused:
        why = problem_words(refused.problem, sent.files[SCAN].name[:LONGEST_NAME_SHOWN])
        with services.database.reading() as session:
            refusal = Refused("scan_not_taken", why, 422, reply=entered)
            return _organ(request, session, actor, id, now, refused=refusal)
    revision, reason = revision_of(sent.form), sent.form.get("reason", "")

    def act(session: Session) -> None:
        replying.enter_reply(session, actor, now, id, revision, _reply(sent.form, file), reason)

    def again(session: Session, problem: DomainError) -> Response:
        return _organ(request, session, actor, id, now, refused=Refused.by(problem, reply=entered))

    return carried_out(request, act, again, lambda: address(request, "staff_sounded_organ", id=id))


@router.post(ONE + "/opinions", name="staff_enter_opinion")
def enter_opinion(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    def again(session: Session, problem: DomainError) -> Response:
        entered = values_of(sent.form, OPINION_FIELDS)
        return _organ(request, session, actor, id, now, refused=Refused.by(problem, opinion=entered))

    return carried_out(
        request,
        lambda session: replying.enter_opinion(session, actor, now, id, wording_of(sent.form)),
        again,
        lambda: address(request, "staff_sounded_organ", id=id) + "#opinions",
    )


@router.post(ONE + "/reminders", name="staff_remind_organ")
def remind(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    number, remark = sent.form.get("document_number", ""), sent.form.get("remark", "")

    def act(session: Session) -> None:
        replying.remind(session, actor, now, id, day_of(sent.form, "sent_on"), number, remark)

    def again(session: Session, problem: DomainError) -> Response:
        return _organ(request, session, actor, id, now, refused=Refused.by(problem))

    return carried_out(request, act, again, lambda: address(request, "staff_sounded_organ", id=id))


@router.post("/staff/sounding-files/{id}", name="staff_open_reply_scan")
def open_scan(id: uuid.UUID, services: Svc, sent: OwnForm, actor: Reads, now: Now) -> Response:
    """By a form: that somebody had the scan is kept before the first byte of it goes out."""
    with services.database.reading() as session:
        file = queries.file(session, id)
    content = content_of(services.blobs, file.sha256)
    with services.database.writing() as session:
        replying.open_scan(session, actor, now, id)
    return download(content, file.name, file.kind)


def _scan(services: Services, sent: Uploaded) -> NewFile | None:
    """None where no file was chosen. Raises FileRefused, Unavailable("files_unreachable")."""
    chosen = sent.files.get(SCAN)
    if chosen is None or not (chosen.content or chosen.name):
        return None
    try:
        return in_turn(lambda: take_in(services.blobs, services.scanner, chosen.content, chosen.name, sent.at))
    except OSError as error:
        raise Unavailable("files_unreachable") from error


def _reply(form: Form, file: NewFile | None) -> Reply:
    return Reply(
        with_opinions=form.get("with_opinions") == "yes",
        replied_on=day_of(form, "replied_on"),
        document_number=form.get("document_number", ""),
        signer=form.get("signer", ""),
        file=file,
    )


def _organ(
    request: Request,
    session: Session,
    actor: Actor,
    id: uuid.UUID,
    now: Now,
    after: int = 0,
    refused: Refused | None = None,
) -> Response:
    row = queries.organ(session, id)
    context = organs_view.one(session, actor, row, now, after)
    following = context.pop("following")
    context |= {
        "next_url": address(request, "staff_sounded_organ", id=id, after=following) if following else None,
        "entered_reply": refused.reply if refused else None,
        "entered_opinion": (refused and refused.opinion) or dict.fromkeys(OPINION_FIELDS, ""),
        "problem_words": refused.words if refused else "",
        "was_changed": refused is not None and refused.reply is not None and refused.code == "changed_meanwhile",
    }
    return page(request, "staff/soundings/organ.html", context, refused.status if refused else 200)
