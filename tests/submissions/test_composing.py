"""One comment from words on the whole and on single clauses: cutting it by its places gives back what went in."""

import uuid
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.submissions.composing import (
    BETWEEN,
    LONGEST_NAME,
    ClauseWords,
    Extent,
    after_covering,
    compose,
    general_extent,
    length,
    own_extents,
)
from app.submissions.fields import accepted_words

A, B = uuid.UUID(int=1), uuid.UUID(int=2)
WORDS = st.text(max_size=30).map(accepted_words) | st.sampled_from(
    ["", "【第三条】\n不同意", "建议修改为：\n甲", "一\n\n【二】", "【", "👍🏽"]
)
PARTS = st.lists(
    st.builds(
        ClauseWords,
        clause_id=st.uuids(),
        name=st.text(max_size=80) | st.sampled_from(["三、【助餐】\n点", "【"]),
        text=WORDS,
        wording=WORDS,
    ),
    max_size=5,
    unique_by=lambda part: part.clause_id,
)


@given(general=WORDS, parts=PARTS)
def test_cutting_by_the_places_gives_back_exactly_what_went_in(general: str, parts: list[ClauseWords]) -> None:
    composed = compose(general, parts)
    said = [part for part in parts if part.text or part.wording]
    assert [place.clause_id for place in composed.places] == [part.clause_id for part in said]
    for place, part in zip(composed.places, said, strict=True):
        assert (place.text.of(composed.comment) if place.text else "") == part.text
        assert (place.wording.of(composed.comment) if place.wording else "") == part.wording
    assert general_extent(composed.comment, composed.places).of(composed.comment) == general
    assert length(general, parts) == len(general) + sum(
        extent.end - extent.start for extent in own_extents(composed.places)
    )


@given(general=WORDS, parts=PARTS)
def test_the_places_stand_in_order_and_never_overlap(general: str, parts: list[ClauseWords]) -> None:
    composed = compose(general, parts)
    extents = own_extents(composed.places)
    assert all(first.end < second.start for first, second in pairwise(extents))
    assert all(0 <= extent.start < extent.end <= len(composed.comment) for extent in extents)


def test_a_comment_reads_as_a_person_would_write_it() -> None:
    parts = [ClauseWords(A, "第三条 助餐点", "写得太宽。", "每个社区设助餐点。"), ClauseWords(B, "第五条", "同意。")]
    assert compose("总体赞成。", parts).comment == (
        "总体赞成。\n\n【第三条 助餐点】\n写得太宽。\n建议修改为：\n每个社区设助餐点。\n\n【第五条】\n同意。"
    )


def test_general_words_alone_are_the_comment_as_they_are() -> None:
    composed = compose("总体赞成。", [ClauseWords(A, "第三条")])
    assert (composed.comment, composed.places) == ("总体赞成。", ())


def test_a_long_name_is_cut_and_stays_on_one_line() -> None:
    comment = compose("", [ClauseWords(A, "长\n" * 200, "同意。")]).comment
    heading, _, words = comment.partition("\n")
    assert heading == "【" + ("长 " * 200)[: LONGEST_NAME - 1] + "…】"
    assert words == "同意。"
    assert BETWEEN not in comment


@given(data=st.data())
def test_words_are_found_again_after_passages_were_covered(data: st.DataObject) -> None:
    text = data.draw(st.text("abcdef", max_size=40))
    bounds = st.integers(0, len(text))
    start, end = sorted((data.draw(bounds), data.draw(bounds)))
    cuts = sorted(data.draw(st.lists(bounds, max_size=6, unique=True)))
    covered = [Extent(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    masked, position = "", 0
    for passage in covered:
        masked += text[position : passage.start] + "***"
        position = passage.end
    masked += text[position:]
    found = after_covering(Extent(start, end), covered, 3).of(masked)
    inside = [passage for passage in covered if start <= passage.start and passage.end <= end]
    outside = [passage for passage in covered if passage.end <= start or end <= passage.start]
    if len(inside) + len(outside) == len(covered):
        pieces, position = "", start
        for passage in inside:
            pieces += text[position : passage.start] + "***"
            position = passage.end
        assert found == pieces + text[position:end]


@pytest.mark.parametrize(
    ("extent", "covered", "expected"),
    [
        (Extent(4, 8), [Extent(0, 6)], Extent(3, 5)),
        (Extent(4, 8), [Extent(6, 10)], Extent(4, 6)),
        (Extent(4, 8), [Extent(2, 10)], Extent(5, 5)),
    ],
)
def test_a_passage_that_reaches_over_an_end_counts_as_outside(
    extent: Extent, covered: list[Extent], expected: Extent
) -> None:
    assert after_covering(extent, covered, 3) == expected
