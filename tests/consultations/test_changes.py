"""What is done to a consultation after its opening: where it is possible, what it changes, what the public is told."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.consultations import actions, changing, queries
from app.consultations.actions import Opening
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import LIFECYCLE, ConsultationEvent, ConsultationState, Phase
from app.consultations.models import Consultation, ConsultationNote
from app.departments import queries as departments
from app.documents import actions as documents
from app.documents.extraction import extract
from app.documents.models import DocumentVersion, VersionRole
from app.jobs.models import Job
from app.kit.clock import end_of_beijing_day
from app.kit.errors import Conflict, NotFound, Unprocessable
from tests.support import journey
from tests.support.dump import dump
from tests.support.journey import DRAFT, OPERATOR, SLUG, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused
from tests.support.steps import walk

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
REASON = "附件有误，需更正。"
SECOND = DRAFT.replace("步行十五分钟", "步行十分钟")
EVENTS, STATES = ConsultationEvent, ConsultationState
WAY_TO = {
    STATES.DRAFT: [],
    STATES.OPENED: [EVENTS.OPEN],
    STATES.SUSPENDED: [EVENTS.OPEN, EVENTS.SUSPEND],
    STATES.CLOSED: [EVENTS.OPEN, EVENTS.CLOSE],
    STATES.WITHDRAWN: [EVENTS.OPEN, EVENTS.WITHDRAW],
}
CHANGES = [event for event in EVENTS if event is not EVENTS.OPEN]


def row(session: Session) -> Consultation:
    found = queries.find(session, SLUG)
    assert found is not None
    return found


def second_version(world: World, role: VersionRole = VersionRole.DRAFT, text: str = SECOND) -> uuid.UUID:
    with world.database.writing() as session:
        document = session.get_one(DocumentVersion, row(session).version_id).document_id
        found = extract(text, departments.directory(session))
        return documents.add_version(session, world.staff.manager, START, document, "second.txt", text, found, role).id


def begins_tomorrow(world: World) -> None:
    with world.database.writing() as session:
        row(session).opens_at = START + DAY


def do(world: World, session: Session, event: ConsultationEvent, at: Any = START, **given: Any) -> Any:
    """The event, done to the world's consultation as it stands."""
    seen = row(session)
    manager, slug, revision = world.staff.manager, given.pop("slug", SLUG), given.pop("revision", seen.revision)
    reason = given.pop("reason", REASON)
    if event is EVENTS.OPEN:
        return actions.open_consultation(session, OPERATOR, at, slug, Opening())
    act: Callable[..., Any] = {
        EVENTS.RESCHEDULE: changing.reschedule,
        EVENTS.EXTEND: changing.extend,
        EVENTS.SUSPEND: changing.suspend,
        EVENTS.RESUME: changing.resume,
        EVENTS.CORRECT: changing.correct,
        EVENTS.REPLACE: changing.replace,
        EVENTS.WITHDRAW: changing.withdraw,
        EVENTS.CLOSE: changing.close_consultation,
    }[event]
    words: list[Any] = []
    if event is EVENTS.RESCHEDULE:
        words = [given.pop("opens_at", START + 2 * DAY)]
    if event is EVENTS.EXTEND:
        words = [given.pop("closes_at", seen.closes_at + 7 * DAY)]
    if event in (EVENTS.CORRECT, EVENTS.REPLACE):
        newest = select(DocumentVersion.id).order_by(DocumentVersion.number.desc()).limit(1)
        words = [given.pop("version_id", None) or session.scalars(newest).one()]
    named = {"substantive": given.pop("substantive", False)} if event is EVENTS.CORRECT else {}
    assert not given
    return act(session, manager, at, slug, revision, *words, reason, **named)


def done(world: World, event: ConsultationEvent, at: Any = START, **given: Any) -> ConsultationNote:
    with world.database.writing() as session:
        note: ConsultationNote = do(world, session, event, at, **given)
    return note


def now_is(world: World) -> Consultation:
    with world.database.reading() as session:
        return row(session)


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


