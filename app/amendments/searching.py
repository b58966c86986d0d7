"""Looking for the suggestions that a change of the text may go back to, and taking back links without their ground.

Only the worker does so. A consultation is looked through again when its basis changed: another comparison, or another
disposition confirmed, returned or decided anew. A suggestion that was proposed for one of the changes isn't scored
again, so that nothing is ever proposed twice.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app import audit
from app.amendments import links, queries
from app.amendments.lifecycle import LIFECYCLE, Because, LinkEvent, LinkState
from app.amendments.models import AmendmentLink, AmendmentSearch
from app.amendments.queries import LED_TO_CHANGES, SETTLED, Basis
from app.amendments.scoring import Found, Scorer
from app.consultations.models import Consultation
from app.dispositions import queries as dispositions
from app.dispositions.models import Disposition
from app.documents import versions
from app.documents.matching.synonyms import Synonyms
from app.documents.models import DocumentVersion, StoredComparison, VersionRole
from app.kit.crypto import content_hash
from app.permissions import Actor, ActorKind
from app.publication.models import ComparisonRelease
from app.screening.models import Suggestion

BATCH = 500
CONSULTATIONS_AT_ONCE = 100
"""SQLite puts no more than 500 queries together, and each takes two."""
SERVICE = Actor(ActorKind.WORKER, "amendments", frozenset())


@dataclass(frozen=True)
class Due:
    """A consultation to be looked through, and on what."""

    consultation_id: uuid.UUID
    basis: str


@dataclass(frozen=True)
class Batch:
    """What was found for some suggestions, by their ids; `last` is the one to go on behind, None at the end."""

    due: Due
    comparison_id: uuid.UUID | None
    found: Mapping[uuid.UUID, tuple[Found, ...]]
    last: uuid.UUID | None


def due(session: Session) -> Due | None:
    """A consultation whose basis isn't the one it was looked through on; a few queries, however many there are."""
    known = {row.consultation_id: row.basis for row in session.scalars(select(AmendmentSearch))}
    compared = sorted(_compared(session).items())
    for start in range(0, len(compared), CONSULTATIONS_AT_ONCE):
        some = dict(compared[start : start + CONSULTATIONS_AT_ONCE])
        states, confirmed = dispositions.states_of(session, list(some)), _last_confirmed(session, some)
        for consultation_id, comparison in some.items():
            counted = [states[consultation_id][state] for state in sorted(states[consultation_id])]
            basis = content_hash(repr((comparison, counted, confirmed.get(consultation_id))))
            if known.get(consultation_id) != basis:
                return Due(consultation_id, basis)
    return None


def batch(session: Session, due: Due, synonyms: Synonyms, after: uuid.UUID | None = None) -> Batch:
    """Scores the next BATCH of suggestions that are adopted, wholly or in part; only reads."""
    basis = queries.basis_of(session, due.consultation_id)
    if basis is None:
        return Batch(due, None, {}, None)
    adopted = _adopted(session, due.consultation_id, after)
    fresh = _not_proposed(session, basis, adopted)
    led = _leads(session, basis, {one.clause_id for one in fresh if one.clause_id is not None})
    scorer = Scorer(basis.changes, synonyms)
    found = {one.id: scorer.proposals(one.text, led.get(one.clause_id, ()) if one.clause_id else ()) for one in fresh}
    last = adopted[-1].id if len(adopted) == BATCH else None
    return Batch(due, basis.comparison_id, {id: proposals for id, proposals in found.items() if proposals}, last)


def keep(session: Session, at: datetime, batch: Batch) -> None:
    """Stores proposals; at the end settles which links stand no longer and notes the basis."""
    for suggestion_id, proposals in batch.found.items():
        _propose(session, at, batch, suggestion_id, proposals)
    if batch.last is None:
        _settle(session, at, batch)
        search = session.get(AmendmentSearch, batch.due.consultation_id)
        search = search or AmendmentSearch(consultation_id=batch.due.consultation_id)
        search.basis, search.searched_at = batch.due.basis, at
        session.add(search)


def _compared(session: Session) -> dict[uuid.UUID, tuple[str, ...]]:
    """Consultation → what names the comparison that it would be looked through on."""
    ours = DocumentVersion.__table__.alias("ours")
    made = session.execute(
        select(Consultation.id, StoredComparison.id, StoredComparison.asked_at, StoredComparison.made_at)
        .join(ours, ours.c.id == Consultation.version_id)
        .join(DocumentVersion, DocumentVersion.document_id == ours.c.document_id)
        .join(StoredComparison, StoredComparison.final_version_id == DocumentVersion.id)
        .where(DocumentVersion.role == VersionRole.FINAL, StoredComparison.made_at.is_not(None))
        .order_by(StoredComparison.asked_at, DocumentVersion.number)
    )
    found = {consultation_id: tuple(map(str, named)) for consultation_id, *named in made}
    standing = session.execute(
        select(ComparisonRelease.consultation_id, ComparisonRelease.comparison_id, ComparisonRelease.released_at).where(
            ComparisonRelease.withdrawn_at.is_(None)
        )
    )
    return found | {consultation_id: tuple(map(str, named)) for consultation_id, *named in standing}


