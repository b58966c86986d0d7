"""What one line of a list says, for submissions and for suggestions."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.counters.models import Posting
from app.documents.models import Clause
from app.kit.paging import Key
from app.screening.models import Suggestion
from app.submissions import queries as submissions
from app.submissions.lifecycle import Channel, SubmissionState
from app.submissions.models import LateSubmission, Submission

EXCERPT = 90


@dataclass(frozen=True)
class Row:
    """One line. `is_submission` tells which page it leads to; what only submissions have is empty for suggestions.

    `late`: it came after the window by a code of its own. `allocated_to` is a person's id. `marks` are the lists of
    app/counters in which a submission stands: campaign, flagged, clarifying, held, second_look, to_gather, theme.
    """

    id: uuid.UUID
    is_submission: bool
    title: str
    excerpt: str
    at: datetime
    clauses: tuple[str, ...]
    persons: int
    state: StrEnum
    revision: int
    consultation_id: uuid.UUID
    late: bool = False
    channel: Channel | None = None
    allocated_to: str | None = None
    marks: frozenset[str] = frozenset()


def of_submissions(session: Session, keys: Sequence[Key], *, blind: bool = False) -> list[Row]:
    """In the order of the keys. `blind` hides what was decided: whoever looks again must not know."""
    ids = [key.id for key in keys]
    late = select(LateSubmission.submission_id).where(LateSubmission.submission_id == Submission.id).exists()
    found = {row[0].id: row for row in session.execute(select(Submission, late).where(Submission.id.in_(ids)))}
    marks = _marks(session, ids)
    chosen = submissions.clause_ids(session, ids)
    names = _clause_names(session, [one for many in chosen.values() for one in many])
    return [
        Row(
            id=submission.id,
            is_submission=True,
            title=submission.title,
            excerpt=_excerpt(submission.comment),
            at=key.at,
            clauses=tuple(name for clause_id, name in names.items() if clause_id in chosen.get(submission.id, ())),
            persons=1,
            state=SubmissionState.RECEIVED if blind else submission.state,
            revision=submission.revision,
            consultation_id=submission.consultation_id,
            late=is_late,
            channel=submission.channel,
            allocated_to=submission.allocated_to,
            marks=frozenset(marks.get(submission.id, ())),
        )
        for key in keys
        for submission, is_late in [found[key.id]]
    ]


def of_suggestions(session: Session, keys: Sequence[Key]) -> list[Row]:
    """In the order of the keys."""
    query = select(Suggestion).where(Suggestion.id.in_([key.id for key in keys]))
    found = {suggestion.id: suggestion for suggestion in session.scalars(query)}
    names = _clause_names(session, [one.clause_id for one in found.values() if one.clause_id])
    return [
        Row(
            id=suggestion.id,
            is_submission=False,
            title=suggestion.theme or _excerpt(suggestion.text)[:30],
            excerpt=_excerpt(suggestion.text),
            at=key.at,
            clauses=(names[suggestion.clause_id],) if suggestion.clause_id else (),
            persons=suggestion.distinct_persons,
            state=suggestion.state,
            revision=suggestion.revision,
            consultation_id=suggestion.consultation_id,
        )
        for key in keys
        for suggestion in [found[key.id]]
    ]


def _marks(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    marks: dict[uuid.UUID, set[str]] = {}
    query = select(Posting.record_id, Posting.list).where(Posting.record_id.in_(ids), Posting.list != "clause")
    for record_id, kept in session.execute(query):
        marks.setdefault(record_id, set()).add(kept)
    return marks


def _clause_names(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Clause id → how it is called, in the order of the document."""
    query = select(Clause.id, Clause.number, Clause.heading).where(Clause.id.in_(set(ids))).order_by(Clause.ordinal)
    return {row.id: f"{row.number} {row.heading}".strip() for row in session.execute(query)}


def _excerpt(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= EXCERPT else one_line[: EXCERPT - 1] + "…"
