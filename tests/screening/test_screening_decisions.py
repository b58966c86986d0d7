"""A submission is decided on once, by one person, with the reasons that are due."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.kit.errors import Conflict, DomainError, NotFound, Unprocessable
from app.referrals.lifecycle import ReferralClass
from app.screening import queries
from app.screening.lifecycle import UnsuitableClass
from app.submissions.lifecycle import LIFECYCLE, ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from app.submissions.queries import by_number
from tests.support import deciding as actions
from tests.support import journey
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused
from tests.support.steps import walk

DECISIONS = ACCEPT, OUT, DUPLICATE, UNSUITABLE, REFER = (
    ScreeningEvent.ACCEPT,
    ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE,
    ScreeningEvent.CLOSE_AS_DUPLICATE,
    ScreeningEvent.CLOSE_AS_UNSUITABLE,
    ScreeningEvent.REFER,
)
WAY_TO = {after: event for (_, event), after in LIFECYCLE.transitions.items() if event in DECISIONS}
"""The states that a decision leads to; into quarantine and out of it lead other verbs, with tests of their own."""
AUDITED = {
    ACCEPT: "submission.accepted",
    OUT: "submission.out_of_scope",
    DUPLICATE: "submission.duplicate",
    UNSUITABLE: "submission.unsuitable",
    REFER: "submission.referred",
}
Decide = Callable[[Session, ScreeningEvent, uuid.UUID, int], None]


def received(world: World, person: int = 0) -> Submission:
    receipt = journey.submit(world, person=person)
    with world.database.reading() as session:
        found = by_number(session, receipt.number)
    assert found is not None
    return found


@pytest.fixture
def decide(world: World) -> Decide:
    """Does one of the decisions, with all that it needs; a duplicate repeats a submission that came before."""
    original = journey.submit(world, person=9).number
    words: dict[ScreeningEvent, tuple[Callable[..., None], list[Any]]] = {
        ACCEPT: (actions.accept, []),
        OUT: (actions.close_as_out_of_scope, ["请拨打12345热线。"]),
        DUPLICATE: (actions.close_as_duplicate, [original, "内容相同"]),
        UNSUITABLE: (actions.close_as_unsuitable, [UnsuitableClass.ABUSE, "含辱骂内容。"]),
        REFER: (actions.refer, [ReferralClass.PETITION, "要求解决拖欠款项。"]),
    }

    def run(session: Session, event: ScreeningEvent, submission_id: uuid.UUID, revision: int) -> None:
        act, rest = words[event]
        act(session, world.staff.screener, START, submission_id, revision, *rest)

    return run


def _now(session: Session, submission_id: uuid.UUID) -> Submission:
    return session.get_one(Submission, submission_id)


@pytest.mark.parametrize("state", SubmissionState)
def test_each_decision_is_possible_where_the_life_cycle_has_it(
    world: World, decide: Decide, state: SubmissionState
) -> None:
    one = received(world)
    with world.database.writing() as session:
        if state in WAY_TO:
            decide(session, WAY_TO[state], one.id, one.revision)
        else:
            _now(session, one.id).state = state
    walk(
        world.database,
        LIFECYCLE,
        state,
        DECISIONS,
        lambda session, event: decide(session, event, one.id, _now(session, one.id).revision),
        lambda session: _now(session, one.id).state,
    )


@pytest.mark.parametrize("event", DECISIONS)
def test_a_decision_is_recorded_and_audited_with_who_and_when(
    world: World, decide: Decide, event: ScreeningEvent
) -> None:
    one = received(world)
    with world.database.writing() as session:
        decide(session, event, one.id, one.revision)
    with world.database.reading() as session:
        decision = queries.decision_on(session, one.id)
        entries = audit.of_record(session, "submission", one.id)
    assert decision is not None
    assert (decision.decision, decision.decided_by, decision.decided_at) == (event, world.staff.screener.id, START)
    assert (decision.unsuitable_class is not None) == (event is UNSUITABLE)
    assert (decision.duplicate_of_id is not None) == (event is DUPLICATE)
    assert (decision.reason is not None) == (event is not ACCEPT)
    assert [(entry.action, entry.actor_id) for entry in entries][1:] == [(AUDITED[event], world.staff.screener.id)]


@pytest.mark.parametrize("event", DECISIONS)
def test_who_saw_an_older_state_is_refused(world: World, decide: Decide, event: ScreeningEvent) -> None:
    one = received(world)
    error = refused(world.database, lambda session: decide(session, event, one.id, one.revision + 1))
    assert (type(error), error.code) == (Conflict, "changed_meanwhile")


def test_a_submission_that_is_not_there_is_not_found(world: World, decide: Decide) -> None:
    error = refused(world.database, lambda session: decide(session, ACCEPT, uuid.uuid4(), 1))
    assert isinstance(error, NotFound)


@pytest.mark.parametrize("second", [ACCEPT, OUT])
def test_of_two_people_at_once_exactly_one_decides(world: World, decide: Decide, second: ScreeningEvent) -> None:
    one = received(world)
    errors = written_at_once(
        world.database,
        [lambda session, event=event: decide(session, event, one.id, one.revision) for event in (ACCEPT, second)],
    )
    (lost,) = [error for error in errors if error is not None]
    assert (type(lost), str(lost)) == (Conflict, "changed_meanwhile")
    with world.database.reading() as session:
        entries = audit.of_record(session, "submission", one.id)
        state = _now(session, one.id).state
    assert len(entries) == 2
    winner = (ACCEPT, second)[errors.index(None)]
    assert entries[1].action == AUDITED[winner]
    assert state is LIFECYCLE.transitions[SubmissionState.RECEIVED, winner]


@pytest.mark.parametrize("reason", ["", " \n　"])
@pytest.mark.parametrize(
    "close",
    [
        actions.close_as_out_of_scope,
        lambda *given: actions.close_as_unsuitable(*given[:-1], UnsuitableClass.NO_CONTENT, given[-1]),
    ],
    ids=["out of scope", "unsuitable"],
)
def test_closing_owes_a_reason(world: World, close: Callable[..., None], reason: str) -> None:
    one = received(world)
    error = refused(
        world.database, lambda session: close(session, world.staff.screener, START, one.id, one.revision, reason)
    )
    assert (type(error), error.code) == (Unprocessable, "reason_required")


def close_as_duplicate(world: World, one: Submission, number: str) -> Callable[[Session], None]:
    return lambda session: actions.close_as_duplicate(
        session, world.staff.screener, START, one.id, one.revision, number, ""
    )


def test_an_original_is_found_by_its_number_as_a_person_types_it(world: World) -> None:
    original, repetition = received(world, 1), received(world, 2)
    digits = original.receipt_number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    with world.database.writing() as session:
        close_as_duplicate(world, repetition, f"{digits[:4]} {digits[4:]}")(session)
    with world.database.reading() as session:
        decision = queries.decision_on(session, repetition.id)
        assert decision is not None
        assert decision.duplicate_of_id == original.id


def test_a_submission_repeats_neither_itself_nor_one_that_is_not_there(world: World) -> None:
    one = received(world)
    for number in (one.receipt_number, "1234567890123452", ""):
        error = refused(world.database, close_as_duplicate(world, one, number))
        assert (type(error), error.code) == (Unprocessable, "no_such_original")


def test_a_submission_repeats_none_of_another_consultation(world: World) -> None:
    one, elsewhere = received(world, 1), received(world, 2)
    with world.database.writing() as session:
        second = journey.another_consultation(session, world.staff, slug="second")
        session.get_one(Submission, elsewhere.id).consultation_id = second.id
    error = refused(world.database, close_as_duplicate(world, one, elsewhere.receipt_number))
    assert error.code == "no_such_original"


def test_a_repetition_is_nobodys_original(world: World) -> None:
    original, repetition, third = received(world, 1), received(world, 2), received(world, 3)
    with world.database.writing() as session:
        close_as_duplicate(world, repetition, original.receipt_number)(session)
    error = refused(world.database, close_as_duplicate(world, third, repetition.receipt_number))
    assert (type(error), error.code) == (Unprocessable, "original_is_duplicate")


def test_two_people_cannot_make_two_submissions_repeat_each_other(world: World) -> None:
    one, other = received(world, 1), received(world, 2)
    errors = written_at_once(
        world.database,
        [
            close_as_duplicate(world, one, other.receipt_number),
            close_as_duplicate(world, other, one.receipt_number),
        ],
    )
    (lost,) = [error for error in errors if error is not None]
    assert isinstance(lost, DomainError)
    with world.database.reading() as session:
        states = session.scalars(select(Submission.state).where(Submission.id.in_([one.id, other.id]))).all()
    assert sorted(states) == [SubmissionState.DUPLICATE, SubmissionState.RECEIVED]
