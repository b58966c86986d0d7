"""Taking a bundle in: nothing of it before all of it is proven, each of its records once, from where it broke off."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.bundles import actions, file_format, queries
from app.bundles.applying import apply
from app.bundles.file_format import CONTENT, END, NOTHING_BEFORE, Manifest, Record, Sealed
from app.bundles.house import MODE, House, schema
from app.bundles.models import Bundle
from app.bundles.refusals import BundleRefused

AT_ONCE = 100
"""Records of one transaction."""


@dataclass(frozen=True)
class Imported:
    """`records` are all that it holds, `begun_at` how many of them an earlier import had stored; `is_known` where all
    of them were there before."""

    sequence: int
    records: int
    begun_at: int = 0
    is_known: bool = False


def take_in(house: House, path: Path, at: datetime) -> Imported:
    """Stores what is in the bundle; done already, it changes nothing.

    Raises BundleRefused for a file that isn't whole, isn't for this side, or isn't the next one; OSError, and what the
    store raises, keep what was stored so far: the same command goes on from there.
    """
    with house.alone(), _copy(house, path) as file:
        sealed = file_format.check(file, house.peer)
        manifest, records = file_format.opened(file, sealed, house.direction.other, house.own, house.peer)
        known = _refuse_unfit(house, manifest, sealed)
        if known is not None and known.finished_at is not None:
            return Imported(sealed.sequence, known.records, known.done, is_known=True)
        with house.database.writing() as session:
            begun_at = actions.begin(session, house.actor, at, manifest, sealed)
        return _take_all(house, manifest, records, begun_at, at)


@contextmanager
def _copy(house: House, path: Path) -> Iterator[BinaryIO]:
    """A copy of our own: nobody else can change it between the proof and the reading. It is as sealed as the file."""
    aside = house.folder / "arriving.part"
    try:
        with path.open("rb") as source, aside.open("wb") as target:
            aside.chmod(MODE)
            shutil.copyfileobj(source, target)
        with aside.open("rb") as file:
            yield file
    finally:
        aside.unlink(missing_ok=True)


def _refuse_unfit(house: House, manifest: Manifest, sealed: Sealed) -> Bundle | None:
    """The row of the bundle where it was begun before."""
    if manifest.sequence != sealed.sequence or manifest.sender != house.peer.fingerprint:
        raise BundleRefused("its manifest is not the one of this file")
    direction = manifest.direction
    with house.database.reading() as session:
        known = queries.get(session, direction, sealed.sequence)
        last = queries.last(session, direction)
        acknowledged = queries.get(session, direction.other, manifest.acknowledges)
    if known is not None and known.sha256 != sealed.sha256:
        raise BundleRefused(
            f"another file was taken in as {direction} bundle {sealed.sequence}; keep both, and ask why"
        )
    if known is not None and known.finished_at is not None:
        return known
    if manifest.schema != schema():
        raise BundleRefused(
            f"version {manifest.version} of the other side means other records by it than version {house.version} of "
            "this side: bring both sides to one version, then import the same file again"
        )
    _refuse_out_of_turn(last, known, manifest)
    if manifest.acknowledges and (acknowledged is None or acknowledged.sha256 != manifest.acknowledged):
        raise BundleRefused(
            f"it acknowledges a {direction.other} bundle {manifest.acknowledges} that this side hasn't made: was a "
            "backup restored here?"
        )
    return known


def _refuse_out_of_turn(last: Bundle | None, known: Bundle | None, manifest: Manifest) -> None:
    if known is not None:
        return
    if last is not None and last.finished_at is None:
        raise BundleRefused(f"bundle {last.sequence} is only half taken in: import it again first")
    following = last.sequence + 1 if last is not None else 1
    if manifest.sequence != following:
        missing = f"{following}" if manifest.sequence == following + 1 else f"{following} to {manifest.sequence - 1}"
        raise BundleRefused(f"it is {manifest.direction} bundle {manifest.sequence}, and {missing} comes first")
    if manifest.previous != (last.sha256 if last is not None else NOTHING_BEFORE):
        raise BundleRefused("it doesn't follow the bundle that was taken in last: another one stood before it")


def _take_all(house: House, manifest: Manifest, records: Iterator[Record], begun_at: int, at: datetime) -> Imported:
    done = 0
    for _ in islice(records, begun_at):
        done += 1
    while batch := list(islice(records, AT_ONCE)):
        end = batch.pop() if batch[-1]["kind"] == END else None
        _take_batch(house, manifest, batch, done, at)
        done += len(batch)
        if end is not None:
            with house.database.writing() as session:
                actions.finish(session, house.actor, at, manifest, done)
            return Imported(manifest.sequence, done, begun_at)
    raise BundleRefused("it ends before its end")


def _take_batch(house: House, manifest: Manifest, batch: Sequence[Record], done: int, at: datetime) -> None:
    for record in batch:
        if record["kind"] == CONTENT:
            house.blobs.put(record[CONTENT])
    try:
        with house.database.writing() as session:
            _advance(session, manifest, done, done + len(batch))
            for record in batch:
                apply(session, at, house, manifest.sequence, record)
    except IntegrityError as error:
        raise BundleRefused(
            "a record in it doesn't fit what is in this store: was something changed here that the other side decides?"
        ) from error


def _advance(session: Session, manifest: Manifest, before: int, after: int) -> None:
    """Kept in the transaction that stores the records. Raises BundleRefused where another import was quicker."""
    key = (manifest.direction, manifest.sequence)
    row = session.get_one(Bundle, key, with_for_update=True, populate_existing=True)
    if row.done != before:
        raise BundleRefused("another import of the same bundle is under way")
    row.done = after
