"""Ordering a file of data and having it written, for tests that begin with a written one."""

import csv
import io
import uuid
from pathlib import Path
from typing import Any

from app.exports import ordering, queries
from app.exports.keeping import Keeper
from app.exports.lifecycle import ExportFormat, ExportKind, IdentityColumn
from app.exports.models import ExportOrder
from app.exports.ordering import Wanted
from app.kit.blobs import DiskBlobs
from app.kit.clock import Clock
from app.kit.crypto import Sealer
from app.permissions import Actor
from app.worker import exporting
from app.worker.exporting import Clerk
from tests.support.app import SECRETS
from tests.support.journey import START, StoppedClock, World

PURPOSE = "向起草单位提供意见底稿。"
NAMED = {"kind": ExportKind.IDENTITIES, "columns": (IdentityColumn.NAME, IdentityColumn.PHONE)}


def clerk(world: World, folder: Path) -> Clerk:
    sealer = Sealer(SECRETS.sealing, SECRETS.sealing_id)
    return Clerk(Keeper(DiskBlobs(folder / "files"), sealer), world.vault, folder / "exports")


def wanted(world: World, **given: Any) -> Wanted:
    usual = {"kind": ExportKind.SUBMISSIONS, "format": ExportFormat.CSV, "purpose": PURPOSE}
    return Wanted(consultation_id=world.consultation.id, **usual | given)


def asked(world: World, *, actor: Actor | None = None, at: Any = START, **given: Any) -> uuid.UUID:
    with world.database.writing() as session:
        return ordering.ask(session, actor or world.staff.manager, at, wanted(world, **given)).id


def approved(world: World, order_id: uuid.UUID) -> None:
    with world.database.writing() as session:
        ordering.approve(session, world.staff.publisher, START, order_id)


def written(world: World, folder: Path, clock: Clock | None = None, **given: Any) -> uuid.UUID:
    """An order of the manager's, approved where it has to be, whose file can be taken."""
    order_id = asked(world, **given)
    if given.get("kind") is ExportKind.IDENTITIES:
        approved(world, order_id)
    assert exporting.write_once(world.database, clock or StoppedClock(), clerk(world, folder))
    return order_id


def found(world: World, order_id: uuid.UUID) -> ExportOrder:
    with world.database.reading() as session:
        return queries.order(session, order_id)


def content(world: World, folder: Path, order_id: uuid.UUID) -> bytes:
    with world.database.reading() as session:
        pieces = queries.pieces(session, order_id)
    return b"".join(clerk(world, folder).keeper.content(pieces))


def table(world: World, folder: Path, order_id: uuid.UUID) -> list[list[str]]:
    """Headings and rows of an order's CSV."""
    text = content(world, folder, order_id).decode()
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
