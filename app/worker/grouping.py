"""Finding submissions of the same content among what has come in, after the intake and in portions."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.campaigns import sweeping
from app.campaigns.models import CampaignDecision
from app.jobs import ledger
from app.screening import campaign_portions as portions

JOB = "group_submissions"
BATCH = 50
"""So few that other writers wait for a fraction of a second."""


def sweep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Where a whole batch was waiting, goes on at once."""
    if sweeping.sweep(session, now, BATCH) == BATCH:
        ledger.enqueue(session, JOB, now)


def decide(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """One portion of a decision for a whole campaign; a repeated one does nothing."""
    decision = session.get(CampaignDecision, uuid.UUID(payload["decision"]), with_for_update=True)
    if decision is not None:
        portions.carry_on(session, now, decision)


def gather(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """One portion of a campaign's common text."""
    portions.gather_on(session, now, payload)
