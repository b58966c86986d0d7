"""What is kept apart until a person has looked, what authors object to, and what ends at their own request."""

import uuid

import pytest

from app.kit.errors import Conflict, DomainError, InvalidTransition, Unprocessable
from app.permissions import Actor
from app.submissions import actions, display_ending, displayed, objections, queries
from app.submissions.lifecycle import (
    DisplayState,
    EndedClass,
    ObjectionVerdict,
    QuarantineVerdict,
    SubmissionState,
)
from tests.submissions.test_waiting import AD, GUARD, LATER, WHY, put, row, sent, shown
from tests.support import journey
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

# Quarantine


def quarantined(world: World, person: int = 0, comment: str = journey.COMMENT) -> uuid.UUID:
    return sent(world, person, comment, quarantine=frozenset({"too_fast"}))


def states(world: World, submission_id: uuid.UUID) -> tuple[SubmissionState, DisplayState]:
    with world.database.reading() as session:
        submission = queries.get(session, submission_id)
    return submission.state, row(world, submission_id).state


def test_what_is_in_quarantine_is_nowhere_but_there(world: World) -> None:
    submission_id = quarantined(world)
    consultation_id = world.consultation.id
    assert states(world, submission_id) == (SubmissionState.QUARANTINED, DisplayState.WAITING)
    assert shown(world) == set()
    with world.database.reading() as session:
        assert queries.counts(session, [consultation_id]) == {}
        assert queries.clause_counts(session, consultation_id) == {}
        assert not queries.oldest_first(session, SubmissionState.RECEIVED, consultation_id, None, 10).items
        assert queries.newest_of_each_reachable(session, consultation_id, LATER, None, 10)[0] == []
        kept = displayed.quarantine_of(session, [submission_id])[submission_id]
    assert (kept.reasons, kept.verdict) == (["too_fast"], None)
    error = refused(world.database, lambda s: actions.show(s, world.staff.screener, LATER, submission_id))
    assert (type(error), error.code) == (Conflict, "in_quarantine")


@pytest.mark.parametrize(
    ("comment", "display"), [(journey.COMMENT, DisplayState.DISPLAYED), (AD, DisplayState.WAITING)]
)
def test_what_is_released_counts_and_goes_on_through_the_guard(
    world: World, comment: str, display: DisplayState
) -> None:
    submission_id = quarantined(world, comment=comment)
    with world.database.writing() as session:
        actions.release(session, world.staff.screener, LATER, GUARD, submission_id)
    assert states(world, submission_id) == (SubmissionState.RECEIVED, display)
    with world.database.reading() as session:
        assert queries.counts(session, [world.consultation.id]) == {world.consultation.id: 1}
        kept = displayed.quarantine_of(session, [submission_id])[submission_id]
    assert (kept.verdict, kept.decided_by) == (QuarantineVerdict.RELEASED, world.staff.screener.id)
    error = refused(world.database, lambda s: actions.release(s, world.staff.screener, LATER, GUARD, submission_id))
    assert isinstance(error, InvalidTransition)


def test_what_is_discarded_is_kept_and_its_author_may_object_and_be_heard(world: World) -> None:
    submission_id = quarantined(world)
    with world.database.writing() as session:
        actions.discard(session, world.staff.screener, LATER, submission_id, "程序所发。")
    assert states(world, submission_id) == (SubmissionState.DISCARDED, DisplayState.WITHHELD)
    assert row(world, submission_id).taken_down_class is EndedClass.MACHINE_MADE
    with world.database.writing() as session:
        assert queries.get(session, submission_id).comment == journey.COMMENT
        assert displayed.may_object(session, submission_id)
        objections.object_to_take_down(session, LATER, submission_id, "是我本人写的。")
    with world.database.writing() as session:
        verdict = ObjectionVerdict.RESTORED
        actions.answer_objection(session, world.staff.publisher, LATER, GUARD, submission_id, verdict, "已核实。")
    assert states(world, submission_id) == (SubmissionState.RECEIVED, DisplayState.DISPLAYED)


def test_several_in_quarantine_are_judged_together_or_none(world: World) -> None:
    first, second = quarantined(world, 1), quarantined(world, 2, "另一条意见。")
    screener, verdict = world.staff.screener, QuarantineVerdict.DISCARDED
    error = refused(
        world.database, lambda s: actions.judge_together(s, screener, LATER, GUARD, [first, second], verdict)
    )
    assert error.code == "reason_required"
    with world.database.writing() as session:
        assert actions.judge_together(session, screener, LATER, GUARD, [first, second], verdict, "程序所发。") == 2
    assert {states(world, one)[0] for one in (first, second)} == {SubmissionState.DISCARDED}


def test_under_the_screened_regime_a_submission_in_quarantine_has_no_public_form(screened_world: World) -> None:
    submission_id = quarantined(screened_world)
    with screened_world.database.writing() as session:
        assert displayed.displayed(session, submission_id) is None
        actions.discard(session, screened_world.staff.screener, LATER, submission_id, "程序所发。")
        assert displayed.may_object(session, submission_id)
    with screened_world.database.writing() as session:
        actions.release(session, screened_world.staff.screener, LATER, GUARD, submission_id)
        assert queries.get(session, submission_id).state is SubmissionState.RECEIVED


