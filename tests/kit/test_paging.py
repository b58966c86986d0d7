"""A cursor leads to where it was made, and what is no cursor is refused."""

import uuid
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kit.paging import BadCursor, Key, page_of, read_cursor


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode()


INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS, st.uuids())
def test_a_cursor_reads_as_its_key(at: datetime, row: uuid.UUID) -> None:
    assert read_cursor(Key(at, row).cursor()) == Key(at, row)


@given(INSTANTS, st.uuids())
def test_a_cursor_fits_into_an_address_as_it_is(at: datetime, row: uuid.UUID) -> None:
    assert Key(at, row).cursor().replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("nothing", [None, ""])
def test_without_a_cursor_the_list_begins_at_its_head(nothing: str | None) -> None:
    assert read_cursor(nothing) is None


@given(
    st.one_of(
        st.text(min_size=1, max_size=31),
        st.binary(min_size=1, max_size=40).filter(lambda data: len(data) != 24).map(_encoded),
    )
)
@example(_encoded(b"\xff" * 24))
@example("=")
@example("言路")
@example("\ud800")
def test_what_is_no_cursor_is_refused_and_nothing_else(garbage: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(garbage)


def _key(number: int) -> Key:
    return Key(datetime(2026, 5, 11, tzinfo=UTC) + timedelta(seconds=number), uuid.UUID(int=number))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_page_that_holds_all_rows_is_the_last(count: int) -> None:
    page = page_of(list(range(count)), 2, _key)
    assert list(page.items) == list(range(count))
    assert page.next_cursor is None


def test_a_row_too_many_leads_to_the_next_page_after_the_last_one_shown() -> None:
    page = page_of([0, 1, 2], 2, _key)
    assert list(page.items) == [0, 1]
    assert read_cursor(page.next_cursor) == _key(1)
