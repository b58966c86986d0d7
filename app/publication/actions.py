"""Making an approved suggestion public is a decision of its own, by another click, on its edited and masked words."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.consultations.lifecycle import DisplayRegime
from app.consultations.models import Consultation
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.masking.anonymise import anonymise
from app.permissions import Actor, Permission, require
from app.publication.models import PublishedSuggestion
from app.screening import editing
from app.screening.lifecycle import SuggestionState


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
    audit.record(session, actor, at, "suggestion.published", ("suggestion", suggestion_id))


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
    audit.record(session, actor, at, "suggestion.retracted", ("suggestion", suggestion_id), reason=words)
