"""Finding submissions by words of their title or comment, two characters and single ones included."""

import uuid
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from app.kit.bigrams import fold, numbers_wanted, places_of, terms_of
from app.kit.errors import Unprocessable
from app.submissions.lifecycle import Channel, SubmissionState
from app.submissions.models import SearchPlace, Submission
from app.submissions.search_index import number_of_consultation, written

MOST_TERMS = 8
LONGEST_WORDS = 100
LOOKED_THROUGH = 2_000
"""Candidates that one page looks at; the next page goes on where it ended."""
SPANS = (2_000, 18_000)
"""PostgreSQL's index has no order, and what many have is slow to get from it. So the newest are looked through one by
one first, where such words fill a page at once, and for these further ones instead of the index."""
MANY = 10_000
BATCH = 100


@dataclass(frozen=True)
class Within:
    """What a search is kept to. `hidden` are states that whoever asks may not see, `checks` are of the submission."""

    consultation_id: uuid.UUID | None = None
    states: Collection[SubmissionState] = ()
    channel: Channel | None = None
    hidden: Collection[SubmissionState] = ()
    checks: Sequence[ColumnElement[bool]] = ()


@dataclass(frozen=True)
class Hit:
    """A submission that has every term; the places are code points of its title and of its comment, end exclusive."""

    submission: Submission
    in_title: Sequence[tuple[int, int]]
    in_comment: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Found:
    """Newest first. `next_before` is the place from which the next page goes on; None when nothing is left.

    `is_unfinished` where the page ended because LOOKED_THROUGH candidates had been looked at, not because it was full.
    """

    hits: Sequence[Hit]
    next_before: int | None
    is_unfinished: bool


def find(session: Session, words: str, within: Within, before: int | None, limit: int) -> Found:
    """What has every one of the words, split at blanks, in its title or comment; case, width and blanks aside.

    It finds exactly what reading all of them would. A page costs the same at any depth. Raises Unprocessable
    (`no_words_to_find`) where there is nothing to look for, (`too_many_words`) beyond MOST_TERMS or LONGEST_WORDS.
    """
    terms = terms_of(words)
    if not terms:
        raise Unprocessable("no_words_to_find")
    if len(terms) > MOST_TERMS or len(words) > LONGEST_WORDS:
        raise Unprocessable("too_many_words")
    numbers = {number for term in terms for number in numbers_wanted(term)}
    if within.consultation_id is not None:
        numbers.add(number_of_consultation(within.consultation_id))
    hits: list[Hit] = []
    candidates = _candidates(session, sorted(numbers), within, before)
    for looked_at in range(1, LOOKED_THROUGH + 1):
        try:
            place, submission = next(candidates)
        except StopIteration as end:
            return Found(hits, end.value, end.value is not None)
        hit = _hit(submission, terms) if submission else None
        if hit:
            hits.append(hit)
        if len(hits) == limit or looked_at == LOOKED_THROUGH:
            return Found(hits, place, len(hits) < limit)
    return Found(hits, None, False)


def _hit(submission: Submission, terms: Sequence[str]) -> Hit | None:
    title, comment = fold(submission.title), fold(submission.comment)
    in_title = [places_of(term, title) for term in terms]
    in_comment = [places_of(term, comment) for term in terms]
    if not all(here or there for here, there in zip(in_title, in_comment, strict=True)):
        return None
    return Hit(submission, _merged(in_title), _merged(in_comment))


