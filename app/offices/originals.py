"""What the senders of a suggestion wrote, as a department may read it: with personal data covered and without names."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.kit.paging import Key
from app.masking.anonymise import anonymise
from app.screening import suggestion_queries as suggestions


@dataclass(frozen=True)
class Originals:
    """Passages in the order of arrival, and the cursor of the next ones."""

    passages: Sequence[str]
    total: int
    next_cursor: str | None


def of_suggestion(session: Session, suggestion_id: uuid.UUID, after: Key | None, limit: int) -> Originals:
    found = suggestions.held_passages(session, suggestion_id, after, limit)
    words = [anonymise(one.words).text for one in found.items]
    return Originals(words, suggestions.passage_count(session, suggestion_id), found.next_cursor)
