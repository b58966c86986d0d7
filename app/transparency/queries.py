import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.transparency import nodes, tree
from app.transparency.models import EntryKind, LogBatch, LogChunk, LogEntry, LogNode, LogPlace
from app.transparency.sealing import CHUNK, HASH
from app.transparency.tree import range_of

AT_ONCE = 20_000


@dataclass(frozen=True)
class Proof:
    """That an entry stands in the log: its place in a batch, and that batch's place among `size` leaves.

    Paths as in RFC 9162 §2.1.3, hashes in hex, from the leaf upwards.
    """

    batch_place: int
    batch_size: int
    batch_path: list[str]
    place: int
    size: int
    path: list[str]


def proof_of(session: Session, entry_id: uuid.UUID, size: int) -> Proof | None:
    """None while the entry waits to be sealed, and where it was sealed after the log had that size."""
    where = select(LogPlace.batch, LogPlace.place, LogBatch.size, LogBatch.tops)
    found = session.execute(
        where.join(LogBatch, LogBatch.number == LogPlace.batch).where(LogPlace.entry_id == entry_id)
    ).one_or_none()
    if found is None or found.batch >= size:
        return None
    path = tree.inclusion(found.batch, size, nodes.over(session))
    inner = _batch_path(session, found.batch, found.place, found.tops)
    return Proof(found.place, found.size, _hex(inner), found.batch, size, _hex(path))


def proof_for_holder(session: Session, entry_id: uuid.UUID, commitment: bytes, size: int) -> Proof | None:
    """As `proof_of`, for whoever names the entry and its commitment; None as well where they don't belong together, or
    the log hasn't that size."""
    entry = session.get(LogEntry, entry_id)
    if entry is None or entry.commitment != commitment or size > nodes.size(session):
        return None
    return proof_of(session, entry_id, size)


def consistency(session: Session, first: int, second: int) -> list[str]:
    """Hashes in hex. Raises ValueError unless 0 < first ≤ second ≤ the log's size."""
    if second > nodes.size(session):
        raise ValueError("the log isn't that long")
    return _hex(tree.consistency(first, second, nodes.over(session)))


def leaves(session: Session, start: int, most: int) -> list[str]:
    """The hashes of the public log's leaves from that place on, in hex."""
    query = select(LogNode.hash).where(LogNode.level == 0, LogNode.place >= start).order_by(LogNode.place)
    return _hex(session.scalars(query.limit(most)).all())


def entries_of(session: Session, consultation_id: uuid.UUID, subject: uuid.UUID) -> Sequence[LogEntry]:
    """All about one subject, oldest first."""
    query = select(LogEntry).where(LogEntry.consultation_id == consultation_id, LogEntry.subject == subject)
    return session.scalars(query.order_by(LogEntry.at, LogEntry.id)).all()


@dataclass(frozen=True)
class Standing:
    """An entry, and since when it stands in the log; None while it waits."""

    entry: LogEntry
    sealed_at: datetime | None


def standing_of(session: Session, consultation_id: uuid.UUID, subject: uuid.UUID) -> list[Standing]:
    """All about one subject, oldest first."""
    query = select(LogEntry, LogBatch.sealed_at).join(LogPlace, LogPlace.entry_id == LogEntry.id, isouter=True)
    query = query.join(LogBatch, LogBatch.number == LogPlace.batch, isouter=True)
    query = query.where(LogEntry.consultation_id == consultation_id, LogEntry.subject == subject)
    return [Standing(*row) for row in session.execute(query.order_by(LogEntry.at, LogEntry.id))]


def latest_tallies(session: Session, most: int) -> Sequence[LogEntry]:
    """Of the consultations that were concluded last."""
    query = select(LogEntry).where(LogEntry.kind == EntryKind.TALLY).order_by(LogEntry.at.desc(), LogEntry.id.desc())
    return session.scalars(query.limit(most)).all()


def of_kind(session: Session, kind: EntryKind, consultation_id: uuid.UUID) -> Sequence[LogEntry]:
    """Those about a consultation as a whole, oldest first."""
    query = select(LogEntry).where(LogEntry.consultation_id == consultation_id, LogEntry.subject.is_(None))
    return session.scalars(query.where(LogEntry.kind == kind).order_by(LogEntry.at, LogEntry.id)).all()


@dataclass(frozen=True)
class Tally:
    """How many receipts of a consultation were promised, and how many of them have no outcome in the log."""

    receipts: int
    without_outcome: int


def tally(session: Session, consultation_id: uuid.UUID) -> Tally:
    """Counted some at a time, so that no statement takes long."""
    receipts = without = 0
    after: uuid.UUID | None = None
    entry, outcome = LogEntry, aliased(LogEntry)
    theirs: tuple[ColumnElement[bool], ...] = (
        entry.consultation_id == consultation_id,
        entry.kind == EntryKind.RECEIPT,
    )
    has_one = exists().where(
        and_(
            outcome.consultation_id == consultation_id,
            outcome.subject == entry.subject,
            outcome.kind == EntryKind.OUTCOME,
        )
    )
    while True:
        rest = theirs if after is None else (*theirs, entry.subject > after)
        last = session.scalar(select(entry.subject).where(*rest).order_by(entry.subject).offset(AT_ONCE - 1).limit(1))
        some = rest if last is None else (*rest, entry.subject <= last)
        receipts += session.scalar(select(func.count()).select_from(entry).where(*some)) or 0
        without += session.scalar(select(func.count()).select_from(entry).where(*some, ~has_one)) or 0
        if last is None:
            return Tally(receipts, without)
        after = last


def _batch_path(session: Session, batch: int, place: int, tops: bytes) -> list[bytes]:
    chunk = select(LogChunk.leaves).where(LogChunk.batch == batch, LogChunk.number == place // CHUNK)
    within, heads = _cut(session.scalars(chunk).one()), _cut(tops)
    lower = tree.inclusion(place % CHUNK, len(within), range_of(within))
    return lower + tree.inclusion(place // CHUNK, len(heads), range_of(heads))


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]
