"""From what suggestions were gathered: how many submissions, of how many persons, and of whom."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select, true
from sqlalchemy.orm import Session, aliased

from app.screening.lifecycle import SuggestionState
from app.screening.models import Passage, Suggestion, SuggestionPassage
from app.submissions.models import Submission, SubmitterIdentity
from app.submissions.organisation import SubmitterKind
from app.submissions.vault import Vault

MOST_ORGANISATIONS, MOST_PROPOSERS = 20, 10


@dataclass(frozen=True)
class Gathered:
    """`merged` counts the suggestions that were merged into it, `submissions` what it was gathered from, `persons`
    their different senders that are no organisation."""

    merged: int
    submissions: int
    persons: int
    organisations: tuple[str, ...]
    proposers: tuple[str, ...]


def of_suggestions(
    session: Session,
    consultation_id: uuid.UUID,
    ids: Sequence[uuid.UUID],
    vault: Vault | None,
    named: ColumnElement[bool] | None,
) -> dict[uuid.UUID, Gathered]:
    """Each suggestion's sources, in three statements; nobody is named without a vault."""
    counted, merged = _counted(session, ids), _merged(session, consultation_id, ids)
    names = _named(session, ids, vault, true() if named is None else named) if vault else {}
    return {
        one: Gathered(
            merged.get(one, 0),
            *counted.get(one, (0, 0)),
            tuple(name for name, of_organisation in names.get(one, ()) if of_organisation)[:MOST_ORGANISATIONS],
            tuple(name for name, _of_organisation in names.get(one, ()))[:MOST_PROPOSERS],
        )
        for one in ids
    }


def _sources(ids: Sequence[uuid.UUID]) -> Subquery:
    """Suggestion and submission, each pair once."""
    return (
        select(SuggestionPassage.suggestion_id, Passage.submission_id)
        .join(Passage, Passage.id == SuggestionPassage.passage_id)
        .where(SuggestionPassage.suggestion_id.in_(ids))
        .distinct()
        .subquery()
    )


def _counted(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    sources = _sources(ids)
    of_person = case((Submission.submitter_kind == SubmitterKind.INDIVIDUAL, SubmitterIdentity.person_index))
    rows = session.execute(
        select(sources.c.suggestion_id, func.count(), func.count(func.distinct(of_person)))
        .join(Submission, Submission.id == sources.c.submission_id)
        .outerjoin(SubmitterIdentity, SubmitterIdentity.submission_id == Submission.id)
        .group_by(sources.c.suggestion_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _merged(session: Session, consultation_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """What was merged into a suggestion, and what had been merged into that before."""
    gone = (Suggestion.consultation_id == consultation_id, Suggestion.state == SuggestionState.MERGED)
    direct = select(Suggestion.merged_into_id.label("target"), Suggestion.id.label("id"))
    chain = direct.where(*gone, Suggestion.merged_into_id.in_(ids)).cte("merged", recursive=True)
    earlier = aliased(Suggestion)
    further = select(chain.c.target, earlier.id).join(earlier, earlier.merged_into_id == chain.c.id)
    chain = chain.union_all(
        further.where(earlier.consultation_id == consultation_id, earlier.state == SuggestionState.MERGED)
    )
    rows = session.execute(select(chain.c.target, func.count()).group_by(chain.c.target))
    return {row[0]: row[1] for row in rows}


def _named(
    session: Session, ids: Sequence[uuid.UUID], vault: Vault, named: ColumnElement[bool]
) -> dict[uuid.UUID, list[tuple[str, bool]]]:
    """Suggestion id → names with whether it is an organisation's, the first that came first, nobody twice."""
    sources = _sources(ids)
    kinds = (sources.c.suggestion_id, Submission.submitter_kind)
    place = func.row_number().over(partition_by=kinds, order_by=(Submission.received_at, Submission.id))
    ranked = (
        select(sources.c.suggestion_id, Submission.id, Submission.received_at, place.label("place"))
        .join(Submission, Submission.id == sources.c.submission_id)
        .join(SubmitterIdentity, SubmitterIdentity.submission_id == Submission.id)
        .where(named)
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.suggestion_id, SubmitterIdentity)
        .join(SubmitterIdentity, SubmitterIdentity.submission_id == ranked.c.id)
        .where(ranked.c.place <= MOST_ORGANISATIONS)
        .order_by(ranked.c.received_at, ranked.c.id)
    )
    names: dict[uuid.UUID, dict[bytes, tuple[str, bool]]] = defaultdict(dict)
    for suggestion_id, sealed in rows:
        known: dict[bytes, Any] = names[suggestion_id]
        if sealed.person_index not in known and not vault.is_erased(sealed):
            known[sealed.person_index] = (vault.public_name(sealed), sealed.organisation_name is not None)
    return {suggestion_id: list(known.values()) for suggestion_id, known in names.items()}
