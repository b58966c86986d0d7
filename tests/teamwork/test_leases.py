"""A lease is seen by others, renewed by its holder, ends by itself, can be taken over, and binds nobody."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission
from app.teamwork import actions, leases
from app.teamwork.leases import LASTING, RENEW_EVERY, Held
from app.teamwork.queries import lease_on
from app.teamwork.records import RecordKind
from tests.support.journey import START, World, submit
from tests.support.racing import at_once

KIND = RecordKind.SUBMISSION
RECORD = uuid.UUID(int=5)
MINUTE = timedelta(minutes=1)
ACCEPT = Decision(ScreeningEvent.ACCEPT)


def _mark(world: World, holder: str, at: datetime) -> None:
    with world.database.writing() as session:
        leases.mark(session, holder, KIND, RECORD, at)


def _held(world: World, at: datetime) -> Held | None:
    with world.database.reading() as session:
        return lease_on(session, KIND, RECORD, at)


def test_it_is_taken_seen_and_ends_by_itself(world: World) -> None:
    _mark(world, "one", START)
    assert _held(world, START) == Held("one", START, START + LASTING)
    assert _held(world, START + LASTING - MINUTE) is not None
    assert _held(world, START + LASTING) is None
    with world.database.reading() as session:
        assert lease_on(session, RecordKind.SUGGESTION, RECORD, START) is None


def test_its_holder_renews_it_and_nobody_else_moves_it(world: World) -> None:
    _mark(world, "one", START)
    _mark(world, "two", START + MINUTE)
    _mark(world, "one", START + 2 * MINUTE)
    assert _held(world, START + 2 * MINUTE) == Held("one", START, START + 2 * MINUTE + LASTING)


def test_the_next_one_takes_it_when_it_has_ended(world: World) -> None:
    _mark(world, "one", START)
    _mark(world, "two", START + LASTING)
    assert _held(world, START + LASTING) == Held("two", START + LASTING, START + 2 * LASTING)


def test_a_mark_is_only_due_when_it_would_change_something() -> None:
    fresh = Held("one", START, START + LASTING)
    assert leases.is_due(None, "one", START)
    assert not leases.is_due(fresh, "one", START)
    assert leases.is_due(fresh, "one", START + RENEW_EVERY)
    assert not leases.is_due(fresh, "two", START + RENEW_EVERY)


def test_it_is_taken_over_knowingly_and_given_back_by_its_holder_alone(world: World) -> None:
    lead = world.staff.lead
    _mark(world, "one", START)
    with world.database.writing() as session:
        actions.take_over(session, lead, START + MINUTE, KIND, RECORD)
    with world.database.writing() as session:
        leases.end(session, "one", KIND, RECORD)
    assert _held(world, START + MINUTE) == Held(lead.id, START + MINUTE, START + MINUTE + LASTING)
    with world.database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "lease.taken_over"))
    assert entry.detail == {"previous": "one"}
    with world.database.writing() as session:
        leases.end(session, lead.id, KIND, RECORD)
    assert _held(world, START + MINUTE) is None


def test_of_two_who_open_at_once_one_holds_it(world: World) -> None:
    def marks(holder: str) -> Callable[[], None]:
        return lambda: _mark(world, holder, START)

    at_once([marks("one"), marks("two")])
    held = _held(world, START)
    assert held is not None
    assert held.holder in ("one", "two")


def test_whoever_decides_first_has_decided_whoever_held_the_lease(world: World) -> None:
    submit(world)
    with world.database.writing() as session:
        submission_id = session.scalars(select(Submission.id)).one()
        leases.mark(session, world.staff.screener.id, KIND, submission_id, START)
        decide(session, world.staff.lead, START, submission_id, 1, ACCEPT)


def test_ended_ones_are_forgotten(world: World) -> None:
    _mark(world, "one", START)
    with world.database.writing() as session:
        leases.forget_ended(session, START + LASTING - MINUTE)
    assert _held(world, START) is not None
    with world.database.writing() as session:
        leases.forget_ended(session, START + LASTING)
    assert _held(world, START) is None
