"""An office's lists and what it sets up, on both stores."""

from datetime import timedelta

import pytest

from app.assignments import actions as assignments
from app.dispositions.kinds import DispositionKind
from app.kit.errors import Conflict, Forbidden, NotFound
from app.kit.paging import read_cursor
from app.offices import actions, answering, inbox, queries
from app.offices.actions import Wording
from app.offices.checking import Said
from app.offices.inbox import Sought, View
from app.permissions import Role
from tests.support import journey
from tests.support.journey import DRAFTING, START, World

LATER = START + timedelta(hours=1)
SAID = Said(DispositionKind.ADOPTED, "", "", "", None, "")


def listed(world: World, view: View, days: int = 0) -> int:
    """How many a view lists, so many days later; its count says the same."""
    now = START + timedelta(days=days)
    sought = Sought(view, now, now + timedelta(days=4))
    with world.database.reading() as session:
        found = inbox.items(session, DRAFTING, sought, None, 10).items
        assert inbox.counts(session, DRAFTING, now, sought.soon).of[view] == len(found)
    return len(found)


def test_each_view_lists_and_counts_what_it_is_named_for(world: World) -> None:
    first, second, third = (journey.assignment(world, person=number) for number in range(3))
    officer = world.staff.officer
    with world.database.writing() as session:
        assignments.acknowledge(session, officer, LATER, second)
        answering.answer(session, world.staff.office_head, LATER, third, SAID, False, 1)
    assert [listed(world, view) for view in (View.OPEN, View.WAITING, View.IN_HAND, View.ANSWERED)] == [2, 1, 1, 1]
    assert (listed(world, View.DUE_SOON), listed(world, View.OVERDUE)) == (0, 0)
    assert listed(world, View.OVERDUE, days=60) == 2
    with world.database.reading() as session:
        sought = Sought(View.OPEN, START, START)
        page = inbox.items(session, DRAFTING, sought, None, 1)
        rest = inbox.items(session, DRAFTING, sought, read_cursor(page.next_cursor), 1)
        assert {item.held.assignment.id for item in (*page.items, *rest.items)} == {first, second}
        assert len(inbox.for_workbook(session, DRAFTING, sought, 10)) == 2
        assert inbox.items(session, "health", sought, None, 10).items == []


def test_an_answer_for_an_earlier_edition_is_refused(world: World) -> None:
    id, officer = journey.assignment(world), world.staff.officer
    with world.database.writing() as session:
        assignments.note_progress(session, officer, LATER, id, "已请后勤处核实。")
        answering.answer(session, officer, LATER, id, SAID, True, 1)
    with world.database.writing() as session, pytest.raises(Conflict, match="changed_meanwhile"):
        answering.answer(session, officer, LATER, id, SAID, True, 1)
    with world.database.writing() as session, pytest.raises(Forbidden):
        answering.answer(session, officer, LATER, id, SAID, False, 3)


def test_templates_and_workbooks_are_the_departments_and_the_senders_own(world: World) -> None:
    officer, head = world.staff.officer, world.staff.office_head
    with world.database.writing() as session:
        other = journey.colleague(session, "other", Role.OFFICE_HEAD, "health")
        wording = Wording("采纳", DispositionKind.ADOPTED, "已写入。", "")
        template = actions.keep_template(session, officer, START, wording)
        workbook = actions.keep_workbook(session, officer, START, [])
        actions.set_two_step(session, head, START, True)
    with world.database.reading() as session:
        assert (queries.is_two_step(session, DRAFTING), queries.is_two_step(session, "health")) == (True, False)
        assert [row.id for row in queries.templates(session, DRAFTING)] == [template]
        for stranger in (other, head):
            with pytest.raises(NotFound):
                actions.own_workbook(session, stranger, START, workbook)
        with pytest.raises(NotFound):
            actions.own_template(session, other, template)
        with pytest.raises(NotFound):
            actions.own_workbook(session, officer, START + timedelta(days=2), workbook)
    with world.database.writing() as session:
        actions.finish_workbook(session, officer, LATER, workbook, 0)
    with world.database.writing() as session, pytest.raises(Conflict, match="workbook_finished"):
        actions.finish_workbook(session, officer, LATER, workbook, 0)
