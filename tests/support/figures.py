"""Suggestions on their way, each step on a day of its own, for what is measured of it.

A story is a generator: it yields the number of days after START, a Monday, on which its next step happens. `play` takes
the steps of several stories in the order of time, as they would happen.
"""

import heapq
import uuid
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import actions as assignments
from app.assignments import supervising
from app.assignments.ladder import Tone
from app.assignments.models import Assignment
from app.deliveries import ledger as deliveries
from app.deliveries.lifecycle import DeliveryChannel, DeliveryEvent
from app.dispositions import actions as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition
from app.screening import editing, second_looks, undoing
from app.screening.models import SecondLook, Suggestion
from app.screening.passages import sentences
from app.screening.second_looks import Opinion
from app.submissions.lifecycle import ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from tests.support import deciding, journey, outcomes, queues
from tests.support.journey import COMMENT, DRAFTING, START, World

Story = Iterator[int]
MARKET = "market-regulation"
LAST_DAY = 15
"""On which the last step of any story here is taken."""


def play(world: World, *stories: Story, before: Callable[[int], None] = lambda day: None) -> None:
    """Takes every step; `before` each it is told the day."""
    waiting: list[tuple[int, int, Story]] = []
    for place, story in enumerate(stories):
        _put(waiting, place, story)
    while waiting:
        day, place, story = heapq.heappop(waiting)
        before(day)
        _put(waiting, place, story)


def _put(waiting: list[tuple[int, int, Story]], place: int, story: Story) -> None:
    day = next(story, None)
    if day is not None:
        heapq.heappush(waiting, (day, place, story))


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def whole_way(world: World, person: int = 0) -> Story:
    """Received on Monday, 11 May; told of on Tuesday, 26 May. The answer is returned once."""
    suggestion_id = yield from approved(world, person)
    yield 3
    assignment_id = journey.assigned(world, suggestion_id, at=at(3))[DRAFTING]
    yield 4
    with world.database.writing() as session:
        assignments.acknowledge(session, outcomes.program(), at(4), assignment_id)
    yield 8
    answer(world, assignment_id, 8)
    manager = world.staff.manager
    yield 9
    with world.database.writing() as session:
        revision = session.get_one(Disposition, suggestion_id).revision
        dispositions.return_answer(session, manager, at(9), suggestion_id, revision, "请补充理由。")
    yield 10
    answer(world, assignment_id, 10)
    yield 11
    with world.database.writing() as session:
        revision = session.get_one(Disposition, suggestion_id).revision
        dispositions.confirm(session, manager, at(11), suggestion_id, revision, outcomes.LETTER)
    yield 14
    if _is_confirmed(world, suggestion_id):  # else another story's release has taken this one along
        outcomes.released(world, at(14))
    _promise(world, 14)
    yield 15
    _send(world, 15)


def decided_twice(world: World, person: int = 1) -> Story:
    """Accepted on Wednesday, undone on Thursday, accepted anew on Friday."""
    submission_id = received(world, person)
    for day, act in ((2, deciding.accept), (3, undoing.undo), (4, deciding.accept)):
        yield day
        with world.database.writing() as session:
            revision = session.get_one(Submission, submission_id).revision
            act(session, world.staff.screener, at(day), submission_id, revision)


def sent_back(world: World, person: int = 2) -> Story:
    """Handed over on Thursday, reminded of on Friday, sent back on Monday; handed over anew, and passed on."""
    suggestion_id = yield from approved(world, person)
    yield 3
    first = journey.assigned(world, suggestion_id, at=at(3))[DRAFTING]
    yield 4
    with world.database.writing() as session:
        supervising.remind(session, world.staff.approver, at(4), first, Tone.REMIND, "")
    yield 7
    with world.database.writing() as session:
        assignments.send_back(session, outcomes.program(), at(7), first, "不属本单位。", None)
    yield 8
    journey.assigned(world, suggestion_id, at=at(8))
    yield 10
    with world.database.writing() as session:
        every = select(Assignment.id).where(Assignment.suggestion_id == suggestion_id, Assignment.id != first)
        second = session.scalars(every).one()
        assignments.transfer(session, outcomes.program(), at(10), second, MARKET, "转请办理。")


