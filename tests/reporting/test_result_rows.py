"""One row for each suggestion, with what became of it and from what it was gathered."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.dispositions import actions as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition
from app.reporting import result_rows
from app.reporting.result_rows import ResultRow
from app.screening import editing, regrouping
from app.screening.models import Suggestion
from app.screening.passages import sentences
from app.submissions.models import Submission, SubmitterIdentity
from app.submissions.organisation import SubmitterKind
from app.submissions.submitter import Organisation
from tests.support import deciding, journey, outcomes
from tests.support.counting import statements
from tests.support.journey import COMMENT, START, World

COMPANY = "测试助餐服务有限公司"


def rows(world: World, *, released_only: bool = False, named: bool = True) -> list[ResultRow]:
    with world.database.reading() as session:
        vault = world.vault if named else None
        return list(result_rows.result_rows(session, world.consultation.id, released_only=released_only, vault=vault))


def gathered(world: World, submission_id: uuid.UUID, text: str) -> tuple[uuid.UUID, int]:
    """A suggestion that is being edited: its id and revision."""
    with world.database.writing() as session:
        wording = editing.Wording(text, "助餐服务", None)
        made = editing.gather(session, world.staff.editor, START, submission_id, sentences(COMMENT), wording)
        session.flush()
        return made.id, made.revision


def add(world: World, suggestion_id: uuid.UUID, submission_id: uuid.UUID) -> None:
    with world.database.writing() as session:
        editing.gather_into(session, world.staff.editor, START, submission_id, sentences(COMMENT), suggestion_id)


def of_organisation(world: World) -> uuid.UUID:
    """An accepted submission of one."""
    who = replace(journey.identity(9), id_number=None, organisation=Organisation(COMPANY, "91210000MA0000000X"))
    number = journey.submit(world, who=who).number
    with world.database.writing() as session:
        row = session.scalars(select(Submission).where(Submission.receipt_number == number)).one()
        row.submitter_kind = SubmitterKind.ORGANISATION
        session.flush()
        deciding.accept(session, world.staff.screener, START, row.id, row.revision)
        return row.id


def revision(world: World, suggestion_id: uuid.UUID) -> int:
    with world.database.reading() as session:
        return session.get_one(Suggestion, suggestion_id).revision


def merged(world: World, kept: uuid.UUID, other: uuid.UUID) -> None:
    with world.database.writing() as session:
        pair = [(one, revision(world, one)) for one in (kept, other)]
        regrouping.merge(session, world.staff.editor, START, *pair)


def test_rows_stand_in_the_order_of_the_draft_and_general_ones_last(world: World) -> None:
    general = journey.approved_suggestion(world, text="总体意见。", people=(1,))
    late = journey.approved_suggestion(world, text="后一条。", people=(2,), clause=world.clauses[3])
    early = journey.approved_suggestion(world, text="前一条。", people=(3,), clause=world.clauses[1])
    found = rows(world)
    assert [(row.number, row.suggestion_id) for row in found] == [(1, early), (2, late), (3, general)]
    clause = world.clauses[1]
    assert (found[0].clause_label, found[0].clause_number) == (clause.label, clause.number)
    assert (found[0].clause_heading, found[0].clause_text) == (clause.heading, clause.text)
    assert (found[2].clause_label, found[2].clause_text) == ("", "")
    assert (found[0].theme, found[0].text, found[0].disposition, found[0].department) == (
        "助餐服务",
        "前一条。",
        None,
        "",
    )


def test_what_was_merged_is_counted_where_it_went_and_is_no_row(world: World) -> None:
    first, second, third = (
        gathered(world, journey.accepted_submission(world, person=person), f"第{person}条。")[0] for person in (1, 2, 3)
    )
    merged(world, second, third)
    merged(world, first, second)
    (row,) = rows(world)
    assert (row.suggestion_id, row.merged, row.submissions, row.persons) == (first, 2, 3, 3)


def test_only_masked_names_and_organisations_in_the_order_of_arrival(world: World) -> None:
    suggestion_id, _revision = gathered(world, of_organisation(world), "一条。")
    for person in (2, 1, 2):
        add(world, suggestion_id, journey.accepted_submission(world, person=person, at=START + timedelta(hours=1)))
    (row,) = rows(world)
    assert (row.submissions, row.persons) == (4, 2)
    assert row.organisations == (COMPANY,)
    assert row.proposers == (COMPANY, "测*丙", "测*乙")
    (unnamed,) = rows(world, named=False)
    assert (unnamed.proposers, unnamed.organisations, unnamed.persons) == ((), (), 2)


def test_who_was_erased_is_counted_and_not_named(world: World) -> None:
    journey.approved_suggestion(world, people=(1, 2))
    with world.database.writing() as session:
        sealed = session.scalars(select(SubmitterIdentity)).first()
        assert sealed is not None
        world.vault.erase(session, sealed)
    (row,) = rows(world)
    assert (row.submissions, row.persons, len(row.proposers)) == (2, 2, 1)


def test_the_condition_decides_who_is_named(world: World) -> None:
    journey.approved_suggestion(world, people=(1,))
    with world.database.reading() as session:
        where, nobody = world.consultation.id, Submission.title == "另一标题"
        (row,) = result_rows.result_rows(session, where, released_only=False, vault=world.vault, named=nobody)
    assert row.proposers == ()


def test_what_is_confirmed_and_what_was_told(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assignment_id = outcomes.answered(world, suggestion_id, DispositionKind.NOTED, "留作参考。", words="谢谢。")
    assert rows(world)[0].disposition is None
    assert rows(world)[0].department == "辽宁省民政厅"
    outcomes.confirmed(world, suggestion_id)
    (confirmed,) = rows(world)
    assert (confirmed.disposition, confirmed.reason, confirmed.words) == (DispositionKind.NOTED, "留作参考。", "谢谢。")
    assert rows(world, released_only=True) == []
    outcomes.released(world)
    (told,) = rows(world, released_only=True)
    assert (told.disposition, told.reason, told.words) == (DispositionKind.NOTED, "留作参考。", "谢谢。")
    with world.database.writing() as session:
        current = session.get_one(Disposition, suggestion_id).revision
        dispositions.revise(session, world.staff.manager, outcomes.LATER, suggestion_id, current, "再研究。")
    outcomes.answered_anew(world, assignment_id, DispositionKind.ADOPTED, "")
    assert [rows(world)[0], *rows(world, released_only=True)] == [told, told]


def test_leads_and_those_who_cooperate(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    journey.assigned(world, suggestion_id, cooperating=("finance",))
    (row,) = rows(world)
    assert (row.department, row.cooperating) == ("辽宁省民政厅", ("辽宁省财政厅",))


def test_each_chunk_costs_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_rows, "ROWS_AT_ONCE", 3)
    counted = []
    for people in ((1,), (2, 3), (4, 5, 6)):
        for person in people:
            journey.approved_suggestion(world, people=(person,))
        with statements(world.database) as sent:
            rows(world)
        counted.append(len(sent))
    first, three, six = counted
    assert (three, len(rows(world))) == (first, 6)
    per_chunk = six - first
    assert 0 < per_chunk <= 9
