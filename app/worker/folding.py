"""Folding what changed into the counts, so that reading them stays cheap (docs/queues.md)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.counters import ledger

JOB = "fold_counts"
MOST_TIMES = 10
"""Of FOLDED_AT_ONCE changes each: a rush is folded in several jobs, so that none keeps writers waiting long."""


def fold(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    for _ in range(MOST_TIMES):
        if ledger.fold(session) < ledger.FOLDED_AT_ONCE:
            return
