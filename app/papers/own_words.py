"""What the senders themselves wrote, masked, for suggestions that were gathered from few submissions."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.masking.anonymise import MASK, anonymise
from app.masking.spans import Span
from app.reporting.result_rows import ResultRow
from app.screening.models import Passage, SuggestionPassage
from app.submissions.models import Submission

MOST_SUBMISSIONS = 10
"""A template may ask for own words of suggestions that were gathered from so many submissions at most."""


@dataclass(frozen=True)
class Kept:
    """`up_to` submissions, 0 for no own words at all; `contacts` are the consultation's own, which stay readable."""

    up_to: int
    contacts: tuple[str, ...] = ()


def kept(consultation: Consultation, up_to: int) -> Kept:
    return Kept(up_to, tuple(filter(None, (consultation.contact_phone, consultation.contact_email))))


def of_suggestions(session: Session, wanted: Kept, rows: Sequence[ResultRow]) -> dict[uuid.UUID, list[str]]:
    """Suggestion id → its passages in the order of arrival, each masked within the whole comment; one query."""
    few = [row.suggestion_id for row in rows if 0 < row.submissions <= wanted.up_to]
    if not few:
        return {}
    found = session.execute(
        select(SuggestionPassage.suggestion_id, Submission.id, Submission.comment, Passage.start, Passage.end)
        .join(Passage, Passage.id == SuggestionPassage.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(SuggestionPassage.suggestion_id.in_(few))
        .order_by(Submission.received_at, Submission.id, Passage.start)
    )
    spans: dict[uuid.UUID, tuple[Span, ...]] = {}
    said: dict[uuid.UUID, list[str]] = defaultdict(list)
    for suggestion_id, submission_id, comment, start, end in found:
        if submission_id not in spans:
            spans[submission_id] = anonymise(comment, wanted.contacts).spans
        said[suggestion_id].append(masked(comment, spans[submission_id], start, end))
    return said


def masked(comment: str, spans: Sequence[Span], start: int, end: int) -> str:
    """Code points `start` ≤ i < `end` of a comment, with MASK for each span that reaches into them."""
    pieces, place = [], start
    for span in sorted(spans):
        if span.end > place and span.start < end:
            pieces += [comment[place : max(place, span.start)], MASK]
            place = span.end
    return "".join([*pieces, comment[place:end]])
