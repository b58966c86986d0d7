"""The one sequencer: gives committed events their positions, dense and in the order in which they can be read.

The order is the sequencer's own. An event that is committed late, with an instant before events that have a position
already, gets a later one: whoever reads on from a position can skip nothing. All positions of a batch are committed
together, and a batch begins only when the one before it is committed, so no reader sees a later position first.
"""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.events.models import Event, EventNumbering, EventReader

AT_ONCE = 500
FORGOTTEN_AT_ONCE = 2000


def number(session: Session, most: int = AT_ONCE) -> int:
    """Gives at most so many events a position; answers how many. 0 where another sequencer is at work."""
    row = _held(session)
    if row is None:
        return 0
    waiting = select(Event.id).where(Event.position.is_(None)).order_by(Event.happened_at, Event.ordinal, Event.id)
    ids = session.scalars(waiting.limit(most)).all()
    if ids:
        given = [{"id": id, "position": position} for position, id in enumerate(ids, row.last + 1)]
        session.execute(update(Event), given)
        row.last += len(ids)
    return len(ids)


def is_waiting(session: Session) -> bool:
    return session.scalar(select(Event.id).where(Event.position.is_(None)).limit(1)) is not None


def forget(session: Session, before: datetime, most: int = FORGOTTEN_AT_ONCE) -> int:
    """Drops at most so many events that happened before that instant; answers how many.

    What is dropped is a run from the oldest position on: an event behind one that stays, stays too. What a reader
    inside the service hasn't read is never dropped.
    """
    row = _held(session)
    if row is None:
        return 0
    kept = select(func.min(Event.position)).where(Event.position > row.forgotten, Event.happened_at >= before)
    read = session.scalar(select(func.min(EventReader.position)))
    ends = [row.forgotten + most, row.last if read is None else read]
    first_kept = session.scalar(kept)
    last = min(ends) if first_kept is None else min(*ends, first_kept - 1)
    number = last - row.forgotten
    if number > 0:
        session.execute(delete(Event).where(Event.position <= last))
        row.forgotten = last
    return max(number, 0)


def _held(session: Session) -> EventNumbering | None:
    """The row, locked until the end of the transaction; None where another transaction holds it."""
    return session.scalar(select(EventNumbering).with_for_update(skip_locked=True))
