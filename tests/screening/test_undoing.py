"""A decision is taken back until the next stage took it over, and after that only by a lead, with a reason."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.deliveries.models import Delivery
from app.documents.models import MatchExample
from app.jobs.models import Job
from app.kit.errors import Conflict, DomainError, InvalidTransition, Unprocessable
from app.referrals.lifecycle import ReferralClass
from app.screening import editing, queries, undoing
from app.screening.deciding import MOST_AT_ONCE, Decided, decide
from app.screening.decisions import DECISIONS, LETTER_WAITS, TELL, Decision
from app.screening.editing import Wording
from app.screening.lifecycle import UnsuitableClass
from app.screening.models import ScreeningDecision
from app.screening.passages import Span
from app.submissions import queries as submissions
from app.submissions.lifecycle import DECIDED, LIFECYCLE, ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from app.worker import outcomes
from app.worker.loop import work_once
from tests.support import journey
from tests.support.journey import START, StoppedClock, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

ACCEPT, OUT, DUPLICATE, UNSUITABLE, REFER = DECISIONS
KNOWN = {
    name: getattr(outcomes, name)
    for name in ("tell_closing", "tell_reopening", "tell_repetitions", "tell_decision", "tell_release")
}
SOON = START + timedelta(minutes=1)
TOLD = START + LETTER_WAITS


def sent(world: World, person: int = 0) -> uuid.UUID:
    receipt = journey.submit(world, person=person)
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found is not None
    return found.id


def now(session: Session, id: uuid.UUID) -> Submission:
    return session.get_one(Submission, id)


def decision(event: ScreeningEvent, original: str = "") -> Decision:
    return Decision(
        event,
        reason="请拨打12345热线。" if event in (OUT, UNSUITABLE) else "",
        unsuitable_class=UnsuitableClass.ABUSE if event is UNSUITABLE else None,
        referral_class=ReferralClass.PETITION if event is REFER else None,
        duplicate_of=original,
    )


def decided(world: World, id: uuid.UUID, event: ScreeningEvent) -> None:
    original = ""
    if event is DUPLICATE:
        original = journey.submit(world, person=8).number
    with world.database.writing() as session:
        decide(session, world.staff.screener, START, id, now(session, id).revision, decision(event, original))


def undo(world: World, id: uuid.UUID) -> Callable[[Session], None]:
    return lambda session: undoing.undo(session, world.staff.screener, SOON, id, now(session, id).revision)


def reopen(world: World, id: uuid.UUID, reason: str = "复核后改正。") -> Callable[[Session], None]:
    return lambda session: undoing.reopen(session, world.staff.lead, TOLD, id, now(session, id).revision, reason)


def do(world: World, act: Callable[[Session], None]) -> None:
    with world.database.writing() as session:
        act(session)


def work(world: World, at: object = TOLD) -> None:
    clock = StoppedClock()
    clock.at = at  # type: ignore[assignment]
    while work_once(world.database, clock, KNOWN, {}):
        pass


def letters(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(select(Delivery.template).order_by(Delivery.promised_at, Delivery.id)))


def state(world: World, id: uuid.UUID) -> SubmissionState:
    with world.database.reading() as session:
        return now(session, id).state


@pytest.mark.parametrize("event", DECISIONS)
def test_undone_it_waits_again_and_nobody_hears_of_it(world: World, event: ScreeningEvent) -> None:
    id = sent(world)
    decided(world, id, event)
    do(world, undo(world, id))
    assert state(world, id) is SubmissionState.RECEIVED
    work(world)
    assert letters(world) == []
    with world.database.reading() as session:
        assert queries.decision_on(session, id) is None
        (kept,) = queries.decisions_of(session, id)
        assert (kept.decision, kept.undone_by, kept.undone_at) == (event, world.staff.screener.id, SOON)
        assert session.scalars(select(MatchExample)).all() == []
        last = audit.of_record(session, "submission", id)[-1]
    assert (last.action, last.detail["decision"]) == ("submission.undone", event.value)


@pytest.mark.parametrize("event", sorted(TELL))
def test_once_its_sender_may_have_been_told_it_is_not_undone(world: World, event: ScreeningEvent) -> None:
    id = sent(world)
    decided(world, id, event)
    work(world, TOLD - timedelta(seconds=1))
    assert letters(world) == [], "it waits"
    work(world, TOLD)
    assert refused(world.database, undo(world, id)).code == "told_already"


def test_what_was_gathered_is_neither_undone_nor_reopened(world: World) -> None:
    id = sent(world)
    decided(world, id, ACCEPT)
    with world.database.writing() as session:
        editing.gather(session, world.staff.editor, START, id, [Span(0, 5)], Wording("要点", "", None))
    assert refused(world.database, undo(world, id)).code == "gathered_already"
    assert refused(world.database, reopen(world, id)).code == "gathered_already"


def test_of_many_all_that_can_be_are_undone_and_the_others_stay_decided(world: World) -> None:
    first, second, stale = (sent(world, person) for person in range(3))
    for id in (first, second, stale):
        decided(world, id, ACCEPT)
    with world.database.writing() as session:
        editing.gather(session, world.staff.editor, START, second, [Span(0, 5)], Wording("要点", "", None))
    with world.database.writing() as session:
        chosen = [(id, now(session, id).revision) for id in (first, second)]
        told = undoing.undo_all(session, world.staff.screener, SOON, [*chosen, (stale, 1)])
    assert told == Decided((first,), ((second, "gathered_already"), (stale, "changed_meanwhile")))
    assert [state(world, id) for id in (first, second, stale)] == [
        SubmissionState.RECEIVED,
        SubmissionState.ACCEPTED,
        SubmissionState.ACCEPTED,
    ]
    with world.database.reading() as session:
        (entry,) = audit.of_record(session, "decision", ScreeningEvent.UNDO.value)
    assert (entry.detail, entry.consultation_id) == ({"count": 1, "of": 3}, world.consultation.id)


@pytest.mark.parametrize(
    ("chosen", "code"), [([], "nothing_chosen"), ([(uuid.UUID(int=1), 1)] * (MOST_AT_ONCE + 1), "too_many_chosen")]
)
def test_nothing_and_too_much_is_not_undone(world: World, chosen: list[tuple[uuid.UUID, int]], code: str) -> None:
    act = lambda session: undoing.undo_all(session, world.staff.screener, SOON, chosen)  # noqa: E731
    assert refused(world.database, act).code == code


def test_what_another_one_repeats_is_not_undone(world: World) -> None:
    first, second = sent(world, 1), sent(world, 2)
    decided(world, first, ACCEPT)
    with world.database.writing() as session:
        number = now(session, first).receipt_number
        again = decision(DUPLICATE, number)
        decide(session, world.staff.screener, START, second, now(session, second).revision, again)
    assert refused(world.database, undo(world, first)).code == "repeated_already"
    do(world, undo(world, second))
    do(world, undo(world, first))


@pytest.mark.parametrize("event", [OUT, UNSUITABLE])
def test_a_lead_reopens_what_was_told_and_the_sender_hears_of_it(world: World, event: ScreeningEvent) -> None:
    id = sent(world)
    decided(world, id, event)
    work(world)
    do(world, reopen(world, id))
    work(world)
    assert letters(world) == ["outcome", "reopened"]
    assert state(world, id) is SubmissionState.RECEIVED
    decided(world, id, event)
    work(world, TOLD + LETTER_WAITS)
    assert letters(world) == ["outcome", "reopened", "outcome"], "the same words again are news after a retraction"


def test_what_nobody_was_told_of_is_reopened_without_a_message(world: World) -> None:
    id = sent(world)
    decided(world, id, OUT)
    do(world, reopen(world, id))
    work(world)
    assert letters(world) == []


def test_reopening_owes_a_reason(world: World) -> None:
    id = sent(world)
    decided(world, id, OUT)
    error = refused(world.database, reopen(world, id, " "))
    assert (type(error), error.code) == (Unprocessable, "reason_required")


@pytest.mark.parametrize("known", SubmissionState)
def test_the_table_has_a_way_back_from_each_decision_and_from_nothing_else(known: SubmissionState) -> None:
    for event in (ScreeningEvent.UNDO, ScreeningEvent.REOPEN):
        if known in DECIDED:
            assert LIFECYCLE.after(known, event) is SubmissionState.RECEIVED
        else:
            with pytest.raises(InvalidTransition):
                LIFECYCLE.after(known, event)


def test_what_nobody_decided_is_not_undone(world: World) -> None:
    assert refused(world.database, undo(world, sent(world))).code == "not_decided"


def test_who_saw_an_older_state_undoes_nothing(world: World) -> None:
    id = sent(world)
    decided(world, id, OUT)
    error = refused(
        world.database,
        lambda session: undoing.undo(session, world.staff.screener, SOON, id, now(session, id).revision - 1),
    )
    assert (type(error), error.code) == (Conflict, "changed_meanwhile")


def test_of_two_who_undo_at_once_one_does(world: World) -> None:
    id = sent(world)
    decided(world, id, OUT)
    with world.database.reading() as session:
        revision = now(session, id).revision
    act = lambda session: undoing.undo(session, world.staff.screener, SOON, id, revision)  # noqa: E731
    (lost,) = [error for error in written_at_once(world.database, [act, act]) if error is not None]
    assert (type(lost), str(lost)) == (Conflict, "changed_meanwhile")


def test_telling_and_undoing_at_once_end_as_one_or_the_other(world: World) -> None:
    id = sent(world)
    decided(world, id, OUT)
    with world.database.reading() as session:
        job = session.scalars(select(Job).where(Job.name == "tell_closing")).one()
        revision = now(session, id).revision
    errors = written_at_once(
        world.database,
        [
            lambda session: outcomes.tell_closing(session, TOLD, dict(job.payload)),
            lambda session: undoing.undo(session, world.staff.screener, TOLD, id, revision),
        ],
    )
    assert errors[0] is None or isinstance(errors[0], DomainError)
    undone = state(world, id) is SubmissionState.RECEIVED
    assert undone == (errors[1] is None)
    assert letters(world) == ([] if undone else ["outcome"])


STEPS = st.sampled_from(["accept", "out", "unsuitable", "refer", "undo", "reopen", "work"])


@given(steps=st.lists(STEPS, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_do_state_decisions_and_letters_agree(sqlite_world: World, steps: list[str]) -> None:
    world, at = sqlite_world, START
    id = sent(world)
    before = len(letters(world))
    for step in steps:
        at += timedelta(minutes=6)
        _try(world, id, step, at)
        _agree(world, id)
    work(world, at + timedelta(days=1))
    with world.database.reading() as session:
        rows = session.scalars(select(ScreeningDecision).where(ScreeningDecision.submission_id == id)).all()
        told = sum(row.told_at is not None for row in rows)
        taken_back = sum(row.told_at is not None and row.undone_at is not None for row in rows)
    assert len(letters(world)) - before == told + taken_back


def _try(world: World, id: uuid.UUID, step: str, at: datetime) -> None:
    """One step of one person or of the worker; a refusal is one that the rules know."""
    if step == "work":
        work(world, at)
        return
    with world.database.reading() as session:
        standing, revision = queries.decision_on(session, id), now(session, id).revision
    try:
        with world.database.writing() as session:
            _act(session, world, id, revision, step, at)
    except DomainError as error:
        told = standing is not None and standing.told_at is not None
        known = {"invalid_transition", "not_decided", "referral_in_hand"} | ({"told_already"} if told else set())
        assert error.code in known  # noqa: PT017


def _act(session: Session, world: World, id: uuid.UUID, revision: int, step: str, at: datetime) -> None:
    events = {"accept": ACCEPT, "out": OUT, "unsuitable": UNSUITABLE, "refer": REFER}
    if step == "undo":
        undoing.undo(session, world.staff.screener, at, id, revision)
    elif step == "reopen":
        undoing.reopen(session, world.staff.lead, at, id, revision, "改正。")
    else:
        decide(session, world.staff.screener, at, id, revision, decision(events[step]))


def _agree(world: World, id: uuid.UUID) -> None:
    """At most one decision stands, and the state is the one that it leads to."""
    with world.database.reading() as session:
        rows = [row for row in queries.decisions_of(session, id) if row.undone_at is None]
        found = now(session, id).state
    if rows:
        (row,) = rows
        assert found is LIFECYCLE.after(SubmissionState.RECEIVED, row.decision)
    else:
        assert found is SubmissionState.RECEIVED
