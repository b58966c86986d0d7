"""What waits for a person before the public sees it, and what people then decide."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.kit.errors import Conflict, InvalidTransition, NotFound, Unprocessable
from app.submissions import actions, displayed, queries
from app.submissions.guarding import Guard
from app.submissions.intake import DirectIntake
from app.submissions.lifecycle import (
    DISPLAY,
    DisplayEvent,
    DisplayState,
    EndedClass,
    HoldReason,
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
