"""What is displayed of what people wrote, and what waits, was withheld or taken down."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from app.kit.errors import NotFound
from app.kit.paging import BadCursor, Key, Page, page_of
from app.submissions.guarding import NUMBER_BITS
from app.submissions.lifecycle import DisplayState, EndedClass, HoldReason, SubmissionState
from app.submissions.models import (
    DisplayedComment,
    DisplayObjection,
    QuarantinedSubmission,
    Submission,
    SubmissionClause,
)

LOOKED_THROUGH = 10_000
"""Displayed comments that one page of a search looks through; the next page goes on where it ended."""
WORDS_LIMIT = 50
COUNTED = 10_000
"""Up to how many comments of one state are counted for a page."""

_APART = (SubmissionState.QUARANTINED, SubmissionState.REFERRED)
_NOT_APART = or_(
    DisplayedComment.state == DisplayState.DISPLAYED,
    ~select(Submission.id)
    .where(Submission.id == DisplayedComment.submission_id, Submission.state.in_(_APART))
    .exists(),
)
"""What is displayed is neither in quarantine nor referred: it isn't looked up."""


@dataclass(frozen=True)
class PublicPage(Page[DisplayedComment]):
    """`previous_cursor` leads to newer ones, `next_cursor` to older ones.

    `looked_until` is set where a search ended before the list did: nothing older was looked at yet.
    """

    previous_cursor: str | None = None
    looked_until: datetime | None = None


def displayed(session: Session, submission_id: uuid.UUID) -> DisplayedComment | None:
    """Its public form, whether the public sees it or not; None under the screened regime."""
    return session.get(DisplayedComment, submission_id)


def displayed_page(
    session: Session,
    consultation_id: uuid.UUID,
    *,
    clause_id: uuid.UUID | None = None,
    words: str = "",
    before: Key | None = None,
    after: Key | None = None,
    limit: int,
) -> PublicPage:
    """What is public under the instant regime, newest first: THE definition, for page, feed and download alike.

    `clause_id` keeps comments whose sender chose that clause; `words`, split at blanks, those that have each of them in
    title or text, case aside, exactly as LIKE finds them. `before` goes on to older ones, `after` back to newer ones.
    A page costs the same at any depth; a filtered one looks through LOOKED_THROUGH comments at most. Raises BadCursor.
    """
    place = after or before
    rows = _stretch(consultation_id, place, newer=after is not None)
    filters = _filters(clause_id, words)
    if filters:
        rows = _filtered(rows, filters, newer=after is not None)
    found = session.scalars(rows.limit(limit + 1)).all()
    end = None
    if filters and len(found) <= limit:
        end = _end_of_stretch(session, _stretch(consultation_id, place, newer=after is not None))
    return _page(found, limit, end, place, newer=after is not None)


def with_number(session: Session, consultation_id: uuid.UUID, number: int) -> DisplayedComment:
    """By its public number, in whatever state. Raises NotFound."""
    found = None
    if 0 < number < 2**NUMBER_BITS:
        found = session.scalar(
            select(DisplayedComment).where(
                DisplayedComment.number == number, DisplayedComment.consultation_id == consultation_id
            )
        )
    if found is None:
        raise NotFound("no_such_opinion")
    return found


def count_taken_down(session: Session, consultation_id: uuid.UUID) -> int:
    """How many were displayed once and are not any more, by a decision."""
    query = (
        select(func.count())
        .select_from(DisplayedComment)
        .where(DisplayedComment.consultation_id == consultation_id, DisplayedComment.state == DisplayState.TAKEN_DOWN)
    )
    return session.scalar(query) or 0


def display_counts(session: Session, consultation_id: uuid.UUID) -> dict[DisplayState, int]:
    """State → number of comments, without what is in quarantine or was referred; COUNTED + 1 stands for more."""
    parts = [
        select(literal(state.value), func.count()).select_from(_some(consultation_id, state)) for state in DisplayState
    ]
    found = session.execute(union_all(*parts))
    return {DisplayState(state): number for state, number in found if number}


