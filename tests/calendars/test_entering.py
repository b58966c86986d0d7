"""Days that staff enter, on both stores."""

from datetime import date

import pytest

from app.audit import queries as audit
from app.calendars import actions, queries
from app.calendars.lists import EnteredDay
from app.kit.database import Database
from app.kit.errors import Conflict, NotFound
from tests.support.journey import OPERATOR, START
from tests.support.racing import written_at_once
from tests.support.refusals import refused

NEW_YEAR = EnteredDay(date(2027, 1, 1), is_working=False, note="元旦", source="国办发明电")
NATIONAL_DAY = EnteredDay(date(2027, 10, 1), is_working=False)


def enter(database: Database, *days: EnteredDay) -> None:
    with database.writing() as session:
        actions.enter_days(session, OPERATOR, START, days)


def test_entered_days_make_a_year_known(database: Database) -> None:
    enter(database, NEW_YEAR)
    enter(database, NATIONAL_DAY)
    with database.reading() as session:
        assert queries.calendar(session).knows(2027)
        kept = queries.entered(session, 2027)
        assert [(row.day, row.is_working, row.note, row.source) for row in kept] == [
            (date(2027, 1, 1), False, "元旦", "国办发明电"),
            (date(2027, 10, 1), False, "", ""),
        ]
        assert queries.entered(session, 2028) == []
        assert len(queries.entered(session)) == 2
        (entry, _) = audit.of_record(session, "calendar", "2027")
    assert (entry.action, entry.detail) == ("calendar.entered", {"count": 1})


def test_what_is_entered_again_replaces_what_was(database: Database) -> None:
    enter(database, NEW_YEAR, NATIONAL_DAY)
    enter(database, EnteredDay(NEW_YEAR.day, is_working=True, note="更正"))
    with database.reading() as session:
        first, second = queries.entered(session, 2027)
    assert (first.is_working, first.note, first.source) == (True, "更正", "")
    assert second.day == NATIONAL_DAY.day


def test_a_day_that_was_entered_can_be_removed_once(database: Database) -> None:
    enter(database, NEW_YEAR)
    with database.writing() as session:
        actions.remove_day(session, OPERATOR, START, NEW_YEAR.day)
    with database.reading() as session:
        assert queries.entered(session) == []
    error = refused(database, lambda s: actions.remove_day(s, OPERATOR, START, NEW_YEAR.day))
    assert (type(error), error.code) == (NotFound, "no_such_calendar_day")


def test_of_two_who_enter_the_same_day_at_once_one_value_stands(database: Database) -> None:
    errors = written_at_once(
        database,
        [
            lambda s: actions.enter_days(s, OPERATOR, START, [NEW_YEAR]),
            lambda s: actions.enter_days(s, OPERATOR, START, [EnteredDay(NEW_YEAR.day, is_working=True)]),
        ],
    )
    assert all(error is None or isinstance(error, Conflict) for error in errors)
    assert None in errors
    with database.reading() as session:
        assert len(queries.entered(session)) == 1


@pytest.mark.parametrize("year", [1, 9999])
def test_any_year_can_be_asked_for(database: Database, year: int) -> None:
    with database.reading() as session:
        assert queries.entered(session, year) == []
        assert queries.calendar(session).shifted(year) == []
