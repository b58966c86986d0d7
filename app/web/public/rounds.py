"""How the pages of several rounds on one draft name each other."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations import rounds
from app.consultations.lifecycle import ConsultationState, Phase
from app.consultations.models import Consultation


@dataclass(frozen=True)
class RoundView:
    """A neighbouring round."""

    number: int
    slug: str
    phase: Phase
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class RoundsView:
    """The round that a page is about, the one before, and the one after, once that is public."""

    number: int
    previous: RoundView | None
    following: RoundView | None


def view(session: Session, row: Consultation, now: datetime) -> RoundsView:
    found = rounds.rounds_of(session, row.id)
    following = found.following
    is_public = following is not None and following.state is not ConsultationState.DRAFT
    return RoundsView(
        number=found.number,
        previous=_neighbour(found.previous, found.number - 1, now) if found.previous else None,
        following=_neighbour(following, found.number + 1, now) if following and is_public else None,
    )


def _neighbour(row: Consultation, number: int, now: datetime) -> RoundView:
    return RoundView(number, row.slug, consultations.phase(row, now), row.opens_at, row.closes_at)
