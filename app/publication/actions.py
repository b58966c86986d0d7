"""What is made public is made so by a decision of its own: an approved suggestion in its edited and masked words, and
what changed from one version of a draft to another, which the drafting department has confirmed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import audit
from app.consultations.lifecycle import ConsultationState, DisplayRegime
from app.consultations.models import Consultation
from app.documents.models import DocumentVersion, StoredComparison
from app.kit.clock import beijing_day
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.masking.anonymise import anonymise
from app.permissions import Actor, Permission, require
from app.publication.models import ComparisonRelease, PublishedSuggestion
from app.screening import editing
from app.screening.lifecycle import SuggestionState

REFERENCE_LENGTH, PERSON_LENGTH = 200, 80


@dataclass(frozen=True)
class Confirmation:
    """The drafting department's word that a comparison may be public: its letter's number or the like, when, who."""

    reference: str
    on: date
    by: str


def publish(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, text: str, keep: Sequence[str]
) -> None:
    """Shows the text, masked once more, on the public list. `keep` names what masking leaves alone.

    Raises NotFound, Conflict unless the suggestion is approved, while it is public, or where comments are displayed at
    once anyway (`displayed_at_once`), Unprocessable without words.
    """
    require(actor, Permission.PUBLISH)
    suggestion = editing.find(session, suggestion_id)
    if suggestion.state is not SuggestionState.APPROVED:
        raise Conflict("not_approved")
    consultation = session.get_one(Consultation, suggestion.consultation_id)
    if consultation.display_regime is not DisplayRegime.SCREENED:
        raise Conflict("displayed_at_once")
    if not text.strip():
        raise Unprocessable("text_required")
    published = session.get(PublishedSuggestion, suggestion_id, with_for_update=True)
    if published is not None and published.retracted_at is None:
        raise Conflict("published_already")
    published = published or PublishedSuggestion(
        suggestion_id=suggestion_id, consultation_id=suggestion.consultation_id
    )
    published.text = anonymise(text.strip(), keep).text
    published.published_by, published.published_at = actor.id, at
    published.retracted_at = published.retraction_reason = None
    session.add(published)
    audit.record(
        session, actor, at, "suggestion.published", ("suggestion", suggestion_id), within=published.consultation_id
    )


def retract(session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, reason: str) -> None:
    """Takes it off the public list, with a recorded reason. Raises NotFound, Conflict, Unprocessable."""
    require(actor, Permission.PUBLISH)
    published = session.get(PublishedSuggestion, suggestion_id, with_for_update=True)
    if published is None:
        raise NotFound("not_published")
    if published.retracted_at is not None:
        raise Conflict("retracted_already")
    words = due(reason)
    published.retracted_at, published.retraction_reason = at, words
    audit.record(
        session,
        actor,
        at,
        "suggestion.retracted",
        ("suggestion", suggestion_id),
        within=published.consultation_id,
        reason=words,
    )


def release_comparison(
    session: Session,
    actor: Actor,
    at: datetime,
    consultation_id: uuid.UUID,
    comparison_id: uuid.UUID,
    made_at: datetime | None,
    confirmation: Confirmation,
) -> None:
    """Shows the public what changed between two versions of the consultation's document, as it was found at `made_at`.

    Raises NotFound; Conflict for a consultation that isn't public itself, while another release stands, and when the
    comparison isn't worked out or was worked out anew meanwhile; Unprocessable for versions of another document and
    for a confirmation that lacks something or lies in the future.
    """
    require(actor, Permission.PUBLISH)
    consultation, comparison = _releasable(session, consultation_id, comparison_id)
    if comparison.rows is None or comparison.made_at != made_at:
        raise Conflict("changed_meanwhile")
    confirmed = _complete(confirmation, at)
    release = session.get(ComparisonRelease, consultation.id, with_for_update=True)
    if release is not None and release.withdrawn_at is None:
        raise Conflict("released_already")
    release = release or ComparisonRelease(consultation_id=consultation.id)
    release.comparison_id, release.rows = comparison.id, comparison.rows
    release.reference, release.confirmed_on, release.confirmed_by = confirmed.reference, confirmed.on, confirmed.by
    release.released_by, release.released_at = actor.id, at
    release.withdrawn_by = release.withdrawn_at = release.withdrawal_reason = None
    session.add(release)
    audit.record(
        session,
        actor,
        at,
        "comparison.released",
        ("consultation", consultation.id),
        comparison=str(comparison.id),
        reference=confirmed.reference,
        confirmed_on=confirmed.on.isoformat(),
        confirmed_by=confirmed.by,
    )


def withdraw_release(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, reason: str) -> None:
    """Takes the comparison from the public, with a recorded reason. Raises NotFound, Conflict, Unprocessable."""
    require(actor, Permission.PUBLISH)
    release = session.get(ComparisonRelease, consultation_id, with_for_update=True)
    if release is None:
        raise NotFound("not_released")
    if release.withdrawn_at is not None:
        raise Conflict("withdrawn_already")
    words = due(reason)
    release.withdrawn_by, release.withdrawn_at, release.withdrawal_reason = actor.id, at, words
    audit.record(session, actor, at, "comparison.withdrawn", ("consultation", consultation_id), reason=words)


def _releasable(
    session: Session, consultation_id: uuid.UUID, comparison_id: uuid.UUID
) -> tuple[Consultation, StoredComparison]:
    consultation = session.get(Consultation, consultation_id)
    comparison = session.get(StoredComparison, comparison_id)
    if consultation is None or comparison is None:
        raise NotFound("no_such_comparison")
    if consultation.state is ConsultationState.DRAFT:
        raise Conflict("not_public_yet")
    ours, theirs = (
        session.get_one(DocumentVersion, version_id).document_id
        for version_id in (consultation.version_id, comparison.final_version_id)
    )
    if ours != theirs:
        raise Unprocessable("versions_to_compare")
    return consultation, comparison


def _complete(given: Confirmation, at: datetime) -> Confirmation:
    reference, by = given.reference.strip(), given.by.strip()
    if not reference or not by:
        raise Unprocessable("confirmation_required")
    if len(reference) > REFERENCE_LENGTH or len(by) > PERSON_LENGTH:
        raise Unprocessable("confirmation_too_long")
    if given.on > beijing_day(at):
        raise Unprocessable("confirmation_in_future")
    return Confirmation(reference, given.on, by)
