"""What people decided comments to be about, kept for the comments that come after.

The verbs take no actor: the areas above call them in the transaction of their own action.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.documents.matching.examples import Example
from app.documents.matching.kinds import Kind
from app.documents.models import Clause, MatchExample
from app.masking.anonymise import anonymise

LONGEST_KEPT = 2_000
MOST_READ = 300
"""So many of a version's newest decisions are evidence: each is compared with every new comment."""


@dataclass(frozen=True)
class Decision:
    """What was decided, by whom. `clause_id` is None unless the kind is `clause`."""

    kind: Kind
    clause_id: uuid.UUID | None
    by: str
    at: datetime


def remember(
    session: Session,
    version_id: uuid.UUID,
    source_id: uuid.UUID,
    text: str,
    proposed: Sequence[str],
    decision: Decision,
) -> None:
    """Keeps a decision on `text`, which is cut to LONGEST_KEPT and masked. `proposed` are labels, best first."""
    session.add(
        MatchExample(
            version_id=version_id,
            source_id=source_id,
            kind=decision.kind,
            clause_id=decision.clause_id,
            text=anonymise(text).text[:LONGEST_KEPT],
            proposed=list(proposed),
            decided_by=decision.by,
            decided_at=decision.at,
        )
    )


def correct(session: Session, source_id: uuid.UUID, version_id: uuid.UUID | None, decision: Decision) -> None:
    """The same passages, decided otherwise. Those read against another version than the clause's are forgotten."""
    if version_id is not None:
        forgotten = delete(MatchExample).where(
            MatchExample.source_id == source_id, MatchExample.version_id != version_id
        )
        session.execute(forgotten, execution_options={"synchronize_session": False})
    for example in session.scalars(select(MatchExample).where(MatchExample.source_id == source_id)):
        example.kind, example.clause_id = decision.kind, decision.clause_id
        example.decided_by, example.decided_at = decision.by, decision.at


def forget(session: Session, source_id: uuid.UUID) -> None:
    """Nothing that was learned from that source is kept."""
    session.execute(delete(MatchExample).where(MatchExample.source_id == source_id))


def newest(session: Session, version_id: uuid.UUID) -> tuple[Example, ...]:
    """A version's newest decisions, newest first, at most MOST_READ."""
    rows = session.execute(
        select(MatchExample.text, MatchExample.kind, Clause.label)
        .outerjoin(Clause, Clause.id == MatchExample.clause_id)
        .where(MatchExample.version_id == version_id)
        .order_by(MatchExample.decided_at.desc(), MatchExample.id.desc())
        .limit(MOST_READ)
    )
    return tuple(Example(text, kind, label) for text, kind, label in rows)
