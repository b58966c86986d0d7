"""Putting the store's own lists and counts right, should they ever be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, except_, insert, select, text
from sqlalchemy.orm import Session

from app.counters import ledger
from app.counters.models import Posting
from app.desk.tallies import lists, tallies


@dataclass(frozen=True)
class Difference:
    """How many postings of a list are missing, and how many are too many."""

    missing: int
    surplus: int


def list_differences(session: Session) -> dict[str, Difference]:
    """List → what is wrong with it; empty where every list is right."""
    wrong = {name: Difference(*map(len, _wrong(session, name, query))) for name, query in lists(session).items()}
    return {name: found for name, found in wrong.items() if found != Difference(0, 0)}


def mend_lists(session: Session) -> None:
    """From now on every list holds what it should; counts follow by themselves."""
    for name, query in lists(session).items():
        missing, surplus = _wrong(session, name, query)
        for row in surplus:
            session.execute(delete(Posting).where(and_(Posting.list == name, *_is(row))))
        if missing:
            session.execute(insert(Posting), [{"list": name, **row} for row in missing])


def count_differences(session: Session) -> dict[ledger.Cell, int]:
    """As `counters.ledger.differences`, of everything that the desk counts."""
    return ledger.differences(session, tallies(session))


def take_time(session: Session) -> None:
    """Lets the statements of this transaction take longer than a request's may."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))


def _wrong(session: Session, name: str, query: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    kept = select(Posting.value, Posting.state, Posting.at, Posting.record_id.label("id")).where(Posting.list == name)
    found = [
        [_row(row) for row in session.execute(one).mappings()] for one in (except_(query, kept), except_(kept, query))
    ]
    return found[0], found[1]


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"value": row["value"], "state": row["state"], "at": row["at"], "record_id": row["id"]}


def _is(row: Mapping[str, Any]) -> list[Any]:
    return [getattr(Posting, name) == value for name, value in row.items()]
