"""Passing on, adding, recalling: what each does to the suggestion and to everybody's time."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import actions, queries, supervising, working_time
from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.assignments.models import Assignment
from app.assignments.moving import Due
from app.counters.ledger import Cell
from app.desk import mending
from app.dispositions import actions as dispositions
from app.dispositions.kinds import DispositionKind
from app.events.models import Event
from app.kit.errors import Conflict, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Permission, of_scopes
from app.screening.lifecycle import SuggestionStage
from app.screening.models import Suggestion
from tests.support import journey
from tests.support.journey import DRAFTING, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

MARKET, FINANCE, HEALTH = "market-regulation", "finance", "health"
LATER = START + timedelta(days=3)
S = AssignmentState


def program(department: str = DRAFTING) -> Actor:
    return Actor(ActorKind.CLIENT, f"{department}'s program", of_scopes(["assignments:write"]), department)


def transfer(session: Session, id: uuid.UUID, of: str, to: str, at: datetime = LATER) -> uuid.UUID:
    return actions.transfer(session, program(of), at, id, to, "职责不在我厅。").id


def answer(session: Session, id: uuid.UUID, of: str) -> None:
    dispositions.answer(session, program(of), LATER, id, DispositionKind.ADOPTED, "", draft=False)


def row(session: Session, id: uuid.UUID) -> Assignment:
    return session.get_one(Assignment, id)


def kinds(session: Session, department: str) -> Sequence[str]:
    told = select(Event.kind).where(Event.department_id == department).order_by(Event.happened_at, Event.ordinal)
    return session.scalars(told).all()


def stage(session: Session, suggestion_id: uuid.UUID) -> SuggestionStage | None:
    return session.scalar(select(Suggestion.stage).where(Suggestion.id == suggestion_id))


def wrongly_counted(session: Session) -> set[Cell]:
    return {cell for cell in mending.count_differences(session) if cell[0] == "assignments"}


def test_the_receiver_of_a_transfer_has_one_of_its_own_with_time_of_its_own(world: World) -> None:
    id = journey.assignment(world)
    with world.database.writing() as session:
        received = transfer(session, id, DRAFTING, FINANCE)
    with world.database.reading() as session:
        old, new = row(session, id), row(session, received)
        assert (old.state, old.transferred_to, old.closed_at, old.runs_out_at) == (S.TRANSFERRED, FINANCE, LATER, None)
        assert (new.state, new.role, new.came_from_id) == (S.DELIVERED, AssignmentRole.LEAD, id)
        assert old.due_at is not None
        assert new.due_at is not None
        assert new.due_at > old.due_at
        assert stage(session, old.suggestion_id) is SuggestionStage.HANDED_OVER
        assert kinds(session, DRAFTING) == ["assignment.delivered", "assignment.transferred"]
        assert kinds(session, FINANCE) == ["assignment.delivered"]
        assert wrongly_counted(session) == set()


def test_nothing_is_passed_on_in_a_circle(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    with world.database.writing() as session:
        received = transfer(session, id, DRAFTING, FINANCE)
    for to in (DRAFTING, FINANCE):
        error = refused(world.database, lambda s, to=to: transfer(s, received, FINANCE, to))
        assert (type(error), error.code) == (Conflict, "had_it_before")


def test_nobody_is_handed_what_it_sent_back_or_what_was_taken_from_it(sqlite_world: World) -> None:
    world = sqlite_world
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=[FINANCE, MARKET])
    with world.database.writing() as session:
        actions.send_back(session, program(FINANCE), LATER, ids[FINANCE], "不归我们管。", None)
        supervising.recall(session, world.staff.approver, LATER, ids[MARKET], "交办有误。")
    for to in (FINANCE, MARKET):
        error = refused(world.database, lambda s, to=to: transfer(s, ids[DRAFTING], DRAFTING, to))
        assert error.code == "had_it_before"


def test_after_three_transfers_the_approver_decides(sqlite_world: World) -> None:
    world = sqlite_world
    id, holder = journey.assignment(world), DRAFTING
    for to in (FINANCE, MARKET, HEALTH):
        with world.database.writing() as session:
            id, holder = transfer(session, id, holder, to), to
    error = refused(world.database, lambda s: transfer(s, id, HEALTH, "natural-resources"))
    assert (type(error), error.code) == (Conflict, "passed_on_too_often")


def test_a_cooperating_department_takes_the_lead_over_and_no_more(sqlite_world: World) -> None:
    world = sqlite_world
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=[FINANCE, MARKET])
    error = refused(world.database, lambda s: transfer(s, ids[FINANCE], FINANCE, MARKET))
    assert error.code == "has_it_already"
    with world.database.writing() as session:
        assert transfer(session, ids[DRAFTING], DRAFTING, FINANCE) == ids[FINANCE]
    with world.database.reading() as session:
        assert row(session, ids[FINANCE]).role is AssignmentRole.LEAD
        assert stage(session, suggestion_id) is SuggestionStage.HANDED_OVER


@pytest.mark.parametrize(
    ("reason", "to", "code"),
    [(" ", FINANCE, "reason_required"), ("长" * 1001, FINANCE, "reason_too_long"), ("好", "x", "no_such_department")],
)
def test_a_transfer_needs_a_reason_and_a_department(sqlite_world: World, reason: str, to: str, code: str) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    error = refused(world.database, lambda s: actions.transfer(s, program(), LATER, id, to, reason))
    assert (type(error), error.code) == (Unprocessable, code)


def test_of_two_transfers_at_once_one_is_done_and_one_department_leads(world: World) -> None:
    id = journey.assignment(world)
    targets = (FINANCE, MARKET)
    errors = written_at_once(world.database, [lambda s, to=to: transfer(s, id, DRAFTING, to) for to in targets])
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    with world.database.reading() as session:
        holders = [one.department_id for one in session.scalars(select(Assignment)) if one.state is S.DELIVERED]
    assert holders == [targets[errors.index(None)]]


def test_a_recall_of_the_lead_and_a_transfer_at_once_leave_no_two_leads(world: World) -> None:
    id = journey.assignment(world)
    approver = world.staff.approver
    written_at_once(
        world.database,
        [
            lambda s: supervising.recall(s, approver, LATER, id, "交办有误。"),
            lambda s: transfer(s, id, DRAFTING, FINANCE),
        ],
    )
    with world.database.reading() as session:
        ended = row(session, id).state
        leads = [one for one in session.scalars(select(Assignment)) if one.state is S.DELIVERED]
    assert (ended, len(leads)) in [(S.RECALLED, 0), (S.TRANSFERRED, 1)]


def test_while_nobody_leads_the_others_clocks_stand_still(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=[FINANCE])
    with world.database.reading() as session:
        before = row(session, ids[FINANCE]).due_at
    with world.database.writing() as session:
        actions.send_back(session, program(), LATER, ids[DRAFTING], "不归我们管。", None)
    with world.database.reading() as session:
        waiting = row(session, ids[FINANCE])
        assert (waiting.clock_stopped_at, waiting.runs_out_at, waiting.due_at) == (LATER, None, before)
        assert stage(session, suggestion_id) is SuggestionStage.SENT_BACK
    later = LATER + timedelta(days=7)
    with world.database.writing() as session:
        actions.assign(session, world.staff.approver, later, suggestion_id, MARKET, [], {})
    with world.database.reading() as session:
        again = row(session, ids[FINANCE])
        assert again.clock_stopped_at is None
        assert again.due_at is not None
        assert before is not None
        assert again.due_at == again.runs_out_at > before
        assert again.seconds_stopped == timedelta(days=7).total_seconds()
        assert wrongly_counted(session) == set()


def test_a_department_that_sends_back_suggests_another(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    error = refused(world.database, lambda s: actions.send_back(s, program(), LATER, id, "不归我们管。", DRAFTING))
    assert (type(error), error.code) == (Unprocessable, "suggests_itself")


def test_one_more_department_is_asked_while_the_lead_has_not_answered(sqlite_world: World) -> None:
    world = sqlite_world
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id)
    approver = world.staff.approver

    def add(session: Session, department: str) -> Assignment:
        return supervising.add_cooperating(session, approver, LATER, suggestion_id, department, "chosen_by_approver")

    with world.database.writing() as session:
        made = add(session, FINANCE)
        assert (made.role, made.state) == (AssignmentRole.COOPERATING, S.DELIVERED)
    with world.database.reading() as session:
        assert "assignment.cooperating_added" in kinds(session, DRAFTING)
    assert refused(world.database, lambda s: add(s, FINANCE)).code == "has_it_already"
    with world.database.writing() as session:
        answer(session, ids[DRAFTING], DRAFTING)
    assert refused(world.database, lambda s: add(s, MARKET)).code == "lead_has_answered"


def test_nobody_cooperates_with_no_lead(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    with world.database.writing() as session:
        suggestion_id = supervising.recall(session, world.staff.approver, LATER, id, "交办有误。").suggestion_id
    error = refused(
        world.database,
        lambda s: supervising.add_cooperating(s, world.staff.approver, LATER, suggestion_id, FINANCE, "x"),
    )
    assert (type(error), error.code) == (Conflict, "has_no_lead")


def test_what_is_answered_is_not_recalled(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    with world.database.writing() as session:
        answer(session, id, DRAFTING)
    error = refused(world.database, lambda s: supervising.recall(s, world.staff.approver, LATER, id, "交办有误。"))
    assert isinstance(error, InvalidTransition)


def test_with_the_leads_confirmation_the_others_end(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=[FINANCE, MARKET])
    with world.database.writing() as session:
        answer(session, ids[FINANCE], FINANCE)
        answer(session, ids[DRAFTING], DRAFTING)
    with world.database.reading() as session:
        assert row(session, ids[MARKET]).state is S.DELIVERED  # it may still add its opinion
    with world.database.writing() as session:
        actions.close_as_confirmed(session, row(session, ids[DRAFTING]), LATER)
    with world.database.reading() as session:
        assert [row(session, ids[one]).state for one in (DRAFTING, FINANCE)] == [S.CONFIRMED, S.CONFIRMED]
        asked_no_longer = row(session, ids[MARKET])
        assert (asked_no_longer.state, asked_no_longer.recall_reason) == (S.RECALLED, None)
        assert stage(session, suggestion_id) is SuggestionStage.HANDED_OVER
        assert wrongly_counted(session) == set()


def test_a_returned_answer_leaves_at_least_three_working_days(world: World) -> None:
    id = journey.assignment(world)
    returned = START + timedelta(days=60)
    with world.database.writing() as session:
        answer(session, id, DRAFTING)
    with world.database.writing() as session:
        actions.reopen_as_returned(session, row(session, id), returned, "请补充依据。")
    with world.database.reading() as session:
        again, calendar = row(session, id), working_time.Calendar()
        assert (again.state, again.return_remark, again.closed_at) == (S.IN_PROGRESS, "请补充依据。", None)
        assert again.runs_out_at is not None
        assert again.runs_out_at >= working_time.due_after(calendar, returned, working_time.RETURN_DAYS)


def test_the_approver_chooses_another_last_day_on_assigning(sqlite_world: World) -> None:
    world = sqlite_world
    suggestion_id = journey.approved_suggestion(world)
    due = Due((START + timedelta(days=30)).date(), "暑期前须报省政府。")
    with world.database.writing() as session:
        actions.assign(session, world.staff.approver, START, suggestion_id, DRAFTING, [FINANCE], {}, due)
    with world.database.reading() as session:
        for one in queries.of_suggestions(session, [suggestion_id])[suggestion_id]:
            assert one.assignment.due_at is not None
            assert working_time.due_day(one.assignment.due_at) == due.day
            assert one.assignment.due_reason == due.reason


def test_a_consultations_own_terms_hold_for_what_is_handed_over_later(sqlite_world: World) -> None:
    world = sqlite_world
    first = journey.assignment(world)
    with world.database.writing() as session:
        supervising.set_terms(session, world.staff.manager, START, world.consultation.id, 5, 2)
    second = journey.assignment(world, person=1)
    with world.database.reading() as session:
        dues = [row(session, id).due_at for id in (first, second)]
        assert queries.terms(session, world.consultation.id) == (5, 2)
    assert dues == [working_time.due_after(working_time.Calendar(), START, days) for days in (10, 5)]
    for lead, cooperating in ((0, 5), (5, 61)):
        error = refused(
            world.database,
            lambda s, days=(lead, cooperating): supervising.set_terms(
                s, world.staff.manager, START, world.consultation.id, *days
            ),
        )
        assert error.code == "term_out_of_bounds"


def test_a_supervisor_of_one_consultation_touches_no_other(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    permission = Permission.SUPERVISE_ASSIGNMENTS
    foreign = Actor(ActorKind.STAFF, "x", frozenset({permission}), limits={permission: frozenset({uuid.uuid4()})})
    error = refused(world.database, lambda s: supervising.recall(s, foreign, LATER, id, "交办有误。"))
    assert isinstance(error, NotFound)
