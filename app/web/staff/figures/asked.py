"""What the figures are asked about: a consultation or all of them, and a stretch of days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.figures.queries import Period
from app.kit.clock import beijing_day
from app.kit.errors import NotFound

USUAL_DAYS = 90
MOST_DAYS = 366
"""Of all consultations together; of one its whole life can be asked about."""


@dataclass(frozen=True)
class Asked:
    """`first` and `last` are days in Beijing, both included; `choices` are the consultations to choose from."""

    consultation: Consultation | None
    first: date
    last: date
    choices: Sequence[Consultation]

    @property
    def period(self) -> Period:
        return Period(self.first, self.last, self.consultation.id if self.consultation else None)

    def values(self) -> dict[str, str]:
        """For the address of another page about the same."""
        values = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return values | ({"consultation": self.consultation.slug} if self.consultation else {})


def read(session: Session, given: Mapping[str, str], now: datetime) -> Asked:
    """Without days, the last USUAL_DAYS or since the opening; what can't be read is taken for not given.

    Raises NotFound for a consultation that isn't there.
    """
    choices = consultations.public_consultations(session)
    chosen = _chosen(choices, given.get("consultation", ""))
    today = beijing_day(now)
    last = min(_day(given.get("last", "")) or today, today)
    usual = beijing_day(chosen.opens_at) if chosen else last - timedelta(days=USUAL_DAYS - 1)
    first = min(_day(given.get("first", "")) or usual, last)
    if chosen is None:
        first = max(first, last - timedelta(days=MOST_DAYS - 1))
    return Asked(chosen, first, last, choices)


def _chosen(choices: Sequence[Consultation], slug: str) -> Consultation | None:
    if not slug:
        return None
    found = next((one for one in choices if one.slug == slug), None)
    if found is None:
        raise NotFound("no_such_consultation")
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
