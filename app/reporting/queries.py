"""Reads of published editions of the disposition report; everything in them stays as it was published."""

import uuid
from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.kit.errors import NotFound
from app.reporting import written
from app.reporting.models import ReportEdition, ReportLine
from app.reporting.report import ReportRow

ROWS_AT_ONCE = 500


def latest(session: Session, consultation_id: uuid.UUID) -> ReportEdition | None:
    return session.scalar(_editions(consultation_id).limit(1))


def editions(session: Session, consultation_id: uuid.UUID) -> Sequence[ReportEdition]:
    """All of them, the newest first."""
    return session.scalars(_editions(consultation_id)).all()


def edition(session: Session, consultation_id: uuid.UUID, number: int) -> ReportEdition:
    """Raises NotFound."""
    found = session.get(ReportEdition, (consultation_id, number)) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("no_such_report")
    return found


def page(
    session: Session, consultation_id: uuid.UUID, number: int, after: int, limit: int
) -> tuple[list[ReportRow], int | None]:
    """Rows behind the one numbered `after`, in order, and the number behind which it goes on."""
    lines = session.scalars(
        select(ReportLine)
        .where(ReportLine.consultation_id == consultation_id, ReportLine.edition == number, ReportLine.number > after)
        .order_by(ReportLine.number)
        .limit(limit + 1)
    ).all()
    shown = [written.read_row(line.content) for line in lines[:limit]]
    return shown, shown[-1].number if len(lines) > limit else None


def rows(session: Session, consultation_id: uuid.UUID, number: int) -> Iterator[ReportRow]:
    """All rows of an edition in order, read ROWS_AT_ONCE at a time."""
    after: int | None = 0
    while after is not None:
        found, after = page(session, consultation_id, number, after, ROWS_AT_ONCE)
        yield from found


def _editions(consultation_id: uuid.UUID) -> Select[ReportEdition]:
    return (
        select(ReportEdition)
        .where(ReportEdition.consultation_id == consultation_id)
        .order_by(ReportEdition.number.desc())
    )