@pytest.mark.parametrize("later", [timedelta(0), -MOMENT, timedelta(days=-60)])
def test_an_extension_is_later(world: World, later: timedelta) -> None:
    closes_at = now_is(world).closes_at + later
    error = refused(world.database, lambda s: do(world, s, EVENTS.EXTEND, closes_at=closes_at))
    assert (type(error), error.code) == (Unprocessable, "closing_not_later")


def test_a_window_is_extended_to_its_last_moment_and_over_midnight_but_not_from_its_end_on(world: World) -> None:
    closes_at = now_is(world).closes_at
    at_end = refused(world.database, lambda s: do(world, s, EVENTS.EXTEND, closes_at))
    assert (type(at_end), at_end.code) == (Conflict, "window_is_over")
    midnight = end_of_beijing_day((closes_at + DAY).date())
    done(world, EVENTS.EXTEND, closes_at - MOMENT, closes_at=midnight)
    after = now_is(world)
    assert queries.phase(after, midnight - MOMENT) is Phase.OPEN
    assert queries.phase(after, midnight) is Phase.CLOSED


@pytest.mark.parametrize("event", [EVENTS.EXTEND, EVENTS.SUSPEND, EVENTS.CORRECT, EVENTS.REPLACE])
def test_what_has_ended_is_not_changed(world: World, event: ConsultationEvent) -> None:
    second_version(world)
    closes_at = now_is(world).closes_at
    error = refused(world.database, lambda s: do(world, s, event, closes_at))
    assert (type(error), error.code) == (Conflict, "window_is_over")


def test_resuming_after_the_closing_instant_opens_it_again_for_as_long_as_was_left(world: World) -> None:
    closes_at = now_is(world).closes_at
    done(world, EVENTS.SUSPEND, closes_at - 2 * DAY)
    resumed_at = closes_at + 5 * DAY
    assert queries.phase(now_is(world), resumed_at - MOMENT) is Phase.SUSPENDED
    done(world, EVENTS.RESUME, resumed_at)
    after = now_is(world)
    assert after.closes_at == closes_at + 7 * DAY
    assert queries.phase(after, resumed_at) is Phase.OPEN
    assert queries.phase(after, after.closes_at) is Phase.CLOSED


def test_a_second_suspension_adds_its_own_time_only(world: World) -> None:
    closes_at = now_is(world).closes_at
    for day in (1, 10):
        done(world, EVENTS.SUSPEND, START + day * DAY)
        done(world, EVENTS.RESUME, START + (day + 2) * DAY)
    assert now_is(world).closes_at == closes_at + 4 * DAY


def test_an_opening_is_put_off_with_its_closing_and_brought_forward_without(world: World) -> None:
    begins_tomorrow(world)
    closes_at = now_is(world).closes_at
    done(world, EVENTS.RESCHEDULE, opens_at=START + 3 * DAY)
    later = now_is(world)
    assert (later.opens_at, later.closes_at) == (START + 3 * DAY, closes_at + 2 * DAY)
    done(world, EVENTS.RESCHEDULE, opens_at=START + MOMENT)
    sooner = now_is(world)
    assert (sooner.opens_at, sooner.closes_at) == (START + MOMENT, closes_at + 2 * DAY)
    assert queries.phase(sooner, START) is Phase.COMING
    assert queries.phase(sooner, START + MOMENT) is Phase.OPEN


@pytest.mark.parametrize("opens_at", [START - DAY, START, START + DAY], ids=["past", "now", "as it is"])
def test_an_opening_is_moved_to_another_instant_ahead(world: World, opens_at: Any) -> None:
    begins_tomorrow(world)
    error = refused(world.database, lambda s: do(world, s, EVENTS.RESCHEDULE, opens_at=opens_at))
    assert (type(error), error.code) == (Unprocessable, "opening_not_ahead")


def test_what_has_begun_is_not_put_off(world: World) -> None:
    begins_tomorrow(world)
    error = refused(world.database, lambda s: do(world, s, EVENTS.RESCHEDULE, START + DAY, opens_at=START + 9 * DAY))
    assert (type(error), error.code) == (Conflict, "begun_already")


def test_closing_early_ends_the_window_at_that_instant(world: World) -> None:
    note = done(world, EVENTS.CLOSE, START + DAY)
    assert note.kind is NoteKind.EARLY_CLOSING
    assert (now_is(world).state, now_is(world).closes_at) == (STATES.CLOSED, START + DAY)


