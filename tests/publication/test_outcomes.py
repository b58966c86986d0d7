"""What the person who wrote is told, wherever the submission stands."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.assignments import actions as assignments
from app.dispositions.kinds import DispositionKind
from app.publication import queries
from app.publication.queries import PersonsOutcome, Progress
from app.screening import editing
from app.screening.editing import Wording
from app.screening.lifecycle import UnsuitableClass
from app.screening.models import Suggestion
from app.screening.passages import sentences
from app.screening.queries import sources_of
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from app.submissions.queries import by_number
from tests.support import deciding as screening
from tests.support import journey, outcomes
from tests.support.counting import statements
from tests.support.journey import COMMENT, DRAFTING, START, World

MARKET = "market-regulation"
LATER = START + timedelta(days=3)


def received(world: World, person: int = 0) -> Submission:
    number = journey.submit(world, person=person).number
    with world.database.reading() as session:
        found = by_number(session, number)
    assert found is not None
    return found


def told(world: World, submission_id: uuid.UUID) -> PersonsOutcome:
    with world.database.reading() as session:
        return queries.outcome_of(session, session.get_one(Submission, submission_id))


def close(world: World, submission_id: uuid.UUID, how: str, original: str = "") -> None:
    with world.database.writing() as session:
        revision = session.get_one(Submission, submission_id).revision
        given = (session, world.staff.screener, START, submission_id, revision)
        if how == "out of scope":
            screening.close_as_out_of_scope(*given, "请拨打12345热线。")
        elif how == "unsuitable":
            screening.close_as_unsuitable(*given, UnsuitableClass.ABUSE, "含辱骂内容。")
        else:
            screening.close_as_duplicate(*given, original, "内部备注")


def gathered(world: World, submission_id: uuid.UUID, words: Wording) -> uuid.UUID:
    """The id of a suggestion made of the whole comment."""
    with world.database.writing() as session:
        made = editing.gather(session, world.staff.editor, START, submission_id, sentences(COMMENT), words)
    return made.id


def approve(world: World, suggestion_id: uuid.UUID) -> None:
    acts: list[Callable[..., None]] = [editing.submit_for_approval, editing.approve]
    for act, who in zip(acts, (world.staff.editor, world.staff.approver), strict=True):
        with world.database.writing() as session:
            act(session, who, START, suggestion_id, session.get_one(Suggestion, suggestion_id).revision)


def decide(world: World, suggestion_id: uuid.UUID, kind: DispositionKind, reason: str, lead: str = DRAFTING) -> None:
    """Answered, confirmed and released."""
    outcomes.decided(world, suggestion_id, kind, reason, lead)


def test_what_was_received_has_no_outcome_yet(world: World) -> None:
    assert told(world, received(world).id) == PersonsOutcome(SubmissionState.RECEIVED, None, False, ())


def test_what_was_accepted_has_none_until_something_is_gathered(world: World) -> None:
    accepted = journey.accepted_submission(world)
    assert told(world, accepted) == PersonsOutcome(SubmissionState.ACCEPTED, None, False, ())


@pytest.mark.parametrize(
    ("how", "state", "reason"),
    [
        ("out of scope", SubmissionState.OUT_OF_SCOPE, "请拨打12345热线。"),
        ("unsuitable", SubmissionState.UNSUITABLE, "含辱骂内容。"),
    ],
)
def test_what_was_closed_says_why_to_its_sender_and_to_who_repeated_it(
    world: World, how: str, state: SubmissionState, reason: str
) -> None:
    original, repetition = received(world, 1), received(world, 2)
    close(world, repetition.id, "duplicate", original.receipt_number)
    close(world, original.id, how)
    assert told(world, original.id) == PersonsOutcome(state, reason, False, ())
    assert told(world, repetition.id) == PersonsOutcome(state, reason, True, ())


def test_a_repetition_follows_its_original_through_every_step(world: World) -> None:
    original, repetition = received(world, 1), received(world, 2)
    close(world, repetition.id, "duplicate", original.receipt_number)
    assert told(world, repetition.id) == PersonsOutcome(SubmissionState.RECEIVED, None, True, ())
    with world.database.writing() as session:
        screening.accept(session, world.staff.screener, START, original.id, original.revision)
    suggestion_id = gathered(world, original.id, Wording("周末开放。", "", world.clauses[1].id))
    approve(world, suggestion_id)
    decide(world, suggestion_id, DispositionKind.NOT_ADOPTED, "经费不足。")
    first, second = told(world, original.id), told(world, repetition.id)
    assert [outcome.own_words for outcome in first.outcomes] == [(COMMENT,)]
    without = tuple(replace(outcome, own_words=()) for outcome in first.outcomes)
    assert second == PersonsOutcome(first.state, None, True, without), "another person's words are not shown"
    assert [outcome.reason for outcome in second.outcomes] == ["经费不足。"]


def test_a_repetition_of_what_was_closed_as_a_repetition_later_follows_to_the_end(world: World) -> None:
    first, second, third = (received(world, person) for person in (1, 2, 3))
    close(world, third.id, "duplicate", second.receipt_number)
    close(world, second.id, "duplicate", first.receipt_number)
    close(world, first.id, "out of scope")
    for repetition in (second, third):
        assert told(world, repetition.id) == PersonsOutcome(SubmissionState.OUT_OF_SCOPE, "请拨打12345热线。", True, ())


def test_each_suggestion_has_its_own_progress_and_outcome(world: World) -> None:
    submission_id, clause = journey.accepted_submission(world), world.clauses[1]
    wordings = [Wording(text, "", clause.id) for text in ("已答复。", "在部门。", "待整理。")]
    decided, handed, _ = (gathered(world, submission_id, words) for words in wordings)
    for suggestion_id in (decided, handed):
        approve(world, suggestion_id)
    decide(world, decided, DispositionKind.PARTLY_ADOPTED, "部分采纳。", MARKET)
    journey.assigned(world, handed, cooperating=(MARKET,))
    outcome = told(world, submission_id)
    assert (outcome.state, outcome.closing_reason, outcome.duplicate) == (SubmissionState.ACCEPTED, None, False)
    rows = {row.text: row for row in outcome.outcomes}
    assert [row.progress for row in rows.values()] == [
        Progress.DECIDED,
        Progress.WITH_DEPARTMENTS,
        Progress.BEING_EDITED,
    ]
    assert {row.clause_id for row in rows.values()} == {clause.id}
    answered = rows["已答复。"]
    assert (answered.disposition, answered.reason, answered.decided_at) == (
        DispositionKind.PARTLY_ADOPTED,
        "部分采纳。",
        LATER,
    )
    assert [len(row.departments) for row in rows.values()] == [1, 2, 0]
    for text in ("在部门。", "待整理。"):
        assert (rows[text].disposition, rows[text].reason, rows[text].decided_at) == (None, "", None)


def test_a_department_that_sent_it_back_is_not_named(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assignment_id = journey.assigned(world, suggestion_id)[DRAFTING]
    with world.database.writing() as session:
        assignments.send_back(session, outcomes.program(), LATER, assignment_id, "不归我们管。", None)
    (outcome,) = told(world, sender_of(world, suggestion_id)).outcomes
    assert (outcome.departments, outcome.disposition) == ((), None)
    journey.assigned(world, suggestion_id, lead=MARKET)
    (outcome,) = told(world, sender_of(world, suggestion_id)).outcomes
    assert len(outcome.departments) == 1


def sender_of(world: World, suggestion_id: uuid.UUID) -> uuid.UUID:
    with world.database.reading() as session:
        return _sources(session, suggestion_id)[0]


def _sources(session: Session, suggestion_id: uuid.UUID) -> list[uuid.UUID]:
    return [source.submission_id for source in sources_of(session, suggestion_id)]


def test_everybody_whose_words_were_gathered_is_told_the_same(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world, people=(1, 2))
    decide(world, suggestion_id, DispositionKind.ADOPTED, "")
    with world.database.reading() as session:
        senders = _sources(session, suggestion_id)
    first, second = (told(world, sender) for sender in senders)
    assert first == second
    assert [row.disposition for row in first.outcomes] == [DispositionKind.ADOPTED]


def test_the_answer_costs_as_many_queries_for_three_suggestions_as_for_one(world: World) -> None:
    submission_id, counted = journey.accepted_submission(world), []
    for more in ([1], [2, 3]):
        for place in more:
            gathered(world, submission_id, Wording("周末开放。", "", world.clauses[place].id))
        with world.database.reading() as session, statements(world.database) as sent:
            queries.outcome_of(session, session.get_one(Submission, submission_id))
        counted.append(len(sent))
    assert counted[0] == counted[1]
