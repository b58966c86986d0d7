"""Comparing long versions and tracing their clauses, for which nobody should wait."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.documents.comparing import rows_between
from app.documents.models import StoredComparison
from app.documents.tracing import anchors_into


def work_out(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    """What `keep` is to store. It takes seconds, so nothing is written meanwhile."""
    comparison = session.get_one(StoredComparison, uuid.UUID(payload["comparison"]))
    return {"rows": rows_between(session, comparison.draft_version_id, comparison.final_version_id)}


def keep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Makes what was worked out readable."""
    comparison = session.get_one(StoredComparison, uuid.UUID(payload["comparison"]))
    comparison.rows, comparison.made_at = payload["rows"], now


def seek_clauses(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    """What `keep_anchors` is to store."""
    return {"anchors": anchors_into(session, uuid.UUID(payload["version"]))}


def keep_anchors(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """From now on every page tells where the earlier clauses are in this version."""
    session.add_all(payload["anchors"])
