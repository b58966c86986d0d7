"""Proposing which suggestions a text was changed for, some hundred at a time and off everybody's way."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.amendments import searching
from app.amendments.searching import Due
from app.documents.matching.synonyms import Synonyms, load_concepts
from app.jobs import ledger

JOB = "link_amendments"

_synonyms: list[Synonyms] = []


def work_out(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    """What `keep` is to store; None where there is nothing to look through."""
    due = _named(payload) or searching.due(session)
    if due is None:
        return {"batch": None}
    if not _synonyms:
        _synonyms.append(Synonyms(load_concepts()))
    after = uuid.UUID(payload["after"]) if "after" in payload else None
    return {"batch": searching.batch(session, due, _synonyms[0], after)}


def keep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Stores what was worked out, and goes on at once where there may be more."""
    found = payload["batch"]
    if found is None:
        return
    searching.keep(session, now, found)
    if found.last is None:
        ledger.enqueue(session, JOB, now)
    else:
        named = {"consultation": str(found.due.consultation_id), "basis": found.due.basis}
        ledger.enqueue(session, JOB, now, **named, after=str(found.last))


def _named(payload: dict[str, Any]) -> Due | None:
    return Due(uuid.UUID(payload["consultation"]), payload["basis"]) if "consultation" in payload else None
