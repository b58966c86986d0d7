"""Of the page of one suggestion: its passages with the difference to its words, all versions of these, the remarks."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.documents import queries as documents
from app.documents.queries import ReadClause
from app.documents.text_difference import Piece
from app.kit.paging import Key
from app.screening import suggestion_queries as reads
from app.screening import themes
from app.screening.lifecycle import RemarkKind, SuggestionChange
from app.screening.models import Suggestion, SuggestionVersion
from app.screening.suggestion_queries import HeldPassage
from app.web.public.views import clause_name
from app.web.said import changes_of
from app.web.staff import clause_proposals

PAGE_SIZE = 20
LONGEST_COMPARED = 3_000
"""Longer words are shown without their difference: a reader couldn't follow it."""


@dataclass(frozen=True)
class HeldView:
    """A passage within its comment, and what became of it in the suggestion's words, as `pieces`."""

    id: uuid.UUID
    submission_id: uuid.UUID
    receipt_number: str
    before: str
    words: str
    after: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class VersionView:
    """The words after one change; `pieces` is the difference to the version before, empty for the first one."""

    number: int
    change: SuggestionChange
    text: str
    theme: str
    clause: str
    by: str
    at: datetime
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class RemarkView:
    kind: RemarkKind
    words: str
    by: str
    at: datetime


def context(session: Session, suggestion: Suggestion, after: Key | None) -> dict[str, object]:
    """By a fixed number of queries, whatever it gathers."""
    held = reads.held_passages(session, suggestion.id, after, PAGE_SIZE)
    return {
        "sources": [_held(one, suggestion.text) for one in held.items],
        "sources_next": held.next_cursor,
        "passage_count": reads.passage_count(session, suggestion.id),
        "versions": _versions(session, suggestion),
        "remarks": _remarks(session, suggestion),
        "theme_names": themes.names(session, suggestion.consultation_id),
        "clause_proposals": _proposals(session, suggestion),
        "merged_into": suggestion.merged_into_id,
        "persons_without_number": suggestion.persons_without_number,
    }


def _held(one: HeldPassage, text: str) -> HeldView:
    comment, span = one.submission.comment, one.span
    short = len(one.words) <= LONGEST_COMPARED and len(text) <= LONGEST_COMPARED
    return HeldView(
        id=one.id,
        submission_id=one.submission.id,
        receipt_number=one.submission.receipt_number,
        before=comment[: span.start],
        words=one.words,
        after=comment[span.end :],
        pieces=changes_of(one.words, text) if short else (),
    )


def _versions(session: Session, suggestion: Suggestion) -> list[VersionView]:
    found = reads.versions_of_words(session, suggestion.id)
    names = accounts.names_of(session, [one.edited_by for one in found])
    clauses = _clauses(session, [one.clause_id for one in found if one.clause_id])
    before: Sequence[SuggestionVersion | None] = [*found[1:], None]
    return [
        VersionView(
            number=one.number,
            change=one.change,
            text=one.text,
            theme=one.theme,
            clause=clause_name(clauses[one.clause_id].number, clauses[one.clause_id].heading) if one.clause_id else "",
            by=names.get(one.edited_by, one.edited_by),
            at=one.edited_at,
            pieces=_since(older, one),
        )
        for one, older in zip(found, before, strict=True)
    ]


def _since(older: SuggestionVersion | None, newer: SuggestionVersion) -> Sequence[Piece]:
    if older is None or older.text == newer.text or len(older.text) + len(newer.text) > 2 * LONGEST_COMPARED:
        return ()
    return changes_of(older.text, newer.text)


def _remarks(session: Session, suggestion: Suggestion) -> list[RemarkView]:
    found = reads.remarks_on(session, suggestion.id)
    names = accounts.names_of(session, [one.written_by for one in found])
    return [RemarkView(one.kind, one.words, names.get(one.written_by, one.written_by), one.written_at) for one in found]


def _proposals(session: Session, suggestion: Suggestion) -> list[clause_proposals.ProposalView]:
    found = reads.proposed_clauses(session, suggestion.id)
    return clause_proposals.rows(found, _clauses(session, [one.clause_id for one in found]))


def _clauses(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ReadClause]:
    return {clause.id: clause for clause in documents.clauses_by_id(session, ids)} if ids else {}
