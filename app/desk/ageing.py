"""For how long what is to be screened has waited, from the counts that the store keeps."""

import uuid
from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.counters import ledger as counters
from app.submissions.lifecycle import SubmissionState

BOUNDS = (1, 3, 7, 14)
"""Days at which an age begins after the first one, which is "today"."""


def ages(session: Session, consultation_id: uuid.UUID, today: date) -> Mapping[int, int]:
    """Least number of full days → how many have waited so long, and not as long as the next; one query."""
    found = dict.fromkeys((0, *BOUNDS), 0)
    for (day, state), number in counters.by_value(session, "submissions.day", consultation_id.hex).items():
        if state == SubmissionState.RECEIVED:
            waited = (today - date.fromisoformat(day)).days
            found[max(bound for bound in found if bound <= max(0, waited))] += number
    return found
