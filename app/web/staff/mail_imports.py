"""Taking in mails from files: looked through first, each with what becomes of it and what it lacks."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.kit.blobs import DamagedBlob, NoSuchBlob
from app.kit.crypto import Unreadable
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.http import Now, ReadSession
from app.kit.identifiers import new_id
from app.mail import actions, queries
from app.mail.boxes import MOST_MAILS, RawMail, all_mails, pack, unpack
from app.mail.keeping import IMPORTS
from app.mail.lifecycle import MACHINE_MADE, MailReason, MailSource
from app.mail.models import MailImport
from app.mail.previewing import Preview, previews
from app.mail.taking import Arrived
from app.masking.anonymise import anonymise
from app.permissions import EVERYWHERE, Permission, require
from app.web.errors import MESSAGES
from app.web.i18n import gettext as _
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm
from app.web.staff.entering import Enters
from app.web.staff.mails import excerpt, joined, views_of
from app.web.templating import address, page
from app.web.uploads import ANY_SIZE, OwnUpload

PATH = "/staff/mail-imports"
WORKED_AT_ONCE = 50
"""Mails that are taken in before the page answers; the worker takes in the others."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class PreviewLine:
    """A mail as it is looked through. Who sent it isn't shown."""

    number: int
    name: str
    subject: str
    words: str
    received_at: datetime | None
    consultation: str
    reason: MailReason | None
    ignored: bool
    repeats: bool
    from_document: bool
    missing: str
    wrong: str
    files: Sequence[str]

    @property
    def is_taken(self) -> bool:
        return self.reason is None and not self.repeats


@router.get(PATH, name="staff_mail_import_form")
def form(request: Request, actor: Enters) -> Response:
    require(actor, Permission.ENTER_SUBMISSIONS, within=EVERYWHERE)
    return _form(request)


@router.post(PATH, name="staff_keep_mail_import", max_body_size=ANY_SIZE)
def keep(request: Request, actor: Enters, sent: OwnUpload, services: Svc) -> Response:
    """The files are kept sealed until their mails are taken in, for a day at most."""
    require(actor, Permission.ENTER_SUBMISSIONS, within=EVERYWHERE)
    try:
        mails = all_mails([(file.name, file.content) for file in sent.mails])
    except Unprocessable as refused:
        return _form(request, _(MESSAGES[refused.code]))
    import_id = new_id()
    key = services.mail_keeper.put(pack(mails), import_id, IMPORTS)
    with services.database.writing() as session:
        actions.keep_import(session, actor, sent.at, import_id, key, len(mails))
    return _to(request, import_id)


@router.get(PATH + "/{id}", name="staff_mail_import")
def look_through(
    request: Request, id: uuid.UUID, actor: Enters, services: Svc, session: ReadSession, now: Now
) -> Response:
    found = queries.own_import(session, id, actor.id)
    context = _done(session, services, found) if found.finished_at else _waiting(session, services, found, now)
    return page(request, "staff/mails/import.html", context)


@router.post(PATH + "/{id}", name="staff_take_mail_import")
def take(request: Request, id: uuid.UUID, sent: OwnForm, actor: Enters, services: Svc, now: Now) -> Response:
    """Each mail is durable by itself before any is looked at: where it breaks off, pressing again goes on."""
    with services.database.reading() as session:
        mails = _mails(services, queries.own_import(session, id, actor.id))
    arrived = [
        Arrived(mail.content, MailSource.FILE, mail.name, import_id=id, place=place)
        for place, mail in enumerate(mails, 1)
    ]
    kept = [mail_id for mail_id in (services.mail.keep(actor, now, one) for one in arrived) if mail_id]
    with services.database.writing() as session:
        actions.finish_import(session, actor, now, id)
    for mail_id in kept[:WORKED_AT_ONCE]:
        services.mail.work(actor, now, mail_id)
    return _to(request, id)


def _waiting(session: Session, services: Services, found: MailImport, now: datetime) -> dict[str, object]:
    mails = _mails(services, found)
    lines = [_line(number, one) for number, one in enumerate(previews(session, services.mail_keeper, mails, now), 1)]
    return {
        "id": found.id,
        "finished": False,
        "lines": sorted(lines, key=lambda line: (line.is_taken, line.number)),
        "taken": sum(line.is_taken for line in lines),
        "ignored": sum(line.ignored and not line.repeats for line in lines),
        "repeated": sum(line.repeats for line in lines),
        "waiting": sum(not (line.is_taken or line.ignored or line.repeats) for line in lines),
    }


def _done(session: Session, services: Services, found: MailImport) -> dict[str, object]:
    kept = queries.of_import(session, found.id)
    return {
        "id": found.id,
        "finished": True,
        "items": views_of(session, services, kept),
        "mails": found.mails,
        "repeated": found.mails - len(kept),
    }


def _mails(services: Services, found: MailImport) -> list[RawMail]:
    """Raises NotFound for what was forgotten, Conflict for what was taken in."""
    if found.blob_key is None:
        raise Conflict("import_finished")
    try:
        return unpack(services.mail_keeper.get(found.blob_key, found.id, IMPORTS))
    except (Unreadable, NoSuchBlob, DamagedBlob) as error:
        raise NotFound("no_such_import") from error


def _line(number: int, one: Preview) -> PreviewLine:
    return PreviewLine(
        number=number,
        name=one.name,
        subject=anonymise(one.subject).text,
        words=excerpt(one.words),
        received_at=one.received_at,
        consultation=one.consultation,
        reason=one.reason,
        ignored=one.reason in MACHINE_MADE,
        repeats=one.repeats,
        from_document=one.from_document,
        missing=joined(name for name in one.missing if name not in one.wrong),
        wrong=joined(one.wrong),
        files=one.files,
    )


def _form(request: Request, problem: str = "") -> Response:
    context = {"most": MOST_MAILS, "problem_words": problem}
    return page(request, "staff/mails/choose.html", context, 422 if problem else 200)


def _to(request: Request, import_id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_mail_import", id=import_id), status_code=303)
