"""What of a comment stands in suggestions, for any comment and any set of passages; pure."""

from hypothesis import given
from hypothesis import strategies as st

from app.screening.coverage import is_covered, says_something, stretches, uncovered
from app.screening.passages import PHRASE, SENTENCE, Span, joined, sentences

MARKS = st.sampled_from("助餐点。！，：；!? \n\t　”）'a1😀𠮷")
COMMENTS = (st.text(MARKS, max_size=60) | st.text(max_size=60)).filter(bool)


@st.composite
def gathered(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A comment and any passages of it: overlapping, within each other, the same ones twice."""
    comment = draw(COMMENTS)
    start = st.integers(0, len(comment) - 1)
    one = st.builds(lambda at, more: Span(at, min(len(comment), at + more)), start, st.integers(1, 20))
    return comment, draw(st.lists(one, max_size=8))


def depth(place: int, spans: list[Span]) -> int:
    return sum(span.start <= place < span.end for span in spans)


@given(gathered())
def test_stretches_are_the_whole_and_tell_how_often_each_place_was_gathered(made: tuple[str, list[Span]]) -> None:
    comment, spans = made
    found = stretches(Span(0, len(comment)), spans)
    assert "".join(comment[one.start : one.end] for one in found) == comment
    for one in found:
        assert {depth(place, spans) for place in range(one.start, one.end)} == {one.depth}


@given(gathered())
def test_what_is_not_told_as_left_stands_in_a_passage_or_says_nothing(made: tuple[str, list[Span]]) -> None:
    comment, spans = made
    left = uncovered(comment, sentences(comment), spans)
    told = {place for span in left for place in range(span.start, span.end)}
    unseen = "".join(sign for place, sign in enumerate(comment) if place not in told and not depth(place, spans))
    assert not says_something(unseen)


@given(gathered())
def test_what_is_told_as_left_has_something_that_stands_nowhere(made: tuple[str, list[Span]]) -> None:
    comment, spans = made
    for span in uncovered(comment, sentences(comment), spans):
        missing = [comment[place] for place in range(span.start, span.end) if not depth(place, spans)]
        assert says_something("".join(missing))


@given(gathered())
def test_gathering_what_is_left_leaves_nothing(made: tuple[str, list[Span]]) -> None:
    comment, spans = made
    left = uncovered(comment, sentences(comment), spans)
    assert uncovered(comment, sentences(comment), [*spans, *joined(comment, left)]) == []


@given(gathered(), st.integers(1, 20))
def test_more_passages_never_leave_more(made: tuple[str, list[Span]], more: int) -> None:
    comment, spans = made
    before = uncovered(comment, sentences(comment), spans)
    after = uncovered(comment, sentences(comment), [*spans, Span(0, min(more, len(comment)))])
    assert set(after) <= set(before)


@given(COMMENTS)
def test_phrases_of_a_sentence_leave_out_nothing_of_it(comment: str) -> None:
    for outer in sentences(comment, SENTENCE):
        words = comment[outer.start : outer.end]
        assert uncovered(words, [Span(0, len(words))], sentences(words, PHRASE)) == []


def test_positions_are_code_points() -> None:
    comment = "𠮷野家旁😀设助餐点。请延长。"
    first, second = sentences(comment)
    assert comment[first.start : first.end] == "𠮷野家旁😀设助餐点。"
    assert uncovered(comment, [first, second], [Span(0, 10)]) == [second]
    assert uncovered(comment, [first, second], [Span(0, 4), Span(5, 10)]) == [first, second]


def test_punctuation_left_over_is_nothing_and_an_emoji_is_something() -> None:
    comment = "周末也开放。"
    assert is_covered(comment, Span(0, 6), [Span(0, 5)])
    assert not is_covered(comment + "😀", Span(0, 7), [Span(0, 6)])
