"""What became of one suggestion, as staff see it: where its outcome stands, what was told, and whom it reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.deliveries import queries as deliveries
from app.deliveries.lifecycle import DeliveryState
from app.dispositions import queries as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import AnswerVersion, ReleasedOutcome
from app.dispositions.queries import Decided
from app.screening import queries as screening

SENDERS_LOOKED_AT = 50
TEMPLATES = ("outcome", "results_published")


@dataclass(frozen=True)
class DispositionView:
    """`answers` are all that the lead ever gave, `told` all that was ever told, the first one first.

    `messages` counts those to the first SENDERS_LOOKED_AT senders, by what became of them.
    """

    kind: DispositionKind
    state: DispositionState
    reason: str
    words: str
    department: str
    decided_at: datetime
    remark: str | None
    answers: Sequence[AnswerVersion]
    told: Sequence[ReleasedOutcome]
    messages: dict[DeliveryState, int]


def view(session: Session, decided: Decided) -> DispositionView:
    """By a fixed number of queries."""
    made = decided.disposition
    senders = screening.senders_of(session, made.suggestion_id, None, SENDERS_LOOKED_AT)
    return DispositionView(
        kind=made.kind,
        state=made.state,
        reason=made.reason,
        words=made.citizen_words,
        department=decided.department,
        decided_at=made.decided_at,
        remark=made.return_remark if made.state is DispositionState.RETURNED else None,
        answers=dispositions.versions(session, made.assignment_id) if made.assignment_id else (),
        told=dispositions.releases_told(session, made.suggestion_id),
        messages=deliveries.of_recipients(session, "submission", senders, TEMPLATES),
    )
