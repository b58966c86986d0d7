"""Looking for a suggestion that more can be added to: by words, theme or clause, a page at a time."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.documents import queries as documents
from app.kit.paging import Page, read_cursor
from app.screening import suggestion_queries, themes
from app.screening.models import Suggestion
from app.screening.suggestion_queries import Sought
from app.web.public.views import clause_name
from app.web.staff.fields import optional_id

PAGE_SIZE = 15
LONGEST_WORDS = 100


@dataclass(frozen=True)
class FoundSuggestion:
    id: uuid.UUID
    revision: int
    text: str
    theme: str
    clause: str
    persons: int


@dataclass(frozen=True)
class Choice:
    value: str
    text: str


@dataclass(frozen=True)
class SearchView:
    """What was asked for, and what answers it."""

    words: str
    theme: str
    clause: str
    themes: Sequence[Choice]
    clauses: Sequence[Choice]
    found: Sequence[FoundSuggestion]
    next_cursor: str | None

    def onward(self) -> dict[str, object]:
        """The next page's part of the address."""
        return {"words": self.words, "theme": self.theme, "clause": self.clause, "after": self.next_cursor}


def search(
    session: Session,
    consultation_id: uuid.UUID,
    version_id: uuid.UUID,
    asked: Mapping[str, str],
    without: uuid.UUID | None = None,
) -> SearchView:
    """Suggestions of a consultation that are being edited, by a fixed number of queries. Raises BadRequest."""
    words = asked.get("words", "")[:LONGEST_WORDS]
    theme, clause = asked.get("theme", ""), asked.get("clause", "")
    sought = Sought(words, optional_id(theme), optional_id(clause))
    after = read_cursor(asked.get("after"))
    page: Page[Suggestion] = suggestion_queries.editable(session, consultation_id, sought, after, PAGE_SIZE)
    clauses = {one.id: clause_name(one.number, one.heading) for one in documents.clauses_of(session, version_id)}
    return SearchView(
        words=words,
        theme=theme,
        clause=clause,
        themes=[Choice(str(one.id), one.name) for one in themes.of_consultation(session, consultation_id)],
        clauses=[Choice(str(id), name) for id, name in clauses.items()],
        found=[
            FoundSuggestion(
                one.id,
                one.revision,
                one.text,
                one.theme,
                clauses.get(one.clause_id, "") if one.clause_id else "",
                one.distinct_persons,
            )
            for one in page.items
            if one.id != without
        ],
        next_cursor=page.next_cursor,
    )
