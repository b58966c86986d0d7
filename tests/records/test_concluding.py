"""A consultation is concluded only when everything is answered; the gate says what is missing."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.effects import NoteKind
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation, ConsultationNote
from app.dispositions import actions as dispositions
from app.dispositions import releasing
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition
from app.kit.errors import Conflict, Unprocessable
from app.records import actions, gate, queries
from app.records.gate import Missing
from app.records.models import ResultReport
from app.records.stages import ConclusionKind, ResultStage
from app.submissions.entering import EnteredSubmission, check_entered
from app.submissions.intake import Concluded, NewSubmission, Origin
from app.submissions.models import Submission
from app.web.staff.entering import new_submission
from tests.support import journey, outcomes
from tests.support.counting import statements
from tests.support.journey import World
from tests.support.racing import written_at_once
from tests.support.refusals import refused


def after(world: World) -> datetime:
    return world.consultation.closes_at


def missing(world: World) -> dict[Missing, int]:
    with world.database.reading() as session:
        row = session.get_one(Consultation, world.consultation.id)
        return {gap.kind: gap.number for gap in gate.gaps(session, row, after(world))}


def conclude(world: World, note: str = "") -> None:
    with world.database.writing() as session:
        actions.conclude(session, world.staff.manager, after(world), world.consultation.id, note)


def report(world: World, stage: ResultStage) -> ResultReport:
    with world.database.reading() as session:
        return queries.reports(session, world.consultation.id)[stage]


def test_the_gate_names_each_step_until_nothing_is_missing(world: World) -> None:
    journey.submit(world, person=1)
    assert missing(world) == {Missing.UNSCREENED: 1}
    suggestion_id = journey.approved_suggestion(world, people=(2,))
    assert missing(world) == {Missing.UNSCREENED: 1, Missing.TO_ASSIGN: 1}
    assignment_id = journey.assigned(world, suggestion_id)
    assert missing(world) == {Missing.UNSCREENED: 1, Missing.UNANSWERED: 1}
    with world.database.reading() as session:
        waiting = gate.unanswered(session, world.consultation.id, None, 10).items
    assert [row.id for row in waiting] == [suggestion_id]
    outcomes.answered_anew(world, next(iter(assignment_id.values())), DispositionKind.ADOPTED, "")
    assert missing(world) == {Missing.UNSCREENED: 1, Missing.TO_CONFIRM: 1}
    outcomes.confirmed(world, suggestion_id)
    assert missing(world) == {Missing.UNSCREENED: 1, Missing.TO_RELEASE: 1}
    release_id = outcomes.prepared(world)
    assert missing(world) == {Missing.UNSCREENED: 1, Missing.IN_RELEASE: 1}
    error = refused(
        world.database,
        lambda s: actions.conclude(s, world.staff.manager, after(world), world.consultation.id, ""),
    )
    assert (type(error), error.code) == (Conflict, "not_all_answered")
    assert error.details["missing"] == "unscreened, in_release"
    with world.database.writing() as session:
        releasing.release_outcomes(session, world.staff.publisher, outcomes.LATER, release_id, 2)
    assert missing(world) == {Missing.UNSCREENED: 1}


def test_before_the_end_of_the_window_nothing_is_concluded_or_reported(world: World) -> None:
    early = journey.START
    with world.database.reading() as session:
        row = session.get_one(Consultation, world.consultation.id)
        assert [gap.kind for gap in gate.gaps(session, row, early)] == [Missing.WINDOW]
    manager, publisher, where = world.staff.manager, world.staff.publisher, world.consultation.id
    shelve = ConclusionKind.SHELVED
    for act in (
        lambda s: actions.publish_intake(s, publisher, early, where, ""),
        lambda s: actions.end_without_outcome(s, manager, early, where, shelve, "暂不出台。"),
    ):
        error = refused(world.database, act)
        assert (type(error), error.code) == (Conflict, "window_open")


def test_the_reports_hold_the_numbers_of_their_moment(world: World) -> None:
    clause = world.clauses[1]
    suggestion_id = journey.approved_suggestion(world, people=(1,), clause=clause)
    outcomes.decided(world, suggestion_id, DispositionKind.PARTLY_ADOPTED, "部分采纳。")
    with world.database.writing() as session:
        actions.publish_intake(session, world.staff.publisher, after(world), world.consultation.id, " 感谢参与。 ")
    intake = report(world, ResultStage.INTAKE)
    assert intake.note == "感谢参与。"
    assert (intake.numbers["received"], intake.numbers["accepted"], intake.numbers["suggestions"]) == (1, 1, 1)
    assert intake.numbers["channels"] == {"web": 1}
    conclude(world, "全部办结。")
    assert report(world, ResultStage.ADOPTION).numbers["outcomes"] == {"partly_adopted": 1}
    with world.database.reading() as session:
        assert queries.stage_of(session, world.consultation.id) == (ResultStage.ADOPTION, ConclusionKind.COMPLETED)
    again = refused(
        world.database,
        lambda s: actions.publish_intake(s, world.staff.publisher, after(world), world.consultation.id, ""),
    )
    assert again.code == "reported_already"


def test_where_nothing_came_the_report_says_so_and_it_can_be_concluded(world: World) -> None:
    conclude(world)
    assert report(world, ResultStage.ADOPTION).numbers["received"] == 0


def test_after_the_conclusion_nothing_is_entered_that_came_in_time(world: World) -> None:
    """It would have no outcome and stand in no number that was made public."""

    def letter(token: str) -> NewSubmission:
        entered = check_entered({"channel": "letter", "day": "2026-05-11T09:40", "comment": "建议延长送餐时间。"}, late)
        assert isinstance(entered, EnteredSubmission)
        return new_submission(
            world.consultation, entered, token, Origin(world.staff.screener, late, entered.missing), None
        )

    late = after(world) + timedelta(days=1)
    conclude(world)
    with pytest.raises(Concluded) as refusal:
        world.intake.store(letter("a" * 48))
    assert refusal.value.phase is Phase.CLOSED
    assert report(world, ResultStage.ADOPTION).numbers["received"] == 0
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 0


def test_of_two_who_conclude_at_once_one_is_refused(world: World) -> None:
    where, manager, at = world.consultation.id, world.staff.manager, after(world)
    errors = written_at_once(world.database, [lambda s: actions.conclude(s, manager, at, where, "")] * 2)
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)


def test_an_answer_that_comes_in_meanwhile_keeps_it_open(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assignment_id = next(iter(journey.assigned(world, suggestion_id).values()))
    where, manager, at = world.consultation.id, world.staff.manager, after(world)

    def answer(session: Session) -> None:
        dispositions.answer(
            session,
            outcomes.program(),
            at,
            assignment_id,
            DispositionKind.ADOPTED,
            "",
            False,
        )

    first, second = written_at_once(world.database, [answer, lambda s: actions.conclude(s, manager, at, where, "")])
    assert first is None
    assert isinstance(second, Conflict)
    with world.database.reading() as session:
        assert session.get(Disposition, suggestion_id) is not None
        assert queries.conclusion(session, where) is None


@pytest.mark.parametrize(
    ("kind", "note"), [(ConclusionKind.TERMINATED, NoteKind.TERMINATION), (ConclusionKind.SHELVED, NoteKind.SHELVING)]
)
def test_it_can_end_without_an_outcome_for_a_public_reason(world: World, kind: ConclusionKind, note: NoteKind) -> None:
    journey.submit(world, person=1)
    where, manager = world.consultation.id, world.staff.manager
    silent = refused(world.database, lambda s: actions.end_without_outcome(s, manager, after(world), where, kind, " "))
    assert (type(silent), silent.code) == (Unprocessable, "reason_required")
    with world.database.writing() as session:
        actions.end_without_outcome(session, manager, after(world), where, kind, "上位法正在修订。")
    with world.database.reading() as session:
        ended = queries.conclusion(session, where)
        told = session.scalars(select(ConsultationNote).where(ConsultationNote.consultation_id == where)).one()
    assert ended is not None
    assert (ended.kind, ended.note) == (kind, "上位法正在修订。")
    assert (told.kind, told.text) == (note, "上位法正在修订。")
    again = refused(
        world.database, lambda s: actions.end_without_outcome(s, manager, after(world), where, kind, "再次。")
    )
    assert again.code == "concluded_already"


def test_the_gate_costs_the_same_for_three_as_for_one(world: World) -> None:
    counted = []
    for people in ((1,), (2, 3)):
        for person in people:
            ready(world, person)
        with world.database.reading() as session, statements(world.database) as sent:
            gate.gaps(session, session.get_one(Consultation, world.consultation.id), after(world))
        counted.append(len(sent))
    assert counted[0] == counted[1]


def ready(world: World, person: int) -> uuid.UUID:
    suggestion_id = journey.approved_suggestion(world, people=(person,))
    outcomes.answered(world, suggestion_id)
    return suggestion_id
