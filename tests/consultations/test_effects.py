"""What each change does to the window: the rules themselves, for any window and any instant."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.working_days import Calendar
from app.consultations.effects import (
    DAY,
    EFFECT_ON_WINDOW,
    NoteKind,
    Window,
    WindowEffect,
    closes_after,
    least_closing,
    lost_time,
    whole_days,
)
from app.consultations.lifecycle import LegalNature
from app.consultations.windows import Verdict, check_window
from app.kit.clock import BEIJING

CALENDAR = Calendar()
MOMENT = timedelta(microseconds=1)
OPENS = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
CLOSES = datetime(2026, 6, 10, 16, tzinfo=UTC)
"""24:00 in Beijing of 10 June."""

instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.timedeltas(MOMENT, timedelta(days=120))
kinds_that_follow_a_rule = [
    kind for kind, effect in EFFECT_ON_WINDOW.items() if effect not in (WindowEffect.CHOSEN, WindowEffect.ENDS_NOW)
]


def test_every_kind_of_change_has_an_effect() -> None:
    assert set(EFFECT_ON_WINDOW) == set(NoteKind)


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_a_begun_day_counts_whole_and_nothing_below_zero_does(length: timedelta) -> None:
    days = whole_days(length)
    assert days % DAY == timedelta(0)
    assert timedelta(0) <= days
    assert max(length, timedelta(0)) <= days < max(length, timedelta(0)) + DAY


@given(opens=instants, length=lengths, at=instants, later=lengths, kind=st.sampled_from(kinds_that_follow_a_rule))
def test_no_rule_takes_time_away(
    opens: datetime, length: timedelta, at: datetime, later: timedelta, kind: NoteKind
) -> None:
    window = Window(opens, opens + length)
    assert closes_after(kind, window, at, chosen=opens + later, least=at + later) >= window.closes_at


@given(opens=instants, length=lengths, before=lengths, suspended_for=lengths)
def test_who_waited_for_the_resumption_has_as_long_as_was_left(
    opens: datetime, length: timedelta, before: timedelta, suspended_for: timedelta
) -> None:
    closes = opens + length
    suspended_at = min(opens - timedelta(days=20) + before, closes - MOMENT)
    resumed_at = suspended_at + suspended_for
    left = closes - max(suspended_at, opens)
    after = closes_after(NoteKind.RESUMPTION, Window(opens, closes, suspended_at), resumed_at)
    assert left <= after - max(resumed_at, opens) < left + DAY
    assert after.astimezone(BEIJING).time() == closes.astimezone(BEIJING).time()


@pytest.mark.parametrize(
    ("suspended_at", "at", "lost"),
    [
        (OPENS, OPENS, timedelta(0)),
        (OPENS, OPENS + MOMENT, MOMENT),
        (OPENS - DAY, OPENS - MOMENT, timedelta(0)),
        (OPENS - DAY, OPENS + 2 * DAY, 2 * DAY),
        (CLOSES - MOMENT, CLOSES + 40 * DAY, 40 * DAY + MOMENT),
        (None, CLOSES, timedelta(0)),
    ],
)
def test_only_time_of_the_window_is_lost(suspended_at: datetime | None, at: datetime, lost: timedelta) -> None:
    assert lost_time(Window(OPENS, CLOSES, suspended_at), at) == lost


@pytest.mark.parametrize(
    ("kind", "suspended_at", "at", "chosen", "after"),
    [
        (NoteKind.SUSPENSION, None, OPENS + DAY, None, CLOSES),
        (NoteKind.RESUMPTION, OPENS + DAY, OPENS + 3 * DAY, None, CLOSES + 2 * DAY),
        (NoteKind.RESUMPTION, OPENS + DAY, OPENS + 3 * DAY + MOMENT, None, CLOSES + 3 * DAY),
        (NoteKind.CORRECTION, OPENS + DAY, OPENS + 9 * DAY, None, CLOSES),
        (NoteKind.WITHDRAWAL, OPENS + DAY, OPENS + 9 * DAY, None, CLOSES),
        (NoteKind.EARLY_CLOSING, None, OPENS + DAY, None, OPENS + DAY),
        (NoteKind.EARLY_CLOSING, None, CLOSES + DAY, None, CLOSES),
        (NoteKind.EXTENSION, None, OPENS, CLOSES + 7 * DAY, CLOSES + 7 * DAY),
        (NoteKind.RESCHEDULE, None, OPENS - 3 * DAY, OPENS + DAY + MOMENT, CLOSES + 2 * DAY),
        (NoteKind.RESCHEDULE, None, OPENS - 3 * DAY, OPENS - DAY, CLOSES),
    ],
)
def test_each_change_by_example(
    kind: NoteKind, suspended_at: datetime | None, at: datetime, chosen: datetime | None, after: datetime
) -> None:
    assert closes_after(kind, Window(OPENS, CLOSES, suspended_at), at, chosen=chosen) == after


@pytest.mark.parametrize("kind", [NoteKind.REPLACEMENT, NoteKind.SUBSTANTIVE_CORRECTION])
def test_a_restarted_window_has_the_statutory_minimum_anew_and_never_less_than_it_had(kind: NoteKind) -> None:
    window = Window(OPENS, CLOSES)
    assert closes_after(kind, window, OPENS, least=CLOSES + DAY) == CLOSES + DAY
    assert closes_after(kind, window, OPENS, least=CLOSES - DAY) == CLOSES


def test_a_replacement_ends_the_suspension_and_gives_its_time_back_and_a_correction_does_not() -> None:
    window = Window(OPENS, CLOSES, OPENS)
    at = OPENS + 5 * DAY
    assert closes_after(NoteKind.REPLACEMENT, window, at, least=at) == CLOSES + 5 * DAY
    assert closes_after(NoteKind.SUBSTANTIVE_CORRECTION, window, at, least=at) == CLOSES


@given(nature=st.sampled_from(LegalNature), opening=instants)
def test_the_least_closing_is_the_first_midnight_that_the_law_lets_pass(nature: LegalNature, opening: datetime) -> None:
    least = least_closing(nature, opening, CALENDAR)
    assert least.astimezone(BEIJING).time() == time()
    assert check_window(nature, None, opening, least, CALENDAR).verdict is Verdict.PASS
    assert check_window(nature, None, opening, least - DAY, CALENDAR).verdict is not Verdict.PASS
