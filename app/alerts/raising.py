"""Comparing each full hour with the past of its consultation, once, and keeping what stands out."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.alerts.counting import HOUR, Counts, counts
from app.alerts.models import Alert, HourlyCount
from app.alerts.spikes import PAST, AlertKind, is_news, level, limit, usual
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation

CAUGHT_UP = 6
"""Hours that are counted afterwards where no worker ran; earlier ones stay unknown, which is not nothing."""


def watch(session: Session, now: datetime) -> list[Alert]:
    """Counts every full hour of every open consultation that wasn't counted yet; answers what was raised."""
    ended = now.replace(minute=0, second=0, microsecond=0)
    hours = [ended - HOUR * back for back in range(CAUGHT_UP, 0, -1)]
    raised: list[Alert] = []
    for consultation in _open_since(session, hours[0]):
        known = _known_hours(session, consultation.id, hours)
        for hour in hours:
            if hour not in known and consultation.opens_at <= hour:
                raised += _look(session, consultation.id, hour, now)
    session.execute(delete(HourlyCount).where(HourlyCount.hour < now - PAST - timedelta(days=1)))
    return raised


def _open_since(session: Session, instant: datetime) -> Sequence[Consultation]:
    return session.scalars(
        select(Consultation).where(Consultation.state == ConsultationState.OPENED, Consultation.closes_at > instant)
    ).all()


def _look(session: Session, consultation_id: uuid.UUID, hour: datetime, now: datetime) -> list[Alert]:
    found = counts(session, consultation_id, hour)
    session.add_all(
        HourlyCount(consultation_id=consultation_id, hour=hour, kind=kind, subject=subject, number=number)
        for (kind, subject), number in found.items()
    )
    past = _past(session, consultation_id, hour, found)
    raised = []
    for (kind, subject), number in found.items():
        numbers = usual(past[kind, subject], hour)
        if not numbers or number < limit(kind, numbers):
            continue
        if is_news(number, hour, _last(session, consultation_id, kind, subject)):
            raised.append(
                Alert(
                    consultation_id=consultation_id,
                    hour=hour,
                    kind=kind,
                    subject=subject,
                    number=number,
                    usual=round(level(numbers)),
                    raised_at=now,
                )
            )
    session.add_all(raised)
    session.flush()
    return raised


def _past(
    session: Session, consultation_id: uuid.UUID, hour: datetime, found: Counts
) -> dict[tuple[AlertKind, str], dict[datetime, int]]:
    """Every counted hour before, for each subject of this one: 0 where the subject had nothing in it."""
    rows = session.execute(
        select(HourlyCount.hour, HourlyCount.kind, HourlyCount.subject, HourlyCount.number).where(
            HourlyCount.consultation_id == consultation_id, HourlyCount.hour >= hour - PAST, HourlyCount.hour < hour
        )
    ).all()
    counted = [row.hour for row in rows if row.kind is AlertKind.VOLUME]
    past = {thing: dict.fromkeys(counted, 0) for thing in found}
    for row in rows:
        if (row.kind, row.subject) in past:
            past[row.kind, row.subject][row.hour] = row.number
    return past


def _known_hours(session: Session, consultation_id: uuid.UUID, hours: Iterable[datetime]) -> set[datetime]:
    return set(
        session.scalars(
            select(HourlyCount.hour).where(
                HourlyCount.consultation_id == consultation_id,
                HourlyCount.kind == AlertKind.VOLUME,
                HourlyCount.hour.in_(list(hours)),
            )
        )
    )


def _last(session: Session, consultation_id: uuid.UUID, kind: AlertKind, subject: str) -> tuple[datetime, int] | None:
    row = session.execute(
        select(Alert.hour, Alert.number)
        .where(Alert.consultation_id == consultation_id, Alert.kind == kind, Alert.subject == subject)
        .order_by(Alert.hour.desc())
        .limit(1)
    ).one_or_none()
    return (row.hour, row.number) if row else None
