"""Reading a pasted list of holidays."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.lists import EnteredDay, read_days
from app.kit.errors import Unprocessable


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (
            "2027-01-01 休 元旦 国办发明电〔2026〕5号",
            EnteredDay(date(2027, 1, 1), False, "元旦", "国办发明电〔2026〕5号"),
        ),
        ("2027/1/1\t休", EnteredDay(date(2027, 1, 1), False)),
        ("2027年1月1日 放假 元旦", EnteredDay(date(2027, 1, 1), False, "元旦")),
        ("2027-02-14,班,春节", EnteredDay(date(2027, 2, 14), True, "春节")),
        ("2027-02-14，work，春节，通知 第 5 号", EnteredDay(date(2027, 2, 14), True, "春节", "通知 第 5 号")),
        ("\ufeff 2027-01-01　休 ", EnteredDay(date(2027, 1, 1), False)),
    ],
)
def test_a_line_is_a_day_what_it_is_and_why(line: str, day: EnteredDay) -> None:
    assert read_days(line) == [day]


def test_a_run_of_days_is_each_of_them() -> None:
    read = read_days("# 2027\n\n2027-02-06至2027-02-08 休 春节\n2027-02-07 班")
    assert [(entered.day.day, entered.is_working) for entered in read] == [(6, False), (7, True), (8, False)]


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-30 休",
        "2027-02-01",
        "2027-02-01 也许",
        "休 2027-02-01",
        "2027-02-08 至 2027-02-06 休",
        "2027-02-01 至 2027-12-31 休",
        "2027-02-01 休 " + "节" * 61,
        "2027-02-01 休 节 " + "文" * 201,
    ],
)
def test_a_line_that_says_nothing_sure_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        read_days(f"2027-01-01 休\n\n{line}")
    assert (refused.value.code, refused.value.details) == ("calendar_line_unread", {"line": 3})


@pytest.mark.parametrize("text", ["", " \n", "# nothing"])
def test_a_list_without_a_day_is_refused(text: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        read_days(text)
    assert refused.value.code == "calendar_empty"


@given(
    st.text(max_size=60)
    | st.from_regex(r"\d{4}-\d{1,2}-\d{1,2}( 至 \d{4}-\d{1,2}-\d{1,2})? [休班x](\n.*)?", fullmatch=True)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        days = read_days(text)
    except Unprocessable:
        return
    assert days
    assert len({entered.day for entered in days}) == len(days)
