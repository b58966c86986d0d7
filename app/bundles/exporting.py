"""Making bundles of what the other side doesn't know yet."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app.bundles import actions, arrivals, file_format, marks, queries
from app.bundles.directions import Direction
from app.bundles.file_format import NOTHING_BEFORE, Manifest, Sealed, content_line, line_of
from app.bundles.house import MODE, House, put_in_place, schema
from app.bundles.inward import OBJECTIONS
from app.bundles.kinds import How
from app.bundles.marks import Change
from app.bundles.outward import MESSAGES, OUTWARD
from app.bundles.refusals import BundleRefused
from app.bundles.requests import asked, decided, forgotten
from app.kit.blobs import DamagedBlob, NoSuchBlob

MOST_RECORDS = 20_000
"""Of one bundle; more make a further one."""


def export(house: House, to: Path, at: datetime, most: int = MOST_RECORDS) -> list[Path]:
    """All that is new, in as many bundles as it takes, put into `to`; none where nothing is.

    What an earlier export had made and couldn't put there any more is put there too. Raises BundleRefused, OSError.
    """
    with house.alone():
        while _make(house, at, most):
            pass
        with house.database.reading() as session:
            waiting = [row.sequence for row in queries.not_given_out(session, house.direction)]
        return [_give_out(house, to, sequence, at) for sequence in waiting]


def again(house: House, to: Path, at: datetime, sequence: int) -> Path:
    """The same file once more, also to a side that was restored from before it had come. Raises BundleRefused where it
    is forgotten, or gone."""
    with house.alone():
        with house.database.reading() as session:
            row = queries.get(session, house.direction, sequence)
        if row is None:
            raise BundleRefused(f"there is no {house.direction} bundle {sequence}")
        if row.acknowledged_at is not None and not house.kept(sequence).is_file():
            raise BundleRefused(f"the other side has taken in bundle {sequence}, and it was forgotten here since")
        return _give_out(house, to, sequence, at)


def forget(house: House, at: datetime, before: datetime) -> list[Path]:
    """Removes the kept files of bundles that the other side acknowledged before then; which they were.

    They hold what people sent, sealed for the other side: also of those who have been forgotten since. Each is on
    record before it is removed; killed in between, the next run says so once more.
    """
    with house.alone():
        with house.database.reading() as session:
            rows = queries.acknowledged_before(session, house.direction, before)
        kept = {row.sequence: path for row in rows if (path := house.kept(row.sequence)).is_file()}
        for sequence, path in kept.items():
            with house.database.writing() as session:
                actions.note_forgotten(session, house.actor, at, house.direction, sequence)
            path.unlink()
        return list(kept.values())


def _give_out(house: House, to: Path, sequence: int, at: datetime) -> Path:
    kept = house.kept(sequence)
    if not kept.is_file():
        raise BundleRefused(f"{kept} is gone; put it back from a copy, for the other side waits for just this file")
    path, aside = to / kept.name, to / f".{kept.name}.part"
    with kept.open("rb") as source, aside.open("wb") as target:
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
    put_in_place(aside, path)
    with house.database.writing() as session:
        actions.note_given_out(session, house.actor, at, house.direction, sequence)
    return path


@dataclass
class _Telling:
    """What stands in a bundle while it is written."""

    told: list[Change] = field(default_factory=list)
    passed_on: list[UUID] = field(default_factory=list)


def _make(house: House, at: datetime, most: int) -> bool:
    """Makes one bundle, kept and counted; False where there is nothing to tell."""
    telling = _Telling()
    with house.database.reading() as session:
        lines = _lines(house, session, telling, most)
        first = next(lines, None)
        if first is None and not queries.waits_for_word(session, house.direction):
            return False
        manifest = _manifest(house, session, at)
        kept = house.kept(manifest.sequence)
        aside = kept.with_suffix(".part")
        sealed = _write(house, aside, manifest, chain([first] if first is not None else [], lines))
        put_in_place(aside, kept)
    with house.database.writing() as session:
        actions.keep_made(session, house.actor, at, manifest, sealed, telling.told, telling.passed_on)
    return True


def _write(house: House, path: Path, manifest: Manifest, lines: Iterator[bytes]) -> Sealed:
    with path.open("wb") as file:
        path.chmod(MODE)
        sealed = file_format.write(file, manifest, lines, house.own, house.peer)
        file.flush()
        os.fsync(file.fileno())
    return sealed


def _manifest(house: House, session: Session, at: datetime) -> Manifest:
    before = queries.last(session, house.direction)
    came = queries.last_whole(session, house.direction.other)
    return Manifest(
        direction=house.direction,
        sequence=before.sequence + 1 if before is not None else 1,
        previous=before.sha256 if before is not None else NOTHING_BEFORE,
        sender=house.own.public.fingerprint,
        recipient=house.peer.fingerprint,
        made_at=at.isoformat(),
        version=house.version,
        schema=schema(),
        acknowledges=came.sequence if came is not None else 0,
        acknowledged=came.sha256 if came is not None else NOTHING_BEFORE,
    )


def _lines(house: House, session: Session, telling: _Telling, most: int) -> Iterator[bytes]:
    of_side = _inward if house.direction is Direction.INWARD else _outward
    for change in of_side(house, session):
        if len(telling.told) == most:
            return
        telling.told.append(change)
        yield from _with_contents(house, change)
    if house.direction is Direction.INWARD:
        return
    for change in _untold(session):
        telling.passed_on.append(UUID(change.record["row"]["id"]))
        yield line_of(change.record)


def _untold(session: Session) -> Iterator[Change]:
    """Messages that people are to get; none twice, because they are this side's no more once they went."""
    return marks.changes(session, MESSAGES)


def _inward(house: House, session: Session) -> Iterator[Change]:
    for change in arrivals.changes(session):
        record = arrivals.said_of(session, house.keepers.vault, UUID(change.record["id"]))
        yield Change(change.kind, change.key, change.digest, record)
    yield from marks.changes(session, OBJECTIONS)
    yield from asked(session, house.keepers)


def _outward(_house: House, session: Session) -> Iterator[Change]:
    for kind in OUTWARD:
        yield from marks.changes(session, kind)
    yield from decided(session)
    yield from forgotten(session)
    for kind in reversed(OUTWARD):
        if kind.how is How.KEEP:
            yield from marks.gone(session, kind)


def _with_contents(house: House, change: Change) -> Iterator[bytes]:
    """The record, behind the contents that it names; one that is lost here is lost there too."""
    for key in _contents(change):
        try:
            yield content_line(house.blobs.get(key))
        except (NoSuchBlob, DamagedBlob):
            continue
    yield line_of(change.record)


def _contents(change: Change) -> Sequence[str]:
    if change.kind == arrivals.KIND:
        return arrivals.contents_of(change.record)
    kind = next((kind for kind in OUTWARD if kind.name == change.kind), None)
    row = change.record.get("row", {})
    return [row[name] for name in kind.contents if row.get(name)] if kind is not None else []
