"""A share of what is rejected is looked at again, blind: drawn by chance, decided anew, settled by a third person."""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.consultations.arranging import set_second_look_share
from app.kit.errors import Conflict, Forbidden, Unprocessable
from app.permissions import Actor
from app.screening import drawing, second_looks, undoing
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.screening.lifecycle import UnsuitableClass
from app.screening.models import SecondLook
from app.screening.second_look import SecondLookState, is_drawn
from app.screening.second_looks import Opinion, Rate
from app.submissions.lifecycle import ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from tests.support.journey import START, World, submit
from tests.support.racing import at_once

E = ScreeningEvent
LATER = START + timedelta(hours=1)
REJECTED = Decision(E.CLOSE_AS_OUT_OF_SCOPE, "与本稿无关，请拨打12345。")
ABUSIVE = Decision(E.CLOSE_AS_UNSUITABLE, "含辱骂内容。", unsuitable_class=UnsuitableClass.ABUSE)
SAME = Opinion(E.CLOSE_AS_OUT_OF_SCOPE, None, "")
OTHER = Opinion(E.ACCEPT, None, "说的是本稿第二条。")


@pytest.fixture
def every(world: World) -> World:
    """Every rejection is looked at again."""
    with world.database.writing() as session:
        set_second_look_share(session, world.staff.manager, START, world.consultation.id, 100)
    return world


@pytest.fixture
def another(world: World) -> Actor:
    return replace(world.staff.screener, id=str(uuid.UUID(int=77)))


def _rejected(world: World, decision: Decision = REJECTED, person: int = 1) -> uuid.UUID:
    """A submission that the world's screener has decided on; its id."""
    submit(world, person=person)
    with world.database.writing() as session:
        received = select(Submission.id).where(Submission.state == SubmissionState.RECEIVED)
        submission_id = session.scalars(received).one()
        decide(session, world.staff.screener, LATER, submission_id, 1, decision)
    return submission_id


def _only(world: World) -> SecondLook:
    with world.database.reading() as session:
        return session.scalars(select(SecondLook)).one()


def _look(world: World, actor: Actor, opinion: Opinion, revision: int = 1) -> bool:
    with world.database.writing() as session:
        return second_looks.look(session, actor, LATER, _only(world).decision_id, revision, opinion)


def _settle(world: World, actor: Actor, *, upholds: bool, reason: str = "按口径第三条办理。") -> None:
    found = _only(world)
    with world.database.writing() as session:
        second_looks.settle(session, actor, LATER, found.decision_id, found.revision, upholds=upholds, reason=reason)


@given(st.integers(0, 100))
def test_of_a_hundred_numbers_exactly_the_share_is_drawn(percent: int) -> None:
    assert sum(is_drawn(percent, number) for number in range(100)) == percent


def test_whether_a_rejection_is_drawn_hangs_on_the_random_number_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([9, 10])
    asked: list[int] = []

    def next_number(below: int) -> int:
        asked.append(below)
        return next(numbers)

    monkeypatch.setattr(drawing, "randbelow", next_number)
    drawn = [_rejected(world, person=person) for person in (1, 2)]
    assert asked == [100, 100]
    assert _only(world).submission_id == drawn[0], "10 percent where nothing is set: 9 is below, 10 is not"


def test_what_is_accepted_is_never_drawn(every: World) -> None:
    _rejected(every, Decision(E.ACCEPT))
    with every.database.reading() as session:
        assert session.scalars(select(SecondLook)).all() == []


def test_no_share_draws_nothing(world: World) -> None:
    with world.database.writing() as session:
        set_second_look_share(session, world.staff.manager, START, world.consultation.id, 0)
    _rejected(world)
    with world.database.reading() as session:
        assert session.scalars(select(SecondLook)).all() == []


def test_the_same_decision_agrees_and_the_submission_stays(every: World, another: Actor) -> None:
    rejected = _rejected(every)
    assert _look(every, another, SAME) is True
    found = _only(every)
    assert (found.state, found.looked_by) == (SecondLookState.AGREED, another.id)
    with every.database.reading() as session:
        assert session.get_one(Submission, rejected).state is SubmissionState.OUT_OF_SCOPE


