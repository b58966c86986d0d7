"""What waits for a person before the public sees it, and what people then decide."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.kit.errors import Conflict, DomainError, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor
from app.submissions import actions, display_ending, displayed, objections, queries
from app.submissions.guarding import Guard
from app.submissions.intake import DirectIntake
from app.submissions.lifecycle import (
    DISPLAY,
    DisplayEvent,
    DisplayState,
    EndedClass,
    HoldReason,
    ObjectionVerdict,
    QuarantineVerdict,
    SubmissionState,
)
from app.submissions.models import DisplayedComment
from tests.support import journey
from tests.support.journey import START, World
from tests.support.racing import at_once, written_at_once
from tests.support.refusals import refused

LATER = START + timedelta(hours=2)
GUARD = Guard()
AD = "无抵押贷款，当天放款，加微信 abc12345"
WHY = (EndedClass.ADVERTISING, "广告。")


def guarded(world: World, guard: Guard) -> World:
    return replace(world, intake=DirectIntake(world.database, world.vault, world.receipts, guard))


def sent(world: World, person: int = 0, comment: str = journey.COMMENT, **given: object) -> uuid.UUID:
    receipt = journey.submit(world, person=person, comment=comment, **given)  # type: ignore[arg-type]
    with world.database.reading() as session:
        found = queries.by_number(session, receipt.number)
        assert found is not None
        return found.id


def row(world: World, submission_id: uuid.UUID) -> DisplayedComment:
    with world.database.reading() as session:
        found = displayed.displayed(session, submission_id)
    assert found is not None
    return found


def shown(world: World) -> set[uuid.UUID]:
    with world.database.reading() as session:
        page = displayed.displayed_page(session, world.consultation.id, limit=100)
    return {item.submission_id for item in page.items}


def put(world: World, submission_id: uuid.UUID, state: DisplayState) -> None:
    """Where a test begins."""
    with world.database.writing() as session:
        found = session.get_one(DisplayedComment, submission_id)
        found.state = state
        found.held_for = [HoldReason.ABUSE.value] if state is DisplayState.WAITING else []


def test_a_comment_with_words_of_the_list_waits_with_its_reason_and_is_a_submission_like_any_other(
    world: World,
) -> None:
    submission_id = sent(world, comment=AD)
    waiting = row(world, submission_id)
    assert (waiting.state, waiting.held_for) == (DisplayState.WAITING, ["advertising"])
    assert shown(world) == set()
    with world.database.reading() as session:
        assert queries.get(session, submission_id).state is SubmissionState.RECEIVED
        assert queries.counts(session, [world.consultation.id]) == {world.consultation.id: 1}
        status = displayed.display_state_of(session, submission_id)
    assert status is not None
    assert (status.state, status.reasons) == (DisplayState.WAITING, (HoldReason.ADVERTISING,))
    assert not status.may_object


def test_only_the_copies_beyond_the_count_wait(world: World) -> None:
    world = guarded(world, Guard(copies_shown=2))
    forms = ("建议增加座位。", "建议增加座位！", "建议，增加座位", "建议 增加座位。")
    ids = [sent(world, person, comment) for person, comment in enumerate(forms)]
    other = sent(world, 9, "建议增加遮阳棚。")
    assert shown(world) == {*ids[:2], other}
    assert [row(world, one).held_for for one in ids[2:]] == [["copies"], ["copies"]]


def test_copies_of_another_consultation_don_t_count(world: World) -> None:
    world = guarded(world, Guard(copies_shown=1))
    sent(world, 1)
    with world.database.writing() as session:
        second = journey.another_consultation(session, world.staff, slug="second")
    elsewhere = sent(replace(world, consultation=second), 1)
    assert row(world, elsewhere).state is DisplayState.DISPLAYED


def test_copies_that_arrive_at_once_exceed_the_count_by_no_more_than_their_number(world: World) -> None:
    world = guarded(world, Guard(copies_shown=2))
    answers = at_once([lambda person=person: journey.submit(world, person=person) for person in range(4)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert 2 <= len(shown(world)) <= 4
    assert row(world, sent(world, 8)).state is DisplayState.WAITING


class _Checker:
    def __init__(self, answer: HoldReason | Exception | None) -> None:
        self._answer = answer

    def check(self, title: str, comment: str) -> HoldReason | None:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize(
    ("answer", "held"),
    [(None, []), (HoldReason.OFF_TOPIC, ["off_topic"]), (RuntimeError("down"), ["checker"])],
)
def test_the_installation_s_own_checker_is_asked_and_its_fault_costs_nobody_a_comment(
    sqlite_world: World, answer: HoldReason | Exception | None, held: list[str]
) -> None:
    world = guarded(sqlite_world, Guard(checker=_Checker(answer)))
    assert row(world, sent(world)).held_for == held


STEPS = {
    DisplayEvent.SHOW: lambda s, w, one: actions.show(s, w.staff.screener, LATER, one),
    DisplayEvent.WITHHOLD: lambda s, w, one: actions.withhold(s, w.staff.screener, LATER, one, *WHY),
    DisplayEvent.TAKE_DOWN: lambda s, w, one: actions.take_down(s, w.staff.screener, LATER, one, *WHY),
    DisplayEvent.RESTORE: lambda s, w, one: actions.restore(s, w.staff.publisher, LATER, one, "误判。"),
}


@pytest.mark.parametrize("state", DisplayState)
@pytest.mark.parametrize("event", STEPS)
def test_each_step_goes_where_the_life_cycle_says_or_is_refused(
    world: World, state: DisplayState, event: DisplayEvent
) -> None:
    submission_id = sent(world)
    put(world, submission_id, state)
    if DISPLAY.allows(state, event):
        with world.database.writing() as session:
            STEPS[event](session, world, submission_id)
        after = row(world, submission_id)
        assert after.state is DISPLAY.after(state, event)
        assert (submission_id in shown(world)) == (after.state is DisplayState.DISPLAYED)
        assert (after.taken_down_class is not None) == (after.state in displayed.OBJECTIONABLE)
    else:
        error = refused(world.database, lambda s: STEPS[event](s, world, submission_id))
        assert isinstance(error, InvalidTransition)


@pytest.mark.parametrize("event", STEPS)
def test_what_has_no_public_form_can_t_be_decided_on(world: World, event: DisplayEvent) -> None:
    error = refused(world.database, lambda s: STEPS[event](s, world, uuid.uuid4()))
    assert (type(error), error.code) == (NotFound, "not_displayed")


@pytest.mark.parametrize("event", [DisplayEvent.WITHHOLD, DisplayEvent.TAKE_DOWN, DisplayEvent.RESTORE])
def test_what_ends_or_mends_a_display_owes_a_reason(world: World, event: DisplayEvent) -> None:
    submission_id = sent(world)
    before = {DisplayEvent.WITHHOLD: DisplayState.WAITING, DisplayEvent.TAKE_DOWN: DisplayState.DISPLAYED}
    put(world, submission_id, before.get(event, DisplayState.TAKEN_DOWN))
    act = {
        DisplayEvent.WITHHOLD: lambda s: actions.withhold(
            s, world.staff.screener, LATER, submission_id, EndedClass.ABUSE, " "
        ),
        DisplayEvent.TAKE_DOWN: lambda s: actions.take_down(
            s, world.staff.screener, LATER, submission_id, EndedClass.ABUSE, " "
        ),
        DisplayEvent.RESTORE: lambda s: actions.restore(s, world.staff.screener, LATER, submission_id, " "),
    }[event]
    error = refused(world.database, act)
    assert (type(error), error.code) == (Unprocessable, "reason_required")


def test_what_waited_is_displayed_as_of_the_decision(world: World) -> None:
    submission_id = sent(world, comment=AD)
    with world.database.writing() as session:
        actions.show(session, world.staff.screener, LATER, submission_id)
        entry = audit.of_record(session, "submission", submission_id)[-1]
    after = row(world, submission_id)
    assert (after.displayed_at, after.held_for) == (LATER, [])
    assert (entry.action, entry.detail) == ("submission.displayed", {"waited_for": ["advertising"]})


def test_of_two_reviewers_at_once_exactly_one_decides(world: World) -> None:
    submission_id = sent(world, comment=AD)
    errors = written_at_once(
        world.database,
        [
            lambda s: actions.show(s, world.staff.screener, LATER, submission_id),
            lambda s: actions.withhold(s, world.staff.publisher, LATER, submission_id, *WHY),
        ],
    )
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    assert (submission_id in shown(world)) == (errors[0] is None)
    with world.database.reading() as session:
        assert len(audit.of_record(session, "submission", submission_id)) == 2


def test_a_child_s_comment_is_never_displayed(world: World) -> None:
    submission_id = sent(world)
    with world.database.writing() as session:
        found = session.get_one(DisplayedComment, submission_id)
        found.state, found.held_for = DisplayState.WAITING, [HoldReason.UNDER_14.value]
    for state, event in ((DisplayState.WAITING, DisplayEvent.SHOW), (DisplayState.WITHHELD, DisplayEvent.RESTORE)):
        with world.database.writing() as session:
            session.get_one(DisplayedComment, submission_id).state = state
        error = refused(world.database, lambda s, event=event: STEPS[event](s, world, submission_id))
        assert (type(error), error.code) == (Conflict, "never_displayed")


def test_several_are_decided_together_or_none(world: World) -> None:
    first, second, other = (sent(world, n, AD + str(n)) for n in range(3))
    with world.database.writing() as session:
        count = actions.decide_together(session, world.staff.screener, LATER, [first, second], DisplayEvent.SHOW)
    assert count == 2
    assert shown(world) == {first, second}

    def both(session: Session) -> None:
        ids = [other, first]
        actions.decide_together(session, world.staff.screener, LATER, ids, DisplayEvent.WITHHOLD, *WHY)

    assert isinstance(refused(world.database, both), InvalidTransition)


def test_all_with_exactly_the_same_words_are_taken_down_together(world: World) -> None:
    ids = [sent(world, n, comment) for n, comment in enumerate(("建议增加座位。", "建议增加座位！", "另一条。"))]
    with world.database.writing() as session:
        count = actions.take_down_copies(session, world.staff.screener, LATER, ids[0], EndedClass.COPY, "内容相同。")
    assert count == 2
    assert shown(world) == {ids[2]}
    assert {row(world, one).taken_down_class for one in ids[:2]} == {EndedClass.COPY}


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
    error = refused(world.database, lambda s: STEPS[DisplayEvent.SHOW](s, world, submission_id))
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
