import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.kit.paging import Key, Page, page_of
from app.screening.lifecycle import SuggestionState
from app.screening.models import Passage, ScreeningDecision, Suggestion, SuggestionEditor, SuggestionPassage
from app.screening.passages import Span
from app.submissions.models import Submission


@dataclass(frozen=True)
class Source:
    """A passage that a suggestion gathers, with the submission that it is from."""

    submission_id: uuid.UUID
    receipt_number: str
    comment: str
    span: Span

    @property
    def passage(self) -> str:
        return self.comment[self.span.start : self.span.end]


def decision_on(session: Session, submission_id: uuid.UUID) -> ScreeningDecision | None:
    """The decision on a submission that stands."""
    return session.scalar(
        select(ScreeningDecision)
        .where(ScreeningDecision.submission_id == submission_id, ScreeningDecision.undone_at.is_(None))
        .order_by(ScreeningDecision.decided_at.desc(), ScreeningDecision.id.desc())
        .limit(1)
    )


def decisions_of(session: Session, submission_id: uuid.UUID) -> Sequence[ScreeningDecision]:
    """Everything that was decided on a submission, oldest first; what was undone stays there."""
    return session.scalars(
        select(ScreeningDecision)
        .where(ScreeningDecision.submission_id == submission_id)
        .order_by(ScreeningDecision.decided_at, ScreeningDecision.id)
    ).all()


def times_told_otherwise(session: Session, submission_id: uuid.UUID) -> int:
    """How often its sender was told of a decision that was taken back later."""
    told = (ScreeningDecision.told_at.is_not(None), ScreeningDecision.undone_at.is_not(None))
    query = select(func.count()).where(ScreeningDecision.submission_id == submission_id, *told)
    return session.scalar(query) or 0


def sources_of(session: Session, suggestion_id: uuid.UUID) -> Sequence[Source]:
    """Where a suggestion comes from, in the order of arrival."""
    rows = session.execute(
        select(Passage, Submission.receipt_number, Submission.comment)
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(SuggestionPassage.suggestion_id == suggestion_id)
        .order_by(Submission.received_at, Submission.id, Passage.start)
    )
    return [
        Source(passage.submission_id, number, comment, Span(passage.start, passage.end))
        for passage, number, comment in rows
    ]


def versions_of_sources(session: Session, suggestion_id: uuid.UUID) -> set[uuid.UUID]:
    """The versions of the draft that its senders had before them: more than one where the draft was replaced."""
    return set(
        session.scalars(
            select(Submission.version_id)
            .join(Passage, Passage.submission_id == Submission.id)
            .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
            .where(SuggestionPassage.suggestion_id == suggestion_id)
        )
    )


def gathered_spans(session: Session, submission_id: uuid.UUID) -> list[Span]:
    """The passages of a submission that stand in some suggestion."""
    rows = session.execute(select(Passage.start, Passage.end).where(Passage.submission_id == submission_id))
    return [Span(start, end) for start, end in rows]


def gathered_words(session: Session, submission_id: uuid.UUID) -> dict[uuid.UUID, tuple[str, ...]]:
    """Suggestion id → the passages of that submission that it gathers, in the order of the comment."""
    rows = session.execute(
        select(SuggestionPassage.suggestion_id, Passage, Submission.comment)
        .join(Passage, Passage.id == SuggestionPassage.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(Passage.submission_id == submission_id)
        .order_by(Passage.start)
    )
    words: dict[uuid.UUID, tuple[str, ...]] = {}
    for suggestion_id, passage, comment in rows:
        words[suggestion_id] = (*words.get(suggestion_id, ()), comment[passage.start : passage.end])
    return words


def senders_of(session: Session, suggestion_id: uuid.UUID, after: uuid.UUID | None, limit: int) -> Sequence[uuid.UUID]:
    """The submissions that a suggestion gathers something of, by id, from the one behind `after` on."""
    query = (
        select(Passage.submission_id)
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .where(SuggestionPassage.suggestion_id == suggestion_id)
        .distinct()
    )
    if after is not None:
        query = query.where(Passage.submission_id > after)
    return session.scalars(query.order_by(Passage.submission_id).limit(limit)).all()


def repetitions_of(
    session: Session, submission_id: uuid.UUID, after: uuid.UUID | None, limit: int
) -> Sequence[uuid.UUID]:
    """The submissions that were closed as repeating this one, by id, from the one behind `after` on."""
    standing = (ScreeningDecision.duplicate_of_id == submission_id, ScreeningDecision.undone_at.is_(None))
    query = select(ScreeningDecision.submission_id).where(*standing).distinct()
    if after is not None:
        query = query.where(ScreeningDecision.submission_id > after)
    return session.scalars(query.order_by(ScreeningDecision.submission_id).limit(limit)).all()


def suggestions_of(session: Session, submission_ids: Iterable[uuid.UUID]) -> Sequence[Suggestion]:
    """The suggestions that gather something of these submissions, oldest first."""
    return session.scalars(
        select(Suggestion)
        .where(
            Suggestion.id.in_(
                select(SuggestionPassage.suggestion_id)
                .join(Passage, Passage.id == SuggestionPassage.passage_id)
                .where(Passage.submission_id.in_(set(submission_ids)))
            )
        )
        .order_by(Suggestion.created_at, Suggestion.id)
    ).all()


def has_edited(session: Session, suggestion_id: uuid.UUID, staff_id: str) -> bool:
    """Whether that person had a hand in the suggestion."""
    return session.get(SuggestionEditor, (suggestion_id, staff_id)) is not None


def being_edited(session: Session, consultation_id: uuid.UUID, limit: int = 50) -> Sequence[Suggestion]:
    """Suggestions that more passages can be added to, newest first."""
    return session.scalars(
        select(Suggestion)
        .where(Suggestion.consultation_id == consultation_id, Suggestion.state == SuggestionState.EDITING)
        .order_by(Suggestion.created_at.desc(), Suggestion.id.desc())
        .limit(limit)
    ).all()


def oldest_first(
    session: Session,
    state: SuggestionState,
    handed_over: bool,
    consultation_id: uuid.UUID | None,
    after: Key | None,
    limit: int,
) -> Page[Suggestion]:
    """Suggestions in one state, handed over to departments or not, the oldest first."""
    given = Suggestion.handed_over_at.is_not(None) if handed_over else Suggestion.handed_over_at.is_(None)
    query = select(Suggestion).where(Suggestion.state == state, given)
    if consultation_id is not None:
        query = query.where(Suggestion.consultation_id == consultation_id)
    if after:
        query = query.where(tuple_(Suggestion.created_at, Suggestion.id) > tuple_(after.at, after.id))
    rows = session.scalars(query.order_by(Suggestion.created_at, Suggestion.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.created_at, row.id))


def state_counts(session: Session, consultation_id: uuid.UUID | None) -> dict[tuple[SuggestionState, bool], int]:
    """(State, handed over or not) → number of suggestions (条)."""
    given = Suggestion.handed_over_at.is_not(None)
    query = select(Suggestion.state, given, func.count()).group_by(Suggestion.state, given)
    if consultation_id is not None:
        query = query.where(Suggestion.consultation_id == consultation_id)
    return {(row[0], bool(row[1])): row[2] for row in session.execute(query)}
