"""Each hour is counted once, compared with the consultation's own past, and an alert is kept where it stands out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.alerts import actions, queries
from app.alerts.models import Alert, HourlyCount
from app.alerts.raising import watch
from app.alerts.spikes import AlertKind
from app.audit import queries as audit
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.submissions.lifecycle import HoldReason
from app.submissions.models import DisplayedComment, Submission
from tests.support import journey
from tests.support.journey import START, World

HOUR = timedelta(hours=1)
RUSH = START.replace(minute=0) + timedelta(days=2)
AFTER = RUSH + HOUR + timedelta(minutes=3)


def quiet_past(world: World, number: int = 2, hours: int = 48) -> None:
    with world.database.writing() as session:
        session.add_all(
            HourlyCount(
                consultation_id=world.consultation.id,
                hour=RUSH - HOUR * back,
                kind=AlertKind.VOLUME,
                subject="",
                number=number,
            )
            for back in range(1, hours + 1)
        )


def rush(world: World, number: int) -> None:
    for person in range(number):
        clauses = world.clauses[:1] if person % 2 else ()
        at = RUSH + timedelta(minutes=person % 60)
        journey.submit(world, person=person, clauses=clauses, at=at, comment=f"建议{person}：增加助餐点。")


def look(world: World, now: datetime = AFTER) -> Sequence[tuple[AlertKind, str, int, int]]:
    with world.database.writing() as session:
        watch(session, now)
    with world.database.reading() as session:
        alerts = session.scalars(select(Alert).order_by(Alert.kind)).all()
        return [(alert.kind, alert.subject, alert.number, alert.usual) for alert in alerts]


def test_a_rush_is_told_once_by_volume_and_by_clause(world: World) -> None:
    quiet_past(world)
    rush(world, 44)
    clause = str(world.clauses[0].id)
    expected = [(AlertKind.CLAUSE, clause, 22, 0), (AlertKind.VOLUME, "", 44, 2)]
    assert look(world) == expected
    assert look(world) == expected
    assert look(world, AFTER + timedelta(minutes=40)) == expected


def test_a_busy_consultation_isnt_told_of_its_usual(world: World) -> None:
    quiet_past(world, number=40)
    rush(world, 44)
    assert [kind for kind, *_ in look(world)] == [AlertKind.CLAUSE]


def test_without_a_past_nothing_is_told_and_the_hour_becomes_one(world: World) -> None:
    rush(world, 40)
    assert look(world) == []
    with world.database.reading() as session:
        volumes = session.scalars(
            select(HourlyCount.number).where(HourlyCount.kind == AlertKind.VOLUME).order_by(HourlyCount.hour)
        ).all()
    assert volumes == [0, 0, 0, 0, 0, 40]


def test_many_held_for_one_reason_are_told(world: World) -> None:
    quiet_past(world)
    rush(world, 16)
    with world.database.writing() as session:
        for row in session.scalars(select(DisplayedComment).join(Submission)):
            row.held_for = [HoldReason.ADVERTISING.value]
    assert (AlertKind.HELD, "advertising", 16, 0) in look(world)


def test_old_counts_are_forgotten(world: World) -> None:
    quiet_past(world)
    look(world, RUSH + timedelta(days=20))
    with world.database.reading() as session:
        assert session.scalars(select(HourlyCount).where(HourlyCount.hour < RUSH)).all() == []


def test_an_alert_is_settled_once_with_a_remark(world: World) -> None:
    quiet_past(world)
    rush(world, 44)
    look(world)
    with world.database.reading() as session:
        first, second = queries.latest(session, None, 10).items
        assert [alert.id for alert in queries.to_mail(session, START)] == sorted([first.id, second.id])
    for remark, error in (("", Unprocessable), ("某单位组织集中提交，内容正常。", None), ("再次。", Conflict)):
        if error:
            with pytest.raises(error), world.database.writing() as session:
                actions.settle(session, world.staff.screener, AFTER, first.id, remark)
        else:
            with world.database.writing() as session:
                actions.settle(session, world.staff.screener, AFTER, first.id, remark)
    with pytest.raises(NotFound), world.database.writing() as session:
        actions.settle(session, world.staff.screener, AFTER, world.consultation.id, "x")
    with world.database.reading() as session:
        assert [alert.id for alert in queries.to_mail(session, START)] == [second.id]
        assert audit.of_record(session, "alert", first.id)[-1].action == "alert.settled"
