"""A question reaches the sender and the answer joins the comment, without either side learning of the other."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.clarifications import actions, asking, queries
from app.clarifications.asking import Asker
from app.clarifications.lifecycle import LIFECYCLE, AskerKind, ClarificationEvent, ClarificationState
from app.clarifications.models import Clarification
from app.consultations.models import Consultation
from app.deliveries.models import Delivery
from app.kit.errors import Conflict, DomainError
from app.screening.lifecycle import UnsuitableClass
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission, SubmitterIdentity
from app.worker.housekeeping import lapse_questions
from tests.permissions.rights_acts import CITIZEN
from tests.support import deciding, journey
from tests.support.journey import COMMENT, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused
from tests.support.steps import walk

WEEK = timedelta(days=7)
DUE = START + WEEK
QUESTION = "请问您说的是第三条还是第四条？"


def sent(world: World, person: int = 0) -> uuid.UUID:
    receipt = journey.submit(world, person=person)
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found is not None
    return found.id


def ask(world: World, id: uuid.UUID, words: str = QUESTION, within: timedelta = WEEK) -> Callable[[Session], object]:
    asker = Asker(AskerKind.DESK, world.staff.screener.id)
    return lambda session: actions.ask(session, world.staff.screener, START, id, asker, words, within)


def asked(world: World, id: uuid.UUID, words: str = QUESTION) -> uuid.UUID:
    with world.database.writing() as session:
        ask(world, id, words)(session)
    with world.database.reading() as session:
        return queries.of_submission(session, id)[-1].id


def answer(id: uuid.UUID, words: str = "第四条。", at: datetime = START) -> Callable[[Session], object]:
    def act(session: Session) -> object:
        about = submissions.get(session, queries.get(session, id).submission_id)
        return asking.answer(session, CITIZEN, at, about, id, words)

    return act


def now(session: Session, id: uuid.UUID) -> Clarification:
    return session.get_one(Clarification, id)


def settle(world: World, id: uuid.UUID) -> Callable[[Session], object]:
    return lambda session: actions.settle(session, world.staff.screener, START, id, now(session, id).revision)


def drop(world: World, id: uuid.UUID) -> Callable[[Session], object]:
    return lambda session: actions.drop(session, world.staff.screener, START, id, now(session, id).revision, "已明确。")


def kept(world: World, id: uuid.UUID) -> Clarification:
    with world.database.reading() as session:
        return now(session, id)


def do(world: World, act: Callable[[Session], object]) -> None:
    with world.database.writing() as session:
        act(session)


@pytest.mark.parametrize("state", ClarificationState)
def test_each_step_is_possible_where_the_life_cycle_has_it(world: World, state: ClarificationState) -> None:
    id = asked(world, sent(world))
    with world.database.writing() as session:
        now(session, id).state = state
    acts = {
        ClarificationEvent.SETTLE: settle(world, id),
        ClarificationEvent.DROP: drop(world, id),
    }
    walk(
        world.database,
        LIFECYCLE,
        state,
        list(acts),
        lambda session, event: acts[event](session),
        lambda session: now(session, id).state,
    )


@pytest.mark.parametrize("state", [state for state in ClarificationState if state is not ClarificationState.ASKED])
def test_only_a_question_that_waits_can_be_answered(sqlite_world: World, state: ClarificationState) -> None:
    id = asked(sqlite_world, sent(sqlite_world))
    with sqlite_world.database.writing() as session:
        now(session, id).state = state
    assert refused(sqlite_world.database, answer(id)).code == "question_over"


def test_the_answer_joins_the_comment_which_stays_as_it_was(world: World) -> None:
    submission = sent(world)
    id = asked(world, submission)
    do(world, answer(id))
    with world.database.reading() as session:
        found = submissions.get(session, submission)
        assert found.comment == COMMENT
        assert [one.answer for one in queries.supplements(session, [submission])[submission]] == ["第四条。"]
        last = audit.of_record(session, "submission", submission)[-1]
    assert kept(world, id).state is ClarificationState.ANSWERED
    assert (last.action, last.detail) == ("clarification.answered", {"clarification": str(id)})


def test_neither_side_learns_how_to_reach_the_other(world: World) -> None:
    id = asked(world, sent(world), "请致电 13812345678 说明。")
    do(world, answer(id, "我的邮箱是 someone@example.cn，电话13987654321。"))
    row = kept(world, id)
    for hidden in ("13812345678", "13987654321", "someone@example.cn"):
        assert hidden not in f"{row.question}{row.answer}"
    assert "请致电" in row.question


def test_the_sender_is_told_that_there_is_a_question_and_not_which(world: World) -> None:
    submission = sent(world)
    id = asked(world, submission)
    with world.database.reading() as session:
        (owed,) = session.scalars(select(Delivery)).all()
    assert (owed.template, owed.recipient_id) == ("clarification_asked", str(submission))
    assert owed.detail == {"clarification_id": str(id)}


def test_without_an_address_it_still_can_be_answered(world: World) -> None:
    submission = sent(world)
    with world.database.writing() as session:
        session.get_one(SubmitterIdentity, submission).email = None
    id = asked(world, submission)
    with world.database.reading() as session:
        assert session.scalars(select(Delivery)).all() == []
    do(world, answer(id))


def test_its_time_counts_whether_or_not_comments_are_taken_and_ends_to_the_instant(world: World) -> None:
    id = asked(world, sent(world))
    with world.database.writing() as session:
        row = session.get_one(Consultation, world.consultation.id)
        row.closes_at = START + timedelta(hours=1)
    assert refused(world.database, answer(id, at=DUE)).code == "question_over"
    do(world, answer(id, at=DUE - timedelta(seconds=1)))


def test_what_nobody_answered_in_time_comes_back_to_who_asked(world: World) -> None:
    late, other = asked(world, sent(world, 1)), asked(world, sent(world, 2))
    do(world, answer(other))
    do(world, lambda session: lapse_questions(session, DUE - timedelta(seconds=1), {}))
    assert kept(world, late).state is ClarificationState.ASKED
    do(world, lambda session: lapse_questions(session, DUE, {}))
    with world.database.reading() as session:
        found = queries.of_asker(session, AskerKind.DESK, world.staff.screener.id, ClarificationState.LAPSED, None, 10)
        counts = queries.counts_of_asker(session, AskerKind.DESK, world.staff.screener.id)
    assert [one.id for one in found.items] == [late]
    assert counts == {ClarificationState.LAPSED: 1, ClarificationState.ANSWERED: 1}


@pytest.mark.parametrize(
    ("words", "within", "code"),
    [
        (" ", WEEK, "question_required"),
        ("问" * 501, WEEK, "words_too_long"),
        (QUESTION, timedelta(hours=23), "time_out_of_bounds"),
        (QUESTION, timedelta(days=61), "time_out_of_bounds"),
    ],
)
def test_what_is_no_question_is_refused(sqlite_world: World, words: str, within: timedelta, code: str) -> None:
    world = sqlite_world
    assert refused(world.database, ask(world, sent(world), words, within)).code == code


@pytest.mark.parametrize(("words", "code"), [(" \n", "answer_required"), ("答" * 2001, "words_too_long")])
def test_what_is_no_answer_is_refused(sqlite_world: World, words: str, code: str) -> None:
    id = asked(sqlite_world, sent(sqlite_world))
    assert refused(sqlite_world.database, answer(id, words)).code == code


def test_one_question_waits_at_a_time(world: World) -> None:
    submission = sent(world)
    first = asked(world, submission)
    assert refused(world.database, ask(world, submission)).code == "question_open"
    do(world, drop(world, first))
    asked(world, submission)


@pytest.mark.parametrize("state", SubmissionState)
def test_the_sender_is_asked_only_about_what_is_worked_on(sqlite_world: World, state: SubmissionState) -> None:
    world = sqlite_world
    submission = sent(world)
    with world.database.writing() as session:
        session.get_one(Submission, submission).state = state
    if state in (SubmissionState.RECEIVED, SubmissionState.ACCEPTED):
        asked(world, submission)
    else:
        assert refused(world.database, ask(world, submission)).code == "not_open_for_questions"


def test_a_closing_withdraws_the_question(world: World) -> None:
    submission = sent(world)
    id = asked(world, submission)
    with world.database.writing() as session:
        revision = submissions.get(session, submission).revision
        given = (session, world.staff.screener, START, submission, revision)
        deciding.close_as_unsuitable(*given, UnsuitableClass.NO_CONTENT, "没有内容。")
    row = kept(world, id)
    assert (row.state, row.ended_by) == (ClarificationState.DROPPED, world.staff.screener.id)
    assert refused(world.database, answer(id)).code == "question_over"


def test_a_question_on_another_comment_is_not_answered(sqlite_world: World) -> None:
    world = sqlite_world
    id, other = asked(world, sent(world, 1)), sent(world, 2)
    error = refused(
        world.database,
        lambda session: asking.answer(session, CITIZEN, START, submissions.get(session, other), id, "第四条。"),
    )
    assert (type(error), error.code) == (Conflict, "question_over")


def test_answering_and_withdrawing_at_once_end_as_one_or_the_other(world: World) -> None:
    id = asked(world, sent(world))
    errors = written_at_once(world.database, [answer(id), drop(world, id)])
    (lost,) = [error for error in errors if error is not None]
    assert isinstance(lost, DomainError)
    expected = ClarificationState.ANSWERED if errors[0] is None else ClarificationState.DROPPED
    assert kept(world, id).state is expected
