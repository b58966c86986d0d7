"""Everybody whom a change concerns is owed one message on it, whatever happens to the job."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.effects import NoteKind
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation, ConsultationNote, ConsultationRound
from app.deliveries.lifecycle import DeliveryChannel, DeliveryState
from app.deliveries.models import Delivery
from app.jobs import ledger as jobs
from app.permissions import ActorKind
from app.submissions import queries as submissions
from app.worker import telling
from app.worker.loop import work_once
from tests.support import journey
from tests.support.dump import dump
from tests.support.journey import START, StoppedClock, World
from tests.support.racing import written_at_once

HOUR = timedelta(hours=1)


def noted(world: World, at: datetime = START + HOUR) -> str:
    """The id of a note on an extension of the world's consultation."""
    with world.database.writing() as session:
        note = ConsultationNote(
            consultation_id=world.consultation.id,
            kind=NoteKind.EXTENSION,
            at=at,
            text="因反映意见较多，延长期限。",
            actor_kind=ActorKind.STAFF,
            actor_id=world.staff.manager.id,
            closes_before=world.consultation.closes_at,
            closes_after=world.consultation.closes_at + timedelta(days=7),
        )
        session.add(note)
        session.flush()
        return str(note.id)


def promised(world: World, name: str, at: datetime = START + HOUR, **payload: str) -> None:
    with world.database.writing() as session:
        jobs.enqueue(session, name, at, **payload)


def work(world: World, at: datetime = START + HOUR) -> int:
    """Does every due job of ours; how many there were."""
    known = {name: getattr(telling, name) for name in ("tell_affected", "tell_second_round")}
    done = 0
    while work_once(world.database, StoppedClock(at), known, {}):
        done += 1
    return done


def owed(world: World) -> list[Delivery]:
    with world.database.reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.recipient_id)))


def submission_ids(world: World, *numbers: str) -> set[str]:
    with world.database.reading() as session:
        found = [submissions.by_number(session, number) for number in numbers]
    return {str(one.id) for one in found if one is not None}


def test_each_person_is_owed_one_message_at_their_newest_submission(world: World) -> None:
    journey.submit(world, person=1, at=START)
    newest = journey.submit(world, person=1, at=START + timedelta(minutes=5))
    other = journey.submit(world, person=2)
    promised(world, "tell_affected", note_id=noted(world))
    work(world)
    rows = owed(world)
    assert {row.recipient_id for row in rows} == submission_ids(world, newest.number, other.number)
    assert {(row.channel, row.recipient_kind, row.template, row.state, row.promised_at) for row in rows} == {
        (DeliveryChannel.EMAIL, "submission", "consultation_changed", DeliveryState.PENDING, START + HOUR)
    }
    assert {(row.about_kind, row.about_id) for row in rows} == {("consultation", str(world.consultation.id))}


def test_two_submissions_of_one_person_at_one_instant_are_one_person(world: World) -> None:
    for _ in range(3):
        journey.submit(world, person=1)
    promised(world, "tell_affected", note_id=noted(world))
    work(world)
    assert len(owed(world)) == 1


def test_who_wrote_after_the_change_or_elsewhere_is_not_told(world: World) -> None:
    journey.submit(world, person=1, at=START + 2 * HOUR)
    with world.database.writing() as session:
        journey.another_consultation(session, world.staff, slug="another")
    before = journey.submit(world, person=2)
    promised(world, "tell_affected", note_id=noted(world))
    work(world, START + 3 * HOUR)
    assert {row.recipient_id for row in owed(world)} == submission_ids(world, before.number)


def test_many_are_told_in_batches_each_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "PEOPLE_AT_ONCE", 3)
    for person in range(7):
        journey.submit(world, person=person)
    promised(world, "tell_affected", note_id=noted(world))
    assert work(world) == 3
    assert len({row.recipient_id for row in owed(world)}) == len(owed(world)) == 7


def test_people_who_wrote_only_later_stop_no_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "PEOPLE_AT_ONCE", 2)
    for person in range(9):
        journey.submit(world, person=person, at=START + (3 * HOUR if person % 2 else timedelta()))
    promised(world, "tell_affected", note_id=noted(world))
    work(world, START + 4 * HOUR)
    assert len(owed(world)) == 5


def test_the_same_job_again_owes_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "PEOPLE_AT_ONCE", 2)
    for person in range(5):
        journey.submit(world, person=person)
    note = noted(world)
    promised(world, "tell_affected", note_id=note)
    work(world)
    before = dump(world.database)["deliveries"]
    promised(world, "tell_affected", note_id=note)
    promised(world, "tell_affected", note_id=note)
    work(world)
    assert dump(world.database)["deliveries"] == before


def test_two_jobs_at_once_owe_it_once(world: World) -> None:
    journey.submit(world, person=1)
    payload = {"note_id": noted(world)}

    def tell(session: Session) -> None:
        telling.tell_affected(session, START + HOUR, payload)

    written_at_once(world.database, [tell, tell])
    assert len(owed(world)) == 1


def test_every_change_is_told_by_a_message_of_its_own(world: World) -> None:
    journey.submit(world, person=1)
    for minutes in (1, 2):
        promised(world, "tell_affected", note_id=noted(world, START + timedelta(minutes=minutes)))
    work(world)
    assert len(owed(world)) == 2


def test_what_is_stored_of_a_promise_is_no_personal_data(world: World) -> None:
    journey.submit(world, person=1)
    promised(world, "tell_affected", note_id=noted(world))
    work(world)
    (row,) = dump(world.database)["deliveries"]
    (who,) = dump(world.database)["submitter_identities"]
    kept = " ".join(map(str, row.values()))
    for personal in (*filter(None, journey.identity(1).values().values()), who["person_index"].hex()):
        assert personal not in kept
    assert row["detail"].keys() == {"note_id"}


@pytest.fixture
def opened_again(world: World) -> Callable[[datetime, datetime], str]:
    """The id of a second round with that window."""

    def made(opens_at: datetime, closes_at: datetime) -> str:
        with world.database.writing() as session:
            second = journey.another_consultation(session, world.staff, slug="second")
            second.opens_at, second.closes_at = opens_at, closes_at
            session.add(ConsultationRound(consultation_id=second.id, previous_id=world.consultation.id, number=2))
            return str(second.id)

    return made


def test_a_further_round_is_told_when_its_window_begins(
    world: World, opened_again: Callable[[datetime, datetime], str]
) -> None:
    journey.submit(world, person=1)
    journey.submit(world, person=2)
    opens_at = START + timedelta(days=40)
    second = opened_again(opens_at, opens_at + timedelta(days=10))
    promised(world, "tell_second_round", consultation_id=second)
    assert work(world) == 1
    assert owed(world) == []
    assert work(world, opens_at) == 1
    assert [(row.template, row.about_id) for row in owed(world)] == [("second_round", second)] * 2
    promised(world, "tell_second_round", consultation_id=second)
    work(world, opens_at + HOUR)
    assert len(owed(world)) == 2


@pytest.mark.parametrize("state", [ConsultationState.DRAFT, ConsultationState.CLOSED])
def test_a_round_that_is_not_open_is_told_to_nobody(
    world: World, opened_again: Callable[[datetime, datetime], str], state: ConsultationState
) -> None:
    journey.submit(world, person=1)
    second = opened_again(START, START + timedelta(days=10))
    with world.database.writing() as session:
        row = session.scalars(select(Consultation).where(Consultation.slug == "second")).one()
        row.state = state
    promised(world, "tell_second_round", consultation_id=second)
    work(world)
    assert owed(world) == []
