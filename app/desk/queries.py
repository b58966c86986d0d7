import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import queries as assignments
from app.desk.views import OF_SUBMISSIONS, OF_SUGGESTIONS, View
from app.documents.models import Clause
from app.kit.paging import Key, Page
from app.screening import queries as screening
from app.screening.models import Suggestion
from app.submissions import queries as submissions
from app.submissions.models import Submission

PAGE_SIZE = 25
EXCERPT = 90


@dataclass(frozen=True)
class Row:
    """One line of a queue. `is_submission` tells which page it leads to."""

    id: uuid.UUID
    is_submission: bool
    title: str
    excerpt: str
    at: datetime
    clauses: tuple[str, ...]
    persons: int
    state: StrEnum


def counts(session: Session, consultation_id: uuid.UUID | None) -> dict[View, int]:
    """View → number of rows, of one consultation or of all."""
    of_submissions = submissions.state_counts(session, consultation_id)
    of_suggestions = screening.state_counts(session, consultation_id)
    found = {view: of_submissions.get(state, 0) for view, state in OF_SUBMISSIONS.items()}
    found |= {view: of_suggestions.get(key, 0) for view, key in OF_SUGGESTIONS.items()}
    found[View.SENT_BACK] = assignments.count_without_lead(session, consultation_id)
    return found


def rows(session: Session, view: View, consultation_id: uuid.UUID | None, after: Key | None) -> Page[Row]:
    """A page of one view, the one that waits longest first; a fixed number of queries whatever the page holds."""
    if view in OF_SUBMISSIONS:
        found = submissions.oldest_first(session, OF_SUBMISSIONS[view], consultation_id, after, PAGE_SIZE)
        return Page(_of_submissions(session, found.items), found.next_cursor)
    if view is View.SENT_BACK:
        waiting = assignments.without_lead(session, consultation_id, after, PAGE_SIZE)
        return Page(_of_suggestions(session, waiting.items), waiting.next_cursor)
    state, handed_over = OF_SUGGESTIONS[view]
    page = screening.oldest_first(session, state, handed_over, consultation_id, after, PAGE_SIZE)
    return Page(_of_suggestions(session, page.items), page.next_cursor)


def next_after(session: Session, submission: Submission) -> uuid.UUID | None:
    """The next submission of the same consultation that waits to be screened."""
    after = Key(submission.received_at, submission.id)
    state = OF_SUBMISSIONS[View.RECEIVED]
    page = submissions.oldest_first(session, state, submission.consultation_id, after, 1)
    return page.items[0].id if page.items else None


def _of_submissions(session: Session, found: Sequence[Submission]) -> list[Row]:
    chosen = submissions.clause_ids(session, [submission.id for submission in found])
    names = _clause_names(session, [one for many in chosen.values() for one in many])
    made: dict[uuid.UUID, list[str]] = defaultdict(list)
    for submission_id, clause_ids in chosen.items():
        made[submission_id] = [names[clause_id] for clause_id in names if clause_id in clause_ids]
    return [
        Row(
            id=submission.id,
            is_submission=True,
            title=submission.title,
            excerpt=_excerpt(submission.comment),
            at=submission.received_at,
            clauses=tuple(made[submission.id]),
            persons=1,
            state=submission.state,
        )
        for submission in found
    ]


def _of_suggestions(session: Session, found: Sequence[Suggestion]) -> list[Row]:
    names = _clause_names(session, [suggestion.clause_id for suggestion in found if suggestion.clause_id])
    return [
        Row(
            id=suggestion.id,
            is_submission=False,
            title=suggestion.theme or _excerpt(suggestion.text)[:30],
            excerpt=_excerpt(suggestion.text),
            at=suggestion.created_at,
            clauses=(names[suggestion.clause_id],) if suggestion.clause_id else (),
            persons=suggestion.distinct_persons,
            state=suggestion.state,
        )
        for suggestion in found
    ]


def _clause_names(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Clause id → how it is called, in the order of the document."""
    query = select(Clause.id, Clause.number, Clause.heading).where(Clause.id.in_(set(ids))).order_by(Clause.ordinal)
    return {row.id: f"{row.number} {row.heading}".strip() for row in session.execute(query)}


def _excerpt(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= EXCERPT else one_line[: EXCERPT - 1] + "…"
