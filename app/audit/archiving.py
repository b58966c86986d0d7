"""Moving the oldest part of the chain into files, so that the rest still proves itself.

A segment is written and read back before its rows go; the store lets only those rows go that a segment covers. What
stays of it is where it began, where it ended, its two seals and the SHA-256 of its file.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.audit import sealing
from app.audit.canonical import START, line, read_line
from app.audit.models import AuditEntry, AuditSeal, AuditSegment
from app.audit.verifying import Break, Fault, Link, links

SEGMENT = 10_000
"""Entries in one file."""


class BrokenChain(Exception):
    """What was to be archived doesn't fit its seals; nothing is moved. `position` is where."""

    def __init__(self, position: int) -> None:
        super().__init__(f"the chain is broken at {position}; run: yanlu audit verify")
        self.position = position


def write_segment(session: Session, before: datetime, folder: Path, most: int = SEGMENT) -> AuditSegment | None:
    """The oldest sealed entries, all sealed before that instant, in a file that is durable when this returns.

    None unless there are `most` of them: a segment is moved whole. The segment isn't kept yet. Raises BrokenChain,
    OSError.
    """
    first, seal = _boundary(session)
    last_old = session.scalar(select(func.max(AuditSeal.position)).where(AuditSeal.sealed_at < before)) or 0
    if last_old < first + most:
        return None
    chain = list(islice(links(session, first), most))
    _refuse_broken(seal, first, chain)
    name = f"audit-{first + 1:012}-{first + most:012}.jsonl"
    data = b"".join(line(link.entry, link.position, link.seal) for link in chain if link.entry)
    _write(folder / name, data)
    return AuditSegment(
        first=first + 1,
        last=first + most,
        before=seal,
        seal=chain[-1].seal,
        file_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def let_go(session: Session, segment: AuditSegment, at: datetime) -> None:
    """Keeps the segment's boundaries and removes its rows, in one transaction. Two at once: Conflict for the second."""
    segment.archived_at = at
    session.add(segment)
    session.flush()
    covered = AuditSeal.position.between(segment.first, segment.last)
    session.execute(
        delete(AuditEntry)
        .where(AuditEntry.id.in_(select(AuditSeal.entry_id).where(covered)))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(AuditSeal).where(covered).execution_options(synchronize_session=False))


def verify_files(session: Session, folder: Path) -> Break | None:
    """Hashes every archived entry anew. A file that is missing or altered is a deleted or altered segment."""
    for segment in sealing.segments(session):
        path = folder / segment.file_name
        if not path.is_file():
            return Break(Fault.DELETED, segment.first)
        if _sha256(path) != segment.sha256:
            return Break(Fault.ALTERED, segment.first)
        with path.open("rb") as lines:
            place = _first_wrong(lines, segment)
        if place is not None:
            return Break(Fault.ALTERED, place)
    return None


def _boundary(session: Session) -> tuple[int, bytes]:
    """The last position that is archived, and its seal."""
    archived = sealing.segments(session)
    return (archived[-1].last, archived[-1].seal) if archived else (0, START)


def _refuse_broken(seal: bytes, first: int, chain: Sequence[Link]) -> None:
    for place, link in enumerate(chain, first + 1):
        if link.entry is None or link.position != place or link.entry.seal(seal, place) != link.seal:
            raise BrokenChain(place)
        seal = link.seal


def _first_wrong(lines: Iterable[bytes], segment: AuditSegment) -> int | None:
    place, seal = segment.first - 1, segment.before
    for data in lines:
        place += 1
        try:
            entry, position, said = read_line(data)
        except ValueError:
            return place
        if position != place or entry.seal(seal, place) != said:
            return place
        seal = said
    return None if (place, seal) == (segment.last, segment.seal) else place


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk: the rows are removed afterwards."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if aside.read_bytes() != data:
        raise OSError(f"{aside} doesn't hold what was written to it")
    aside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
