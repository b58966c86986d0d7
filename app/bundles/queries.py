from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bundles.directions import Direction
from app.bundles.models import Bundle

SHOWN = 20


def last(session: Session, direction: Direction) -> Bundle | None:
    """The newest bundle of a direction, also one that is half taken in."""
    of_it = select(Bundle).where(Bundle.direction == direction)
    return session.scalar(of_it.order_by(Bundle.sequence.desc()).limit(1))


def last_whole(session: Session, direction: Direction) -> Bundle | None:
    """The newest bundle of a direction that was wholly taken in, or given out."""
    of_it = select(Bundle).where(Bundle.direction == direction, Bundle.finished_at.is_not(None))
    return session.scalar(of_it.order_by(Bundle.sequence.desc()).limit(1))


def get(session: Session, direction: Direction, sequence: int) -> Bundle | None:
    return session.get(Bundle, (direction, sequence))


def not_given_out(session: Session, direction: Direction) -> Sequence[Bundle]:
    """Made and not yet put where the operator wanted it, oldest first."""
    of_it = select(Bundle).where(Bundle.direction == direction, Bundle.finished_at.is_(None))
    return session.scalars(of_it.order_by(Bundle.sequence)).all()


def acknowledged_before(session: Session, direction: Direction, at: datetime) -> Sequence[Bundle]:
    """Taken in by the other side, as far as was known before then, oldest first."""
    of_it = select(Bundle).where(Bundle.direction == direction, Bundle.acknowledged_at < at)
    return session.scalars(of_it.order_by(Bundle.sequence)).all()


def waits_for_word(session: Session, direction: Direction) -> bool:
    """Whether something came from the other side, after our last bundle was made, that it should hear has arrived."""
    own = last(session, direction)
    told = own.acknowledges if own is not None else 0
    came = select(func.count()).where(
        Bundle.direction == direction.other,
        Bundle.sequence > told,
        Bundle.records > 0,
        Bundle.finished_at.is_not(None),
    )
    return bool(session.scalar(came))


def newest(session: Session, direction: Direction) -> Sequence[Bundle]:
    """The last SHOWN of a direction, oldest first."""
    of_it = select(Bundle).where(Bundle.direction == direction).order_by(Bundle.sequence.desc()).limit(SHOWN)
    return session.scalars(of_it).all()[::-1]


def standing(row: Bundle, own: Direction) -> str:
    """In a word for the operator of the side whose bundles go `own` way."""
    if row.direction is not own:
        return "taken in" if row.finished_at is not None else f"half taken in, {row.done} records: import it again"
    if row.acknowledged_at is not None:
        return "acknowledged"
    return "not acknowledged" if row.finished_at is not None else "not given out: export again"
