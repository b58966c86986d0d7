"""Counts of internal consultations, apart from everything that is counted for the public."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.soundings.lifecycle import Adoption, Disagreement, SoundingState, Standing, standing
from app.soundings.models import OrganOpinion, SoundedOrgan, Sounding


@dataclass(frozen=True)
class Totals:
    """invited = not_sent + waiting + overdue + taken_as_none + without_opinions + with_opinions;
    opinions = adopted + partly_adopted + not_adopted + unhandled.

    What was withdrawn counts nowhere. `disputed`: opinions on which a disagreement remains.
    """

    invited: int = 0
    not_sent: int = 0
    waiting: int = 0
    overdue: int = 0
    taken_as_none: int = 0
    without_opinions: int = 0
    with_opinions: int = 0
    opinions: int = 0
    adopted: int = 0
    partly_adopted: int = 0
    not_adopted: int = 0
    unhandled: int = 0
    disputed: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


_OF_STANDING = {
    Standing.NOT_SENT: "not_sent",
    Standing.WAITING: "waiting",
    Standing.OVERDUE: "overdue",
    Standing.TAKEN_AS_NONE: "taken_as_none",
    Standing.NO_OPINIONS: "without_opinions",
    Standing.WITH_OPINIONS: "with_opinions",
}
_OF_ADOPTION = {
    Adoption.ADOPTED: "adopted",
    Adoption.PARTLY_ADOPTED: "partly_adopted",
    Adoption.NOT_ADOPTED: "not_adopted",
    None: "unhandled",
}


def of_letters(session: Session, ids: Collection[uuid.UUID], today: date) -> dict[uuid.UUID, Totals]:
    """Letter → its counts; two queries, whatever their number."""
    counted = _counted(session, Sounding.id.in_(ids), today)
    return {each: counted.get(each, Totals()) for each in ids}


def of_consultation(session: Session, consultation_id: uuid.UUID, today: date) -> Totals:
    """All letters of a consultation that went out, put together."""
    out = (Sounding.consultation_id == consultation_id) & (Sounding.state != SoundingState.DRAFTED)
    return sum(_counted(session, out, today).values(), Totals())


def _counted(session: Session, which: ColumnElement[bool], today: date) -> Mapping[uuid.UUID, Totals]:
    counts: dict[uuid.UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    kept = (Sounding.id, Sounding.state, SoundedOrgan.state, Sounding.due_on, Sounding.silence_counts)
    organs = (
        select(*kept, func.count())
        .join(SoundedOrgan, SoundedOrgan.sounding_id == Sounding.id)
        .where(which)
        .group_by(*kept)
    )
    for sounding_id, letter, state, due_on, silence_counts, number in session.execute(organs):
        stands = standing(letter, state, due_on, silence_counts, today)
        counts[sounding_id][_OF_STANDING[stands]] += number
        counts[sounding_id]["invited"] += number
    opinions = (
        select(OrganOpinion.sounding_id, OrganOpinion.adoption, OrganOpinion.disagreement, func.count())
        .join(Sounding, Sounding.id == OrganOpinion.sounding_id)
        .where(which, OrganOpinion.withdrawn_at.is_(None))
        .group_by(OrganOpinion.sounding_id, OrganOpinion.adoption, OrganOpinion.disagreement)
    )
    for sounding_id, adoption, disagreement, number in session.execute(opinions):
        counts[sounding_id][_OF_ADOPTION[adoption]] += number
        counts[sounding_id]["opinions"] += number
        counts[sounding_id]["disputed"] += number if disagreement is Disagreement.REMAINS else 0
    return {sounding_id: Totals(**named) for sounding_id, named in counts.items()}
