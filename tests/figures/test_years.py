"""What counts in which year, by the day in Beijing."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.figures import years
from app.figures.years import RESULTS_DUE_DAYS, OfYear, YearSum
from app.records import actions as records
from app.records.stages import ConclusionKind
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from tests.support import figures, journey
from tests.support.counting import statements
from tests.support.journey import START, World

LAST_MINUTE = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
"""23:59 of the last day of 2026 in Beijing."""
FAR = date(2027, 12, 31)


def of(world: World, year: int, today: date = FAR) -> list[OfYear]:
    with world.database.reading() as session:
        return years.of_year(session, year, today)


def change(world: World, **values: object) -> None:
    with world.database.writing() as session:
        row = session.get_one(Consultation, world.consultation.id)
        for name, value in values.items():
            setattr(row, name, value)


def publish_intake(world: World, at: datetime) -> None:
    with world.database.writing() as session:
        records.publish_intake(session, world.staff.publisher, at, world.consultation.id, "")


def test_an_opinion_counts_in_the_year_in_beijing_in_which_it_came(world: World) -> None:
    change(world, closes_at=LAST_MINUTE + timedelta(days=30))
    journey.submit(world, person=1, at=LAST_MINUTE)
    journey.submit(world, person=2, at=LAST_MINUTE + timedelta(minutes=1))
    journey.submit(world, person=3, at=LAST_MINUTE + timedelta(minutes=2))
    assert [(one.opinions, one.opened) for one in of(world, 2026)] == [(1, True)]
    assert [(one.opinions, one.opened) for one in of(world, 2027)] == [(2, False)]


@pytest.mark.parametrize("state", [SubmissionState.QUARANTINED, SubmissionState.DISCARDED])
def test_what_the_public_sees_in_no_number_is_in_none_here(world: World, state: SubmissionState) -> None:
    submission_id = figures.received(world, 1)
    with world.database.writing() as session:
        session.get_one(Submission, submission_id).state = state
    assert [one.opinions for one in of(world, 2026)] == [0]


def test_results_count_when_the_first_of_them_was_published(world: World) -> None:
    publish_intake(world, datetime(2026, 12, 31, 16, tzinfo=UTC))
    (last_year,), (this_year,) = of(world, 2026), of(world, 2027)
    assert (last_year.published, last_year.overdue, last_year.results_on) == (False, True, date(2027, 1, 1))
    assert (this_year.published, this_year.adoption_published, this_year.overdue) == (True, False, False)


def test_an_end_without_outcome_is_a_result(world: World) -> None:
    closed = world.consultation.closes_at
    with world.database.writing() as session:
        ended = ConclusionKind.SHELVED
        records.end_without_outcome(session, world.staff.manager, closed, world.consultation.id, ended, "暂不出台。")
    (found,) = of(world, 2026)
    assert (found.published, found.overdue, found.adopted_on) == (True, False, None)


def test_a_result_is_overdue_from_the_day_after_its_last_one(world: World) -> None:
    (found,) = of(world, 2026)
    assert found.closes_on == date(2026, 6, 10)
    assert found.due_on == found.closes_on + timedelta(days=RESULTS_DUE_DAYS)
    assert [of(world, 2026, found.due_on + timedelta(days=late))[0].overdue for late in (0, 1)] == [False, True]


def test_a_result_on_its_last_day_is_in_time(world: World) -> None:
    (found,) = of(world, 2026)
    publish_intake(world, datetime(2026, found.due_on.month, found.due_on.day, 15, 59, tzinfo=UTC))
    assert [one.overdue for one in of(world, 2026)] == [False]


@pytest.mark.parametrize("state", [ConsultationState.WITHDRAWN, ConsultationState.SUSPENDED])
def test_what_was_withdrawn_or_stands_suspended_owes_no_result(world: World, state: ConsultationState) -> None:
    change(world, state=state)
    assert [(one.opened, one.overdue) for one in of(world, 2026)] == [(True, False)]


def test_a_draft_and_what_opens_later_are_in_no_year(world: World) -> None:
    assert of(world, 2026, date(2026, 5, 1)) == []
    change(world, state=ConsultationState.DRAFT)
    assert of(world, 2026) == []


def test_years_run_from_the_first_opening_to_this_one(world: World) -> None:
    with world.database.reading() as session:
        assert years.years(session, date(2028, 3, 1)) == [2028, 2027, 2026]
        assert years.years(session, date(2025, 3, 1)) == [2025]


def test_a_year_takes_four_queries_whatever_there_is(world: World) -> None:
    with statements(world.database) as few:
        of(world, 2026)
    for person in range(5):
        figures.received(world, person)
    with world.database.writing() as session:
        journey.another_consultation(session, world.staff, slug="second")
    with statements(world.database) as many:
        of(world, 2026)
    assert len(few) == len(many) == 4


def test_sums_add_up_what_counts() -> None:
    day = START.date()
    one = OfYear(uuid.uuid4(), "a", "甲", "x", day, day, day, day, None, 7, True, True, False, False)
    other = OfYear(uuid.uuid4(), "b", "乙", "x", day, day, day, None, None, 3, True, False, False, True)
    assert years.summed([one, other]) == YearSum(opened=2, opinions=10, published=1, adoption_published=0, overdue=1)
    assert years.summed([]) == YearSum(0, 0, 0, 0, 0)
