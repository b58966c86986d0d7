"""What ended after a suggestion was handed over, or before: nothing new is assigned to it, what it holds stays."""

import pytest

from app.assignments import actions as assignments
from app.assignments import queries
from app.assignments.proposals import propose
from app.departments import actions as departments
from app.departments.actions import Ending
from app.departments.queries import assignable
from app.documents.queries import clauses_of
from app.kit.errors import Unprocessable
from tests.support import journey
from tests.support.journey import START, World

ENDED = "natural-resources"


def end(world: World) -> None:
    with world.database.writing() as session:
        departments.retire(session, world.staff.manager, START, ENDED, 1, Ending("机构改革"), ["civil-affairs"])


def test_a_retired_department_keeps_what_it_holds_and_gets_nothing_new(world: World) -> None:
    first = journey.approved_suggestion(world)
    second = journey.approved_suggestion(world, people=(1,))
    with world.database.writing() as session:
        assignments.assign(session, world.staff.approver, START, first, "civil-affairs", [ENDED], {})
    end(world)
    with world.database.writing() as session, pytest.raises(Unprocessable, match="no_such_department"):
        assignments.assign(session, world.staff.approver, START, second, "civil-affairs", [ENDED], {})
    with world.database.reading() as session:
        held = queries.of_suggestions(session, [first, second])
        assert ENDED not in {row.id for row in assignable(session)}
    assert {row.assignment.department_id for row in held[first]} == {"civil-affairs", ENDED}
    assert held[second] == []


def test_a_retired_department_is_shown_and_not_proposed(world: World) -> None:
    end(world)
    with world.database.reading() as session:
        (clause, *_) = [one for one in clauses_of(session, world.consultation.version_id) if one.units]
    rows = propose(clause.units, "civil-affairs", "辽宁省民政厅")
    assert [(row.department_id, row.name, row.why) for row in rows] == [
        ("civil-affairs", "省民政厅", "named_first"),
        (None, "省自然资源厅", "ended"),
    ]
