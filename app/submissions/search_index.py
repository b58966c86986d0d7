"""The index by which submissions are found: filled after they came in, so that taking one in costs nothing more.

It holds numbers of characters (app/kit/bigrams.py) and one for the consultation, never the text. SQLite keeps them in a
full-text table without content, PostgreSQL in an array with a GIN index; `search_places` gives both the same places.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol
from zlib import crc32

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from app.kit.bigrams import BITS, numbers_of
from app.kit.identifiers import shortly_before
from app.submissions.models import SearchPlace, Submission

LATE_COMMIT = timedelta(minutes=10)
"""Ids are in order of time, commits nearly: so far back one is looked for that was stored after a later one."""
_INTO = {
    "sqlite": text("INSERT INTO search_words (rowid, numbers) VALUES (:place, :numbers)"),
    "postgresql": text("INSERT INTO search_words (place, numbers) VALUES (:place, :numbers)"),
}


def number_of_consultation(consultation_id: uuid.UUID) -> int:
    """A number among those of the words, so that the index itself keeps a search to one consultation."""
    return crc32(consultation_id.bytes) - (1 << (BITS - 1))


def written(number: int) -> str:
    """The number as a word of the full-text table."""
    return f"{number + (1 << (BITS - 1)):x}"


def waiting(session: Session, most: int) -> Sequence[Submission]:
    """Submissions that can't be found yet, in the order of arrival. What it costs doesn't grow with the store."""
    newest = session.scalar(select(SearchPlace.submission_id).order_by(SearchPlace.place.desc()).limit(1))
    indexed = select(SearchPlace).where(SearchPlace.submission_id == Submission.id).exists()
    query = select(Submission).where(~indexed).order_by(Submission.id).limit(most)
    if newest is not None:
        query = query.where(Submission.id > shortly_before(newest, LATE_COMMIT))
    return session.scalars(query).all()


class Findable(Protocol):
    """What the index is made of: a submission, or as much of it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def consultation_id(self) -> uuid.UUID: ...
    @property
    def title(self) -> str: ...
    @property
    def comment(self) -> str: ...


def add(session: Session, found: Sequence[Findable]) -> None:
    """From the end of this transaction on they are found. Raises Conflict when one of them was added meanwhile."""
    if not found:
        return
    places = session.execute(
        insert(SearchPlace).returning(SearchPlace.place, sort_by_parameter_order=True),
        [{"submission_id": submission.id} for submission in found],
    ).scalars()
    kind = session.get_bind().dialect.name
    rows = [_row(kind, place, submission) for place, submission in zip(places, found, strict=True)]
    session.execute(_INTO[kind], rows)


def forget_all(session: Session) -> None:
    """Nothing is found any more until it is added again."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO search_words (search_words) VALUES ('delete-all')"))
    else:
        session.execute(text("TRUNCATE search_words"))
    session.execute(delete(SearchPlace))


def count(session: Session) -> int:
    """How many can be found. It counts: for the command line, not for a page."""
    return session.scalar(select(func.count()).select_from(SearchPlace)) or 0


def _row(kind: str, place: int, submission: Findable) -> dict[str, Any]:
    numbers = numbers_of(f"{submission.title}\n{submission.comment}")
    numbers.add(number_of_consultation(submission.consultation_id))
    in_order = sorted(numbers)
    return {"place": place, "numbers": " ".join(map(written, in_order)) if kind == "sqlite" else in_order}
