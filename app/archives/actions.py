"""Ordering a package for the archive, confirming that it arrived there, and holding what must not be erased."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.archives import queries
from app.archives.models import Archive, LegalHold
from app.archives.retention import Retention
from app.exports import ordering
from app.exports.lifecycle import ExportFormat, ExportKind, IdentityColumn
from app.exports.ordering import Wanted
from app.kit.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.kit.reasons import due
from app.permissions import Actor, Permission, require

FILE_NUMBER = re.compile(r"[\w·.()（）〔〕-]{1,60}")
CONTACTS = tuple(IdentityColumn)


@dataclass(frozen=True)
class Package:
    """What is to go to the archive: `file_number` is the 档号, `unit` the responsible unit (责任者)."""

    consultation_id: uuid.UUID
    file_number: str
    retention: Retention
    unit: str
    is_concluded: bool
    with_contacts: bool = False


def order(session: Session, actor: Actor, at: datetime, package: Package) -> Archive:
    """Has the worker write the package; one with contacts waits for a second person's approval.

    Raises Conflict("not_concluded", "exports_frozen", "export_under_way"), Unprocessable("file_number_form"), NotFound.
    """
    require(actor, Permission.EXPORT_DATA)
    require(actor, Permission.EXPORT_DATA, within=package.consultation_id)
    if not package.is_concluded:
        raise Conflict("not_concluded")
    if not FILE_NUMBER.fullmatch(package.file_number):
        raise Unprocessable("file_number_form")
    asked = ordering.ask(session, actor, at, _wanted(package))
    made = Archive(
        order_id=asked.id,
        consultation_id=package.consultation_id,
        file_number=package.file_number,
        retention=package.retention,
        unit=package.unit[:120],
    )
    session.add(made)
    audit.record(
        session,
        actor,
        at,
        "archive.ordered",
        ("archive", asked.id),
        within=package.consultation_id,
        file_number=package.file_number,
        retention=package.retention.value,
        with_contacts=package.with_contacts,
    )
    return made


def confirm(session: Session, actor: Actor, at: datetime, order_id: uuid.UUID, sha256: str) -> None:
    """Keeps that the archive has the package, as its own SHA-256 of what arrived shows; never by whoever ordered it.

    From then on the consultation counts as archived. Raises NotFound, Forbidden("own_archive"), Conflict
    ("archive_not_written", "archive_confirmed"), Unprocessable("archive_differs").
    """
    require(actor, Permission.APPROVE_EXPORTS)
    archive = _held(session, order_id)
    require(actor, Permission.APPROVE_EXPORTS, within=archive.consultation_id)
    if queries.asked_by(session, order_id) == actor.id:
        raise Forbidden("own_archive")
    if archive.checked_at is None:
        raise Conflict("archive_not_written")
    if archive.confirmed_at is not None:
        raise Conflict("archive_confirmed")
    if "".join(sha256.split()).lower() != archive.sha256:
        raise Unprocessable("archive_differs")
    archive.confirmed_at, archive.confirmed_by = at, actor.id
    audit.record(
        session,
        actor,
        at,
        "archive.confirmed",
        ("archive", archive.order_id),
        within=archive.consultation_id,
        sha256=archive.sha256,
    )


def hold(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, reason: str) -> None:
    """From now on nothing of the consultation is erased. Raises NotFound, Conflict("held_already"), Unprocessable."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    require(actor, Permission.MANAGE_CONSULTATIONS, within=consultation_id)
    words = due(reason)
    if queries.is_held(session, consultation_id):
        raise Conflict("held_already")
    session.add(LegalHold(consultation_id=consultation_id, at=at, by=actor.id, reason=words))
    audit.record(
        session, actor, at, "hold.placed", ("consultation", consultation_id), within=consultation_id, reason=words
    )


def lift(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, reason: str) -> None:
    """Erasure goes on as the times say. Raises NotFound, Conflict("not_held"), Unprocessable without a reason."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    require(actor, Permission.MANAGE_CONSULTATIONS, within=consultation_id)
    words = due(reason)
    standing = session.scalar(
        select(LegalHold)
        .where(LegalHold.consultation_id == consultation_id, LegalHold.lifted_at.is_(None))
        .with_for_update()
    )
    if standing is None:
        raise Conflict("not_held")
    standing.lifted_at, standing.lifted_by, standing.lifted_reason = at, actor.id, words
    audit.record(
        session, actor, at, "hold.lifted", ("consultation", consultation_id), within=consultation_id, reason=words
    )


def _wanted(package: Package) -> Wanted:
    return Wanted(
        kind=ExportKind.ARCHIVE,
        format=ExportFormat.ZIP,
        consultation_id=package.consultation_id,
        purpose=f"归档：{package.file_number}",
        columns=CONTACTS if package.with_contacts else (),
    )


def _held(session: Session, order_id: uuid.UUID) -> Archive:
    query = select(Archive).where(Archive.order_id == order_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("no_such_archive")
    return found
