import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.desk import rows as lines
from app.desk import sources, stretches, suggestion_sources
from app.desk.counting import counts
from app.desk.filters import NOBODY, Filters
from app.desk.reader import Reader, overdue_before
from app.desk.rows import Row
from app.desk.sources import Asked, Entries
from app.desk.stretches import Joined, Stretch
from app.desk.views import MARKED, OF_SUBMISSIONS, OF_SUGGESTIONS, View
from app.kit.clock import end_of_beijing_day
from app.kit.errors import NotFound
from app.kit.paging import Key, Page
from app.permissions import Permission, require
from app.screening.models import Suggestion
from app.submissions.models import Submission

__all__ = ["Listing", "Row", "counts", "next_after", "oldest", "previous", "rows"]

PAGE_SIZE = 25
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Listing(Page[Row]):
    """`previous_cursor` leads back towards the beginning; None on the first page.

    A page may hold fewer rows than PAGE_SIZE, even none, and still have a next one: so many entries were looked
    through that the rest is left to the next page.
    """

    previous_cursor: str | None = None


def rows(
    session: Session,
    view: View,
    filters: Filters,
    after: Key | None,
    reader: Reader,
    *,
    before: Key | None = None,
) -> Listing:
    """A page of one view, the one that waits longest first: what follows `after`, or what comes right before `before`.

    A fixed number of queries whatever the page holds, and the same cost at any depth and any size. Raises Forbidden for
    a view that is not there for the reader.
    """
    backwards = before is not None
    found = _found(session, view, filters, reader, before or after, PAGE_SIZE, backwards=backwards)
    keys = list(reversed(found.keys)) if backwards else list(found.keys)
    made = (
        lines.of_suggestions(session, keys)
        if view in OF_SUGGESTIONS
        else lines.of_submissions(session, keys, blind=view is View.SECOND_LOOK)
    )
    onward = found.onward.cursor() if found.onward else None
    if backwards:
        return Listing(made, keys[-1].cursor() if keys else None, onward)
    return Listing(made, onward, keys[0].cursor() if after and keys else None)


def next_after(session: Session, view: View, filters: Filters, id: uuid.UUID, reader: Reader) -> uuid.UUID | None:
    """The record that follows this one in a list, whether or not this one still stands in it. Raises NotFound."""
    found = _found(session, view, filters, reader, _place(session, view, id), 1)
    return found.keys[0].id if found.keys else None


def previous(session: Session, view: View, filters: Filters, id: uuid.UUID, reader: Reader) -> uuid.UUID | None:
    """The record before this one in a list, whether or not this one still stands in it. Raises NotFound."""
    found = _found(session, view, filters, reader, _place(session, view, id), 1, backwards=True)
    return found.keys[0].id if found.keys else None


def oldest(session: Session, view: View, filters: Filters, reader: Reader) -> datetime | None:
    """Since when what has stood longest in a list is there at all; None for an empty list. Raises Forbidden."""
    found = _found(session, view, filters, reader, None, 1)
    return found.keys[0].at if found.keys else None


def _found(
    session: Session,
    view: View,
    filters: Filters,
    reader: Reader,
    place: Key | None,
    limit: int,
    *,
    backwards: bool = False,
) -> Stretch:
    refuse_unseen(view, reader)
    joined: Joined
    if view in OF_SUGGESTIONS:
        source = suggestion_sources.source(OF_SUGGESTIONS[view], filters, reader.within(view))
        joined = suggestion_sources.joined
    else:
        source, joined = sources.source(session, asked(session, view, filters, reader)), _with_submission
    return stretches.read(session, source, joined, place, limit, backwards=backwards)


def refuse_unseen(view: View, reader: Reader) -> None:
    """Raises Forbidden for a view that is not there for the reader."""
    if not reader.may_see(view):
        require(reader.actor, Permission.HANDLE_REFERRALS)


def asked(session: Session, view: View, filters: Filters, reader: Reader) -> Asked:
    """Which submissions a view of submissions holds for the reader."""
    asked = sources.asked_by(filters, OF_SUBMISSIONS[view], reader.within(view))
    whose = {View.MINE: reader.actor.id, View.UNCLAIMED: NOBODY}.get(view)
    if whose is not None:
        asked = replace(asked, persons=tuple(dict.fromkeys((whose, *asked.persons))))
    if view in MARKED:
        asked = replace(asked, marked=MARKED[view])
    if view is View.SECOND_LOOK:
        asked = replace(asked, unseen_by=reader.actor.id)
    return _overdue(session, asked, reader) if view is View.OVERDUE else asked


def _overdue(session: Session, asked: Asked, reader: Reader) -> Asked:
    first_in_time = overdue_before(calendars.calendar(session), reader.at, reader.screening_days)
    return replace(asked, before=end_of_beijing_day(first_in_time - ONE_DAY))


def _with_submission(query: Entries, id: Any) -> Entries:
    return query.join(Submission, Submission.id == id)


def _place(session: Session, view: View, id: uuid.UUID) -> Key:
    if view in OF_SUGGESTIONS:
        at = session.scalar(select(Suggestion.created_at).where(Suggestion.id == id))
    else:
        at = session.scalar(select(Submission.received_at).where(Submission.id == id))
    if at is None:
        raise NotFound("no_such_suggestion" if view in OF_SUGGESTIONS else "no_such_submission")
    return Key(at, id)
