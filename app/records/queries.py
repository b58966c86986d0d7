import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.models import Conclusion, ResultReport
from app.records.stages import ConclusionKind, ResultStage


def reports(session: Session, consultation_id: uuid.UUID) -> dict[ResultStage, ResultReport]:
    """What was published about its results, by stage."""
    rows = session.scalars(select(ResultReport).where(ResultReport.consultation_id == consultation_id))
    return {row.stage: row for row in rows}


def conclusion(session: Session, consultation_id: uuid.UUID) -> Conclusion | None:
    return session.get(Conclusion, consultation_id)


def stage_of(session: Session, consultation_id: uuid.UUID) -> tuple[ResultStage | None, ConclusionKind | None]:
    """How far the public knows of its results: the last report, and how it ended."""
    known = reports(session, consultation_id)
    ended = conclusion(session, consultation_id)
    last = next((stage for stage in reversed(ResultStage) if stage in known), None)
    return last, ended.kind if ended else None


def concluded(session: Session, consultation_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ConclusionKind]:
    """Consultation id → how it ended, for those that have."""
    rows = session.execute(
        select(Conclusion.consultation_id, Conclusion.kind).where(Conclusion.consultation_id.in_(set(consultation_ids)))
    )
    return {row[0]: row[1] for row in rows}
