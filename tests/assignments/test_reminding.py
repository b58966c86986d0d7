"""Reminders, chosen days and questions to senders, as the worker and the approver bring them about."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import actions, asking, queries, reminding, supervising, working_time
from app.assignments.ladder import Step, Tone
from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment, AssignmentReminder
from app.audit import queries as audit
from app.calendars.working_days import Calendar
from app.clarifications import asking as relay
from app.clarifications.models import Clarification
from app.departments.models import Department
from app.departments.units import Relationship
from app.events.models import Event
from app.kit.clock import BEIJING
from app.kit.errors import Conflict, Unprocessable
from app.permissions import Actor, ActorKind, of_scopes
from app.submissions.models import Submission
from app.worker import reminding as job
from app.worker.jobs import JOBS, RECURRING
from tests.support import journey
from tests.support.journey import DRAFTING, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

CALENDAR = Calendar()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def program(department: str = DRAFTING) -> Actor:
    return Actor(ActorKind.CLIENT, f"{department}'s program", of_scopes(["assignments:write"]), department)


def due_of(world: World, id: uuid.UUID) -> datetime:
    with world.database.reading() as session:
        due_at = session.get_one(Assignment, id).due_at
    assert due_at is not None
    return due_at


def late(due_at: datetime, days: int) -> datetime:
    """Noon of the nth working day after the last one in time, or of that many before it."""
    last = working_time.due_day(due_at)
    day = CALENDAR.after(last, days).day if days >= 0 else CALENDAR.before(last, -days)
    return datetime.combine(day, datetime.min.time(), BEIJING) + timedelta(hours=12)


def work(world: World, now: datetime) -> None:
    with world.database.writing() as session:
        job.keep(session, now, {})


def sent(world: World, id: uuid.UUID) -> Sequence[tuple[Step, Tone]]:
    with world.database.reading() as session:
        return [(row.step, row.tone) for row in queries.reminders(session, id)]


def ask(session: Session, id: uuid.UUID, at: datetime) -> Clarification:
    return asking.ask_sender(session, program(), at, id, "请问是哪个街道？")


def test_each_step_of_the_ladder_is_taken_once_and_told(world: World) -> None:
    id = journey.assignment(world)
    due_at = due_of(world, id)
    for days in (-4, -3, -3, -1, 0, 1, 1, 3, 5, 7, 20):
        work(world, late(due_at, days))
    assert sent(world, id) == [
        (Step.DUE_IN_3, Tone.REMIND),
        (Step.DUE_TODAY, Tone.REMIND),
        (Step.LATE_1, Tone.URGE),
        (Step.LATE_3, Tone.SUPERVISE),
        (Step.LATE_7, Tone.SUPERVISE),
    ]
    with world.database.reading() as session:
        row = session.get_one(Assignment, id)
        told = session.scalars(select(Event.kind).order_by(Event.happened_at, Event.ordinal)).all()
    assert (row.escalation, row.next_reminder_at) == (2, None)
    assert told[1:] == ["assignment.due_soon"] * 2 + ["assignment.overdue"] * 3


def test_the_worker_looks_every_minute() -> None:
    assert JOBS[job.JOB] is job.keep
    assert RECURRING[job.JOB] <= timedelta(minutes=1)


def test_two_workers_at_once_take_a_step_once(world: World) -> None:
    id = journey.assignment(world)
    now = late(due_of(world, id), 1)
    written_at_once(world.database, [lambda s: reminding.remind_due(s, now), lambda s: reminding.remind_due(s, now)])
    assert [step for step, _ in sent(world, id)] == [Step.LATE_1]


def test_a_body_that_takes_no_instructions_is_asked_and_never_supervised(sqlite_world: World) -> None:
    world = sqlite_world
    with world.database.writing() as session:
        session.get_one(Department, DRAFTING).relationship = Relationship.NOT_SUBORDINATE
    id = journey.assignment(world)
    due_at = due_of(world, id)
    for days in (-3, 0, 1, 3, 7):
        work(world, late(due_at, days))
    assert [step for step, _ in sent(world, id)] == [Step.DUE_IN_3, Step.DUE_TODAY, Step.LATE_1, Step.LATE_7]
    assert {tone for _, tone in sent(world, id)} == {Tone.REQUEST}
    approver = world.staff.approver
    error = refused(world.database, lambda s: supervising.remind(s, approver, late(due_at, 9), id, Tone.SUPERVISE, ""))
    assert (type(error), error.code) == (Unprocessable, "tone_not_possible")
    with world.database.reading() as session:
        assert session.get_one(Assignment, id).escalation == 0


@pytest.mark.parametrize("ending", [AssignmentState.SENT_BACK, AssignmentState.TRANSFERRED, AssignmentState.RECALLED])
def test_nobody_is_reminded_of_what_has_ended(sqlite_world: World, ending: AssignmentState) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    due_at = due_of(world, id)
    with world.database.writing() as session:
        if ending is AssignmentState.SENT_BACK:
            actions.send_back(session, program(), START, id, "不归我们管。", None)
        elif ending is AssignmentState.TRANSFERRED:
            actions.transfer(session, program(), START, id, "finance", "不归我们管。")
        else:
            supervising.recall(session, world.staff.approver, START, id, "交办有误。")
    work(world, late(due_at, 1))
    assert sent(world, id) == []


def test_a_new_last_day_begins_the_ladder_anew(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    now = late(due_of(world, id), 1)
    work(world, now)
    day = CALENDAR.after(now.date(), 5).day
    with world.database.writing() as session:
        supervising.set_due(session, world.staff.approver, now, id, day, "工作需要延期。")
    assert working_time.due_day(due_of(world, id)) == day
    work(world, late(due_of(world, id), 1))
    assert [step for step, _ in sent(world, id)] == [Step.LATE_1, Step.LATE_1]


@pytest.mark.parametrize("days", [-1, 400])
def test_a_last_day_lies_ahead_and_within_a_year(sqlite_world: World, days: int) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    day = (START + days * DAY).date()
    error = refused(
        world.database, lambda s: supervising.set_due(s, world.staff.approver, START, id, day, "工作需要。")
    )
    assert (type(error), error.code) == (Unprocessable, "due_out_of_bounds")


def test_a_reminder_by_hand_goes_out_once_a_day_in_the_tone_that_is_due(sqlite_world: World) -> None:
    world = sqlite_world
    id, approver = journey.assignment(world), world.staff.approver

    def remind(session: Session, at: datetime, tone: Tone) -> AssignmentReminder:
        return supervising.remind(session, approver, at, id, tone, " 请尽快办理。 ")

    assert refused(world.database, lambda s: remind(s, START, Tone.URGE)).code == "tone_not_possible"
    with world.database.writing() as session:
        assert remind(session, START, Tone.REMIND).words == "请尽快办理。"
    assert refused(world.database, lambda s: remind(s, START + HOUR, Tone.REMIND)).code == "reminded_today"
    now = late(due_of(world, id), 2)
    with world.database.writing() as session:
        remind(session, now, Tone.SUPERVISE)
    with world.database.reading() as session:
        assert session.get_one(Assignment, id).escalation == 2
        assert [one.action for one in audit.of_record(session, "assignment", id)] == ["assignment.reminded"] * 2


def test_the_clock_stands_still_while_the_sender_is_asked(world: World) -> None:
    id = journey.assignment(world)
    before, asked_at, answered_at = due_of(world, id), START + DAY, START + 8 * DAY
    with world.database.writing() as session:
        question = ask(session, id, asked_at)
    work(world, late(before, 1))
    assert sent(world, id) == []
    assert refused(world.database, lambda s: ask(s, id, asked_at)).code == "question_open"
    with world.database.writing() as session:
        citizen = Actor(ActorKind.CITIZEN, "receipt", frozenset())
        submission = session.get_one(Submission, question.submission_id)
        relay.answer(session, citizen, answered_at - HOUR, submission, question.id, "在云杉街道。")
    work(world, answered_at + 2 * DAY)
    moved = working_time.moved_on(CALENDAR, before, asked_at, answered_at - HOUR)
    with world.database.reading() as session:
        row = session.get_one(Assignment, id)
        (heard,) = queries.questions(session, id)
        told = set(session.scalars(select(Event.kind)))
    assert (row.due_at, row.runs_out_at, row.question_id) == (moved, moved, None)
    assert row.seconds_stopped == (answered_at - HOUR - asked_at).total_seconds()
    assert heard.answer == "在云杉街道。"
    assert {"clarification.asked", "clarification.answered"} <= told


def test_without_an_answer_the_clock_goes_on_when_the_time_for_it_is_over(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    before = due_of(world, id)
    with world.database.writing() as session:
        question = ask(session, id, START)
    over = question.due_at + 3 * DAY
    with world.database.writing() as session:
        relay.lapse_overdue(session, over)
    work(world, over)
    assert due_of(world, id) == working_time.moved_on(CALENDAR, before, START, question.due_at)
    with world.database.reading() as session:
        assert "clarification.lapsed" in set(session.scalars(select(Event.kind)))


def test_an_answered_assignment_asks_nobody(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    with world.database.writing() as session:
        supervising.recall(session, world.staff.approver, START, id, "交办有误。")
    error = refused(world.database, lambda s: ask(s, id, START))
    assert (type(error), error.code) == (Conflict, "not_open")


def test_progress_is_noted_while_something_is_due(sqlite_world: World) -> None:
    world = sqlite_world
    id = journey.assignment(world)
    with world.database.writing() as session:
        actions.note_progress(session, program(), START, id, " 已会商两次。 ")
    with world.database.reading() as session:
        (note,) = queries.progress_notes(session, id)
    assert note.text == "已会商两次。"
    assert (
        refused(world.database, lambda s: actions.note_progress(s, program(), START, id, " ")).code == "text_required"
    )
    with world.database.writing() as session:
        supervising.recall(session, world.staff.approver, START, id, "交办有误。")
    assert refused(world.database, lambda s: actions.note_progress(s, program(), START, id, "好")).code == "not_open"


def test_a_list_can_be_narrowed_by_day_consultation_and_change(sqlite_world: World) -> None:
    world = sqlite_world
    first = journey.assignment(world)
    second = journey.assignment(world, person=1)
    with world.database.writing() as session:
        supervising.set_due(session, world.staff.approver, START + DAY, second, date(2026, 5, 13), "急办。")
    due_at = due_of(world, second)

    def ids(wanted: queries.Wanted) -> list[uuid.UUID]:
        with world.database.reading() as session:
            return [one.assignment.id for one in queries.inbox(session, DRAFTING, None, None, 10, wanted).items]

    assert ids(queries.Wanted(due_before=due_at + HOUR)) == [second]
    assert ids(queries.Wanted(updated_since=START + HOUR)) == [second]
    assert ids(queries.Wanted(consultation_id=world.consultation.id)) == [first, second]
    assert ids(queries.Wanted(consultation_id=uuid.uuid4())) == []
    assert ids(queries.Wanted(state=AssignmentState.ACKNOWLEDGED)) == []