def test_another_class_differs(every: World, another: Actor) -> None:
    _rejected(every, ABUSIVE)
    assert _look(every, another, Opinion(E.CLOSE_AS_UNSUITABLE, UnsuitableClass.ADVERTISING, "")) is False


def test_whoever_decided_first_neither_looks_again_nor_settles(every: World, another: Actor) -> None:
    _rejected(every)
    with pytest.raises(Forbidden, match="own_decision"):
        _look(every, every.staff.screener, SAME)
    _look(every, another, OTHER)
    first = replace(every.staff.lead, id=every.staff.screener.id)
    second = replace(every.staff.lead, id=another.id)
    for actor, code in ((first, "own_decision"), (second, "own_second_look")):
        with pytest.raises(Forbidden, match=code):
            _settle(every, actor, upholds=True)


def test_the_list_leaves_out_ones_own(every: World, another: Actor) -> None:
    _rejected(every)
    with every.database.reading() as session:
        listed = [
            second_looks.waiting_for(session, staff_id, None, None, 10).items
            for staff_id in (every.staff.screener.id, another.id)
        ]
    assert [len(rows) for rows in listed] == [0, 1]


def test_a_lead_upholds_the_first_decision(every: World, another: Actor) -> None:
    rejected = _rejected(every)
    _look(every, another, OTHER)
    with pytest.raises(Unprocessable, match="reason_required"):
        _settle(every, every.staff.lead, upholds=True, reason=" ")
    _settle(every, every.staff.lead, upholds=True)
    assert _only(every).state is SecondLookState.UPHELD
    with every.database.reading() as session:
        assert session.get_one(Submission, rejected).state is SubmissionState.OUT_OF_SCOPE


def test_a_lead_reopens_what_was_rejected_wrongly(every: World, another: Actor) -> None:
    rejected = _rejected(every)
    _look(every, another, OTHER)
    _settle(every, every.staff.lead, upholds=False)
    found = _only(every)
    assert (found.state, found.settled_by) == (SecondLookState.REOPENED, every.staff.lead.id)
    with every.database.reading() as session:
        assert session.get_one(Submission, rejected).state is SubmissionState.RECEIVED


def test_an_undone_decision_is_looked_at_by_nobody(every: World, another: Actor) -> None:
    rejected = _rejected(every)
    with every.database.writing() as session:
        undoing.undo(session, every.staff.screener, LATER, rejected, 2)
    assert _only(every).state is SecondLookState.VOID
    with pytest.raises(Conflict):
        _look(every, another, SAME, revision=2)


def test_of_two_who_look_at_once_one_is_told_that_it_changed(every: World, another: Actor) -> None:
    _rejected(every)

    def looks(actor: Actor) -> Callable[[], bool]:
        return lambda: _look(every, actor, SAME)

    answers = at_once([looks(another), looks(every.staff.lead)])
    assert Counter(type(answer) for answer in answers) == {bool: 1, Conflict: 1}


def test_the_rate_is_told_by_kind_and_not_of_fewer_than_five(every: World, another: Actor) -> None:
    for person, opinion in enumerate([SAME, SAME, SAME, OTHER, SAME]):
        _rejected(every, person=person)
        with every.database.writing() as session:
            waiting = second_looks.waiting_for(session, another.id, None, None, 1).items[0]
            second_looks.look(session, another, LATER, waiting.decision_id, 1, opinion)
    _rejected(every, ABUSIVE, person=9)
    with every.database.writing() as session:
        waiting = second_looks.waiting_for(session, another.id, None, None, 1).items[0]
        second_looks.look(session, another, LATER, waiting.decision_id, 1, OTHER)
    with every.database.reading() as session:
        told = second_looks.rates(session, every.consultation.id)
    assert list(told) == [
        Rate(E.CLOSE_AS_OUT_OF_SCOPE, None, 5, 1),
        Rate(E.CLOSE_AS_UNSUITABLE, UnsuitableClass.ABUSE, 1, 1),
    ]
    assert [rate.percent for rate in told] == [20, None]


def test_a_share_is_a_percentage(world: World) -> None:
    for percent in (-1, 101):
        with pytest.raises(Unprocessable, match="percent_out_of_bounds"), world.database.writing() as session:
            set_second_look_share(session, world.staff.manager, START, world.consultation.id, percent)