def test_closing_what_has_ended_by_itself_tells_the_public_nothing(world: World) -> None:
    planned = now_is(world).closes_at
    assert done(world, EVENTS.CLOSE, planned) is None
    assert (now_is(world).state, now_is(world).closes_at) == (STATES.CLOSED, planned)
    with world.database.reading() as session:
        assert queries.notes(session, now_is(world).id) == []
        assert session.scalars(select(Job.id)).all() == []


def test_a_correction_leaves_the_window_unless_it_touches_the_meaning(world: World) -> None:
    closes_at = now_is(world).closes_at
    late = closes_at - DAY
    second_version(world)
    assert done(world, EVENTS.CORRECT, late).closes_after == closes_at
    second_version(world)
    substantive = done(world, EVENTS.CORRECT, late, substantive=True)
    assert substantive.kind is NoteKind.SUBSTANTIVE_CORRECTION
    assert substantive.closes_after > closes_at + 5 * DAY


def test_a_replacement_restarts_the_window_and_ends_a_suspension(world: World) -> None:
    second_version(world)
    closes_at = now_is(world).closes_at
    done(world, EVENTS.SUSPEND, closes_at - DAY)
    done(world, EVENTS.REPLACE, closes_at + 10 * DAY)
    after = now_is(world)
    assert after.state is STATES.OPENED
    assert after.closes_at >= closes_at + 17 * DAY


@pytest.mark.parametrize("event", [EVENTS.CORRECT, EVENTS.REPLACE])
def test_only_a_later_draft_of_the_same_document_takes_the_place_of_the_present_one(
    world: World, event: ConsultationEvent
) -> None:
    present = now_is(world).version_id
    final = second_version(world, VersionRole.FINAL)
    with world.database.writing() as session:
        other = journey.another_consultation(session, world.staff, slug="second").version_id
    for version_id in (present, final, other, uuid.uuid4()):
        error = refused(world.database, lambda s, v=version_id: do(world, s, event, version_id=v))
        assert (type(error), error.code) == (Unprocessable, "no_later_version")


def test_a_text_once_superseded_does_not_come_back(world: World) -> None:
    first = now_is(world).version_id
    second = second_version(world)
    done(world, EVENTS.CORRECT)
    error = refused(world.database, lambda s: do(world, s, EVENTS.REPLACE, version_id=first))
    assert error.code == "no_later_version"
    with world.database.reading() as session:
        assert queries.versions_put_out(session, row(session)) == [first, second]


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


def arrived(world: World, after: timedelta) -> Phase:
    with world.database.reading() as session:
        return queries.phase_for_receipt(session, row(session), START + after)


@pytest.mark.parametrize(
    ("event", "refusal"),
    [(EVENTS.SUSPEND, Phase.SUSPENDED), (EVENTS.WITHDRAW, Phase.WITHDRAWN), (EVENTS.CLOSE, Phase.CLOSED)],
)
def test_what_arrived_before_a_change_is_taken_and_from_its_instant_on_it_is_not(
    world: World, event: ConsultationEvent, refusal: Phase
) -> None:
    done(world, event, START + DAY)
    assert arrived(world, DAY - MOMENT) is Phase.OPEN
    assert arrived(world, DAY) is refusal
    assert arrived(world, DAY + MOMENT) is refusal


def test_a_suspension_before_the_opening_takes_nothing_in_early(world: World) -> None:
    begins_tomorrow(world)
    done(world, EVENTS.SUSPEND)
    assert arrived(world, -MOMENT) is Phase.COMING
    assert arrived(world, 2 * DAY) is Phase.SUSPENDED


def test_lists_know_what_happened_last_at_the_cost_of_one_query(world: World) -> None:
    done(world, EVENTS.SUSPEND)
    done(world, EVENTS.RESUME, START + DAY)
    with world.database.reading() as session:
        consultation = row(session)
        assert queries.latest_kinds(session, [consultation.id, uuid.uuid4()]) == {consultation.id: NoteKind.RESUMPTION}
        assert [note.kind for note in queries.notes(session, consultation.id)] == [
            NoteKind.RESUMPTION,
            NoteKind.SUSPENSION,
        ]