def looked_at_again(world: World, person: int, opinion: ScreeningEvent) -> Story:
    """Rejected and drawn on Tuesday, looked at again on Wednesday; a difference is settled in the week after."""
    submission_id = received(world, person)
    yield 1
    with world.database.writing() as session:
        session.get_one(Submission, submission_id).state = SubmissionState.OUT_OF_SCOPE
        queues.look_again(session, submission_id, world.consultation.id, at(1))
    yield 2
    with world.database.writing() as session:
        found = _look(session, submission_id)
        said = Opinion(opinion, None, "")
        differs = not second_looks.look(session, world.staff.screener, at(2), found.decision_id, found.revision, said)
    if differs:
        yield 8
        with world.database.writing() as session:
            found = _look(session, submission_id)
            second_looks.settle(
                session, world.staff.lead, at(8), found.decision_id, found.revision, upholds=True, reason="原决定无误。"
            )


def busy(world: World) -> list[Story]:
    """Everything that is counted, at least once."""
    return [
        whole_way(world),
        decided_twice(world),
        sent_back(world),
        looked_at_again(world, 3, ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE),
        looked_at_again(world, 4, ScreeningEvent.ACCEPT),
    ]


def received(world: World, person: int) -> uuid.UUID:
    receipt = journey.submit(world, person=person)
    with world.database.reading() as session:
        return session.scalars(select(Submission.id).where(Submission.receipt_number == receipt.number)).one()


def accepted(world: World, person: int, day: int) -> uuid.UUID:
    submission_id = received(world, person)
    with world.database.writing() as session:
        deciding.accept(session, world.staff.screener, at(day), submission_id, 1)
    return submission_id


def approved(world: World, person: int) -> Generator[int, None, uuid.UUID]:
    """Accepted on Tuesday, gathered and approved on Wednesday; returns the suggestion's id."""
    submission_id = received(world, person)
    yield 1
    with world.database.writing() as session:
        deciding.accept(session, world.staff.screener, at(1), submission_id, 1)
    yield 2
    with world.database.writing() as session:
        wording = editing.Wording("助餐点周末照常开放。", "助餐", None)
        made = editing.gather(session, world.staff.editor, at(2), submission_id, sentences(COMMENT), wording)
        editing.submit_for_approval(session, world.staff.editor, at(2), made.id, made.revision)
    with world.database.writing() as session:
        revision = session.get_one(Suggestion, made.id).revision
        editing.approve(session, world.staff.approver, at(2), made.id, revision)
    return made.id


def answer(world: World, assignment_id: uuid.UUID, day: int) -> None:
    with world.database.writing() as session:
        adopted = DispositionKind.ADOPTED
        dispositions.answer(session, outcomes.program(), at(day), assignment_id, adopted, "", False)


def _look(session: Session, submission_id: uuid.UUID) -> SecondLook:
    return session.scalars(select(SecondLook).where(SecondLook.submission_id == submission_id)).one()


def _is_confirmed(world: World, suggestion_id: uuid.UUID) -> bool:
    with world.database.reading() as session:
        return session.get_one(Disposition, suggestion_id).state is DispositionState.CONFIRMED


def _promise(world: World, day: int) -> None:
    with world.database.writing() as session:
        deliveries.promise(
            session,
            at(day),
            channel=DeliveryChannel.EMAIL,
            recipient=("submission", uuid.uuid4()),
            template="outcome",
            about=("consultation", world.consultation.id),
        )


def _send(world: World, day: int) -> None:
    with world.database.writing() as session:
        held = deliveries.claim(session, at(day))
        assert held is not None
        assert deliveries.settle(session, held, at(day), DeliveryEvent.SEND)
