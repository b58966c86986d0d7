"""Reads of suggestions for those who edit and approve them; every list is paged by key."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.documents.models import Clause
from app.kit.paging import Key, Page, page_of
from app.screening.lifecycle import SuggestionState
from app.screening.models import (
    ClauseProposal,
    Passage,
    Suggestion,
    SuggestionEditor,
    SuggestionPassage,
    SuggestionRemark,
    SuggestionVersion,
)
from app.screening.passages import Span
from app.screening.proposing import Proposed
from app.submissions.models import Submission

SEARCHED = 5_000
"""So many of a consultation's newest suggestions are looked through for words."""
MOST_VERSIONS = 50
MOST_PROPOSED = 3


@dataclass(frozen=True)
class HeldPassage:
    """A passage that a suggestion gathers, with the submission that it is from."""

    id: uuid.UUID
    submission: Submission
    span: Span

    @property
    def words(self) -> str:
        return self.submission.comment[self.span.start : self.span.end]


@dataclass(frozen=True)
class Sought:
    """What an editor looks for among suggestions: all that is given has to be so."""

    words: str = ""
    theme_id: uuid.UUID | None = None
    clause_id: uuid.UUID | None = None


def held_passages(session: Session, suggestion_id: uuid.UUID, after: Key | None, limit: int) -> Page[HeldPassage]:
    """What a suggestion gathers, in the order of arrival; a submission's passages may go over to the next page."""
    query = (
        select(Passage, Submission)
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(SuggestionPassage.suggestion_id == suggestion_id)
        .order_by(Submission.received_at, Passage.id)
        .limit(limit + 1)
    )
    if after:
        query = query.where(tuple_(Submission.received_at, Passage.id) > tuple_(after.at, after.id))
    rows = [
        HeldPassage(passage.id, submission, Span(passage.start, passage.end))
        for passage, submission in session.execute(query)
    ]
    return page_of(rows, limit, lambda row: Key(row.submission.received_at, row.id))


def passage_count(session: Session, suggestion_id: uuid.UUID) -> int:
    """How many passages a suggestion gathers."""
    counted = select(func.count()).where(SuggestionPassage.suggestion_id == suggestion_id)
    return session.scalar(counted) or 0


def versions_of_words(session: Session, suggestion_id: uuid.UUID) -> Sequence[SuggestionVersion]:
    """The newest MOST_VERSIONS versions of its words, the newest first."""
    query = select(SuggestionVersion).where(SuggestionVersion.suggestion_id == suggestion_id)
    return session.scalars(query.order_by(SuggestionVersion.number.desc()).limit(MOST_VERSIONS)).all()


def remarks_on(session: Session, suggestion_id: uuid.UUID) -> Sequence[SuggestionRemark]:
    """What was remarked on returning it and answered, oldest first."""
    query = select(SuggestionRemark).where(SuggestionRemark.suggestion_id == suggestion_id)
    return session.scalars(query.order_by(SuggestionRemark.written_at, SuggestionRemark.id)).all()


def editable(
    session: Session, consultation_id: uuid.UUID, sought: Sought, after: Key | None, limit: int
) -> Page[Suggestion]:
    """Suggestions that more can be added to, the newest first; words are looked for in the newest SEARCHED."""
    query = _editable(consultation_id)
    if sought.words.strip():
        newest = query.order_by(Suggestion.created_at.desc(), Suggestion.id.desc()).limit(SEARCHED)
        ids = newest.with_only_columns(Suggestion.id).subquery()
        query = _editable(consultation_id).where(
            Suggestion.id.in_(select(ids.c.id)),
            *(
                or_(Suggestion.text.contains(word, autoescape=True), Suggestion.theme.contains(word, autoescape=True))
                for word in sought.words.split()
            ),
        )
    if sought.theme_id is not None:
        query = query.where(Suggestion.theme_id == sought.theme_id)
    if sought.clause_id is not None:
        query = query.where(Suggestion.clause_id == sought.clause_id)
    if after:
        query = query.where(tuple_(Suggestion.created_at, Suggestion.id) < tuple_(after.at, after.id))
    query = query.order_by(Suggestion.created_at.desc(), Suggestion.id.desc()).limit(limit + 1)
    return page_of(session.scalars(query).all(), limit, lambda row: Key(row.created_at, row.id))


def _editable(consultation_id: uuid.UUID) -> Select[Suggestion]:
    return select(Suggestion).where(
        Suggestion.consultation_id == consultation_id, Suggestion.state == SuggestionState.EDITING
    )


def next_to_approve(session: Session, suggestion: Suggestion, staff_id: str) -> uuid.UUID | None:
    """The next of the same consultation that waits for approval and that this person may decide on, or the first."""
    edited = and_(SuggestionEditor.suggestion_id == Suggestion.id, SuggestionEditor.staff_id == staff_id)
    query = (
        select(Suggestion.id)
        .where(
            Suggestion.consultation_id == suggestion.consultation_id,
            Suggestion.state == SuggestionState.AWAITING_APPROVAL,
            Suggestion.handed_over_at.is_(None),
            Suggestion.id != suggestion.id,
            ~select(SuggestionEditor).where(edited).exists(),
        )
        .order_by(Suggestion.created_at, Suggestion.id)
        .limit(1)
    )
    later = tuple_(Suggestion.created_at, Suggestion.id) > tuple_(suggestion.created_at, suggestion.id)
    return session.scalar(query.where(later)) or session.scalar(query)


def proposed_clauses(session: Session, suggestion_id: uuid.UUID) -> list[Proposed]:
    """The clauses that its submissions may be about, by the most likely of them, at most MOST_PROPOSED."""
    senders = (
        select(Passage.submission_id)
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .where(SuggestionPassage.suggestion_id == suggestion_id)
        .limit(100)
    )
    query = (
        select(ClauseProposal)
        .join(Clause, Clause.id == ClauseProposal.clause_id)
        .where(ClauseProposal.submission_id.in_(senders), Clause.text != "")
        .order_by(ClauseProposal.score.desc(), ClauseProposal.submission_id, ClauseProposal.rank)
        .limit(50)
    )
    best: dict[uuid.UUID, Proposed] = {}
    for row in session.scalars(query):
        best.setdefault(row.clause_id, Proposed(row.clause_id, row.score, row.why))
    return list(best.values())[:MOST_PROPOSED]
