"""Numbers of characters and pairs: an index over them lets through every text that holds the term."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kit.bigrams import BITS, fold, numbers_of, numbers_wanted, places_of, terms_of

TEXT = st.text(
    st.one_of(st.sampled_from("意见征集路灯盲道。，！ \n１２3aAＡﬁ𠮷😀①㎡İ"), st.characters(codec="utf-8")), max_size=60
)


@given(TEXT, st.data())
def test_every_piece_of_a_text_is_let_through_and_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    piece = text[start:end]
    assert numbers_wanted(piece) <= numbers_of(text)
    if fold(piece).text:
        assert places_of(piece, fold(text))


@given(TEXT, TEXT)
def test_places_hold_the_term_and_lie_in_the_text(text: str, term: str) -> None:
    places = places_of(term, fold(text))
    assert bool(places) == (bool(fold(term).text) and fold(term).text in fold(text).text)
    for start, end in places:
        assert 0 <= start < end <= len(text)
        assert fold(term).text in fold(text[start:end]).text


@given(TEXT)
@example("𠮷野家")
def test_numbers_fit_a_column_of_so_many_bits(text: str) -> None:
    assert all(-(2 ** (BITS - 1)) <= number < 2 ** (BITS - 1) for number in numbers_of(text))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("路灯", "建议加装路\n灯"),
        ("5G基站", "５ｇ基站太少"),
        ("12345", "拨打１２３４５"),
        ("灯", "没有路灯。"),
        ("路灯，盲道", "修路灯,盲道"),
        ("𠮷", "姓𠮷的人"),
        ("PM2.5", "pm2.5 超标"),
    ],
)
def test_width_case_and_breaks_keep_nobody_from_finding(term: str, text: str) -> None:
    assert numbers_wanted(term) <= numbers_of(text)
    assert places_of(term, fold(text))


@pytest.mark.parametrize(
    ("term", "text"), [("灯路", "路灯"), ("意见征", "意见，征集"), ("见征", "意见"), ("道盲", "盲道盲")]
)
def test_other_words_are_not_found(term: str, text: str) -> None:
    assert bool(places_of(term, fold(text))) == (term in text)


def test_what_could_never_be_found_is_no_term() -> None:
    assert terms_of(" 路灯  ，。 5 ！ ") == ["路灯", "5"]


def test_a_pair_of_characters_of_the_common_plane_shares_its_number_with_no_other() -> None:
    pairs = [a + b for a in "一丁七万丈三龥" for b in "一丁七万丈三龥"]
    numbers = [numbers_wanted(pair) for pair in pairs]
    assert len({frozenset(found) for found in numbers}) == len(pairs)
