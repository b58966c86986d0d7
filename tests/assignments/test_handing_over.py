"""Handing suggestions over: one lead, a history that stays, and departments that see only their own."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import actions, queries, supervising
from app.assignments.lifecycle import LIFECYCLE, AssignmentEvent, AssignmentRole, AssignmentState
from app.assignments.models import Assignment
from app.audit import queries as audit
from app.departments.directory import Level
from app.departments.models import Department
from app.dispositions import actions as dispositions
from app.dispositions.kinds import DispositionKind
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.paging import read_cursor
from app.permissions import Actor, ActorKind, Role, of_roles, of_scopes
from app.screening.models import Suggestion
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import DRAFTING, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused
from tests.support.steps import walk

E = AssignmentEvent
MARKET, FINANCE = "market-regulation", "finance"
WAY_TO = {
    AssignmentState.DELIVERED: [],
    AssignmentState.ACKNOWLEDGED: [E.ACKNOWLEDGE],
    AssignmentState.IN_PROGRESS: [E.BEGIN],
    AssignmentState.ANSWERED: [E.ANSWER],
    AssignmentState.CONFIRMED: [E.ANSWER, E.CONFIRM],
    AssignmentState.SENT_BACK: [E.SEND_BACK],
    AssignmentState.TRANSFERRED: [E.TRANSFER],
    AssignmentState.RECALLED: [E.RECALL],
}
LATER = START + timedelta(hours=1)


APPROVER = Actor(ActorKind.STAFF, "approver", of_roles([Role.APPROVER]))


def program(department: str = DRAFTING) -> Actor:
    return Actor(ActorKind.CLIENT, f"{department}'s program", of_scopes(["assignments:write"]), department)


def step(session: Session, event: AssignmentEvent, assignment_id: uuid.UUID, department: str = DRAFTING) -> None:
    """As the department does it, the approver, or the area that keeps answers."""
    doer = program(department)

    def row() -> Assignment:
        return session.get_one(Assignment, assignment_id)

    steps: dict[AssignmentEvent, Callable[[], object]] = {
        E.ACKNOWLEDGE: lambda: actions.acknowledge(session, doer, LATER, assignment_id),
        E.BEGIN: lambda: actions.begin(session, doer, LATER, assignment_id),
        E.SEND_BACK: lambda: actions.send_back(session, doer, LATER, assignment_id, "不归我们管。", None),
        E.TRANSFER: lambda: actions.transfer(session, doer, LATER, assignment_id, FINANCE, "由财政部门办理为宜。"),
        E.RECALL: lambda: supervising.recall(session, APPROVER, LATER, assignment_id, "交办有误。"),
        E.ANSWER: lambda: dispositions.answer(
            session, doer, LATER, assignment_id, DispositionKind.ADOPTED, "", draft=False
        ),
        E.CONFIRM: lambda: actions.close_as_confirmed(session, row(), LATER),
        E.RETURN: lambda: actions.reopen_as_returned(session, row(), LATER, "请补充依据。"),
    }
    steps[event]()


def assign(
    world: World, session: Session, suggestion_id: uuid.UUID, lead: str, cooperating: tuple[str, ...] = ()
) -> None:
    actions.assign(session, world.staff.approver, LATER, suggestion_id, lead, cooperating, {lead: "named_first"})


def of(session: Session, suggestion_id: uuid.UUID) -> list[tuple[str, AssignmentRole, AssignmentState]]:
    rows = queries.of_suggestions(session, [suggestion_id])[suggestion_id]
    return [(row.assignment.department_id, row.assignment.role, row.assignment.state) for row in rows]


@pytest.mark.parametrize("state", AssignmentState)
def test_each_step_is_possible_where_the_life_cycle_has_it(world: World, state: AssignmentState) -> None:
    assignment_id = journey.assignment(world)
    for event in WAY_TO[state]:
        with world.database.writing() as session:
            step(session, event, assignment_id)
    walk(
        world.database,
        LIFECYCLE,
        state,
        AssignmentEvent,
        lambda session, event: step(session, event, assignment_id),
        lambda session: session.get_one(Assignment, assignment_id).state,
    )


EITHER = [(E.ANSWER, E.SEND_BACK), (E.ANSWER, E.ANSWER), (E.TRANSFER, E.TRANSFER), (E.ANSWER, E.RECALL)]
IN_A_ROW = [(E.ACKNOWLEDGE, E.SEND_BACK), (E.ACKNOWLEDGE, E.RECALL)]
"""An acknowledged assignment may still be sent back or recalled: one after the other, both are right."""


@pytest.mark.parametrize("events", [*EITHER, *IN_A_ROW])
def test_of_two_steps_at_once_exactly_one_is_taken(world: World, events: tuple[AssignmentEvent, ...]) -> None:
    assignment_id = journey.assignment(world)
    errors = written_at_once(world.database, [lambda s, event=event: step(s, event, assignment_id) for event in events])
    kept = [event for event, error in zip(events, errors, strict=True) if error is None]
    assert all(isinstance(error, Conflict) for error in errors if error)
    assert len(kept) == 1 or events in IN_A_ROW
    with world.database.reading() as session:
        row = session.get_one(Assignment, assignment_id)
        assert row.state is LIFECYCLE.transitions[AssignmentState.DELIVERED, kept[-1]]
        assert len(audit.of_record(session, "assignment", assignment_id)) == len(kept)


def test_the_departments_get_it_in_their_roles_with_the_reason(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world, clause=world.clauses[1])
    with world.database.writing() as session:
        assign(world, session, suggestion_id, DRAFTING, (FINANCE, MARKET, FINANCE, DRAFTING))
    with world.database.reading() as session:
        assert of(session, suggestion_id)[0] == (DRAFTING, AssignmentRole.LEAD, AssignmentState.DELIVERED)
        assert {row[0] for row in of(session, suggestion_id)[1:]} == {FINANCE, MARKET}
        rows = {row.department_id: row for row in session.scalars(select(Assignment))}
        assert session.get_one(Suggestion, suggestion_id).handed_over_at == LATER
        entry = audit.of_record(session, "suggestion", suggestion_id)[-1]
    assert (rows[DRAFTING].why, rows[FINANCE].why) == ("named_first", "chosen_by_approver")
    assert all((row.assigned_by, row.assigned_at) == (world.staff.approver.id, LATER) for row in rows.values())
    assert (entry.action, entry.detail["lead"]) == ("suggestion.assigned", DRAFTING)
    assert entry.detail["cooperating"] == sorted([FINANCE, MARKET])


def test_only_an_approved_suggestion_is_handed_over(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    with world.database.writing() as session:
        session.get_one(Suggestion, suggestion_id).state = type(
            session.get_one(Suggestion, suggestion_id).state
        ).EDITING
    error = refused(world.database, lambda s: assign(world, s, suggestion_id, DRAFTING))
    assert (type(error), error.code) == (Conflict, "not_approved")
    error = refused(world.database, lambda s: assign(world, s, uuid.uuid4(), DRAFTING))
    assert isinstance(error, NotFound)


@pytest.mark.parametrize("state", [AssignmentState.DELIVERED, AssignmentState.ACKNOWLEDGED, AssignmentState.ANSWERED])
def test_a_suggestion_has_one_lead(world: World, state: AssignmentState) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assignment_id = journey.assigned(world, suggestion_id)[DRAFTING]
    for event in WAY_TO[state]:
        with world.database.writing() as session:
            step(session, event, assignment_id)
    for lead in (MARKET, DRAFTING):
        error = refused(world.database, lambda s, lead=lead: assign(world, s, suggestion_id, lead))
        assert (type(error), error.code) == (Conflict, "has_lead_already")


def test_of_two_approvers_at_once_exactly_one_hands_it_over(world: World) -> None:
    suggestion_id, leads = journey.approved_suggestion(world), [DRAFTING, MARKET]
    errors = written_at_once(
        world.database, [lambda s, lead=lead: assign(world, s, suggestion_id, lead) for lead in leads]
    )
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    with world.database.reading() as session:
        assert [row[0] for row in of(session, suggestion_id)] == [leads[errors.index(None)]]


def standing_scope(session: Session) -> str:
    return session.scalars(select(Department.id).where(Department.level == Level.STANDING_SCOPE)).first() or ""


@pytest.mark.parametrize("place", ["lead", "cooperating", "suggested when sent back"])
@pytest.mark.parametrize("kind", ["unknown", "standing"])
def test_an_unknown_and_a_standing_department_are_refused(world: World, place: str, kind: str) -> None:
    with world.database.reading() as session:
        wrong = "no-such-department" if kind == "unknown" else standing_scope(session)
    assert wrong
    assignment_id, suggestion_id = journey.assignment(world), journey.approved_suggestion(world, people=(1,))
    acts: dict[str, Callable[[Session], object]] = {
        "lead": lambda s: assign(world, s, suggestion_id, wrong),
        "cooperating": lambda s: assign(world, s, suggestion_id, DRAFTING, (wrong,)),
        "suggested when sent back": lambda s: actions.send_back(
            s, program(), LATER, assignment_id, "不归我们管。", wrong
        ),
    }
    error = refused(world.database, acts[place])
    assert (type(error), error.code, error.details) == (Unprocessable, "no_such_department", {"department": wrong})


def test_what_the_lead_sent_back_waits_for_another_and_keeps_its_history(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=(FINANCE,))
    with world.database.writing() as session:
        step(session, E.ACKNOWLEDGE, ids[FINANCE], FINANCE)
        actions.send_back(session, program(), LATER, ids[DRAFTING], " 由市场监管部门负责。 ", MARKET)
    with world.database.reading() as session:
        assert [row.id for row in queries.without_lead(session, None, None, 10).items] == [suggestion_id]
        assert queries.count_without_lead(session, world.consultation.id) == 1
        sent_back = session.get_one(Assignment, ids[DRAFTING])
        assert (sent_back.send_back_reason, sent_back.suggested_department_id) == ("由市场监管部门负责。", MARKET)
    with world.database.writing() as session:
        assign(world, session, suggestion_id, MARKET)
    with world.database.reading() as session:
        assert not queries.without_lead(session, None, None, 10).items
        assert queries.count_without_lead(session, None) == 0
        assert sorted(of(session, suggestion_id)) == sorted(
            [
                (DRAFTING, AssignmentRole.LEAD, AssignmentState.SENT_BACK),
                (FINANCE, AssignmentRole.COOPERATING, AssignmentState.ACKNOWLEDGED),
                (MARKET, AssignmentRole.LEAD, AssignmentState.DELIVERED),
            ]
        )


def test_a_department_that_sent_it_back_can_be_given_it_again(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    first = journey.assigned(world, suggestion_id)[DRAFTING]
    with world.database.writing() as session:
        step(session, E.SEND_BACK, first)
    with world.database.writing() as session:
        assign(world, session, suggestion_id, DRAFTING)
    with world.database.reading() as session:
        states = [row[2] for row in of(session, suggestion_id)]
    assert sorted(states) == [AssignmentState.DELIVERED, AssignmentState.SENT_BACK]


def test_a_cooperating_department_that_sends_it_back_leaves_the_lead(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=(FINANCE,))
    with world.database.writing() as session:
        step(session, E.SEND_BACK, ids[FINANCE], FINANCE)
    with world.database.reading() as session:
        assert queries.count_without_lead(session, None) == 0


def test_a_cooperating_department_may_take_the_lead_over_with_what_it_holds(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=(FINANCE,))
    with world.database.writing() as session:
        step(session, E.SEND_BACK, ids[DRAFTING])
    with world.database.writing() as session:
        assign(world, session, suggestion_id, FINANCE)
    with world.database.reading() as session:
        held = session.get_one(Assignment, ids[FINANCE])
        assert (held.role, held.state) == (AssignmentRole.LEAD, AssignmentState.DELIVERED)
        assert queries.count_without_lead(session, None) == 0


def test_a_cooperating_department_that_has_answered_can_not_lead_any_more(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=(FINANCE,))
    with world.database.writing() as session:
        step(session, E.SEND_BACK, ids[DRAFTING])
        step(session, E.ANSWER, ids[FINANCE], FINANCE)
    error = refused(world.database, lambda s: assign(world, s, suggestion_id, FINANCE))
    assert (type(error), error.code) == (Conflict, "answered_already")


def test_another_departments_assignment_is_as_if_it_were_not_there(world: World) -> None:
    assignment_id = journey.assignment(world)
    nobodys = Actor(ActorKind.CLIENT, "x", of_scopes(["assignments:write"]), None)
    missing = refused(world.database, lambda s: step(s, E.ACKNOWLEDGE, uuid.uuid4()))
    for event in (E.ACKNOWLEDGE, E.BEGIN, E.SEND_BACK, E.TRANSFER, E.ANSWER):
        error = refused(world.database, lambda s, event=event: step(s, event, assignment_id, MARKET))
        assert (type(error), error.code, error.details) == (NotFound, missing.code, missing.details)
    error = refused(world.database, lambda s: actions.acknowledge(s, nobodys, LATER, assignment_id))
    assert (type(error), error.code) == (NotFound, missing.code)
    with world.database.reading() as session:
        with pytest.raises(NotFound):
            queries.one(session, MARKET, assignment_id)
        assert queries.one(session, DRAFTING, assignment_id).assignment.id == assignment_id
        assert not queries.inbox(session, MARKET, None, None, 10).items


@pytest.mark.parametrize(
    ("reason", "code"),
    [("", "reason_required"), (" 　\n", "reason_required"), ("长" * (actions.REASON_LIMIT + 1), "reason_too_long")],
)
def test_sending_back_owes_a_reason(world: World, reason: str, code: str) -> None:
    assignment_id = journey.assignment(world)
    error = refused(world.database, lambda s: actions.send_back(s, program(), LATER, assignment_id, reason, None))
    assert (type(error), error.code) == (Unprocessable, code)


def test_the_steps_are_dated_and_an_answer_counts_as_acknowledging(world: World) -> None:
    acknowledged, answered = (journey.assignment(world, person=person) for person in (1, 2))
    with world.database.writing() as session:
        step(session, E.ACKNOWLEDGE, acknowledged)
        step(session, E.ANSWER, answered)
    with world.database.reading() as session:
        first, second = (session.get_one(Assignment, one) for one in (acknowledged, answered))
        assert (first.acknowledged_at, first.closed_at) == (LATER, None)
        assert (second.acknowledged_at, second.closed_at) == (LATER, LATER)


def test_what_waits_for_a_lead_is_paged_oldest_first_without_gap_or_repeat(world: World) -> None:
    ids = []
    for person in range(5):
        suggestion_id = journey.approved_suggestion(world, people=(person,), at=START + timedelta(minutes=person // 2))
        with world.database.writing() as session:
            assign(world, session, suggestion_id, DRAFTING)
            session.flush()
            step(
                session,
                E.SEND_BACK,
                session.scalars(select(Assignment.id).where(Assignment.suggestion_id == suggestion_id)).one(),
            )
        ids.append(suggestion_id)
    seen, cursor = [], None
    for _ in range(3):
        with world.database.reading() as session:
            page = queries.without_lead(session, world.consultation.id, read_cursor(cursor), 2)
        seen += [row.id for row in page.items]
        cursor = page.next_cursor
    assert cursor is None
    assert sorted(seen) == sorted(ids)
    assert [ids.index(one) // 2 for one in seen] == [0, 0, 1, 1, 2]


def test_lists_cost_as_many_queries_for_three_as_for_one(world: World) -> None:
    counted = []
    for more in ([1], [2, 3]):
        ids = [journey.approved_suggestion(world, people=(person,)) for person in more]
        for suggestion_id in ids:
            journey.assigned(world, suggestion_id, cooperating=(FINANCE,))
        with world.database.reading() as session, statements(world.database) as sent:
            queries.inbox(session, FINANCE, AssignmentState.DELIVERED, None, 10)
            queries.of_suggestions(session, ids)
        counted.append(len(sent))
    assert counted == [2, 2]
