"""Making, counting and moving links; whoever calls it has decided that it may be done."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.amendments.changes import Change
from app.amendments.lifecycle import Because, LinkState
from app.amendments.models import AmendmentLink
from app.counters import ledger as counters

COUNTED = "amendments"
"""The name under which links are counted by consultation, comparison and state."""
_BY_HAND_SCORE = 1.0


def by_hand(
    consultation_id: uuid.UUID, comparison_id: uuid.UUID, suggestion_id: uuid.UUID, change: Change, at: datetime
) -> AmendmentLink:
    """A link as a person makes it; the caller stores and counts it."""
    return AmendmentLink(
        consultation_id=consultation_id,
        comparison_id=comparison_id,
        suggestion_id=suggestion_id,
        change=change.id,
        draft_label=change.draft_label,
        final_label=change.final_label,
        text=change.text,
        because=Because.BY_HAND,
        words=[],
        score=_BY_HAND_SCORE,
        proposed_at=at,
    )


def move(session: Session, link: AmendmentLink, state: LinkState) -> None:
    """To another state, and counts it there."""
    before, link.state = link.state, state
    _count(session, link, before, -1)
    _count(session, link, state, 1)


def count(session: Session, link: AmendmentLink, n: int) -> None:
    """Notes that so many more links are in the state in which this one is."""
    _count(session, link, link.state, n)


def forget_decision(link: AmendmentLink) -> None:
    """Nobody has decided on the link."""
    link.remark = link.shown = ""
    link.decided_by = link.decided_at = None
    link.letter_number = link.letter_dated_on = link.letter_signed_by = None


def _count(session: Session, link: AmendmentLink, state: LinkState, n: int) -> None:
    counters.count(session, (COUNTED, link.consultation_id.hex, link.comparison_id.hex, state.value), n)
