"""The least window by law: figures, boundaries, days in Beijing."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.working_days import Calendar
from app.consultations.lifecycle import LegalNature
from app.consultations.windows import Unit, Verdict, WindowFinding, check_window, last_whole_day, rule_of
from app.kit.clock import BEIJING, beijing_day, end_of_beijing_day

CALENDAR = Calendar()
N = LegalNature
instants = st.integers(0, 4_000_000_000_000_000).map(
    lambda microseconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)


def checked(nature: LegalNature, published: date, last: date, calendar: Calendar = CALENDAR) -> WindowFinding:
    opens_at = datetime.combine(published, time(9), BEIJING)
    return check_window(nature, published, opens_at, end_of_beijing_day(last), calendar)


@pytest.mark.parametrize("nature", LegalNature)
def test_the_window_of_the_open_document_is_flagged_under_every_nature(nature: LegalNature) -> None:
    """Published on 29 April 2025, comments until the 7th of May: eight days, of which three are worked."""
    finding = checked(nature, date(2025, 4, 29), date(2025, 5, 7))
    assert (finding.calendar_days, finding.working_days) == (8, 3)
    assert finding.verdict is rule_of(nature).shortfall
    assert finding.verdict is not Verdict.PASS


@pytest.mark.parametrize(
    ("nature", "required", "unit", "shortfall"),
    [
        (N.MAJOR_DECISION, 30, Unit.CALENDAR_DAYS, Verdict.WARN),
        (N.GOVERNMENT_RULE, 30, Unit.CALENDAR_DAYS, Verdict.BLOCK),
        (N.LOCAL_REGULATION, 30, Unit.CALENDAR_DAYS, Verdict.BLOCK),
        (N.NORMATIVE_DOCUMENT, 7, Unit.WORKING_DAYS, Verdict.WARN),
        (N.NORMATIVE_DOCUMENT_MARKET, 30, Unit.CALENDAR_DAYS, Verdict.WARN),
    ],
)
def test_each_nature_has_its_figure_and_its_source(
    nature: LegalNature, required: int, unit: Unit, shortfall: Verdict
) -> None:
    rule = rule_of(nature)
    assert (rule.required, rule.unit, rule.shortfall) == (required, unit, shortfall)
    assert rule.may_shorten is (shortfall is Verdict.WARN)
    assert rule.source
    assert str(required) in rule.wording or "三十" in rule.wording


def test_a_figure_that_was_not_read_in_its_source_says_so() -> None:
    assert {nature for nature in LegalNature if not rule_of(nature).verified} == {N.LOCAL_REGULATION}


def test_the_page_about_windows_has_each_rule_as_the_table_has_it() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "windows.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    for nature in LegalNature:
        rule = rule_of(nature)
        unit = "working days" if rule.unit is Unit.WORKING_DAYS else "days"
        answer = "warns" if rule.may_shorten else "blocks"
        found = [row for row in rows if f"| {rule.required} {unit} | {answer}" in row]
        assert any(rule.article in row for row in found), nature


@given(nature=st.sampled_from(LegalNature), published=st.dates(date(2010, 1, 1), date(2026, 10, 1)))
def test_one_day_less_than_the_law_asks_is_too_short_and_the_last_day_makes_it_whole(
    nature: LegalNature, published: date
) -> None:
    rule = rule_of(nature)
    if rule.unit is Unit.WORKING_DAYS:
        last = CALENDAR.after(published, rule.required).day
    else:
        last = published + timedelta(days=rule.required)
    assert checked(nature, published, last).verdict is Verdict.PASS
    before = checked(nature, published, last - timedelta(days=1))
    assert (before.verdict, before.given) == (rule.shortfall, rule.required - 1)


@given(closes_at=instants)
def test_the_last_day_counts_only_when_it_runs_to_its_end_in_beijing(closes_at: datetime) -> None:
    last = last_whole_day(closes_at)
    assert end_of_beijing_day(last) <= closes_at < end_of_beijing_day(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("closes_at", "calendar_days"),
    [
        (datetime(2026, 6, 10, 16, tzinfo=UTC), 9),  # 24:00 in Beijing
        (datetime(2026, 6, 10, 15, 59, 59, 999999, tzinfo=UTC), 8),
        (datetime(2026, 6, 10, 10, tzinfo=UTC), 8),  # 18:00 in Beijing
    ],
)
def test_a_last_day_that_ends_early_is_not_counted(closes_at: datetime, calendar_days: int) -> None:
    opens_at = datetime(2026, 6, 1, 1, tzinfo=UTC)
    finding = check_window(N.MAJOR_DECISION, date(2026, 6, 1), opens_at, closes_at, CALENDAR)
    assert finding.calendar_days == calendar_days


@pytest.mark.parametrize(
    ("published", "opens_at", "first"),
    [
        (date(2026, 6, 1), datetime(2026, 6, 1, 15, 59, tzinfo=UTC), date(2026, 6, 1)),
        (date(2026, 6, 1), datetime(2026, 6, 1, 16, 0, tzinfo=UTC), date(2026, 6, 2)),  # 0:00 in Beijing
        (date(2026, 6, 3), datetime(2026, 6, 1, 1, tzinfo=UTC), date(2026, 6, 3)),
        (None, datetime(2026, 6, 1, 1, tzinfo=UTC), date(2026, 6, 1)),
    ],
)
def test_it_is_counted_from_the_later_of_publication_and_opening(
    published: date | None, opens_at: datetime, first: date
) -> None:
    finding = check_window(N.MAJOR_DECISION, published, opens_at, end_of_beijing_day(date(2026, 7, 2)), CALENDAR)
    assert finding.published_on == first
    assert finding.calendar_days == (date(2026, 7, 2) - first).days


def test_a_window_into_a_year_whose_holidays_nobody_knows_says_so() -> None:
    finding = checked(N.NORMATIVE_DOCUMENT, date(2026, 12, 28), date(2027, 1, 7))
    assert (finding.verdict, finding.assumed, finding.assumed_years) == (Verdict.PASS, True, (2027,))
    assert not checked(N.NORMATIVE_DOCUMENT, date(2026, 11, 2), date(2026, 12, 7)).assumed


@given(
    nature=st.sampled_from(LegalNature),
    published=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    opens_at=instants,
    length=st.timedeltas(timedelta(days=-400), timedelta(days=400)),
)
def test_any_window_has_an_answer(
    nature: LegalNature, published: date | None, opens_at: datetime, length: timedelta
) -> None:
    finding = check_window(nature, published, opens_at, opens_at + length, CALENDAR)
    assert finding.published_on >= beijing_day(opens_at)
    assert (finding.verdict is Verdict.PASS) == (finding.given >= finding.required)
    assert finding.calendar_days >= finding.working_days >= 0
