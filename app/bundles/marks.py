"""What the other side knows already, so that only what is new or changed goes over."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.bundles.file_format import Record
from app.bundles.kinds import How, Kind
from app.bundles.models import BundleMark
from app.bundles.plain_rows import key_text, plain, valued
from app.transparency.commitments import canonical

AT_ONCE = 500
GONE = "gone"


@dataclass(frozen=True)
class Change:
    """A record to be told of; `digest` is GONE where there is none any more."""

    kind: str
    key: str
    digest: str
    record: Record


def changes(session: Session, kind: Kind) -> Iterator[Change]:
    """Records of the kind that the other side doesn't know as they are now, in the kind's own order."""
    found = session.execute(kind.rows, execution_options={"yield_per": AT_ONCE})
    for rows in found.partitions(AT_ONCE):
        yield from changed(known(session, kind.name, told := _told(kind, rows)), told)


def gone(session: Session, kind: Kind) -> Iterator[Change]:
    """Records that the other side was told of and that it isn't to have any more."""
    after = ""
    while keys := session.scalars(_marked(kind.name, after).limit(AT_ONCE)).all():
        there = {change.key for change in _told(kind, session.execute(_with_keys(kind, keys)).all())}
        for key in keys:
            if key not in there:
                yield Change(kind.name, key, GONE, {"kind": kind.name, "key": key, GONE: True})
        after = keys[-1]


def known(session: Session, kind: str, told: Sequence[Change]) -> Mapping[str, str]:
    """Key → digest of those that the other side was told of."""
    keys = [change.key for change in told]
    rows = session.execute(
        select(BundleMark.key, BundleMark.digest).where(BundleMark.kind == kind, BundleMark.key.in_(keys))
    )
    return {row.key: row.digest for row in rows}


def changed(marked: Mapping[str, str], told: Iterable[Change]) -> Iterator[Change]:
    return (change for change in told if marked.get(change.key) != change.digest)


def keep(session: Session, changes: Sequence[Change], sequence: int) -> None:
    """From now on the other side counts as told; what is gone is forgotten only when it is told of again as gone."""
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    for start in range(0, len(changes), AT_ONCE):
        values = [
            {"kind": change.kind, "key": change.key, "digest": change.digest, "sequence": sequence}
            for change in changes[start : start + AT_ONCE]
        ]
        statement = insert(BundleMark).values(values)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["kind", "key"],
                set_={"digest": statement.excluded.digest, "sequence": statement.excluded.sequence},
            )
        )


def seed(session: Session, kinds: Iterable[Kind], ids: Sequence[uuid.UUID], sequence: int) -> None:
    """What has just come from the other side is known to it: only what is decided here afterwards goes back."""
    for kind in kinds:
        if kind.how is How.ALTER and kind.of_submission is not None:
            rows = session.execute(kind.rows.where(kind.of_submission.in_(ids))).all()
            keep(session, _told(kind, rows), sequence)


def digest_of(row: Record) -> str:
    return hashlib.sha256(canonical(row)).hexdigest()


def _told(kind: Kind, rows: Sequence[Row[Any]]) -> list[Change]:
    told = []
    for row in rows:
        said = {name: plain(value) for name, value in zip(kind.columns, row, strict=True)}
        key = key_text([said[column.name] for column in kind.key])
        told.append(Change(kind.name, key, digest_of(said), {"kind": kind.name, "key": key, "row": said}))
    return told


def _marked(kind: str, after: str) -> Select[str]:
    marked = select(BundleMark.key).where(BundleMark.kind == kind, BundleMark.digest != GONE, BundleMark.key > after)
    return marked.order_by(BundleMark.key)


def _with_keys(kind: Kind, keys: Sequence[str]) -> Select[Any]:
    return kind.rows.where(tuple_(*kind.key).in_([key_of(kind, key) for key in keys]))


def key_of(kind: Kind, text: str) -> tuple[Any, ...]:
    """Raises ValueError for what is no key of the kind."""
    parts = json.loads(text)
    return tuple(valued(column, part) for column, part in zip(kind.key, parts, strict=True))
