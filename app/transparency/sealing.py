"""The one sealer: gathers what waits into a batch, of which the public log gets one leaf.

The public log grows by the clock: a minute without entries gets a batch of decoys, and every batch is padded to one of
a few sizes, so that neither tells how much came in. The order within a batch is random. An entry that is committed late
waits from its own commit on and is sealed with the next batch: nothing can be skipped.
"""

import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from app.kit.errors import Conflict
from app.transparency import nodes
from app.transparency.models import LogBatch, LogChunk, LogEntry, LogPlace, WaitingEntry
from app.transparency.tree import leaf_hash, root

SIZES = (16, 256, 4096, 32768, 131072)
"""What batches are padded to; more than the last waits for the next batch."""
CHUNK = 256
"""So many leaves of a batch are kept together."""
HASH = 32
AT_ONCE = 2000
"""Rows that one statement writes."""
STEP = 4
"""Chunks that one transaction writes: about a thousand entries, while which nobody else writes to SQLite."""
LOCK = 0x79616E6C756C6F67
"""The advisory lock of PostgreSQL that a sealer holds; a writer of SQLite is alone anyway."""
BATCH = b"yanlu log batch v1\n"


@dataclass(frozen=True)
class Waiting:
    """What waits to be sealed, and since when the oldest of it."""

    number: int
    oldest: datetime | None


@dataclass(frozen=True)
class Piece:
    """A chunk of a batch: its hashes, and which entries stand at which places of the batch in it."""

    number: int
    leaves: bytes
    places: Sequence[tuple[uuid.UUID, int]]


@dataclass(frozen=True)
class Draft:
    """A batch that was drawn and hashed and is still to be written. `tops` and `whole` are of all its chunks.

    `pieces` are those that aren't written yet. A batch of decoys alone has neither pieces nor tops.
    """

    number: int
    size: int
    pieces: Sequence[Piece]
    tops: bytes | None
    whole: bytes

    def __len__(self) -> int:
        """How many entries are still to be written."""
        return sum(len(piece.places) for piece in self.pieces)


def seal(session: Session, now: datetime) -> int | None:
    """Seals what waits into the next batch in one transaction, or a batch of decoys where nothing does.

    Answers how many entries it took, None where another sealer is at work or has sealed within this minute. Of many
    entries the steps are taken one by one (`draw`, `keep`, `close`), so that others can write in between.
    """
    if not is_alone(session) or not is_due(session, now):
        return None
    draft = draw(session)
    keep(session, draft, draft.pieces)
    close(session, draft, now)
    return len(draft)


def draw(session: Session) -> Draft:
    """Gives all that waits its place among random decoys, and hashes it. Reads only: no lock is needed.

    Goes on with a batch of which a sealer that died had written chunks.
    """
    number = nodes.size(session)
    done = _written(session, number)
    begun = CHUNK * len(done) // HASH
    waits = select(LogEntry.id, LogEntry.commitment).join(WaitingEntry, WaitingEntry.entry_id == LogEntry.id)
    found = session.execute(waits.order_by(WaitingEntry.entry_id).limit(SIZES[-1] - begun)).all()
    size = next(size for size in SIZES if begun + len(found) <= size)
    if not found and not done:
        return Draft(number, size, (), None, secrets.token_bytes(HASH))
    pieces = _pieces(begun, size, [(row.id, row.commitment) for row in found])
    tops = done + b"".join(root(_cut(piece.leaves)) for piece in pieces)
    return Draft(number, size, pieces, tops, root(_cut(tops)))


