"""Mails that wait for a person, and what became of the others. Who sent one is never shown here."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from babel.lists import format_list
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.kit.errors import BadRequest
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.mail import actions, queries
from app.mail.attached import DRAWN
from app.mail.keeping import FileNote
from app.mail.lifecycle import LIFECYCLE, MailEvent, MailReason, MailSource, MailState
from app.mail.models import Mail
from app.mail.taking import Chosen, hopeless
from app.masking.anonymise import anonymise
from app.permissions import EVERYWHERE, Actor, Permission, require
from app.submissions.file_examination import FileProblem
from app.submissions.models import Submission
from app.web.file_words import problem_words, size_words
from app.web.i18n import gettext as _
from app.web.i18n import language
from app.web.mail_words import DRAWN_WORDS
from app.web.services import Services, Svc
from app.web.staff import history
from app.web.staff.access import OwnForm, allowed
from app.web.staff.entering import field_label
from app.web.staff.fields import revision_of
from app.web.templating import address, page

PATH = "/staff/mails"
PAGE_SIZE = 30
EXCERPT = 80
Sorts = Annotated[Actor, allowed(Permission.ENTER_SUBMISSIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FileView:
    name: str
    size: str
    problem: str
    read: bool


@dataclass(frozen=True)
class MailView:
    """A mail with what identifies people in it covered. `words` are whole on its own page, else their beginning."""

    id: uuid.UUID
    state: MailState
    reason: MailReason | None
    source: MailSource
    received_at: datetime | None
    kept_at: datetime
    subject: str
    words: str
    label: str
    consultation: str
    submission_id: uuid.UUID | None
    receipt_number: str
    decided_reason: str


@router.get(PATH, name="staff_mails")
def overview(
    request: Request, actor: Sorts, services: Svc, session: ReadSession, state: str = "waiting", after: str = ""
) -> Response:
    require(actor, Permission.ENTER_SUBMISSIONS, within=EVERYWHERE)
    chosen = MailState(state) if state in set(MailState) else MailState.WAITING
    found = queries.in_state(session, chosen, read_cursor(after), PAGE_SIZE)
    following = (
        address(request, "staff_mails", state=chosen.value, after=found.next_cursor) if found.next_cursor else ""
    )
    context = {
        "state": chosen,
        "counts": queries.state_counts(session),
        "most": queries.MOST_COUNTED,
        "items": views_of(session, services, found.items),
        "next_url": following,
        "has_mailbox": bool(services.settings.inbox),
    }
    return page(request, "staff/mails/list.html", context)


@router.get(PATH + "/{id}", name="staff_mail")
def one(request: Request, id: uuid.UUID, actor: Sorts, services: Svc, session: ReadSession) -> Response:
    require(actor, Permission.ENTER_SUBMISSIONS, within=EVERYWHERE)
    return _page(request, session, services, id)


@router.post(PATH + "/{id}/choose", name="staff_choose_mail")
def choose(request: Request, id: uuid.UUID, sent: OwnForm, actor: Sorts, services: Svc, now: Now) -> Response:
    """Takes it in for the consultation that was chosen, with the receipt that its sender is owed."""
    chosen = Chosen(_id(sent.form.get("consultation", "")), revision_of(sent.form), sent.form.get("reason", ""))
    services.mail.choose(actor, now, id, chosen)
    return RedirectResponse(address(request, "staff_mail", id=id), status_code=303)


@router.post(PATH + "/{id}/set-aside", name="staff_set_mail_aside")
def set_aside(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Sorts, session: WriteSession, now: Now
) -> Response:
    actions.set_aside(session, actor, now, id, revision_of(sent.form), sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_mails"), status_code=303)


def views_of(session: Session, services: Services, mails: Sequence[Mail]) -> list[MailView]:
    """In two queries, whatever their number."""
    titles = _titles(session, {mail.consultation_id for mail in mails if mail.consultation_id})
    numbers = _numbers(session, {mail.submission_id for mail in mails if mail.submission_id})
    return [_view(services, mail, titles, numbers) for mail in mails]


def excerpt(words: str) -> str:
    """The beginning on one line, with numbers and names covered."""
    plain = " ".join(anonymise(words[: 4 * EXCERPT]).text.split())
    return plain if len(plain) <= EXCERPT else f"{plain[: EXCERPT - 1]}…"


def joined(fields: Iterable[str]) -> str:
    """What people call the fields, as the reader's language joins them."""
    return format_list([field_label(name) for name in fields], locale=language())


def _page(request: Request, session: Session, services: Services, mail_id: uuid.UUID) -> Response:
    mail = queries.get(session, mail_id)
    (view,), summary = views_of(session, services, [mail]), services.mail.summary(mail)
    takes = LIFECYCLE.allows(mail.state, MailEvent.TAKE) and mail.state is not MailState.KEPT
    context = {
        "m": view,
        "words": anonymise(summary.words).text,
        "fields": joined(name for name in summary.fields if name not in summary.wrong),
        "wrong": joined(summary.wrong),
        "files": [_file(note) for note in summary.files],
        "left_out": summary.left_out,
        "revision": mail.revision,
        "may_take": takes and not hopeless(mail.reason),
        "may_set_aside": LIFECYCLE.allows(mail.state, MailEvent.SET_ASIDE),
        "consultations": [(row.id, row.title, row.slug) for row, _title in queries.put_out(session)] if takes else [],
        "chosen": mail.consultation_id,
        "late": mail.reason is MailReason.LATE,
        "history": history.of_record(session, "mail", mail.id),
    }
    return page(request, "staff/mails/one.html", context)


def _view(services: Services, mail: Mail, titles: dict[uuid.UUID, str], numbers: dict[uuid.UUID, str]) -> MailView:
    summary = services.mail.summary(mail)
    return MailView(
        id=mail.id,
        state=mail.state,
        reason=mail.reason,
        source=mail.source,
        received_at=mail.received_at,
        kept_at=mail.kept_at,
        subject=anonymise(summary.subject).text,
        words=excerpt(summary.words),
        label=summary.label,
        consultation=titles.get(mail.consultation_id, "") if mail.consultation_id else "",
        submission_id=mail.submission_id,
        receipt_number=numbers.get(mail.submission_id, "") if mail.submission_id else "",
        decided_reason=mail.decided_reason or "",
    )


def _file(note: FileNote) -> FileView:
    problem = ""
    if note.problem == DRAWN:
        problem = _(DRAWN_WORDS) % {"name": note.name}
    elif note.problem:
        problem = problem_words(FileProblem(note.problem), note.name)
    return FileView(note.name, size_words(note.size), problem, note.read)


def _titles(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = session.execute(select(Consultation.id, Consultation.title).where(Consultation.id.in_(set(ids))))
    return {row.id: row.title for row in rows}


def _numbers(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = session.execute(select(Submission.id, Submission.receipt_number).where(Submission.id.in_(set(ids))))
    return {row.id: row.receipt_number for row in rows}


def _id(entered: str) -> uuid.UUID:
    try:
        return uuid.UUID(entered)
    except ValueError as error:
        raise BadRequest("bad_form") from error
