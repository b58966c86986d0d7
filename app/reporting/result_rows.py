"""What became of each suggestion, one row for each: what the internal papers print and the public report is made of."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.amendments.queries import confirmed_texts
from app.assignments import queries as assignments
from app.assignments.lifecycle import ACTIVE, AssignmentRole
from app.dispositions import queries as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition
from app.documents.models import Clause
from app.reporting import gathered
from app.reporting.gathered import Gathered
from app.screening.lifecycle import SuggestionState
from app.screening.models import Suggestion
from app.submissions.vault import Vault

ROWS_AT_ONCE = 200
CONFIRMED = (DispositionState.CONFIRMED, DispositionState.SUBMITTED, DispositionState.RELEASED)


@dataclass(frozen=True)
class ResultRow:
    """One suggestion (条) with what became of it.

    `number` (序号) counts from 1 in the order of the draft's clauses, those about the whole draft last. The clause's
    fields are empty for the whole draft. `merged` counts the suggestions that were merged into it, `submissions` (份)
    what it was gathered from, `persons` their different senders that are no organisation. `organisations` are names as
    given, at most 20, `proposers` those and masked names of persons in the order of arrival, at most 10. `reason` is
    official, `words` are those that people read. `amended` is the final text's wording that it led to, where that was
    confirmed.
    """

    number: int
    suggestion_id: uuid.UUID
    clause_label: str
    clause_number: str
    clause_heading: str
    clause_text: str
    theme: str
    text: str
    merged: int
    submissions: int
    persons: int
    organisations: tuple[str, ...]
    proposers: tuple[str, ...]
    disposition: DispositionKind | None
    reason: str
    words: str
    department: str
    cooperating: tuple[str, ...]
    amended: tuple[str, ...]


@dataclass(frozen=True)
class _Outcome:
    """`department` is whose answer it is, empty while there is none."""

    disposition: DispositionKind | None = None
    reason: str = ""
    words: str = ""
    department: str = ""


def result_rows(
    session: Session,
    consultation_id: uuid.UUID,
    *,
    released_only: bool,
    vault: Vault | None = None,
    named: ColumnElement[bool] | None = None,
) -> Iterator[ResultRow]:
    """Every suggestion that was not merged into another; with `released_only` those whose outcome was told, as it was
    told last, without it the disposition as the drafting department has confirmed it so far.

    Read ROWS_AT_ONCE at a time with the same few statements for each chunk; the ids alone are held in memory. Senders
    are named where a `vault` is given, and of them only those for which `named`, a condition on Submission and
    SubmitterIdentity, holds; of a person never more than the masked name.
    """
    amended = confirmed_texts(session, consultation_id, public_only=released_only)
    ids = iter(session.scalars(_in_order(consultation_id, released_only=released_only)).all())
    first = 1
    while chunk := list(islice(ids, ROWS_AT_ONCE)):
        outcomes = _told(session, chunk) if released_only else _confirmed(session, chunk)
        sources = gathered.of_suggestions(session, consultation_id, chunk, vault, named)
        yield from _rows(session, first, chunk, outcomes, sources, amended)
        first += len(chunk)


def _in_order(consultation_id: uuid.UUID, *, released_only: bool) -> Select[uuid.UUID]:
    query = (
        select(Suggestion.id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
        .where(Suggestion.consultation_id == consultation_id, Suggestion.state != SuggestionState.MERGED)
        .order_by(Suggestion.clause_id.is_(None), Clause.ordinal, Suggestion.created_at, Suggestion.id)
    )
    if not released_only:
        return query
    told = (Disposition.suggestion_id == Suggestion.id, Disposition.released_number.is_not(None))
    return query.where(select(Disposition.suggestion_id).where(*told).exists())


def _rows(
    session: Session,
    first: int,
    ids: Sequence[uuid.UUID],
    outcomes: Mapping[uuid.UUID, _Outcome],
    sources: Mapping[uuid.UUID, Gathered],
    amended: Mapping[uuid.UUID, tuple[str, ...]],
) -> Iterator[ResultRow]:
    rows = session.execute(
        select(
            Suggestion.id, Suggestion.theme, Suggestion.text, Clause.label, Clause.number, Clause.heading, Clause.text
        )
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
        .where(Suggestion.id.in_(ids))
    )
    found = {row[0]: row for row in rows}
    handed = _departments(session, ids)
    for number, suggestion_id in enumerate(ids, start=first):
        _id, theme, text, *clause = found[suggestion_id]
        label, marker, heading, clause_text = (words or "" for words in clause)
        outcome, source = outcomes.get(suggestion_id, _Outcome()), sources[suggestion_id]
        lead, cooperating = handed[suggestion_id]
        yield ResultRow(
            number=number,
            suggestion_id=suggestion_id,
            clause_label=label,
            clause_number=marker,
            clause_heading=heading,
            clause_text=clause_text,
            theme=theme,
            text=text,
            merged=source.merged,
            submissions=source.submissions,
            persons=source.persons,
            organisations=source.organisations,
            proposers=source.proposers,
            disposition=outcome.disposition,
            reason=outcome.reason,
            words=outcome.words,
            department=outcome.department or lead,
            cooperating=cooperating,
            amended=amended.get(suggestion_id, ()),
        )


def _told(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, _Outcome]:
    return {
        suggestion_id: _Outcome(told.outcome.kind, told.outcome.reason, told.outcome.words, told.department)
        for suggestion_id, told in dispositions.told(session, ids).items()
    }


def _confirmed(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, _Outcome]:
    """What was told stands until another answer is confirmed."""
    outcomes = _told(session, ids)
    for suggestion_id, decided in dispositions.of_suggestions(session, ids).items():
        row = decided.disposition
        if row.state in CONFIRMED:
            outcomes[suggestion_id] = _Outcome(
                row.kind, row.reason, row.citizen_words or row.reason, decided.department
            )
    return outcomes


def _departments(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, tuple[str, ...]]]:
    """Suggestion id → who leads, and who cooperates; without those that sent it back or gave it away."""
    found = {}
    for suggestion_id, rows in assignments.of_suggestions(session, ids).items():
        active = [row for row in rows if row.assignment.state in ACTIVE]
        lead = [row.department for row in active if row.assignment.role is AssignmentRole.LEAD]
        others = tuple(row.department for row in active if row.assignment.role is AssignmentRole.COOPERATING)
        found[suggestion_id] = (lead[0] if lead else "", others)
    return found
