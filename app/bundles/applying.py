"""What a record does to the store of the side that takes it in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.bundles import actions, arrivals, marks, requests
from app.bundles.directions import Direction
from app.bundles.file_format import CONTENT, Record
from app.bundles.house import House
from app.bundles.inward import OBJECTIONS
from app.bundles.kinds import How, Kind
from app.bundles.outward import MESSAGES, OUTWARD, TOLD_OUTSIDE
from app.bundles.plain_rows import valued_row
from app.bundles.refusals import BundleRefused
from app.jobs.ledger import enqueue
from app.kit.database import rows_changed
from app.rights.effects import Keepers

KINDS: Mapping[Direction, Mapping[str, Kind]] = {
    Direction.INWARD: {OBJECTIONS.name: OBJECTIONS},
    Direction.OUTWARD: {kind.name: kind for kind in OUTWARD},
}
Special = Callable[[Session, datetime, Keepers, Record], None]


def _enqueue(session: Session, at: datetime, _keepers: Keepers, record: Record) -> None:
    job = record["row"]
    if job["name"] not in TOLD_OUTSIDE:
        raise BundleRefused(f"this version knows no message {job['name']}")
    enqueue(session, job["name"], at, **job["payload"])


SPECIAL: Mapping[Direction, Mapping[str, Special]] = {
    Direction.INWARD: {requests.ASKED: requests.take_request},
    Direction.OUTWARD: {
        requests.DECIDED: requests.take_answer,
        requests.FORGOTTEN: requests.forget,
        MESSAGES.name: _enqueue,
    },
}


def apply(session: Session, at: datetime, house: House, sequence: int, record: Record) -> None:
    """Stores one record of the direction that isn't this side's own. What is there already stays as it is.

    Raises BundleRefused for what doesn't go that way, so that no side writes what is the other's.
    """
    name, direction = str(record["kind"]), house.direction.other
    if name == CONTENT:
        return
    if name == arrivals.KIND and direction is Direction.INWARD:
        new = actions.take_submission(session, house.actor, at, house.keepers.vault, record, sequence)
        if new is not None:
            marks.seed(session, OUTWARD, [new], sequence)
    elif name in SPECIAL[direction]:
        SPECIAL[direction][name](session, at, house.keepers, record)
    elif name in KINDS[direction]:
        _write(session, KINDS[direction][name], record)
    else:
        raise BundleRefused(f"records of the kind {name} don't go {direction}")
    session.flush()


def _write(session: Session, kind: Kind, record: Record) -> None:
    if marks.GONE in record:
        of_it = [column == part for column, part in zip(kind.key, marks.key_of(kind, record["key"]), strict=True)]
        session.execute(delete(kind.table).where(*of_it), execution_options={"synchronize_session": False})
        return
    if record["row"].keys() != set(kind.columns):
        raise BundleRefused(f"a record of the kind {kind.name} has other columns than this version's")
    row = valued_row(kind.table, record["row"])
    if kind.how is How.ALTER:
        _alter(session, kind, row)
    else:
        _put(session, kind, row)


def _put(session: Session, kind: Kind, row: Mapping[str, Any]) -> None:
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    statement = insert(kind.table).values({**kind.fixed, **row})
    keys = [column.name for column in kind.key]
    others = {name: statement.excluded[name] for name in row if name not in keys}
    if kind.how is How.ONCE or not others:
        session.execute(statement.on_conflict_do_nothing(index_elements=keys))
    else:
        session.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))


def _alter(session: Session, kind: Kind, row: Mapping[str, Any]) -> None:
    keys = {column.name for column in kind.key}
    of_it = [kind.table.c[name] == row[name] for name in keys]
    values = {name: value for name, value in row.items() if name not in keys}
    if "revision" in kind.table.c:
        values["revision"] = kind.table.c.revision + 1
    rows_changed(session, update(kind.table).where(*of_it).values(values))
