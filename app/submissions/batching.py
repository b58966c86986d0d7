"""Keeping the rows of a file, sealed, until somebody has looked them through and had them entered."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import audit
from app.kit.crypto import Sealer, Unreadable, derive, keyed_hash
from app.kit.errors import Conflict, NotFound
from app.kit.identifiers import new_id
from app.permissions import Actor, Permission, require
from app.submissions.batches import Row
from app.submissions.models import EntryBatch

KEPT_FOR = timedelta(days=1)
TABLE, COLUMN = EntryBatch.__tablename__, EntryBatch.rows.key


class BatchKeeper:
    """Seals rows, and gives each the token under which it is stored: one that is entered again is not stored twice."""

    def __init__(self, sealer: Sealer, master: bytes) -> None:
        self._sealer = sealer
        self._token_key = derive(master, "batch-row")

    def seal(self, rows: Sequence[Row], batch_id: uuid.UUID) -> bytes:
        return self._sealer.seal(json.dumps(list(rows), ensure_ascii=False), TABLE, COLUMN, str(batch_id))

    def open(self, sealed: bytes, batch_id: uuid.UUID) -> list[Row]:
        """Raises Unreadable."""
        rows: list[Row] = json.loads(self._sealer.open(sealed, TABLE, COLUMN, str(batch_id)))
        return rows

    def token(self, batch_id: uuid.UUID, number: int) -> str:
        """Of the row with that number, from 1 on."""
        return keyed_hash(self._token_key, str(batch_id), str(number)).hex()[:48]


@dataclass(frozen=True)
class NewBatch:
    consultation_id: uuid.UUID
    rows: Sequence[Row]


def keep_batch(session: Session, actor: Actor, at: datetime, keeper: BatchKeeper, new: NewBatch) -> uuid.UUID:
    """Whoever made the batch can open it again for KEPT_FOR; older ones that nobody entered are forgotten."""
    require(actor, Permission.ENTER_SUBMISSIONS)
    session.execute(delete(EntryBatch).where(EntryBatch.made_at < at - KEPT_FOR, EntryBatch.finished_at.is_(None)))
    batch = EntryBatch(
        id=new_id(), consultation_id=new.consultation_id, made_by=actor.id, made_at=at, rows=b"", entered=0
    )
    batch.rows = keeper.seal(new.rows, batch.id)
    session.add(batch)
    about = ("consultation", new.consultation_id)
    audit.record(session, actor, at, "batch.kept", about, batch=str(batch.id), rows=len(new.rows))
    return batch.id


def finish_batch(session: Session, actor: Actor, at: datetime, batch_id: uuid.UUID, entered: int) -> None:
    """The rows are forgotten; how many were entered stays. Raises NotFound, Conflict where it is finished already."""
    require(actor, Permission.ENTER_SUBMISSIONS)
    batch = own_batch(session, actor, batch_id)
    batch.rows, batch.entered, batch.finished_at = b"", entered, at
    about = ("consultation", batch.consultation_id)
    audit.record(session, actor, at, "batch.entered", about, batch=str(batch_id), rows=entered)


def rows_of(session: Session, actor: Actor, keeper: BatchKeeper, batch_id: uuid.UUID) -> list[Row]:
    """Raises NotFound for another's batch or one that can't be opened, Conflict for one that is finished."""
    try:
        return keeper.open(own_batch(session, actor, batch_id).rows, batch_id)
    except Unreadable as error:
        raise NotFound("no_such_batch") from error


def own_batch(session: Session, actor: Actor, batch_id: uuid.UUID) -> EntryBatch:
    """Raises NotFound, Conflict for one that is finished."""
    batch = session.get(EntryBatch, batch_id)
    if batch is None or batch.made_by != actor.id:
        raise NotFound("no_such_batch")
    if batch.finished_at is not None:
        raise Conflict("batch_finished")
    return batch
