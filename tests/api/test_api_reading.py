"""Two pure readers: of `Accept-Language`, and of JSON."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api import json_text, languages
from app.api.json_text import MalformedJson

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(ANY_JSON, st.booleans())
def test_what_json_can_say_is_read_as_it_is(value: object, escaped: bool) -> None:
    assert json_text.parse(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary() | st.text(alphabet='{}[]",:\\udn8e0aN-. ').map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(MalformedJson):
        assert json.dumps(json_text.parse(body), ensure_ascii=False).encode()


@given(st.text())
def test_any_header_leads_to_a_language(header: str) -> None:
    assert languages.preferred(header) in ("zh", "en")


@pytest.mark.parametrize(
    ("header", "language"),
    [("EN-us", "en"), ("zh-Hant;q=0.9, en;q=0.91", "en"), ("en;q=0.5, zh;q=0.5", "en"), ("en; q=2", "zh")],
)
def test_weights_are_minded(header: str, language: str) -> None:
    assert languages.preferred(header) == language
