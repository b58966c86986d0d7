"""Words looked for in a list of the desk: the newest first, with where they stand."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.desk import queries as desk
from app.desk import rows as lines
from app.desk import sources
from app.desk.filters import Filters
from app.desk.reader import Reader
from app.desk.rows import Row
from app.desk.views import OF_SUBMISSIONS, View
from app.kit.paging import Key
from app.submissions import searching
from app.submissions.searching import Found, Hit, Within

SEARCHED = frozenset(OF_SUBMISSIONS) - {View.SECOND_LOOK, View.REFERRED}
"""Lists in which words can be looked for; what went to another body is looked at only by those who handle it."""
PAGE_SIZE = 25


@dataclass(frozen=True)
class Finding:
    """One page. `hits` says of each row where the words stand; the rest as in `searching.Found`."""

    rows: Sequence[Row]
    hits: Mapping[uuid.UUID, Hit]
    next_before: int | None
    is_unfinished: bool


def find(
    session: Session, view: View, filters: Filters, reader: Reader, words: str, before: int | None = None
) -> Finding:
    """What of a list of SEARCHED has all the words; `before` is the place behind which the page begins.

    Raises Forbidden for a list that is not there for the reader, and Unprocessable as `searching.find`.
    """
    found = _found(session, view, filters, reader, words, before, PAGE_SIZE)
    keys = [Key(hit.submission.received_at, hit.submission.id) for hit in found.hits]
    hits = {hit.submission.id: hit for hit in found.hits}
    return Finding(lines.of_submissions(session, keys), hits, found.next_before, found.is_unfinished)


def next_after(
    session: Session, view: View, filters: Filters, reader: Reader, words: str, id: uuid.UUID
) -> uuid.UUID | None:
    """The result that follows this submission, whether or not that is one itself. Raises as `find`."""
    place = searching.place_of(session, id)
    if place is None:
        return None
    found = _found(session, view, filters, reader, words, place, 1)
    return found.hits[0].submission.id if found.hits else None


def _found(
    session: Session, view: View, filters: Filters, reader: Reader, words: str, before: int | None, limit: int
) -> Found:
    desk.refuse_unseen(view, reader)
    asked = desk.asked(session, view, filters, reader)
    only = asked.scopes[0] if asked.scopes is not None and len(asked.scopes) == 1 else None
    within = Within(consultation_id=only, checks=sources.conditions(asked))
    return searching.find(session, words, within, before, limit)
