"""What a department answers, and what follows from the lead's answer."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.audit import queries as audit
from app.dispositions import actions, queries
from app.dispositions.kinds import DispositionKind, needs_reason
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Answer, Disposition
from app.kit.errors import Conflict, InvalidTransition, Unprocessable
from app.permissions import Actor, ActorKind, of_scopes
from tests.support import journey
from tests.support.journey import DRAFTING, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

ADOPTED, NOT_ADOPTED = DispositionKind.ADOPTED, DispositionKind.NOT_ADOPTED
FINANCE = "finance"
LATER = START + timedelta(days=1)


def answer(
    session: Session,
    assignment_id: uuid.UUID,
    kind: DispositionKind = ADOPTED,
    reason: str = "",
    *,
    draft: bool = False,
    department: str = DRAFTING,
) -> None:
    program = Actor(ActorKind.CLIENT, f"{department}'s program", of_scopes(["assignments:write"]), department)
    actions.answer(session, program, LATER, assignment_id, kind, reason, draft)


@pytest.fixture
def assignment_id(world: World) -> uuid.UUID:
    """The drafting department leads."""
    return journey.assignment(world)


def test_there_are_six_dispositions_and_all_but_adoption_owe_a_reason() -> None:
    assert [kind for kind in DispositionKind if not needs_reason(kind)] == [ADOPTED]
    assert len(DispositionKind) == 6


@pytest.mark.parametrize("kind", DispositionKind)
def test_the_leads_final_answer_waits_for_the_drafting_department_and_closes_the_assignment(
    world: World, assignment_id: uuid.UUID, kind: DispositionKind
) -> None:
    with world.database.writing() as session:
        answer(session, assignment_id, kind, " 已有安排。\n")
    with world.database.reading() as session:
        row = session.get_one(Assignment, assignment_id)
        kept = queries.answers(session, [assignment_id])[assignment_id]
        decided = queries.of_suggestions(session, [row.suggestion_id])[row.suggestion_id]
        entry = audit.of_record(session, "assignment", assignment_id)[-1]
        assert queries.state_counts(session, world.consultation.id)[DispositionState.ANSWERED] == 1
        assert queries.told(session, [row.suggestion_id]) == {}, "nobody is told before its release"
    assert (row.state, row.closed_at) == (AssignmentState.ANSWERED, LATER)
    assert (kept.kind, kept.reason, kept.draft, kept.answered_at) == (kind, "已有安排。", False, LATER)
    made = decided.disposition
    assert (made.kind, made.reason, made.department_id, made.decided_at) == (kind, "已有安排。", DRAFTING, LATER)
    assert decided.department.endswith("民政厅")
    assert (entry.action, entry.detail) == ("assignment.answered", {"disposition": kind.value, "version": 1})


@pytest.mark.parametrize("reason", ["", " 　\n"])
@pytest.mark.parametrize("kind", DispositionKind)
def test_a_final_answer_owes_a_reason_unless_it_adopts(
    world: World, assignment_id: uuid.UUID, kind: DispositionKind, reason: str
) -> None:
    if kind is ADOPTED:
        with world.database.writing() as session:
            answer(session, assignment_id, kind, reason)
        return
    error = refused(world.database, lambda s: answer(s, assignment_id, kind, reason))
    assert (type(error), error.code) == (Unprocessable, "reason_required")


def test_a_reason_has_a_longest_length(world: World, assignment_id: uuid.UUID) -> None:
    longest = "长" * actions.REASON_LIMIT
    for draft in (True, False):
        error = refused(
            world.database, lambda s, draft=draft: answer(s, assignment_id, NOT_ADOPTED, longest + "。", draft=draft)
        )
        assert (type(error), error.code) == (Unprocessable, "reason_too_long")
    with world.database.writing() as session:
        answer(session, assignment_id, NOT_ADOPTED, longest)


def test_a_draft_is_replaced_until_the_final_answer_and_decides_nothing(world: World, assignment_id: uuid.UUID) -> None:
    for kind, reason in ((NOT_ADOPTED, ""), (DispositionKind.NOTED, "拟留作参考。"), (ADOPTED, "")):
        with world.database.writing() as session:
            answer(session, assignment_id, kind, reason, draft=True)
        with world.database.reading() as session:
            kept = session.scalars(select(Answer)).one()
            assert (kept.kind, kept.reason, kept.draft) == (kind, reason, True)
            assert session.get_one(Assignment, assignment_id).state is AssignmentState.DELIVERED
            assert session.scalars(select(Disposition)).all() == []
    with world.database.writing() as session:
        answer(session, assignment_id, NOT_ADOPTED, "经费不足。")
    with world.database.reading() as session:
        kept = session.scalars(select(Answer)).one()
        actions_done = [entry.action for entry in audit.of_record(session, "assignment", assignment_id)]
    assert (kept.kind, kept.reason, kept.draft) == (NOT_ADOPTED, "经费不足。", False)
    assert actions_done == ["assignment.answer_drafted"] * 3 + ["assignment.answered"]


@pytest.mark.parametrize("draft", [True, False])
def test_after_the_final_answer_nothing_is_answered(world: World, assignment_id: uuid.UUID, draft: bool) -> None:
    with world.database.writing() as session:
        answer(session, assignment_id)
    error = refused(world.database, lambda s: answer(s, assignment_id, NOT_ADOPTED, "改主意了。", draft=draft))
    assert isinstance(error, InvalidTransition)


def test_a_draft_sent_at_the_same_moment_does_not_replace_the_final_answer(
    world: World, assignment_id: uuid.UUID
) -> None:
    with world.database.writing() as session:
        answer(session, assignment_id, NOT_ADOPTED, "初稿。", draft=True)
    final, draft = written_at_once(
        world.database,
        [
            lambda s: answer(s, assignment_id, ADOPTED, "定稿。"),
            lambda s: answer(s, assignment_id, NOT_ADOPTED, "又一稿。", draft=True),
        ],
    )
    assert final is None
    assert draft is None or isinstance(draft, Conflict)
    with world.database.reading() as session:
        kept = session.get_one(Answer, assignment_id)
    assert (kept.kind, kept.reason, kept.draft) == (ADOPTED, "定稿。", False)


def test_of_two_final_answers_at_once_exactly_one_decides(world: World, assignment_id: uuid.UUID) -> None:
    reasons = ["第一份。", "第二份。"]
    errors = written_at_once(
        world.database, [lambda s, why=why: answer(s, assignment_id, NOT_ADOPTED, why) for why in reasons]
    )
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    with world.database.reading() as session:
        won = reasons[errors.index(None)]
        assert session.get_one(Answer, assignment_id).reason == won
        assert session.scalars(select(Disposition.reason)).all() == [won]


def test_a_cooperating_answer_is_kept_and_decides_nothing(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, cooperating=(FINANCE,))
    with world.database.writing() as session:
        answer(session, ids[FINANCE], NOT_ADOPTED, "无预算。", department=FINANCE)
    with world.database.reading() as session:
        assert session.get_one(Assignment, ids[FINANCE]).state is AssignmentState.ANSWERED
        assert queries.of_suggestions(session, [suggestion_id]) == {}
        assert queries.answers(session, ids.values())[ids[FINANCE]].reason == "无预算。"
    with world.database.writing() as session:
        answer(session, ids[DRAFTING], ADOPTED)
    with world.database.reading() as session:
        decided = queries.of_suggestions(session, [suggestion_id])[suggestion_id].disposition
    assert (decided.kind, decided.department_id) == (ADOPTED, DRAFTING)


def test_who_answers_after_another_decided_is_told_so(world: World, assignment_id: uuid.UUID) -> None:
    with world.database.writing() as session:
        suggestion_id = session.get_one(Assignment, assignment_id).suggestion_id
        session.add(
            Disposition(suggestion_id=suggestion_id, department_id=FINANCE, kind=ADOPTED, reason="", decided_at=START)
        )
    error = refused(world.database, lambda s: answer(s, assignment_id))
    assert (type(error), error.code) == (Conflict, "decided_already")
