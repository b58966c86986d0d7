"""A further round on the same draft: when it can be prepared, what it takes over, and who hears of it."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit import queries as audit
from app.consultations import actions, changing, rounds
from app.consultations import queries as consultations
from app.consultations.actions import Opening
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.consultations.rounds import NextRound
from app.deliveries.models import Delivery
from app.departments import queries as departments
from app.documents import actions as documents
from app.documents.extraction import extract
from app.documents.models import DocumentVersion
from app.jobs.models import Job
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.submissions import queries as submissions
from tests.support import journey
from tests.support.journey import DRAFT, OPERATOR, SLUG, START, World
from tests.support.worlds import screened
from tests.worker.test_telling import work

ENDED = START + timedelta(days=30)
OPENS = ENDED + timedelta(days=1)
CLOSES = OPENS + timedelta(days=40)


def planned(world: World, **given: object) -> NextRound:
    usual = NextRound(world.consultation.version_id, "再次公开征求意见", "请于截止时间前提出意见。", OPENS, CLOSES)
    return replace(usual, **given)


def prepared(world: World, *, at: object = ENDED, slug: str = SLUG, **given: object) -> Consultation:
    with world.database.writing() as session:
        return rounds.second_round(session, world.staff.manager, at, slug, planned(world, **given))  # type: ignore[arg-type]


def opened(world: World, slug: str, at: object = ENDED) -> None:
    with world.database.writing() as session:
        actions.open_consultation(session, OPERATOR, at, slug, Opening())  # type: ignore[arg-type]


def another_version(world: World, text: str = DRAFT) -> uuid.UUID:
    with world.database.writing() as session:
        present = session.get_one(DocumentVersion, world.consultation.version_id)
        found = extract(text, departments.directory(session))
        manager = world.staff.manager
        return documents.add_version(session, manager, START, present.document_id, "second.txt", text, found).id


def test_a_round_is_a_draft_of_its_own_that_takes_everything_else_over(world: World) -> None:
    world = screened(world)
    second, first = prepared(world), world.consultation
    assert (second.slug, second.state) == (f"{SLUG}-2", ConsultationState.DRAFT)
    assert second.prepared_by == world.staff.manager.id
    assert (second.notice_title, second.opens_at, second.closes_at) == ("再次公开征求意见", OPENS, CLOSES)
    taken_over = ("title", "kind", "display_regime", "legal_nature", "drafting_department_id", "version_id")
    for name in (*taken_over, "issuing_body", "explanation_title", "explanation", "contact_phone", "contact_email"):
        assert getattr(second, name) == getattr(first, name), name
    assert second.published_on is None
    with world.database.reading() as session:
        trail = audit.of_record(session, "consultation", second.id)
    told = {entry.action: (entry.actor_id, entry.detail) for entry in trail}
    manager = world.staff.manager.id
    assert told == {
        "consultation.prepared": (manager, {"slug": second.slug}),
        "consultation.round_prepared": (manager, {"after": SLUG, "number": 2}),
    }


def test_the_round_before_keeps_its_comments(world: World) -> None:
    receipt = journey.submit(world)
    prepared(world)
    with world.database.reading() as session:
        submission = submissions.by_number(session, receipt.number)
        assert submission is not None
        assert submission.consultation_id == world.consultation.id
        assert submission.version_id == world.consultation.version_id


def test_a_round_can_be_on_a_later_version_and_on_no_other_text(world: World) -> None:
    later = another_version(world, DRAFT.replace("十五分钟", "十分钟"))
    with world.database.writing() as session:
        elsewhere = journey.another_consultation(session, world.staff, slug="elsewhere").version_id
    for version_id in (elsewhere, uuid.uuid4()):
        with pytest.raises(Unprocessable, match="no_later_version"):
            prepared(world, version_id=version_id)
    second = prepared(world, version_id=later)
    assert second.version_id == later
    opened(world, second.slug)
    with pytest.raises(Unprocessable, match="no_later_version"):
        prepared(world, at=CLOSES, slug=second.slug, version_id=world.consultation.version_id)


def test_before_the_end_there_is_no_further_round(world: World) -> None:
    with pytest.raises(Conflict, match="window_not_over"):
        prepared(world, at=ENDED - timedelta(seconds=1))
    with world.database.writing() as session:
        changing.suspend(session, world.staff.manager, START, SLUG, world.consultation.revision, "文本有误。")
    with pytest.raises(Conflict, match="window_not_over"):
        prepared(world)


def test_one_round_follows_each_and_rounds_are_counted(world: World) -> None:
    second = prepared(world)
    with pytest.raises(Conflict, match="has_next_round"):
        prepared(world)
    with pytest.raises(NotFound):
        prepared(world, slug=second.slug)
    opened(world, second.slug)
    third = prepared(world, at=CLOSES, slug=second.slug, opens_at=CLOSES, closes_at=CLOSES + timedelta(days=40))
    assert third.slug == f"{SLUG}-3"
    with world.database.reading() as session:
        found = [rounds.rounds_of(session, row.id) for row in (world.consultation, second, third)]
    told = [(one.number, *(row and row.slug for row in (one.previous, one.following))) for one in found]
    assert told == [(1, None, f"{SLUG}-2"), (2, SLUG, f"{SLUG}-3"), (3, f"{SLUG}-2", None)]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"notice": " "}, "notice_required"),
        ({"notice_title": ""}, "notice_required"),
        ({"closes_at": OPENS}, "window_ends_before_it_begins"),
    ],
)
def test_a_round_without_a_notice_or_a_window_is_refused(world: World, given: dict[str, object], code: str) -> None:
    with pytest.raises(Unprocessable, match=code):
        prepared(world, **given)


def test_a_second_person_opens_it(world: World) -> None:
    second = prepared(world)
    with world.database.writing() as session, pytest.raises(Conflict, match="own_preparation"):
        actions.open_consultation(session, world.staff.manager, ENDED, second.slug, Opening())


def test_who_commented_before_is_told_when_it_opens_and_not_earlier(world: World) -> None:
    journey.submit(world, person=1)
    journey.submit(world, person=2)
    second = prepared(world)
    opened(world, second.slug)
    with world.database.reading() as session:
        (job,) = session.scalars(select(Job).where(Job.name == "tell_second_round")).all()
        assert (job.due_at, job.payload) == (OPENS, {"consultation_id": str(second.id)})
    work(world, OPENS)
    with world.database.reading() as session:
        assert len(session.scalars(select(Delivery)).all()) == 2


def test_opening_a_first_round_owes_no_news_of_a_round(world: World) -> None:
    with world.database.reading() as session:
        assert session.scalars(select(Job).where(Job.name == "tell_second_round")).all() == []
        assert consultations.public_consultation(session, SLUG).state is ConsultationState.OPENED
