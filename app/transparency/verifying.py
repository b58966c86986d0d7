"""Hashing the whole log anew, in memory that doesn't grow with it but for the public leaves (32 bytes a minute)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.transparency import nodes, tree
from app.transparency.commitments import commitment
from app.transparency.heads import SignedHead
from app.transparency.models import LogBatch, LogChunk, LogEntry, LogNode, LogPlace, WaitingEntry
from app.transparency.sealing import CHUNK, HASH, batch_leaf

AT_ONCE = 2000
MOST_FAULTS = 20


@dataclass(frozen=True)
class Report:
    """What was hashed, and what doesn't hold, at most MOST_FAULTS of it."""

    leaves: int
    entries: int
    waiting: int
    faults: tuple[str, ...]


def verify(session: Session, kept: Sequence[SignedHead], keys: tuple[str, ...]) -> Report:
    """Reads everything once. Each kept head must be signed by one of the keys.

    A batch of decoys has nothing under its leaf to be hashed.
    """
    leaves = session.scalars(select(LogNode.hash).where(LogNode.level == 0).order_by(LogNode.place)).all()
    faults: list[str] = []
    for found in (_nodes(session, leaves), _batches(session, leaves), _entries(session), _heads(leaves, kept, keys)):
        for fault in found:  # to the end: a cursor that was left open would stay so
            if len(faults) < MOST_FAULTS:
                faults.append(fault)
    entries = session.scalar(select(func.count()).select_from(LogEntry)) or 0
    waiting = session.scalar(select(func.count()).select_from(WaitingEntry)) or 0
    return Report(len(leaves), entries, waiting, tuple(faults))


def _nodes(session: Session, leaves: Sequence[bytes]) -> Iterator[str]:
    if len(leaves) != nodes.size(session):
        yield f"the log has {nodes.size(session)} batches and {len(leaves)} leaves"
    level, below = 1, list(leaves)
    while len(below) > 1:
        below = [tree.node_hash(*below[at : at + 2]) for at in range(0, len(below) - 1, 2)]
        stored = session.scalars(select(LogNode.hash).where(LogNode.level == level).order_by(LogNode.place)).all()
        if list(stored) != below:
            yield f"the tree's level {level} doesn't follow from the one below"
        level += 1


def _batches(session: Session, leaves: Sequence[bytes]) -> Iterator[str]:
    query = select(LogBatch.number, LogBatch.size, LogBatch.tops).where(LogBatch.tops.is_not(None))
    for batch in session.execute(query.order_by(LogBatch.number).execution_options(yield_per=AT_ONCE)):
        chunks = session.scalars(
            select(LogChunk.leaves).where(LogChunk.batch == batch.number).order_by(LogChunk.number)
        )
        tops = [tree.root(_cut(chunk)) for chunk in chunks]
        fits = batch.number < len(leaves) and batch_leaf(batch.size, tree.root(tops)) == leaves[batch.number]
        if b"".join(tops) != batch.tops or not fits:
            yield f"batch {batch.number} isn't what was sealed"


def _entries(session: Session) -> Iterator[str]:
    query = select(LogEntry.id, LogEntry.kind, LogEntry.at, LogEntry.commitment, LogEntry.salt, LogEntry.said)
    query = query.add_columns(LogPlace.place, LogChunk.leaves)
    query = query.join(LogPlace, LogPlace.entry_id == LogEntry.id)
    query = query.join(LogChunk, (LogChunk.batch == LogPlace.batch) & (LogChunk.number == LogPlace.place // CHUNK))
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        at = HASH * (row.place % CHUNK)
        if row.leaves[at : at + HASH] != tree.leaf_hash(row.commitment):
            yield f"entry {row.id} isn't the one that was sealed at its place"
        if row.salt and row.said is not None and commitment(row.kind, row.at, row.salt, row.said) != row.commitment:
            yield f"entry {row.id} says something else than it committed to"
    stray = select(LogEntry.id).where(~exists().where(LogPlace.entry_id == LogEntry.id))
    for lost in session.scalars(stray.where(~exists().where(WaitingEntry.entry_id == LogEntry.id)).limit(MOST_FAULTS)):
        yield f"entry {lost} neither stands in the log nor waits"
    gone = select(LogPlace.entry_id).where(~exists().where(LogEntry.id == LogPlace.entry_id)).limit(MOST_FAULTS)
    for missing in session.scalars(gone):
        yield f"entry {missing} was sealed and is gone"


def _heads(leaves: Sequence[bytes], kept: Sequence[SignedHead], keys: tuple[str, ...]) -> Iterator[str]:
    for head in kept:
        if not any(map(head.is_signed_by, keys)):
            yield f"the kept head of size {head.size} isn't signed by a key of this log"
        if head.size > len(leaves):
            yield f"the log was cut: a kept head tells of {head.size} leaves"
        elif tree.root(leaves[: head.size]).hex() != head.root:
            yield f"the log was rewritten: the kept head of size {head.size} differs"


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]