def _last_confirmed(session: Session, consultation_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    of_one = (
        select(func.max(Disposition.confirmed_at))
        .where(Disposition.consultation_id == Consultation.id)
        .correlate(Consultation)
        .scalar_subquery()
    )
    rows = session.execute(select(Consultation.id, of_one).where(Consultation.id.in_(list(consultation_ids))))
    return {consultation_id: at for consultation_id, at in rows if at is not None}


@dataclass(frozen=True)
class _Adopted:
    id: uuid.UUID
    text: str
    clause_id: uuid.UUID | None


def _adopted(session: Session, consultation_id: uuid.UUID, after: uuid.UUID | None) -> list[_Adopted]:
    query = (
        select(Suggestion.id, Suggestion.text, Suggestion.clause_id)
        .join(Disposition, Disposition.suggestion_id == Suggestion.id)
        .where(
            Disposition.consultation_id == consultation_id,
            Disposition.state.in_(SETTLED),
            Disposition.kind.in_(LED_TO_CHANGES),
        )
        .order_by(Suggestion.id)
        .limit(BATCH)
    )
    if after is not None:
        query = query.where(Suggestion.id > after)
    return [_Adopted(*row) for row in session.execute(query)]


def _not_proposed(session: Session, basis: Basis, adopted: Sequence[_Adopted]) -> list[_Adopted]:
    proposed = session.scalars(
        select(AmendmentLink.suggestion_id).where(
            AmendmentLink.comparison_id == basis.comparison_id,
            AmendmentLink.suggestion_id.in_([one.id for one in adopted]),
            AmendmentLink.change.in_([change.id for change in basis.changes]),
            AmendmentLink.because != Because.BY_HAND,
        )
    )
    known = set(proposed)
    return [one for one in adopted if one.id not in known]


def _leads(session: Session, basis: Basis, clause_ids: set[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    """Clause → the ids of the changes that it became: by where it is in the two versions compared."""
    places = versions.whereabouts(session, clause_ids)
    led = {}
    for clause, version in versions.named_clauses(session, clause_ids):
        at = [(version.id, clause.label)]
        at += [(place.later.id, one.label) for place in places[clause.id] for one in (place.now, *place.also_in) if one]
        drafts = {label for version_id, label in at if version_id == basis.draft.id}
        finals = {label for version_id, label in at if version_id == basis.final.id}
        led[clause.id] = frozenset(
            change.id for change in basis.changes if change.draft_label in drafts or change.final_label in finals
        )
    return led


def _propose(
    session: Session, at: datetime, batch: Batch, suggestion_id: uuid.UUID, proposals: Sequence[Found]
) -> None:
    assert batch.comparison_id is not None, "nothing is found without a comparison"
    standing = session.scalars(
        select(AmendmentLink.change).where(
            AmendmentLink.comparison_id == batch.comparison_id, AmendmentLink.suggestion_id == suggestion_id
        )
    )
    known = set(standing)
    for one in proposals:
        if one.change.id not in known:
            link = links.by_hand(batch.due.consultation_id, batch.comparison_id, suggestion_id, one.change, at)
            link.because, link.words, link.score = one.because, list(one.words), one.score
            link.state = LinkState.PROPOSED
            session.add(link)
            links.count(session, link, 1)


def _settle(session: Session, at: datetime, batch: Batch) -> None:
    """Withdraws what stands on no ground any more, and proposes again what has its ground back."""
    grounded = Disposition.kind.in_(LED_TO_CHANGES)
    open_again = AmendmentLink.state == LinkState.WITHDRAWN
    standing = AmendmentLink.state.in_((LinkState.PROPOSED, LinkState.CONFIRMED))
    rows = session.execute(
        select(AmendmentLink, grounded)
        .join(Disposition, Disposition.suggestion_id == AmendmentLink.suggestion_id)
        .where(
            AmendmentLink.consultation_id == batch.due.consultation_id,
            AmendmentLink.comparison_id == batch.comparison_id,
            Disposition.state.in_(SETTLED),
            or_(standing & ~grounded, open_again & grounded),
        )
        .with_for_update(of=AmendmentLink)
    )
    for link, has_ground in rows.all():
        event = LinkEvent.RENEW if has_ground else LinkEvent.WITHDRAW
        links.forget_decision(link)
        links.move(session, link, LIFECYCLE.after(link.state, event))
        name = "amendment.renewed" if has_ground else "amendment.withdrawn"
        audit.record(session, SERVICE, at, name, ("suggestion", link.suggestion_id), within=link.consultation_id)
