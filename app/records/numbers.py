"""What a consultation's results say in numbers, taken from the counts that the store keeps."""

import uuid
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.counters import ledger as counters
from app.counters.ledger import Wanted
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition, ReleasedOutcome
from app.documents.models import Clause
from app.screening.lifecycle import SuggestionStage
from app.submissions.lifecycle import UNCOUNTED, Channel, SubmissionState

ACCEPTED = (SubmissionState.ACCEPTED, SubmissionState.DUPLICATE)
"""What was taken up (受理); a repetition is answered with the comment that it repeats."""


def of_intake(session: Session, consultation_id: uuid.UUID) -> dict[str, Any]:
    """What came in: {"received", "accepted", "suggestions", "channels": {channel: 份}, "clauses": {label: 份}}.

    Without what doesn't count (UNCOUNTED). A comment on several clauses counts under each of them.
    """
    by_channel = counters.by_value(session, "submissions.channel", consultation_id.hex)
    counted = {key: n for key, n in by_channel.items() if key[1] not in {state.value for state in UNCOUNTED}}
    taken_up = {state.value for state in ACCEPTED}
    return {
        "received": sum(counted.values()),
        "accepted": sum(n for (_, state), n in counted.items() if state in taken_up),
        "suggestions": _suggestions(session, consultation_id),
        "channels": {
            channel.value: total
            for channel in Channel
            if (total := sum(n for (value, _), n in counted.items() if value == channel.value))
        },
        "clauses": _by_clause(session, consultation_id),
    }


def of_adoption(session: Session, consultation_id: uuid.UUID) -> dict[str, Any]:
    """The same, and what became of it: "outcomes": {disposition: 条}, as they were released."""
    last = and_(
        ReleasedOutcome.suggestion_id == Disposition.suggestion_id,
        ReleasedOutcome.number == Disposition.released_number,
    )
    rows = session.execute(
        select(ReleasedOutcome.kind, func.count())
        .join(Disposition, last)
        .where(Disposition.consultation_id == consultation_id)
        .group_by(ReleasedOutcome.kind)
    )
    found = {row[0]: row[1] for row in rows}
    outcomes = {kind.value: found[kind] for kind in DispositionKind if kind in found}
    return of_intake(session, consultation_id) | {"outcomes": outcomes}


def _suggestions(session: Session, consultation_id: uuid.UUID) -> int:
    (stages,) = counters.by_state(session, [Wanted("suggestions", scope=consultation_id.hex)])
    return sum(n for stage, n in stages.items() if stage != SuggestionStage.MERGED.value)


def _by_clause(session: Session, consultation_id: uuid.UUID) -> dict[str, int]:
    version_id = session.get_one(Consultation, consultation_id).version_id
    clauses = session.execute(
        select(Clause.id, Clause.label).where(Clause.version_id == version_id).order_by(Clause.ordinal)
    ).all()
    found = counters.by_state(session, [Wanted("submissions.clause", value=clause_id.hex) for clause_id, _ in clauses])
    uncounted = {state.value for state in UNCOUNTED}
    totals = [sum(n for state, n in states.items() if state not in uncounted) for states in found]
    return {label: total for (_, label), total in zip(clauses, totals, strict=True) if total}
