"""A comment as it is read: what is said about the whole, then about each clause, with the wording proposed for it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.documents import queries as documents
from app.documents.text_difference import Op, Piece, difference
from app.documents.word_sense import WordSense
from app.submissions.composing import ClausePlaces, general_extent, own_extents
from app.web.public.views import clause_name


@dataclass(frozen=True)
class ClauseText:
    """A clause as words about it refer to it: how it is called, and its text when they were written."""

    name: str
    text: str


@dataclass(frozen=True)
class Said:
    """One part of a comment. `clause` is empty for what concerns the whole draft.

    `wording` is the proposed wording as a difference to the clause's text; it is empty where none was proposed.
    """

    clause: str
    text: str
    wording: Sequence[Piece] = ()


def said(comment: str, places: Sequence[ClausePlaces], clauses: Mapping[uuid.UUID, ClauseText]) -> list[Said]:
    """The parts in reading order. Without places, the whole comment is about the whole draft.

    Places that reach over the end belong to words that were taken away since.
    """
    if not places or own_extents(places)[-1].end > len(comment):
        return [Said("", comment)]
    general = general_extent(comment, places).of(comment)
    parts = [_of_clause(comment, place, clauses[place.clause_id]) for place in places]
    return [Said("", general), *parts] if general else parts


def said_in(session: Session, comment: str, places: Sequence[ClausePlaces]) -> list[Said]:
    """The same with the clauses as they stand in the store."""
    return said(comment, places, clause_texts(session, [place.clause_id for place in places]))


def clause_texts(session: Session, clause_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ClauseText]:
    """Clause id → how it is called and its text."""
    found = documents.clauses_by_id(session, clause_ids)
    return {clause.id: ClauseText(clause_name(clause.number, clause.heading), clause.text) for clause in found}


def changes_of(clause: str, wording: str) -> list[Piece]:
    """The proposed wording as a difference to the clause's text, for one column."""
    pieces = difference(clause, wording, WordSense((clause, wording)))
    return [piece for piece in pieces if not (piece.form_only and piece.op is Op.DELETE)]


def _of_clause(comment: str, place: ClausePlaces, clause: ClauseText) -> Said:
    text = place.text.of(comment) if place.text else ""
    wording = changes_of(clause.text, place.wording.of(comment)) if place.wording else ()
    return Said(clause.name, text, wording)
