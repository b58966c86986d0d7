"""An accepted comment of which nothing was to be gathered gets its one message, too: at the end, and once."""

import uuid

import pytest
from sqlalchemy import select

from app.consultations.changing import mark_concluded
from app.consultations.models import Consultation
from app.deliveries.models import Delivery
from app.publication.queries import outcome_of
from app.screening import regrouping, tracking
from app.submissions.models import Submission
from app.web.public.receipt_view import NOTED, status_words
from app.worker import letters, outcomes
from tests.support import journey
from tests.support.journey import START, World
from tests.worker.sending import COLUMN


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


def settled(world: World) -> uuid.UUID:
    """An accepted comment of which an editor declared that nothing is to be gathered."""
    noted = journey.accepted_submission(world, person=1)
    with world.database.writing() as session:
        left = tracking.recount(session, START, session.get_one(Submission, noted)).uncovered
        regrouping.settle_rest(session, world.staff.editor, START, noted, left or 0, "全文为致谢。")
    return noted


def concluded(world: World) -> list[Delivery]:
    with world.database.writing() as session:
        mark_concluded(session.get_one(Consultation, world.consultation.id), START)
        outcomes.tell_results(session, START, {"consultation_id": str(world.consultation.id)})
    with world.database.reading() as session:
        return list(session.scalars(select(Delivery)))


def test_its_sender_is_told_at_the_end_that_it_was_taken_note_of(world: World) -> None:
    noted = settled(world)
    with world.database.reading() as session:
        assert not outcome_of(session, session.get_one(Submission, noted)).is_answered
    (owed,) = concluded(world)
    assert (owed.recipient_id, owed.template) == (str(noted), "outcome")
    with world.database.reading() as session:
        submission = session.get_one(Submission, noted)
        assert status_words(outcome_of(session, submission)) == NOTED
        letter = letters.outcome(session, owed, submission, COLUMN)
        assert "您的意见已阅" in letter.text
        assert "已阅" in letters.outcome_text(session, [(submission, outcome_of(session, submission))], COLUMN)
    assert len(concluded(world)) == 1


def test_what_was_only_left_and_declared_by_nobody_is_not_taken_for_noted(world: World) -> None:
    journey.accepted_submission(world, person=1)
    assert concluded(world) == []