def _merged(found: Sequence[Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    """In order, those that touch or overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(place for places in found for place in places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def place_of(session: Session, submission_id: uuid.UUID) -> int | None:
    """Where a submission stands in the order of a search; None for what isn't indexed yet."""
    return session.scalar(select(SearchPlace.place).where(SearchPlace.submission_id == submission_id))


Places = Generator[list[int], None, int | None]
"""Places in portions, newest first; it returns where it stopped looking, or None where nothing is left."""


def _candidates(
    session: Session, numbers: Sequence[int], within: Within, before: int | None
) -> Generator[tuple[int, Submission | None], None, int | None]:
    """Places that have all the numbers, newest first, with the submission where it is one that is asked for.

    Returns as Places does.
    """
    query = select(SearchPlace.place, Submission).join(SearchPlace, SearchPlace.submission_id == Submission.id)
    query = query.where(*_conditions(within))
    portions = _FINDERS[session.get_bind().dialect.name](session, numbers, before)
    while True:
        try:
            places = next(portions)
        except StopIteration as end:
            stopped_at: int | None = end.value
            return stopped_at
        asked = dict(session.execute(query.where(SearchPlace.place.in_(places))).all())
        yield from ((place, asked.get(place)) for place in places)


def _conditions(within: Within) -> Iterator[ColumnElement[bool]]:
    if within.consultation_id is not None:
        yield Submission.consultation_id == within.consultation_id
    if within.states:
        yield Submission.state.in_(within.states)
    if within.channel is not None:
        yield Submission.channel == within.channel
    if within.hidden:
        yield Submission.state.not_in(within.hidden)
    yield from within.checks


_FULL_TEXT = text(
    "SELECT rowid FROM search_words WHERE search_words MATCH :wanted AND rowid < :before "
    "ORDER BY rowid DESC LIMIT :most"
)
_NEWEST = text("SELECT max(place) FROM search_places")
_IN_ORDER = text(
    "SELECT place FROM search_words WHERE place < :before AND place >= :down_to "
    "AND numbers @> CAST(:wanted AS integer[]) ORDER BY place DESC"
)
_BY_INDEX = text(
    "WITH found AS MATERIALIZED (SELECT place FROM search_words WHERE numbers @> CAST(:wanted AS integer[])) "
    "SELECT place FROM found WHERE place < :before ORDER BY place DESC LIMIT :most"
)


_RAREST = text(
    "SELECT count(*), min(freq) FROM pg_stats, "
    "unnest(CAST(CAST(most_common_elems AS text) AS integer[]), most_common_elem_freqs) AS known (number, freq) "
    "WHERE schemaname = current_schema() AND tablename = 'search_words' AND attname = 'numbers' "
    "AND number = ANY (CAST(:wanted AS integer[]))"
)


def _from_full_text(session: Session, numbers: Sequence[int], before: int | None) -> Places:
    """The full-text table keeps its rows in their order, so that a page is read from its beginning."""
    wanted = " AND ".join(f'"{written(number)}"' for number in numbers)
    place = before if before is not None else 2**62
    while True:
        given = {"wanted": wanted, "before": place, "most": BATCH}
        places = list(session.scalars(_FULL_TEXT, given))
        if places:
            yield places
        if len(places) < BATCH:
            return None
        place = places[-1]


def _from_array(session: Session, numbers: Sequence[int], before: int | None) -> Places:
    top = before if before is not None else (session.scalar(_NEWEST) or 0) + 1
    given: dict[str, Any] = {"wanted": list(numbers)}
    for span in SPANS:
        newest = session.scalars(_IN_ORDER, given | {"before": top, "down_to": top - span}).all()
        yield from _portions(newest)
        top -= span
        if top <= 1:
            return None
        if not _have_many(session, numbers, top):
            yield from _portions(session.scalars(_BY_INDEX, given | {"before": top, "most": LOOKED_THROUGH}).all())
            return None
    return top


def _have_many(session: Session, numbers: Sequence[int], top: int) -> bool:
    """Whether each of the numbers is common, by what the store has counted: one that isn't listed is rare."""
    listed, rarest = session.execute(_RAREST, {"wanted": list(numbers)}).one()
    return bool(listed == len(numbers) and rarest * top > MANY)


def _portions(places: Sequence[int]) -> Iterator[list[int]]:
    return (list(places[start : start + BATCH]) for start in range(0, len(places), BATCH))


_FINDERS = {"sqlite": _from_full_text, "postgresql": _from_array}


def excerpt(text: str, places: Sequence[tuple[int, int]], length: int) -> list[tuple[str, bool]]:
    """About `length` code points around the first place, cut into pieces that are a hit or not; … where it was cut."""
    start = max(0, places[0][0] - length // 4) if places else 0
    end = min(len(text), start + length)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for begin, stop in places:
        if begin >= end:
            break
        pieces += [(text[at:begin], False), (text[begin : min(stop, end)], True)]
        at = min(stop, end)
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return [piece for piece in pieces if piece[0]]
