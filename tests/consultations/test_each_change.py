"""What each change after the opening does to the window and the text, and where it is refused."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.consultations import queries
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import ConsultationEvent, Phase
from app.documents.models import VersionRole
from app.jobs.models import Job
from app.kit.clock import end_of_beijing_day
from app.kit.errors import Conflict, Unprocessable
from tests.consultations.changes import (
    DAY,
    EVENTS,
    MOMENT,
    STATES,
    begins_tomorrow,
    do,
    done,
    now_is,
    row,
    second_version,
)
from tests.support import journey
from tests.support.journey import START, World
from tests.support.refusals import refused


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
def test_a_restarted_window_isnt_shorter_any_more_and_the_reason_for_it_goes(
    world: World, event: ConsultationEvent
) -> None:
    second_version(world)
    with world.database.writing() as session:
        row(session).short_window_reason = "情况紧急。"
    done(world, EVENTS.EXTEND)
    assert now_is(world).short_window_reason == "情况紧急。"
    done(world, event, **({"substantive": True} if event is EVENTS.CORRECT else {}))
    assert now_is(world).short_window_reason is None


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