def keep(session: Session, draft: Draft, pieces: Sequence[Piece]) -> None:
    """Writes some chunks of the batch, the places of their entries with them. They say nothing before `close`.

    Raises Conflict where another sealer took the batch over meanwhile.
    """
    expected = pieces[0].number if pieces else len(draft.tops or b"") // HASH
    there = session.scalar(select(func.count()).select_from(LogChunk).where(LogChunk.batch == draft.number))
    if nodes.size(session) != draft.number or there != expected:
        raise Conflict("changed_meanwhile")
    if not pieces:
        return
    chunks = [{"batch": draft.number, "number": piece.number, "leaves": piece.leaves} for piece in pieces]
    session.execute(insert(LogChunk), chunks)
    places = [place for piece in pieces for place in piece.places]
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        rows = [{"entry_id": id, "batch": draft.number, "place": place} for id, place in some]
        session.execute(insert(LogPlace), rows)
        gone = delete(WaitingEntry).where(WaitingEntry.entry_id.in_([id for id, _place in some]))
        session.execute(gone, execution_options={"synchronize_session": False})


def close(session: Session, draft: Draft, now: datetime) -> None:
    """The batch becomes the log's next leaf: from here on all its entries are sealed. Raises Conflict as `keep`."""
    if nodes.size(session) != draft.number:
        raise Conflict("changed_meanwhile")
    session.execute(insert(LogBatch).values(number=draft.number, sealed_at=now, size=draft.size, tops=draft.tops))
    nodes.append(session, draft.number, batch_leaf(draft.size, draft.whole))


def steps(draft: Draft) -> Iterator[Sequence[Piece]]:
    """The batch's chunks in portions, of which each is written in a transaction of its own."""
    for start in range(0, len(draft.pieces), STEP):
        yield draft.pieces[start : start + STEP]


def is_due(session: Session, now: datetime) -> bool:
    """Whether this minute of the clock has no batch yet; one that was sealed in the future counts for this one."""
    last = last_sealed_at(session)
    return last is None or last.replace(second=0, microsecond=0) < now.replace(second=0, microsecond=0)


def batch_leaf(size: int, whole: bytes) -> bytes:
    """The public log's leaf for a batch with so many leaves under that head. Neither can be told from it."""
    return leaf_hash(BATCH + size.to_bytes(8) + whole)


def last_sealed_at(session: Session) -> datetime | None:
    return session.scalar(select(LogBatch.sealed_at).order_by(LogBatch.number.desc()).limit(1))


def waiting(session: Session) -> Waiting:
    waits = select(func.count(), func.min(LogEntry.at)).select_from(WaitingEntry)
    return Waiting(*session.execute(waits.join(LogEntry, LogEntry.id == WaitingEntry.entry_id)).one())


def is_waiting(session: Session) -> bool:
    """Whether an entry waits, or a batch that a sealer left half written does."""
    open_batch = select(LogChunk.number).where(LogChunk.batch == nodes.size(session)).limit(1)
    return session.scalar(select(WaitingEntry.entry_id).limit(1)) is not None or session.scalar(open_batch) is not None


def _pieces(begun: int, size: int, entries: Sequence[tuple[uuid.UUID, bytes]]) -> list[Piece]:
    """The chunks from the place `begun` on, with every entry at a place of its own, drawn at random."""
    leaves = bytearray(secrets.token_bytes(HASH * (size - begun)))
    places = secrets.SystemRandom().sample(range(begun, size), len(entries))
    within: dict[int, list[tuple[uuid.UUID, int]]] = {}
    for place, (id, commitment) in zip(places, entries, strict=True):
        leaves[HASH * (place - begun) : HASH * (place - begun + 1)] = leaf_hash(commitment)
        within.setdefault(place // CHUNK, []).append((id, place))
    first = begun // CHUNK
    return [Piece(number, chunk, within.get(number, ())) for number, chunk in enumerate(_chunks(leaves), first)]


def _written(session: Session, number: int) -> bytes:
    """The heads of the chunks that a batch has so far."""
    chunks = session.scalars(select(LogChunk.leaves).where(LogChunk.batch == number).order_by(LogChunk.number))
    return b"".join(root(_cut(chunk)) for chunk in chunks)


def _chunks(leaves: bytes | bytearray) -> Iterator[bytes]:
    for start in range(0, len(leaves), HASH * CHUNK):
        yield bytes(leaves[start : start + HASH * CHUNK])


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]


def is_alone(session: Session) -> bool:
    """Holds the sealer's lock until the end of the transaction, or says that another does."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK}))
