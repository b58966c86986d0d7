"""A form's body is read as it was sent, or refused; nothing in it is ever altered."""

import string
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.forms import MAX_FIELDS, BadForm, parse_form

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
FIELDS = st.lists(st.tuples(TEXT, TEXT), max_size=8)
PIECES = st.sampled_from(["a", "b", "=", "&", ";", "+", "%20", "%26", "%3D", "%25", "%2B", "%E8%A8%80", "%C3%A9", "/"])
BROKEN = st.sampled_from(["%", "%4", "%ZZ", "%u8a00", "%FF", "%C0%AF", "%ED%A0%80", "%00", "%E8%A8"])


@given(FIELDS)
def test_what_was_encoded_is_read(fields: list[tuple[str, str]]) -> None:
    named = [(name, value) for name, value in fields if name or value]
    form = parse_form(urlencode(named).encode(), frozenset(name for name, _ in named))
    assert {name: form.all(name) for name in form} == {
        name: [value for other, value in named if other == name] for name, _ in named
    }


@given(st.lists(PIECES, max_size=20).map("".join))
def test_it_reads_as_the_standard_library_where_that_is_strict(body: str) -> None:
    expected = parse_qsl(body, keep_blank_values=True, errors="strict")
    form = parse_form(body.encode(), frozenset(name for name, _ in expected))
    assert [(name, value) for name in form for value in form.all(name)] == sorted(
        expected, key=lambda field: list(form).index(field[0])
    )


@given(st.lists(PIECES, max_size=6).map("".join), BROKEN, st.sampled_from(["", "&", "=", "&b=", "a"]))
def test_a_broken_piece_spoils_the_whole_body(before: str, broken: str, after: str) -> None:
    repeatable = frozenset(name for name, _ in parse_qsl(before + broken + after, keep_blank_values=True))
    with pytest.raises(BadForm) as refused:
        parse_form((before + broken + after).encode(), repeatable)
    assert refused.value.code in ("bad_escape", "not_utf8", "null_character")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_never_repaired(body: bytes) -> None:
    try:
        form = parse_form(body)
    except BadForm:
        return
    read = "".join(name + value for name, value in form.items())
    assert read.count("\ufffd") == body.count(b"\xef\xbf\xbd") + body.upper().count(b"%EF%BF%BD")


TORN = st.sampled_from(rb"% %% = == =3D %3D %3d 3D 4 F %4 _ + %0D%0A %E8%A8%80 %e8%a8%80 . - %25 =20".split())
WHITE = st.sampled_from([b"=\n", b"%\n", b"%\r", b"\r\n", b" ", b"\t"])


@given(st.one_of(st.lists(TORN | WHITE, max_size=14).map(b"".join), st.binary(max_size=40)))
def test_a_value_is_decoded_as_the_standard_library_does_where_it_is_whole(value: bytes) -> None:
    value = value.replace(b"&", b"")
    plain = value.replace(b"+", b" ")
    is_whole = all(
        len(piece) >= 2 and set(piece[:2]) <= set(string.hexdigits.encode()) for piece in plain.split(b"%")[1:]
    )
    try:
        expected = unquote_to_bytes(plain).decode() if is_whole else None
    except UnicodeDecodeError:
        expected = None
    if expected is None or "\x00" in expected:
        with pytest.raises(BadForm):
            parse_form(b"a=" + value)
    else:
        assert parse_form(b"a=" + value)["a"] == expected


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"a=%", "bad_escape"),
        (b"a=%4", "bad_escape"),
        (b"a=%ZZ", "bad_escape"),
        (b"a=%u8a00", "bad_escape"),
        (b"a=100%", "bad_escape"),
        (b"%=a", "bad_escape"),
        (b"a=" + "意见".encode("gbk"), "not_utf8"),
        (b"a=%D2%E2%BC%FB", "not_utf8"),
        (b"a=%C0%AF", "not_utf8"),
        (b"a=%E0%80%AF", "not_utf8"),
        (b"a=%ED%A0%80", "not_utf8"),
        (b"a=%F4%90%80%80", "not_utf8"),
        (b"a=%E8%A8", "not_utf8"),
        (b"a=%00", "null_character"),
        (b"a=b\x00c", "null_character"),
        (b"a\x00=b", "null_character"),
        (b"a=1&a=1", "repeated_field"),
        (b"a=1&%61=2", "repeated_field"),
        (b"a&a", "repeated_field"),
    ],
)
def test_it_is_refused_with_the_reason(body: bytes, code: str) -> None:
    with pytest.raises(BadForm) as refused:
        parse_form(body)
    assert refused.value.code == code
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {}),
        (b"&&", {}),
        (b"a", {"a": ""}),
        (b"a=", {"a": ""}),
        (b"=a", {"": "a"}),
        (b"a=1;b=2", {"a": "1;b=2"}),
        (b"a=1=2", {"a": "1=2"}),
        (b"a=b+c%2Bd", {"a": "b c+d"}),
        (b"a=%2525", {"a": "%25"}),
        (b"a=%0D%0A", {"a": "\r\n"}),
        ("意见=言路".encode(), {"意见": "言路"}),
        (b"a=%EF%BB%BFx", {"a": "\ufeffx"}),
    ],
)
def test_it_is_read_as_it_was_sent(body: bytes, fields: dict[str, str]) -> None:
    assert dict(parse_form(body)) == fields


def test_a_field_that_may_be_repeated_keeps_its_order() -> None:
    form = parse_form(b"clause=2&title=x&clause=1&clause=2", frozenset({"clause"}))
    assert form.all("clause") == ["2", "1", "2"]
    assert form.all("title") == ["x"]
    assert form.all("other") == []


def test_as_many_fields_as_are_allowed_and_not_one_more() -> None:
    allowed = [f"f{number}=1".encode() for number in range(MAX_FIELDS)]
    assert len(parse_form(b"&".join(allowed))) == MAX_FIELDS
    for count in (MAX_FIELDS + 1, 1000):
        with pytest.raises(BadForm) as refused:
            parse_form(b"&".join(b"f%d=1" % number for number in range(count)))
        assert refused.value.code == "too_many_fields"


def test_a_text_is_without_the_white_space_around_it_and_a_value_is_not() -> None:
    form = parse_form(b"a=+%E3%80%80x+y%0A")
    assert form.text("a") == "x y"
    assert form["a"] == " \u3000x y\n"
    assert form.text("missing") == ""
