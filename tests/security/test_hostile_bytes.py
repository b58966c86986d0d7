"""Whatever is sent as a captcha's token or as a cursor: it is read, or refused as that, and never anything else."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.captcha.challenge import Challenges
from app.kit.crypto import Unreadable
from app.kit.paging import BadCursor, read_cursor
from tests.support.app import SECRETS
from tests.support.journey import START

MINTED = Challenges(SECRETS.signing)
SHAPED = st.text(alphabet="ABCabc019-_.=|", max_size=200)
ANYTHING = st.one_of(st.text(max_size=300), SHAPED)


@given(ANYTHING)
@example("")
@example("\ud800")
@example("A" * 100_000)
def test_what_is_no_token_is_refused_as_unreadable(token: str) -> None:
    with pytest.raises(Unreadable):
        MINTED.read(token, START)


@given(ANYTHING)
@example("\ud800")
@example("A" * 100_000)
@example("_" * 32)
def test_any_cursor_is_a_key_or_refused(cursor: str) -> None:
    try:
        key = read_cursor(cursor)
    except BadCursor:
        return
    assert key is None or read_cursor(key.cursor()) == key


def test_the_tokens_own_time_is_no_way_around() -> None:
    token = MINTED.mint(START, "form", 0)
    assert MINTED.read(token, START).work == 0
    with pytest.raises(Unreadable):
        MINTED.read(token, START + timedelta(days=2))
