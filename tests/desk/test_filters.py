"""Narrowing lists: every filter, and any two together, shows what it says, whichever index is read."""

import itertools
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.working_days import Calendar
from app.campaigns.models import Campaign, CampaignMember
from app.desk import filters
from app.desk import queries as desk
from app.desk.counting import counts
from app.desk.filters import NOBODY, Filters
from app.desk.reader import overdue_before
from app.desk.views import View
from app.kit.clock import BEIJING
from app.screening.models import SubmissionTheme, Theme
from app.submissions.lifecycle import Channel
from tests.support.journey import COMMENT, START, World
from tests.support.queues import reader, submission, suggestion

ALL_FILTERS = st.builds(
    Filters,
    consultation=st.none() | st.uuids(),
    clause=st.none() | st.uuids(),
    theme=st.none() | st.uuids(),
    channel=st.none() | st.sampled_from(Channel),
    department=st.text(max_size=64),
    campaign=st.none() | st.uuids(),
    allocated_to=st.text(max_size=80),
)


@given(ALL_FILTERS)
def test_what_stands_in_an_address_is_read_as_it_was(chosen: Filters) -> None:
    assert filters.read(chosen.words()) == chosen


def test_what_is_no_filter_narrows_nothing() -> None:
    assert filters.read({"clause": "first", "channel": "pigeon", "color": "red"}) == Filters()
    assert Filters().words() == {}


@dataclass(frozen=True)
class One:
    """A submission and what it can be found by."""

    id: uuid.UUID
    clauses: frozenset[uuid.UUID]
    campaign: uuid.UUID | None
    theme: uuid.UUID | None
    person: str | None
    departments: frozenset[str]

    def fits(self, asked: Filters) -> bool:
        tests: dict[str, Callable[[], bool]] = {
            "clause": lambda: asked.clause in self.clauses,
            "campaign": lambda: asked.campaign == self.campaign,
            "theme": lambda: asked.theme == self.theme,
            "department": lambda: asked.department in self.departments,
            "allocated_to": lambda: (self.person or NOBODY) == asked.allocated_to,
            "channel": lambda: asked.channel is Channel.WEB,
        }
        return all(tests[name]() for name in asked.given() - {"consultation"})


def _made(world: World) -> list[One]:
    chance, made = random.Random(3), []
    campaign, theme = uuid.uuid4(), uuid.uuid4()
    for n in range(10):
        clauses = chance.sample(world.clauses[-3:], chance.choice([0, 1, 2]))
        person = chance.choice([None, "a", "b"])
        id = submission(world, n, START + timedelta(minutes=n // 2), clauses=clauses, allocated_to=person)
        units = {unit.department_id or "" for clause in clauses for unit in clause.units}
        made.append(One(id, frozenset(one.id for one in clauses), None, None, person, frozenset(units)))
    with world.database.writing() as session:
        counted = dict.fromkeys(["members", "with_additions", "persons", "unnumbered", "worked_out_at", "algorithm"], 0)
        same = {"consultation_id": world.consultation.id}
        session.add(Campaign(id=campaign, centre_id=made[0].id, common_text=COMMENT, found_at=START, **same, **counted))
        session.add(Theme(id=theme, name="菜单", named_by="a", named_at=START, **same))
        session.flush()
        for place, one in enumerate(made):
            if place % 3 == 0:
                session.add(
                    CampaignMember(
                        submission_id=one.id, campaign_id=campaign, has_addition=False, additions=[], joined_at=START
                    )
                )
                made[place] = replace(made[place], campaign=campaign)
            if place % 4 == 1:
                session.add(SubmissionTheme(submission_id=one.id, theme_id=theme, method="test", **same))
                made[place] = replace(made[place], theme=theme)
    return made


def _every_filter(world: World, made: list[One]) -> list[Filters]:
    single = [
        {"clause": world.clauses[-1].id},
        {"campaign": made[0].campaign},
        {"theme": made[1].theme},
        {"department": "finance"},
        {"allocated_to": "a"},
        {"allocated_to": NOBODY},
        {"channel": Channel.WEB},
        {"consultation": world.consultation.id},
    ]
    pairs = [first | second for first, second in itertools.combinations(single, 2) if not first.keys() & second.keys()]
    chosen = [Filters(**one) for one in ({}, *single, *pairs)]  # type: ignore[arg-type]
    return [*chosen, Filters(*(None,) * 4, "civil-affairs", made[0].campaign, "b")]


def test_any_filters_show_what_fits_them_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _made(world)
    every = _every_filter(world, made)
    assert sum(any(one.fits(asked) for one in made) for asked in every) > len(every) / 2
    with world.database.reading() as session:
        for asked in every:
            found = desk.rows(session, View.RECEIVED, asked, None, reader(world))
            assert [row.id for row in found.items] == [one.id for one in made if one.fits(asked)], asked
            counted = counts(session, asked, reader(world)).get(View.RECEIVED)
            assert counted in (None, len(found.items)), asked
            assert (counted is None) == ("department" in asked.given() or len(asked.given() - {"consultation"}) > 1)
            unclaimed = desk.rows(session, View.UNCLAIMED, asked, None, reader(world))
            assert [row.id for row in unclaimed.items] == [
                one.id for one in made if one.fits(asked) and one.person is None
            ], asked


def test_suggestions_are_narrowed_by_what_they_gather(sqlite_world: World) -> None:
    world = sqlite_world
    made = suggestion(world, 1, START, View.HANDED_OVER)
    suggestion(world, 2, START, View.EDITING)
    clause = world.clauses[1].id
    fits = [
        Filters(clause=clause),
        Filters(department="civil-affairs"),
        Filters(channel=Channel.WEB),
        Filters(allocated_to=NOBODY, consultation=world.consultation.id),
    ]
    other = [
        Filters(clause=world.clauses[0].id),
        Filters(department="finance"),
        Filters(theme=uuid.uuid4()),
        Filters(campaign=uuid.uuid4()),
        Filters(allocated_to="a"),
    ]
    with world.database.reading() as session:
        for asked in fits:
            page = desk.rows(session, View.HANDED_OVER, asked, None, reader(world))
            assert [row.id for row in page.items] == [made], asked
        for asked in other:
            assert not desk.rows(session, View.HANDED_OVER, asked, None, reader(world)).items, asked
        counted = counts(session, Filters(clause=clause), reader(world))
    assert (counted[View.HANDED_OVER], counted[View.EDITING]) == (1, 1)


@given(st.dates(date(2020, 1, 10), date(2026, 12, 20)), st.integers(0, 15), st.integers(0, 23))
def test_a_submission_is_overdue_once_its_working_days_are_over(day: date, days: int, hour: int) -> None:
    at = datetime(day.year, day.month, day.day, hour, 30, tzinfo=BEIJING).astimezone(UTC)
    first_in_time = overdue_before(Calendar(), at, days)
    assert Calendar().after(first_in_time, days).day >= day
    assert Calendar().after(first_in_time - timedelta(days=1), days).day < day
