"""What is done to a consultation after its opening: where it is possible, what it changes, what the public is told."""

import pytest
from sqlalchemy import select

from app.audit import queries as audit
from app.consultations import changing, queries
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import LIFECYCLE, ConsultationEvent, ConsultationState
from app.jobs.models import Job
from app.kit.errors import Conflict, NotFound, Unprocessable
from tests.consultations.changes import (
    CHANGES,
    EVENTS,
    REASON,
    STATES,
    begins_tomorrow,
    do,
    done,
    now_is,
    row,
    second_version,
)
from tests.support.dump import dump
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused
from tests.support.steps import walk

WAY_TO = {
    STATES.DRAFT: [],
    STATES.OPENED: [EVENTS.OPEN],
    STATES.SUSPENDED: [EVENTS.OPEN, EVENTS.SUSPEND],
    STATES.CLOSED: [EVENTS.OPEN, EVENTS.CLOSE],
    STATES.WITHDRAWN: [EVENTS.OPEN, EVENTS.WITHDRAW],
}


@pytest.mark.parametrize("state", STATES)
def test_each_step_is_possible_where_the_life_cycle_has_it(world: World, state: ConsultationState) -> None:
    second_version(world)
    begins_tomorrow(world)
    with world.database.writing() as session:
        row(session).state = STATES.DRAFT
    for event in WAY_TO[state]:
        with world.database.writing() as session:
            do(world, session, event)
    walk(
        world.database,
        LIFECYCLE,
        state,
        EVENTS,
        lambda session, event: do(world, session, event),
        lambda session: row(session).state,
    )


@pytest.mark.parametrize("event", CHANGES)
def test_each_change_tells_the_public_and_the_audit_what_it_was(world: World, event: ConsultationEvent) -> None:
    new = second_version(world)
    if event is EVENTS.RESCHEDULE:
        begins_tomorrow(world)
    if event is EVENTS.RESUME:
        done(world, EVENTS.SUSPEND)
    before = now_is(world)
    made = done(world, event, reason=f" {REASON}\n")
    after = now_is(world)
    with world.database.reading() as session:
        note = queries.notes(session, before.id)[0]
        entry = audit.of_record(session, "consultation", before.id)[-1]
        promised = session.scalars(select(Job.payload).where(Job.name == "tell_affected").order_by(Job.id)).all()
    assert promised[-1] == {"note_id": str(note.id)}
    assert note.id == made.id
    assert (note.text, note.at, note.actor_id) == (REASON, START, world.staff.manager.id)
    assert (note.closes_before, note.closes_after) == (before.closes_at, after.closes_at)
    assert (note.opens_before, note.opens_after) == (
        (before.opens_at, after.opens_at) if event is EVENTS.RESCHEDULE else (None, None)
    )
    changes_text = event in (EVENTS.CORRECT, EVENTS.REPLACE)
    assert (note.version_before, note.version_after) == ((before.version_id, new) if changes_text else (None, None))
    assert after.version_id == (new if changes_text else before.version_id)
    assert (entry.actor_id, entry.at, entry.detail) == (world.staff.manager.id, START, {"reason": REASON})


@pytest.mark.parametrize("event", CHANGES)
@pytest.mark.parametrize(
    ("reason", "code"),
    [("", "reason_required"), (" 　\n", "reason_required"), ("字" * 10_000, "reason_too_long")],
    ids=["none", "blank", "10,000 characters"],
)
def test_each_change_owes_a_reason(world: World, event: ConsultationEvent, reason: str, code: str) -> None:
    second_version(world)
    if event is EVENTS.RESCHEDULE:
        begins_tomorrow(world)
    if event is EVENTS.RESUME:
        done(world, EVENTS.SUSPEND)
    error = refused(world.database, lambda s: do(world, s, event, reason=reason))
    assert (type(error), error.code) == (Unprocessable, code)


@pytest.mark.parametrize("event", CHANGES)
def test_an_unknown_consultation_is_not_found(world: World, event: ConsultationEvent) -> None:
    error = refused(world.database, lambda s: do(world, s, event, slug="nowhere"))
    assert (type(error), error.code) == (NotFound, "no_such_consultation")


@pytest.mark.parametrize("event", CHANGES)
def test_who_looked_before_another_change_is_told_so(world: World, event: ConsultationEvent) -> None:
    seen = now_is(world).revision
    done(world, EVENTS.EXTEND)
    error = refused(world.database, lambda s: do(world, s, event, revision=seen))
    assert (type(error), error.code) == (Conflict, "changed_meanwhile")


@pytest.mark.parametrize("event", [EVENTS.OPEN, *CHANGES])
def test_of_two_people_at_once_exactly_one_decides(world: World, event: ConsultationEvent) -> None:
    second_version(world)
    if event is EVENTS.RESCHEDULE:
        begins_tomorrow(world)
    if event is EVENTS.RESUME:
        done(world, EVENTS.SUSPEND)
    if event is EVENTS.OPEN:
        with world.database.writing() as session:
            row(session).state = STATES.DRAFT
    seen = now_is(world).revision
    with world.database.reading() as session:
        known = len(audit.of_record(session, "consultation", row(session).id))
    errors = written_at_once(world.database, [lambda s: do(world, s, event, revision=seen)] * 2)
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    with world.database.reading() as session:
        assert len(audit.of_record(session, "consultation", row(session).id)) == known + 1


def test_two_different_changes_at_once_leave_one_of_them_whole(world: World) -> None:
    seen = now_is(world)
    errors = written_at_once(
        world.database,
        [
            lambda s: do(world, s, EVENTS.EXTEND, revision=seen.revision),
            lambda s: do(world, s, EVENTS.WITHDRAW, revision=seen.revision),
        ],
    )
    assert [type(error) for error in errors if error] == [Conflict]
    after = now_is(world)
    with world.database.reading() as session:
        (note,) = queries.notes(session, seen.id)
    assert (note.kind is NoteKind.EXTENSION) == (after.closes_at != seen.closes_at)
    assert (note.kind is NoteKind.WITHDRAWAL) == (after.state is STATES.WITHDRAWN)


class Broken(Exception):
    pass


@pytest.mark.parametrize("event", CHANGES)
def test_a_failure_in_the_middle_leaves_nothing(
    world: World, event: ConsultationEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_version(world)
    if event is EVENTS.RESCHEDULE:
        begins_tomorrow(world)
    if event is EVENTS.RESUME:
        done(world, EVENTS.SUSPEND)
    before = dump(world.database)

    def broken(*given: object, **named: object) -> None:
        raise Broken

    monkeypatch.setattr(changing.audit, "record", broken)
    with pytest.raises(Broken):
        done(world, event)
    assert dump(world.database) == before
