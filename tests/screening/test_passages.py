"""Sentences and joined passages of any comment whatever; pure."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.screening.passages import Span, joined, sentences

MARKS = st.sampled_from("助餐点。！？；;!? \n\t　”」）)'\"a😀𠮷")
COMMENTS = st.text(MARKS, max_size=60) | st.text(max_size=60)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A comment and some of its passages; passages of a page never overlap, but a form may send anything."""
    comment = draw(COMMENTS.filter(bool))
    place = st.integers(0, len(comment) - 1)
    spans = draw(
        st.lists(
            st.builds(lambda start, more: Span(start, min(len(comment), start + more)), place, st.integers(1, 10)),
            max_size=6,
        )
    )
    return comment, spans


def places(spans: list[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


@given(COMMENTS)
def test_sentences_leave_out_nothing_but_white_space(comment: str) -> None:
    left_out = set(range(len(comment))) - places(sentences(comment))
    assert not "".join(comment[place] for place in sorted(left_out)).strip()


@given(COMMENTS)
def test_sentences_stand_in_order_apart_and_without_outer_white_space(comment: str) -> None:
    found = sentences(comment)
    assert all(before.end <= after.start for before, after in pairwise(found))
    for span in found:
        words = comment[span.start : span.end]
        assert words
        assert words == words.strip()


def test_a_sentence_ends_with_its_mark_and_its_closing_quote() -> None:
    comment = "他说：“周末也开。”很好！为什么？？\n第二段；没有句号"
    assert [comment[span.start : span.end] for span in sentences(comment)] == [
        "他说：“周末也开。”",
        "很好！",
        "为什么？？",
        "第二段；",
        "没有句号",
    ]


@given(marked())
def test_joining_keeps_every_place_and_adds_white_space_only(given_: tuple[str, list[Span]]) -> None:
    comment, spans = given_
    kept, asked = places(joined(comment, spans)), places(spans)
    assert asked <= kept
    assert not "".join(comment[place] for place in kept - asked).strip()


@given(marked())
def test_joined_passages_have_words_between_them(given_: tuple[str, list[Span]]) -> None:
    comment, spans = given_
    found = joined(comment, spans)
    assert all(comment[before.end : after.start].strip() for before, after in pairwise(found))
    assert joined(comment, found) == found


@given(marked(), st.randoms())
def test_the_order_in_which_passages_are_named_does_not_matter(given_: tuple[str, list[Span]], random: object) -> None:
    comment, spans = given_
    mixed = list(spans)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert joined(comment, mixed) == joined(comment, spans)


@given(COMMENTS)
def test_all_sentences_of_a_comment_join_to_one(comment: str) -> None:
    found = joined(comment, sentences(comment))
    assert [comment[span.start : span.end] for span in found] == ([comment.strip()] if comment.strip() else [])
