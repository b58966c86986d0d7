"""Sealed values and tokens: they open here, for what they were made, and everything else is unreadable."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.crypto import (
    MAC_BYTES,
    NONCE_BYTES,
    SealedTokens,
    Sealer,
    SignedTokens,
    Unreadable,
    content_hash,
    derive,
    keyed_hash,
)

NOW = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
OLD, NEW = bytes(range(32)), bytes(range(32, 64))
SEALER = Sealer({"2026-a": OLD}, "2026-a")
PLACE = ("identities", "id_number", "row-1")
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
MASTER = b"m" * 32
SEALED = SealedTokens(MASTER, "receipt")
SIGNED = SignedTokens(MASTER, "receipt")
READERS: dict[str, Callable[[str], str]] = {
    "sealed": lambda token: SEALED.open(token, "context", NOW),
    "signed": lambda token: SIGNED.read(token, "context", NOW),
}
MAKERS: dict[str, Callable[[str], str]] = {
    "sealed": lambda value: SEALED.seal(value, "context", LATER),
    "signed": lambda value: SIGNED.sign(value, "context", LATER),
}
KINDS = pytest.mark.parametrize("kind", list(READERS))


def test_a_key_is_derived_as_rfc_5869_says() -> None:
    """Appendix A.3 of the RFC: no salt, no info; of its 42 bytes the first 32."""
    known = bytes.fromhex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
    assert derive(b"\x0b" * 22, "") == known


@given(st.binary(min_size=1, max_size=80), TEXT)
def test_a_key_is_what_extract_and_expand_make_by_hand(master: bytes, label: str) -> None:
    pseudorandom = hmac.new(bytes(32), master, hashlib.sha256).digest()
    assert derive(master, label) == hmac.new(pseudorandom, label.encode() + b"\x01", hashlib.sha256).digest()


@given(TEXT)
def test_a_sealed_value_opens_to_itself(value: str) -> None:
    assert SEALER.open(SEALER.seal(value, *PLACE), *PLACE) == value


def test_every_flipped_bit_is_seen() -> None:
    sealed = SEALER.seal("219999195001010003", *PLACE)
    for place in range(len(sealed)):
        for bit in range(8):
            altered = bytearray(sealed)
            altered[place] ^= 1 << bit
            with pytest.raises(Unreadable):
                SEALER.open(bytes(altered), *PLACE)


def test_every_cut_and_every_added_byte_is_seen() -> None:
    sealed = SEALER.seal("219999195001010003", *PLACE)
    for altered in (*(sealed[:length] for length in range(len(sealed))), sealed + b"\x00", b"\x00" + sealed):
        with pytest.raises(Unreadable):
            SEALER.open(altered, *PLACE)


@pytest.mark.parametrize(
    "place",
    [
        ("other", "id_number", "row-1"),
        ("identities", "phone", "row-1"),
        ("identities", "id_number", "row-2"),
        ("identities", "id_number", "row-1|2026-a"),
    ],
)
def test_a_value_moved_elsewhere_is_unreadable(place: tuple[str, str, str]) -> None:
    with pytest.raises(Unreadable):
        SEALER.open(SEALER.seal("value", *PLACE), *place)


@given(st.binary(max_size=64))
def test_garbage_is_unreadable_and_nothing_else(garbage: bytes) -> None:
    for sealed in (garbage, b"\x01\x062026-a" + garbage):
        with pytest.raises(Unreadable):
            SEALER.open(sealed, *PLACE)


def test_another_key_of_the_same_name_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        Sealer({"2026-a": NEW}, "2026-a").open(SEALER.seal("value", *PLACE), *PLACE)


def test_after_a_rotation_the_old_values_still_open_and_the_new_key_seals() -> None:
    old = SEALER.seal("value", *PLACE)
    rotated = Sealer({"2026-b": NEW, "2026-a": OLD}, "2026-b")
    new = rotated.seal("value", *PLACE)
    assert rotated.open(old, *PLACE) == rotated.open(new, *PLACE) == "value"
    assert b"2026-b" in new
    with pytest.raises(Unreadable):
        SEALER.open(new, *PLACE)


def test_a_key_may_have_a_chinese_name() -> None:
    sealer = Sealer({"省厅一号": OLD}, "省厅一号")
    assert sealer.open(sealer.seal("value", *PLACE), *PLACE) == "value"


def test_the_value_does_not_stand_in_what_was_sealed() -> None:
    value = "219999195001010003"
    assert value.encode() not in SEALER.seal(value, *PLACE)
    assert value.encode() not in urlsafe_b64decode(SEALED.seal(value, "context", LATER) + "==")


def test_no_two_of_100_000_nonces_are_equal() -> None:
    head = 2 + len("2026-a")
    assert len({SEALER.seal("", *PLACE)[head : head + NONCE_BYTES] for _ in range(100_000)}) == 100_000


@KINDS
@given(value=TEXT)
def test_a_token_opens_to_its_value(kind: str, value: str) -> None:
    assert READERS[kind](MAKERS[kind](value)) == value


@KINDS
def test_every_changed_character_of_a_token_is_seen(kind: str) -> None:
    token = MAKERS[kind]("value")
    for place, character in enumerate(token):
        for other in ("A" if character != "A" else "B", "", "!", "+", "=", "é", "\ud800"):
            with pytest.raises(Unreadable):
                READERS[kind](token[:place] + other + token[place + 1 :])


@KINDS
def test_a_token_has_one_spelling_only(kind: str) -> None:
    token = MAKERS[kind]("value")
    for other in (token + "=", token + "==", f" {token}", f"{token}\n", token.replace("", "\n"), "A" + token):
        with pytest.raises(Unreadable):
            READERS[kind](other)


@KINDS
@given(garbage=st.one_of(st.text(), st.binary(max_size=80).map(lambda data: urlsafe_b64encode(data).decode())))
def test_a_garbled_token_is_unreadable_and_nothing_else(kind: str, garbage: str) -> None:
    with pytest.raises(Unreadable):
        READERS[kind](garbage)


@pytest.mark.parametrize("kind", list(READERS))
def test_a_token_ends_at_its_instant(kind: str) -> None:
    token = MAKERS[kind]("value")
    read = SEALED.open if kind == "sealed" else SIGNED.read
    assert read(token, "context", LATER - timedelta(microseconds=1)) == "value"
    with pytest.raises(Unreadable, match="expired"):
        read(token, "context", LATER)


@KINDS
def test_a_token_is_good_only_for_its_context_its_purpose_and_its_installation(kind: str) -> None:
    token = MAKERS[kind]("value")
    maker = SealedTokens if kind == "sealed" else SignedTokens
    for master, purpose, context in (
        (MASTER, "receipt", "other"),
        (MASTER, "form", "context"),
        (b"n" * 32, "receipt", "context"),
    ):
        tokens = maker(master, purpose)
        read = tokens.open if isinstance(tokens, SealedTokens) else tokens.read
        with pytest.raises(Unreadable, match="forged"):
            read(token, context, NOW)


def test_a_signed_token_of_another_expiry_is_forged() -> None:
    data = bytearray(urlsafe_b64decode(SIGNED.sign("value", "context", LATER) + "=="))
    data[MAC_BYTES + 7] ^= 1
    with pytest.raises(Unreadable, match="forged"):
        SIGNED.read(urlsafe_b64encode(data).rstrip(b"=").decode(), "context", NOW)


@given(st.lists(TEXT, max_size=4), st.lists(TEXT, max_size=4))
def test_no_two_lists_of_parts_hash_alike(first: list[str], second: list[str]) -> None:
    for hashed in (lambda *parts: keyed_hash(OLD, *parts), content_hash):
        assert (hashed(*first) == hashed(*second)) is (first == second)


def test_parts_do_not_run_together() -> None:
    assert content_hash("ab", "c") != content_hash("a", "bc")
    assert content_hash("a") != content_hash("a", "")
    assert keyed_hash(OLD, "ab", "c") != keyed_hash(OLD, "a", "bc")
    assert keyed_hash(OLD, "a") != keyed_hash(NEW, "a")
