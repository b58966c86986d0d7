"""The file itself: whole or refused, for one side alone, from one side alone."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bundles import file_format
from app.bundles.directions import Direction
from app.bundles.file_format import CONTENT, END, NOTHING_BEFORE, STEP, Manifest, content_line, line_of
from app.bundles.refusals import BundleRefused
from app.bundles.sides import Own, Peer

SENDER, RECIPIENT, STRANGER = (Own.of(letter * 32) for letter in (b"a", b"b", b"c"))
RECORDS = st.lists(
    st.one_of(
        st.dictionaries(st.sampled_from(["row", "key", "said"]), st.text(max_size=20)).map(
            lambda row: {"kind": "x", **row}
        ),
        st.binary(max_size=50),
    ),
    max_size=5,
)


def manifest(sequence: int = 1, direction: Direction = Direction.INWARD) -> Manifest:
    ends = SENDER.public.fingerprint, RECIPIENT.public.fingerprint
    return Manifest(
        direction, sequence, NOTHING_BEFORE, *ends, "2026-05-11T01:30:00+00:00", "0", "0", 0, NOTHING_BEFORE
    )


def written(records: Sequence[Any], sequence: int = 1, to: Own = RECIPIENT) -> bytes:
    file = io.BytesIO()
    lines = [content_line(record) if isinstance(record, bytes) else line_of(record) for record in records]
    file_format.write(file, manifest(sequence), lines, SENDER, to.public)
    return file.getvalue()


def read(
    content: bytes, peer: Peer = SENDER.public, own: Own = RECIPIENT, way: Direction = Direction.INWARD
) -> list[Any]:
    file = io.BytesIO(content)
    sealed = file_format.check(file, peer)
    said, records = file_format.opened(file, sealed, way, own, peer)
    assert said == manifest(sealed.sequence)
    found = list(records)
    assert found.pop() == {"kind": END, "records": len(found)}
    return [record[CONTENT] if record["kind"] == CONTENT else record for record in found]


ONE = written([{"kind": "x", "row": "一句话"}, b"content"])


@given(RECORDS)
def test_what_was_written_is_read(records: list[Any]) -> None:
    assert read(written(records)) == records


@given(st.integers(0, len(ONE) - 1), st.integers(1, 255))
def test_an_altered_byte_is_refused_wherever_it_is(place: int, by: int) -> None:
    with pytest.raises(BundleRefused):
        read(ONE[:place] + bytes([ONE[place] ^ by]) + ONE[place + 1 :])


@pytest.mark.parametrize("place", [0, 8, 15, 16, 24, 55, 56, len(ONE) // 2, len(ONE) - 65, len(ONE) - 64, len(ONE) - 1])
def test_an_altered_byte_of_each_part_is_refused(place: int) -> None:
    with pytest.raises(BundleRefused):
        read(ONE[:place] + bytes([ONE[place] ^ 1]) + ONE[place + 1 :])


@given(st.integers(0, len(ONE) - 1))
def test_a_file_that_was_cut_off_is_refused(size: int) -> None:
    with pytest.raises(BundleRefused):
        read(ONE[:size])


def test_a_file_with_something_behind_it_is_refused() -> None:
    with pytest.raises(BundleRefused):
        read(ONE + b"\n")


@pytest.mark.parametrize(
    "way",
    [
        {"peer": STRANGER.public},
        {"own": STRANGER},
        {"way": Direction.OUTWARD},
    ],
    ids=["signed by somebody else", "sealed for somebody else", "going the other way"],
)
def test_a_file_is_for_one_side_from_one_side(way: dict[str, Any]) -> None:
    with pytest.raises(BundleRefused):
        read(ONE, **way)


def test_a_file_tells_nothing_but_its_number_and_its_size_in_mebibytes() -> None:
    assert b"kind" not in ONE
    assert "一句话".encode() not in ONE
    assert len(written([])) == len(ONE) == len(written([b"x" * 1000]))
    assert len(written([b"x" * STEP])) == len(ONE) + STEP + 16
