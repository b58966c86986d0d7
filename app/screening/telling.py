"""From when on a decision counts as told: until then it can be taken back without anybody having heard of it."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.screening.models import ScreeningDecision
from app.submissions import queries as submissions


def may_tell(session: Session, at: datetime, decision_id: uuid.UUID) -> bool:
    """Whether the decision stands, so that its sender is to be told; if so, it can't be undone from now on.

    The submission is held: telling and undoing at the same time end as one or the other.
    """
    decision = session.get_one(ScreeningDecision, decision_id)
    submissions.hold(session, [decision.submission_id])
    session.refresh(decision)
    if decision.undone_at is not None:
        return False
    decision.told_at = decision.told_at or at
    return True
