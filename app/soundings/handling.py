"""What the drafting department makes of an organ's opinion, and how a disagreement that remains is coordinated."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Unprocessable
from app.permissions import Actor, Permission, require
from app.soundings import earlier
from app.soundings.fields import REASON_LIMIT, text
from app.soundings.holding import opinion_at
from app.soundings.lifecycle import (
    DISPUTE_LIFECYCLE,
    LIFECYCLE,
    Adoption,
    DisputeEvent,
    SoundingEvent,
)

CHANGED_HANDLING = "handling changed"
DISPUTABLE = (Adoption.PARTLY_ADOPTED, Adoption.NOT_ADOPTED)


def handle(
    session: Session,
    actor: Actor,
    at: datetime,
    opinion_id: uuid.UUID,
    revision: int,
    adoption: Adoption,
    reason: str,
) -> None:
    """Says what was made of the opinion; may be said anew, and what was said before stays known.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile"), Conflict("opinion_withdrawn"),
    Unprocessable("handling_reason_required") unless it is adopted, Unprocessable("text_too_long").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    letter, opinion = opinion_at(session, actor, opinion_id, revision)
    letter.state = LIFECYCLE.after(letter.state, SoundingEvent.HANDLE)
    words = text(reason, REASON_LIMIT, None if adoption is Adoption.ADOPTED else "handling_reason_required")
    if opinion.adoption is not None:
        earlier.keep(session, actor, at, opinion, CHANGED_HANDLING)
    opinion.adoption, opinion.reason, opinion.handled_by, opinion.handled_at = adoption, words, actor.id, at
    audit.record(
        session,
        actor,
        at,
        "organ_opinion.handled",
        ("organ_opinion", opinion.id),
        within=opinion.consultation_id,
        adoption=adoption.value,
    )


def dispute(
    session: Session,
    actor: Actor,
    at: datetime,
    opinion_id: uuid.UUID,
    revision: int,
    event: DisputeEvent,
    coordination: str,
) -> None:
    """Notes that the organ upholds its opinion, or what coordination with it came to.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile"), Conflict("opinion_withdrawn"),
    Unprocessable("nothing_to_dispute") for what isn't handled or was adopted in full, and
    Unprocessable("coordination_required") where a disagreement ends without saying how.
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    letter, opinion = opinion_at(session, actor, opinion_id, revision)
    letter.state = LIFECYCLE.after(letter.state, SoundingEvent.HANDLE)
    standing = DISPUTE_LIFECYCLE.after(opinion.disagreement, event)
    if event is DisputeEvent.UPHOLD and opinion.adoption not in DISPUTABLE:
        raise Unprocessable("nothing_to_dispute")
    words = text(coordination, REASON_LIMIT, "coordination_required" if event is DisputeEvent.SETTLE else None)
    if opinion.coordination is not None:
        earlier.keep(session, actor, at, opinion, CHANGED_HANDLING)
    opinion.disagreement, opinion.coordination = standing, words
    audit.record(
        session,
        actor,
        at,
        "organ_opinion.disputed",
        ("organ_opinion", opinion.id),
        within=opinion.consultation_id,
        disagreement=standing.value,
    )
