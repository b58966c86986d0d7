"""The switch to 先审后发 and the guard's words hold for the very next comment, in every process."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.consultations import queries as consultations
from app.kit.database import Database
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.submissions import displayed, queries, switching
from app.submissions.guarding import Guard, rules, starter_words
from app.submissions.intake import DirectIntake
from app.submissions.lifecycle import DisplayState, HoldReason
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused


def state_of(world: World, person: int, comment: str = journey.COMMENT) -> tuple[DisplayState, list[str]]:
    """Of a comment that is sent now."""
    receipt = journey.submit(world, person=person, comment=comment, at=START + timedelta(seconds=person))
    with world.database.reading() as session:
        found = queries.by_number(session, receipt.number)
        assert found is not None
        row = displayed.displayed(session, found.id)
    assert row is not None
    return row.state, row.held_for


def switch(world: World, on: bool, whole: bool, session: Session) -> None:
    if whole:
        switching.switch_column(session, world.staff.screener, START, on, "夜间无人值守。")
    else:
        switching.switch_consultation(session, world.staff.screener, START, world.consultation.id, on, "夜间无人值守。")


WAITS = (DisplayState.WAITING, ["reviewed_first"])
SHOWN = (DisplayState.DISPLAYED, [])


@pytest.mark.parametrize("whole", [True, False])
def test_what_arrives_waits_from_the_switch_on_and_nothing_that_stands_is_touched(world: World, whole: bool) -> None:
    assert state_of(world, 1) == SHOWN
    with world.database.writing() as session:
        switch(world, True, whole, session)
    assert state_of(world, 2) == WAITS
    with world.database.reading() as session:
        assert displayed.display_counts(session, world.consultation.id) == {
            DisplayState.DISPLAYED: 1,
            DisplayState.WAITING: 1,
        }
    with world.database.writing() as session:
        switch(world, False, whole, session)
    assert state_of(world, 3) == SHOWN
    with world.database.reading() as session:
        counts = displayed.display_counts(session, world.consultation.id)
        assert displayed.waiting_in(session, [world.consultation.id, uuid.uuid4()]) == {world.consultation.id: 1}
        assert displayed.waiting_in(session, []) == {}
    assert counts == {DisplayState.DISPLAYED: 2, DisplayState.WAITING: 1}


def test_more_than_are_counted_are_one_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(displayed, "COUNTED", 2)
    for person, number in ((1, 1), (2, 2), (3, 3), (4, 3)):
        assert state_of(world, person) == SHOWN
        with world.database.reading() as session:
            assert displayed.display_counts(session, world.consultation.id) == {DisplayState.DISPLAYED: number}


def test_the_switch_of_one_consultation_leaves_the_others(world: World) -> None:
    with world.database.writing() as session:
        second = journey.another_consultation(session, world.staff, slug="second")
        switch(world, True, False, session)
        assert consultations.display_terms(session, world.consultation.id).reviews_first
    assert state_of(replace(world, consultation=second), 1) == SHOWN
    assert state_of(world, 2) == WAITS


@pytest.mark.parametrize("whole", [True, False])
def test_a_switch_is_on_record_owes_a_reason_and_is_thrown_once(world: World, whole: bool) -> None:
    error = refused(world.database, lambda s: switch(world, False, whole, s))
    assert (type(error), error.code) == (Conflict, "switched_already")
    with world.database.writing() as session:
        switch(world, True, whole, session)
    record = ("column", "display") if whole else ("consultation", world.consultation.id)
    with world.database.reading() as session:
        entry = audit.of_record(session, *record)[-1]
    assert (entry.action, entry.actor_id) == ("display.reviewed_first", world.staff.screener.id)
    assert entry.detail == {"reason": "夜间无人值守。"}


def test_a_switch_without_a_reason_or_a_consultation_is_refused(world: World) -> None:
    publisher = world.staff.publisher
    error = refused(world.database, lambda s: switching.switch_column(s, publisher, START, True, " "))
    assert (type(error), error.code) == (Unprocessable, "reason_required")
    own = world.consultation.id
    error = refused(world.database, lambda s: switching.switch_consultation(s, publisher, START, own, True, ""))
    assert (type(error), error.code) == (Unprocessable, "reason_required")
    unknown = uuid.uuid4()
    error = refused(world.database, lambda s: switching.switch_consultation(s, publisher, START, unknown, True, "因"))
    assert (type(error), error.code) == (NotFound, "no_such_consultation")


@pytest.mark.parametrize("whole", [True, False])
def test_of_two_people_who_switch_at_once_one_does(world: World, whole: bool) -> None:
    errors = written_at_once(world.database, [lambda s: switch(world, True, whole, s)] * 2)
    assert sum(error is None for error in errors) == 1
    assert isinstance(next(error for error in errors if error), Conflict)
    assert state_of(world, 1) == WAITS


def other_process(world: World) -> World:
    """The same store through connections, intake and guard of its own."""
    database = Database(world.database.engine.url.render_as_string(hide_password=False))
    return replace(world, database=database, intake=DirectIntake(database, world.vault, world.receipts, Guard()))


def test_switch_and_words_hold_at_once_in_another_process(world: World) -> None:
    """Nothing of them is kept in a process: five seconds are promised, none are needed."""
    other = other_process(world)
    assert state_of(other, 1) == SHOWN
    with world.database.writing() as session:
        switch(world, True, True, session)
    assert state_of(other, 2) == WAITS
    with world.database.writing() as session:
        switch(world, False, True, session)
        manager = world.staff.manager
        switching.add_guard_word(session, manager, START, "一周菜单", HoldReason.OFF_TOPIC, "试验")
    assert state_of(other, 3) == (DisplayState.WAITING, ["off_topic"])
    with world.database.writing() as session:
        switching.remove_guard_word(session, manager, START, "一周菜单")
    assert state_of(other, 4) == SHOWN
    other.database.close()


def test_a_word_of_the_starter_list_is_struck_and_put_back(world: World) -> None:
    manager, word = world.staff.manager, "傻逼"
    assert word in starter_words()
    assert state_of(world, 1, "真是傻逼") == (DisplayState.WAITING, ["abuse"])
    with world.database.writing() as session:
        switching.remove_guard_word(session, manager, START, word)
    assert state_of(world, 2, "真是傻逼") == SHOWN
    error = refused(world.database, lambda s: switching.remove_guard_word(s, manager, START, word))
    assert (type(error), error.code) == (NotFound, "no_such_guard_word")
    with world.database.writing() as session:
        switching.add_guard_word(session, manager, START, word, HoldReason.ABUSE, "")
    assert state_of(world, 3, "真是傻逼") == (DisplayState.WAITING, ["abuse"])


@pytest.mark.parametrize(
    ("word", "reason", "remark", "code"),
    [
        ("", HoldReason.ABUSE, "", "guard_word_form"),
        ("甲", HoldReason.ABUSE, "", "guard_word_form"),
        ("长词" * 16, HoldReason.ABUSE, "", "guard_word_form"),
        ("甲乙\n丙", HoldReason.ABUSE, "", "guard_word_form"),
        ("甲乙", HoldReason.COPIES, "", "guard_remark_too_long"),
        ("甲乙", HoldReason.ABUSE, "长" * 201, "guard_remark_too_long"),
    ],
)
def test_what_is_no_word_is_refused(sqlite_world: World, word: str, reason: HoldReason, remark: str, code: str) -> None:
    manager = sqlite_world.staff.manager
    error = refused(sqlite_world.database, lambda s: switching.add_guard_word(s, manager, START, word, reason, remark))
    assert (type(error), error.code) == (Unprocessable, code)


def test_the_rules_of_the_moment_cost_one_query(world: World) -> None:

    with world.database.reading() as session, statements(world.database) as sent:
        rules(session, world.consultation.id)
    assert len(sent) == 1
