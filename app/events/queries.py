"""Reading the feed: on from a position, in order, nothing skipped and nothing twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events.models import Event, EventNumbering
from app.kit.errors import DomainError, Unprocessable


class Gone(DomainError):
    """Events after that position have been forgotten; `oldest` in the details is the position to begin after."""

    status = 410
    code = "position_forgotten"


@dataclass(frozen=True)
class Bounds:
    """`last` is the last position given; `forgotten` the last one whose event is kept no longer, 0 at first."""

    last: int
    forgotten: int


def bounds(session: Session) -> Bounds:
    row = session.execute(select(EventNumbering.last, EventNumbering.forgotten)).one()
    return Bounds(row.last, row.forgotten)


def after(session: Session, department_id: str, position: int | None, limit: int) -> Sequence[Event]:
    """A department's events after that position, at most `limit`, in order; None begins with the oldest kept.

    Raises Gone for a position that is too old, Unprocessable("no_such_position") for one that was never given.
    """
    known = bounds(session)
    position = known.forgotten if position is None else position
    if position < known.forgotten:
        raise Gone(oldest=known.forgotten)
    if position > known.last:
        raise Unprocessable("no_such_position", last=known.last)
    own = select(Event).where(Event.department_id == department_id, Event.position > position)
    return session.scalars(own.order_by(Event.position).limit(limit)).all()


def last_position(session: Session) -> int:
    """The last position that was given; costs one row, whatever the number of events."""
    return bounds(session).last
