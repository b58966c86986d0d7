"""What a suggestion gathers, who had a hand in it, and every version of its words.

The verbs take no actor: the actions of this area call them in their own transaction.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.kit.errors import Unprocessable
from app.screening.lifecycle import SuggestionChange
from app.screening.models import Passage, Suggestion, SuggestionEditor, SuggestionPassage, SuggestionVersion
from app.screening.passages import Span, joined
from app.submissions.models import Submission, SubmitterIdentity
from app.submissions.unnumbered import is_unnumbered


def attach(session: Session, suggestion: Suggestion, submission: Submission, spans: Sequence[Span]) -> None:
    """Adds passages of a submission. Raises Unprocessable without any, or for one beyond the comment."""
    length = len(submission.comment)
    if not spans or any(not 0 <= span.start < span.end <= length for span in spans):
        raise Unprocessable("passage_required")
    for span in joined(submission.comment, spans):
        passage = Passage(submission_id=submission.id, start=span.start, end=span.end)
        session.add(passage)
        session.flush()
        session.add(SuggestionPassage(suggestion_id=suggestion.id, passage_id=passage.id))
    recount(session, suggestion)


def move(session: Session, passage_ids: Sequence[uuid.UUID], origin: Suggestion, target: Suggestion) -> None:
    """Passages go from one suggestion to another; both count their senders anew."""
    session.flush()
    chosen = SuggestionPassage.suggestion_id == origin.id, SuggestionPassage.passage_id.in_(passage_ids)
    session.execute(update(SuggestionPassage).where(*chosen).values(suggestion_id=target.id))
    for suggestion in (origin, target):
        recount(session, suggestion)


def move_all(session: Session, origin: Suggestion, target: Suggestion) -> None:
    """Every passage goes to another suggestion, and who had a hand in the one had it in the other."""
    session.flush()
    session.execute(
        update(SuggestionPassage).where(SuggestionPassage.suggestion_id == origin.id).values(suggestion_id=target.id)
    )
    copy_editors(session, origin, target)
    for suggestion in (origin, target):
        recount(session, suggestion)


def copy_editors(session: Session, origin: Suggestion, target: Suggestion) -> None:
    """None of them may approve the other one either."""
    known = select(SuggestionEditor.staff_id).where(SuggestionEditor.suggestion_id == origin.id)
    for staff_id in session.scalars(known).all():
        sign(session, target, staff_id)


def recount(session: Session, suggestion: Suggestion) -> None:
    """Counts the different senders by the blind index; those who came without a number are told apart."""
    session.flush()
    senders = (
        select(Passage.submission_id)
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .where(SuggestionPassage.suggestion_id == suggestion.id)
    )
    person = SubmitterIdentity.person_index
    unnumbered = case((is_unnumbered(), person))
    counted = select(func.count(func.distinct(person)), func.count(func.distinct(unnumbered))).where(
        SubmitterIdentity.submission_id.in_(senders)
    )
    suggestion.distinct_persons, suggestion.persons_without_number = session.execute(counted).one()
    # What is approved is the words with their sources: the revision moves on even when the count stays.
    flag_modified(suggestion, "distinct_persons")


def sign(session: Session, suggestion: Suggestion, staff_id: str) -> None:
    """Remembers who had a hand in it, for good: none of them may approve it."""
    session.merge(SuggestionEditor(suggestion_id=suggestion.id, staff_id=staff_id))


def keep_version(session: Session, at: datetime, by: str, suggestion: Suggestion, change: SuggestionChange) -> None:
    """Keeps the words as they stand now, after the versions before."""
    last = select(func.max(SuggestionVersion.number)).where(SuggestionVersion.suggestion_id == suggestion.id)
    session.add(
        SuggestionVersion(
            suggestion_id=suggestion.id,
            number=(session.scalar(last) or 0) + 1,
            change=change,
            text=suggestion.text,
            theme=suggestion.theme,
            clause_id=suggestion.clause_id,
            edited_by=by,
            edited_at=at,
        )
    )
