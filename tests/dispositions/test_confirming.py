"""The drafting department's word on an answer: given by its head or recorded by a manager, never by who answered."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.dispositions import actions, queries
from app.dispositions.actions import Letter
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition
from app.kit.errors import Conflict, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from tests.support import journey, outcomes
from tests.support.journey import DRAFTING, World
from tests.support.outcomes import LATER, LETTER
from tests.support.racing import written_at_once
from tests.support.refusals import refused

MARKET = "market-regulation"
NOT_ADOPTED = DispositionKind.NOT_ADOPTED


def head(department: str = DRAFTING, name: str = "head") -> Actor:
    return Actor(ActorKind.STAFF, name, of_roles([Role.OFFICE_HEAD]), department)


def state_of(world: World, suggestion_id: uuid.UUID) -> DispositionState:
    with world.database.reading() as session:
        return session.get_one(Disposition, suggestion_id).state


@pytest.fixture
def answered(world: World) -> uuid.UUID:
    """A suggestion that another department than the drafting one answered finally."""
    suggestion_id = journey.approved_suggestion(world)
    outcomes.answered(world, suggestion_id, NOT_ADOPTED, "经费不足。", MARKET)
    return suggestion_id


def confirm(session: Session, actor: Actor, suggestion_id: uuid.UUID, letter: Letter | None = None) -> None:
    revision = session.get_one(Disposition, suggestion_id).revision
    actions.confirm(session, actor, LATER, suggestion_id, revision, letter)


def test_the_head_of_the_drafting_department_confirms_and_the_assignment_is_confirmed(
    world: World, answered: uuid.UUID
) -> None:
    with world.database.writing() as session:
        confirm(session, head(), answered)
    with world.database.reading() as session:
        row = session.get_one(Disposition, answered)
        assert (row.state, row.confirmed_by, row.confirmed_at) == (DispositionState.CONFIRMED, "head", LATER)
        assert session.get_one(Assignment, row.assignment_id).state is AssignmentState.CONFIRMED
        counts = queries.state_counts(session, world.consultation.id)
    assert {state: n for state, n in counts.items() if n} == {DispositionState.CONFIRMED: 1}


def test_another_departments_head_finds_nothing_to_confirm(world: World, answered: uuid.UUID) -> None:
    assert isinstance(refused(world.database, lambda s: confirm(s, head(MARKET), answered)), NotFound)


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        (None, "confirmation_required"),
        (Letter(" ", LETTER.dated_on, "处长"), "confirmation_required"),
        (Letter("函", LETTER.dated_on, ""), "confirmation_required"),
        (Letter("函", date(2100, 1, 1), "处长"), "confirmation_in_future"),
        (Letter("函" * 201, LETTER.dated_on, "处长"), "confirmation_too_long"),
    ],
)
def test_a_manager_records_the_letter_that_says_so(
    world: World, answered: uuid.UUID, letter: Letter | None, code: str
) -> None:
    manager = world.staff.manager
    error = refused(world.database, lambda s: confirm(s, manager, answered, letter))
    assert (type(error), error.code) == (Unprocessable, code)
    with world.database.writing() as session:
        confirm(session, manager, answered, LETTER)
    with world.database.reading() as session:
        row = session.get_one(Disposition, answered)
        assert (row.letter_number, row.letter_signed_by) == (LETTER.number, LETTER.signed_by)


def test_where_the_drafting_department_answered_a_second_person_confirms(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assignment_id = journey.assigned(world, suggestion_id)[DRAFTING]
    with world.database.writing() as session:
        actions.answer(session, head(), LATER, assignment_id, DispositionKind.ADOPTED, "", False)
    error = refused(world.database, lambda s: confirm(s, head(), suggestion_id))
    assert (type(error), error.code) == (Conflict, "own_answer")
    with world.database.writing() as session:
        confirm(session, head(name="deputy"), suggestion_id)
    assert state_of(world, suggestion_id) is DispositionState.CONFIRMED


def test_what_is_returned_is_answered_anew_and_every_answer_is_kept(world: World, answered: uuid.UUID) -> None:
    with world.database.writing() as session:
        actions.return_answer(session, head(), LATER, answered, 1, "请说明依据。")
    with world.database.reading() as session:
        assignment_id = session.get_one(Disposition, answered).assignment_id
        assert assignment_id is not None
        assert session.get_one(Assignment, assignment_id).state is AssignmentState.IN_PROGRESS
    outcomes.answered_anew(world, assignment_id, DispositionKind.PARTLY_ADOPTED, "依据预算安排。", MARKET)
    with world.database.reading() as session:
        row = session.get_one(Disposition, answered)
        assert (row.state, row.kind) == (DispositionState.ANSWERED, DispositionKind.PARTLY_ADOPTED)
        first, second = queries.versions(session, assignment_id)
    assert (first.number, first.kind, first.reason, first.return_remark) == (
        1,
        NOT_ADOPTED,
        "经费不足。",
        "请说明依据。",
    )
    assert (second.number, second.reason, second.return_remark) == (2, "依据预算安排。", None)


def test_a_return_says_why(world: World, answered: uuid.UUID) -> None:
    error = refused(world.database, lambda s: actions.return_answer(s, head(), LATER, answered, 1, " "))
    assert (type(error), error.code) == (Unprocessable, "remark_required")


def test_confirming_and_returning_at_once_end_as_one_of_them(world: World, answered: uuid.UUID) -> None:
    errors = written_at_once(
        world.database,
        [
            lambda s: actions.confirm(s, head(), LATER, answered, 1),
            lambda s: actions.return_answer(s, head(name="deputy"), LATER, answered, 1, "请补充。"),
        ],
    )
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    won = (DispositionState.CONFIRMED, DispositionState.RETURNED)[errors.index(None)]
    assert state_of(world, answered) is won


def test_what_waits_is_listed_for_the_drafting_department_alone(world: World, answered: uuid.UUID) -> None:
    with world.database.reading() as session:
        (row,) = queries.to_confirm(session, DRAFTING, None, 10).items
        assert (row.disposition.suggestion_id, row.slug) == (answered, world.consultation.slug)
        assert queries.to_confirm(session, MARKET, None, 10).items == []


def test_what_is_not_released_cannot_be_reopened(world: World, answered: uuid.UUID) -> None:
    error = refused(world.database, lambda s: actions.revise(s, head(), LATER, answered, 1, "情况有变。"))
    assert isinstance(error, InvalidTransition)


def test_an_answer_keeps_who_signed_it(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assignment_id = journey.assigned(world, suggestion_id)[DRAFTING]

    def answer(session: Session, signed_on: date) -> None:
        actions.answer(
            session,
            outcomes.program(),
            LATER,
            assignment_id,
            DispositionKind.ADOPTED,
            "",
            False,
            approver=" 处长 ",
            dated_on=signed_on,
            document_number="民函〔2026〕5号",
            citizen_words="已采纳。",
        )

    ahead = refused(world.database, lambda s: answer(s, LATER.date() + timedelta(days=2)))
    assert (type(ahead), ahead.code) == (Unprocessable, "confirmation_in_future")
    with world.database.writing() as session:
        answer(session, LATER.date())
    with world.database.reading() as session:
        (version,) = queries.versions(session, assignment_id)
    kept = (version.approver, version.dated_on, version.document_number, version.citizen_words)
    assert kept == ("处长", LATER.date(), "民函〔2026〕5号", "已采纳。")
