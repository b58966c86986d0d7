from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exports.models import Export, ExportedRecord, Freeze


@dataclass(frozen=True)
class TakenOut:
    """A record about a person that left in an export."""

    at: datetime
    actor_id: str
    what: str
    record_id: str


def holding(session: Session) -> Sequence[Freeze]:
    """The stops that hold now."""
    return session.scalars(select(Freeze).where(Freeze.lifted_at.is_(None)).order_by(Freeze.at)).all()


def records(
    session: Session, kind: str, since: datetime, until: datetime, actors: Sequence[str], most: int
) -> Sequence[TakenOut]:
    """Records of one kind that left in that time, by everybody or by those; the newest first, at most so many."""
    query = (
        select(Export.at, Export.actor_id, Export.what, ExportedRecord.record_id)
        .join(ExportedRecord, ExportedRecord.export_id == Export.id)
        .where(ExportedRecord.record_kind == kind, Export.at >= since, Export.at < until)
        .order_by(Export.at.desc(), ExportedRecord.record_id)
        .limit(most)
    )
    if actors:
        query = query.where(Export.actor_id.in_(actors))
    return [TakenOut(*row) for row in session.execute(query)]