# Objections


def objected(world: World) -> uuid.UUID:
    submission_id = sent(world)
    with world.database.writing() as session:
        actions.take_down(session, world.staff.screener, LATER, submission_id, *WHY)
    with world.database.writing() as session:
        objections.object_to_take_down(session, LATER, submission_id, " 这不是广告。 ")
    return submission_id


def test_an_author_objects_once_and_only_to_what_was_ended(world: World) -> None:
    submission_id, standing = objected(world), sent(world, 5, "另一条。")
    with world.database.reading() as session:
        kept = displayed.objection_of(session, submission_id)
        assert kept is not None
        assert (kept.words, kept.verdict) == ("这不是广告。", None)
        assert displayed.count_open_objections(session, world.consultation.id) == 1
        page = displayed.open_objections(session, world.consultation.id, None, 10)
        assert [one.submission_id for one in page.items] == [submission_id]
    for one in (submission_id, standing):
        error = refused(world.database, lambda s, one=one: objections.object_to_take_down(s, LATER, one, "再说一次。"))
        assert (type(error), error.code) == (Conflict, "no_objection")


@pytest.mark.parametrize(("words", "code"), [(" \n", "objection_required"), ("长" * 1_001, "objection_too_long")])
def test_an_objection_has_words_and_not_too_many(world: World, words: str, code: str) -> None:
    submission_id = sent(world)
    put(world, submission_id, DisplayState.TAKEN_DOWN)
    error = refused(world.database, lambda s: objections.object_to_take_down(s, LATER, submission_id, words))
    assert (type(error), error.code) == (Unprocessable, code)


def test_of_two_objections_at_once_one_is_kept(world: World) -> None:
    submission_id = sent(world)
    put(world, submission_id, DisplayState.TAKEN_DOWN)
    errors = written_at_once(
        world.database,
        [lambda s, n=n: objections.object_to_take_down(s, LATER, submission_id, f"异议{n}") for n in range(2)],
    )
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)


def test_a_second_person_upholds_or_restores_and_answers(world: World) -> None:
    submission_id = objected(world)

    def answered(actor: Actor, answer: str = "核对后恢复。") -> DomainError:
        return refused(
            world.database,
            lambda s: actions.answer_objection(
                s, actor, LATER, GUARD, submission_id, ObjectionVerdict.RESTORED, answer
            ),
        )

    assert answered(world.staff.screener).code == "own_decision"
    assert answered(world.staff.publisher, " ").code == "reason_required"
    with world.database.writing() as session:
        verdict = ObjectionVerdict.RESTORED
        actions.answer_objection(session, world.staff.publisher, LATER, GUARD, submission_id, verdict, "恢复。")
    assert shown(world) == {submission_id}
    assert row(world, submission_id).displayed_at == START
    assert answered(world.staff.publisher).code == "objection_answered"


def test_an_objection_that_is_not_followed_leaves_all_as_it_was(world: World) -> None:
    submission_id = objected(world)
    with world.database.writing() as session:
        verdict = ObjectionVerdict.UPHELD
        actions.answer_objection(session, world.staff.publisher, LATER, GUARD, submission_id, verdict, "维持。")
    assert shown(world) == set()
    with world.database.reading() as session:
        kept = displayed.objection_of(session, submission_id)
        assert kept is not None
        assert (kept.verdict, kept.answer) == (ObjectionVerdict.UPHELD, "维持。")
        assert displayed.count_open_objections(session, world.consultation.id) == 0


# What its author or a person concerned asked


def test_what_is_frozen_is_seen_by_nobody_and_comes_back_as_it_was(world: World) -> None:
    standing, waiting = sent(world), sent(world, 1, AD)
    for verb, expected in ((display_ending.freeze, set()), (display_ending.thaw, {standing})):
        with world.database.writing() as session:
            verb(session, LATER, standing)
            verb(session, LATER, waiting)
        assert shown(world) == expected
    assert row(world, waiting).state is DisplayState.WAITING
    assert row(world, standing).taken_down_at is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DisplayState.DISPLAYED, DisplayState.TAKEN_DOWN),
        (DisplayState.FROZEN, DisplayState.TAKEN_DOWN),
        (DisplayState.WAITING, DisplayState.WITHHELD),
        (DisplayState.WITHHELD, DisplayState.WITHHELD),
        (DisplayState.TAKEN_DOWN, DisplayState.TAKEN_DOWN),
    ],
)
def test_what_its_author_takes_back_is_off_for_good(world: World, before: DisplayState, after: DisplayState) -> None:
    submission_id = sent(world)
    put(world, submission_id, before)
    with world.database.writing() as session:
        display_ending.end(session, LATER, submission_id)
    assert row(world, submission_id).state is after
    if before is not after:
        with world.database.reading() as session:
            assert not displayed.may_object(session, submission_id)


def test_what_has_no_public_form_can_be_ended_and_frozen_without_effect(world: World) -> None:
    with world.database.writing() as session:
        for verb in (display_ending.freeze, display_ending.thaw, display_ending.end):
            verb(session, LATER, uuid.uuid4())