def waiting_in(session: Session, consultation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Consultation id → how many of its comments wait for a person, where there are any; without quarantine."""
    rows = session.execute(
        select(DisplayedComment.consultation_id, func.count())
        .where(
            DisplayedComment.consultation_id.in_(consultation_ids),
            DisplayedComment.state == DisplayState.WAITING,
            _NOT_APART,
        )
        .group_by(DisplayedComment.consultation_id)
    )
    return {row[0]: row[1] for row in rows}


def _some(consultation_id: uuid.UUID, state: DisplayState) -> Subquery:
    """One row for each comment in that state, up to one more than is counted."""
    return (
        select(literal(1))
        .select_from(DisplayedComment)
        .where(DisplayedComment.consultation_id == consultation_id, DisplayedComment.state == state, _NOT_APART)
        .limit(COUNTED + 1)
        .subquery()
    )


def open_objection_counts(session: Session) -> dict[uuid.UUID, int]:
    """Consultation id → how many objections wait for an answer."""
    rows = session.execute(
        select(DisplayObjection.consultation_id, func.count())
        .where(DisplayObjection.verdict.is_(None))
        .group_by(DisplayObjection.consultation_id)
    )
    return {row[0]: row[1] for row in rows}


def in_state(
    session: Session, consultation_id: uuid.UUID, state: DisplayState, after: Key | None, limit: int
) -> Page[DisplayedComment]:
    """For staff, the one that stands there longest first; without what is in quarantine or was referred."""
    query = (
        select(DisplayedComment)
        .where(DisplayedComment.consultation_id == consultation_id, DisplayedComment.state == state, _NOT_APART)
        .order_by(DisplayedComment.displayed_at, DisplayedComment.number)
        .limit(limit + 1)
    )
    if after:
        query = query.where(_columns() > _values(after))
    return page_of(session.scalars(query).all(), limit, key_of)


def same_words(
    session: Session, consultation_id: uuid.UUID, hashes: Iterable[str]
) -> dict[str, dict[DisplayState, int]]:
    """Hash of a text → how many comments have exactly these words, by where their display stands."""
    found: dict[str, dict[DisplayState, int]] = {}
    rows = session.execute(
        select(DisplayedComment.text_hash, DisplayedComment.state, func.count())
        .where(DisplayedComment.consultation_id == consultation_id, DisplayedComment.text_hash.in_(set(hashes) - {""}))
        .group_by(DisplayedComment.text_hash, DisplayedComment.state)
    )
    for text_hash, state, number in rows:
        found.setdefault(text_hash, {})[state] = number
    return found


@dataclass(frozen=True)
class DisplayStatus:
    """Where the public display of one submission stands, for its author.

    `number` is its public number while it is displayed. `reasons` say why it waits, `ended_class` and `ended_at` why
    and since when it is not displayed. `may_object` tells that the author's one objection has not been made.
    """

    state: DisplayState
    number: int | None
    reasons: tuple[HoldReason, ...]
    ended_class: EndedClass | None
    ended_at: datetime | None
    may_object: bool


def display_state_of(session: Session, submission_id: uuid.UUID) -> DisplayStatus | None:
    """None where nothing of it is displayed under its regime; it may have been put in quarantine all the same."""
    row = displayed(session, submission_id)
    if row is None:
        return None
    ended = row.state in OBJECTIONABLE
    return DisplayStatus(
        state=row.state,
        number=row.number or None if row.state is DisplayState.DISPLAYED else None,
        reasons=tuple(HoldReason(reason) for reason in row.held_for) if row.state is DisplayState.WAITING else (),
        ended_class=(row.taken_down_class or EndedClass.OTHER) if ended else None,
        ended_at=row.taken_down_at if ended else None,
        may_object=may_object(session, submission_id),
    )


OBJECTIONABLE = (DisplayState.WITHHELD, DisplayState.TAKEN_DOWN)


def may_object(session: Session, submission_id: uuid.UUID) -> bool:
    """Whether its author has something to object to, and has not objected before."""
    if objection_of(session, submission_id) is not None:
        return False
    row = displayed(session, submission_id)
    if row is not None:
        return row.state in OBJECTIONABLE and row.taken_down_class is not EndedClass.BY_AUTHOR
    state = session.scalar(select(Submission.state).where(Submission.id == submission_id))
    return state is SubmissionState.DISCARDED


def objection_of(session: Session, submission_id: uuid.UUID) -> DisplayObjection | None:
    return session.get(DisplayObjection, submission_id)


def open_objections(
    session: Session, consultation_id: uuid.UUID, after: Key | None, limit: int
) -> Page[DisplayObjection]:
    """Those nobody has answered, the oldest first."""
    query = (
        select(DisplayObjection)
        .where(DisplayObjection.consultation_id == consultation_id, DisplayObjection.verdict.is_(None))
        .order_by(DisplayObjection.at, DisplayObjection.submission_id)
        .limit(limit + 1)
    )
    if after:
        place = tuple_(DisplayObjection.at, DisplayObjection.submission_id)
        query = query.where(place > tuple_(after.at, after.id))
    return page_of(session.scalars(query).all(), limit, lambda row: Key(row.at, row.submission_id))


def count_open_objections(session: Session, consultation_id: uuid.UUID) -> int:
    query = (
        select(func.count())
        .select_from(DisplayObjection)
        .where(DisplayObjection.consultation_id == consultation_id, DisplayObjection.verdict.is_(None))
    )
    return session.scalar(query) or 0


def quarantine_of(session: Session, submission_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, QuarantinedSubmission]:
    rows = session.scalars(
        select(QuarantinedSubmission).where(QuarantinedSubmission.submission_id.in_(set(submission_ids)))
    )
    return {row.submission_id: row for row in rows}


def key_of(row: DisplayedComment) -> Key:
    """Its place in a list; nothing in it leads to the submission."""
    return Key(row.displayed_at, uuid.UUID(int=row.number))


def _columns() -> Any:
    return tuple_(DisplayedComment.displayed_at, DisplayedComment.number)


def _values(key: Key) -> Any:
    if key.id.int >= 2**NUMBER_BITS:
        raise BadCursor
    return tuple_(key.at, key.id.int)


def _stretch(consultation_id: uuid.UUID, place: Key | None, *, newer: bool) -> Select[DisplayedComment]:
    """All that is displayed beyond a place of the list, in the direction of reading."""
    query = select(DisplayedComment).where(
        DisplayedComment.consultation_id == consultation_id, DisplayedComment.state == DisplayState.DISPLAYED
    )
    if place:
        query = query.where(_columns() > _values(place) if newer else _columns() < _values(place))
    if newer:
        return query.order_by(DisplayedComment.displayed_at, DisplayedComment.number)
    return query.order_by(DisplayedComment.displayed_at.desc(), DisplayedComment.number.desc())


Filters = Sequence[Any]


def _filters(clause_id: uuid.UUID | None, words: str) -> Filters:
    """Each makes a condition of a row."""

    def has(word: str) -> Any:
        return lambda row: or_(row.title.icontains(word, autoescape=True), row.text.icontains(word, autoescape=True))

    filters: list[Any] = [has(word) for word in words[:WORDS_LIMIT].split()]
    if clause_id is not None:
        filters.append(lambda row: _chose(row, clause_id))
    return filters


def _chose(row: Any, clause_id: uuid.UUID) -> ColumnElement[bool]:
    return (
        select(SubmissionClause.clause_id)
        .where(SubmissionClause.submission_id == row.submission_id, SubmissionClause.clause_id == clause_id)
        .exists()
    )


def _filtered(stretch: Select[DisplayedComment], filters: Filters, *, newer: bool) -> Select[DisplayedComment]:
    row = aliased(DisplayedComment, stretch.limit(LOOKED_THROUGH).subquery())
    query = select(row).where(and_(*(condition(row) for condition in filters)))
    if newer:
        return query.order_by(row.displayed_at, row.number)
    return query.order_by(row.displayed_at.desc(), row.number.desc())


def _end_of_stretch(session: Session, stretch: Select[DisplayedComment]) -> Key | None:
    """The last row that was looked at; None where the list ended before."""
    last = stretch.with_only_columns(DisplayedComment.displayed_at, DisplayedComment.number)
    found = session.execute(last.offset(LOOKED_THROUGH - 1).limit(1)).one_or_none()
    return Key(found[0], uuid.UUID(int=found[1])) if found else None


def _page(
    found: Sequence[DisplayedComment], limit: int, end: Key | None, place: Key | None, *, newer: bool
) -> PublicPage:
    """Going back to newer ones, the rows were read upwards: what they go on to is the page before this one."""
    items = list(found[:limit])
    onward = key_of(items[-1]).cursor() if len(found) > limit else end.cursor() if end else None
    backward = None
    if place is not None:
        backward = key_of(items[0]).cursor() if items else place.cursor()
    if newer:
        items.reverse()
        return PublicPage(items, next_cursor=backward, previous_cursor=onward)
    return PublicPage(items, next_cursor=onward, previous_cursor=backward, looked_until=end.at if end else None)
