"""How many rows each list has, by the counts that the store keeps: nothing is counted here."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.counters import ledger as counters
from app.counters.ledger import Wanted
from app.desk.filters import NOBODY, Filters
from app.desk.reader import Reader, overdue_before
from app.desk.sources import LISTED, scopes
from app.desk.views import MARKED, OF_SUBMISSIONS, OF_SUGGESTIONS, View

OWN_COUNTS = frozenset({View.MINE, View.UNCLAIMED, View.OVERDUE, *MARKED})
"""Views of submissions whose numbers don't follow from states alone."""


def counts(session: Session, filters: Filters, reader: Reader) -> dict[View, int]:
    """View → number of rows, of the views that the reader has; a view whose number nobody keeps is missing.

    Kept are the numbers of whole consultations, and those narrowed to one clause, theme, campaign, channel or person
    besides; a clause, theme or campaign is taken to be of the chosen consultation. SECOND_LOOK counts what waits for
    anybody, also for those who decided first. Two queries, whatever is asked.
    """
    places: list[View] = []
    wanted: list[Wanted] = []
    cutoff = overdue_before(calendars.calendar(session), reader.at, reader.screening_days).isoformat()
    for view in reader.views():
        kept = _kept(view, filters, reader.actor.id, cutoff)
        parts = [] if kept is None else _in_scopes(view, kept, filters, reader)
        places += [view] * len(parts)
        wanted += parts
    different = list(dict.fromkeys(wanted))
    found = dict(zip(different, counters.by_state(session, different), strict=True))
    totals = dict.fromkeys(places, 0)
    for view, one in zip(places, wanted, strict=True):
        totals[view] += _sum(found[one], view)
    return totals


def _kept(view: View, filters: Filters, reader_id: str, cutoff: str) -> Wanted | None:
    """What is to be added up, of all consultations; None where nobody keeps it."""
    names = filters.given() - {"consultation"}
    if len(names) > 1:
        return None
    name = next(iter(names), "")
    if view in OF_SUGGESTIONS:
        return _of_suggestions(name, filters)
    if view in OWN_COUNTS:
        return None if name else _own(view, reader_id, cutoff)
    return _by_states(name, filters)


def _by_states(name: str, filters: Filters) -> Wanted | None:
    if name == "department":
        return None
    if name in LISTED:
        return Wanted(f"submissions.{name}", value=getattr(filters, name).hex)
    if name == "allocated_to":
        return Wanted("submissions.person", value="" if filters.allocated_to == NOBODY else filters.allocated_to)
    return Wanted("submissions.channel", value=filters.channel.value if filters.channel else None)


def _of_suggestions(name: str, filters: Filters) -> Wanted | None:
    if name in ("clause", "theme"):
        return Wanted(f"suggestions.{name}", value=getattr(filters, name).hex)
    return None if name else Wanted("suggestions")


def _own(view: View, reader_id: str, cutoff: str) -> Wanted:
    if view is View.OVERDUE:
        return Wanted("submissions.day", below=cutoff)
    if view in MARKED:
        return Wanted(f"submissions.{MARKED[view]}")
    return Wanted("submissions.person", value=reader_id if view is View.MINE else "")


def _in_scopes(view: View, kept: Wanted, filters: Filters, reader: Reader) -> Sequence[Wanted]:
    """The same of each consultation that the list can be about."""
    where = scopes(filters, reader.within(view))
    if where is None or kept.name in {f"submissions.{name}" for name in LISTED}:
        return [kept]
    if view in MARKED:
        return [Wanted(kept.name, value=one.hex) for one in where]
    return [Wanted(kept.name, one.hex, kept.value, kept.below) for one in where]


def _sum(by_state: Mapping[str, int], view: View) -> int:
    states: Sequence[StrEnum] = [OF_SUGGESTIONS[view]] if view in OF_SUGGESTIONS else OF_SUBMISSIONS[view]
    return sum(by_state.get(state.value, 0) for state in states)
