"""Which rejections are looked at again: drawn by chance as the decision is made, and void when it is undone."""

from datetime import datetime
from secrets import randbelow

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.counters import ledger as counters
from app.kit.clock import beijing_day
from app.screening.models import ScreeningDecision, SecondLook
from app.screening.second_look import LIFECYCLE, REJECTIONS, SecondLookEvent, SecondLookState, is_drawn
from app.submissions.models import Submission


def draw(session: Session, at: datetime, submission: Submission, decision: ScreeningDecision) -> None:
    """Puts the decision before a second reviewer in as many of 100 cases as the consultation's terms say.

    The number is drawn from the operating system's source once the decision stands, so that nobody can know
    beforehand, and nothing that the first reviewer sees tells of it. `decision` has its id already.
    """
    if decision.decision not in REJECTIONS:
        return
    percent = consultations.second_look_percent(session, submission.consultation_id)
    if not is_drawn(percent, randbelow(100)):
        return
    session.flush()
    session.add(
        SecondLook(
            decision_id=decision.id,
            submission_id=submission.id,
            consultation_id=submission.consultation_id,
            state=SecondLookState.WAITING,
            drawn_at=at,
        )
    )


def count(session: Session, submission: Submission, decision: ScreeningDecision, n: int = 1) -> None:
    """Counts the decision for its day in Beijing; with -1 no longer, once it was taken back."""
    day = beijing_day(decision.decided_at).isoformat()
    counters.count(session, ("decisions.day", submission.consultation_id.hex, day, decision.decision.value), n)


def decision_ended(session: Session, by: str, at: datetime, decision: ScreeningDecision, reason: str | None) -> None:
    """The decision was taken back: nobody need look at it any more, and a disagreement about it is settled."""
    look = session.scalar(select(SecondLook).where(SecondLook.decision_id == decision.id))
    if look is None or not LIFECYCLE.allows(look.state, SecondLookEvent.UNDO):
        return
    look.state = LIFECYCLE.after(look.state, SecondLookEvent.UNDO)
    if look.state is SecondLookState.REOPENED:
        look.settled_by, look.settled_at, look.settled_reason = by, at, reason
