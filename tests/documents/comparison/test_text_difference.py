"""Differences inside a text, as a reader of Chinese sees them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents import text_difference
from app.documents.text_difference import Op, difference
from app.documents.word_sense import WordSense

SIGNS = {Op.EQUAL: "", Op.INSERT: "+", Op.DELETE: "-"}


def shown(draft: str, final: str, sense: WordSense | None = None) -> str:
    pieces = difference(draft, final, sense or WordSense())
    return "".join(piece.text if piece.op is Op.EQUAL else f"[{SIGNS[piece.op]}{piece.text}]" for piece in pieces)


@pytest.mark.parametrize(
    ("draft", "final", "expected"),
    [
        ("每年新增步道三十公里。", "每年新增林荫步道三十公里。", "每年新增[+林荫]步道三十公里。"),
        ("定期翻晒、消毒。", "定期翻晒。", "定期翻晒[-、消毒]。"),
        ("今后三年完成。", "明年底前完成。", "[-今后三年][+明年底前]完成。"),
        ("完善照明,减少污染。", "完善照明，减少污染。", "完善照明[-,][+，]减少污染。"),
        ("", "新的", "[+新的]"),
        ("", "", ""),
    ],
)
def test_changes_are_told_in_whole_runs(draft: str, final: str, expected: str) -> None:
    assert shown(draft, final) == expected


def test_a_changed_character_takes_along_the_one_that_makes_a_word_with_it() -> None:
    sense = WordSense(["继续优化。", "不断强化。", "公园机构"])
    assert shown("强化公园", "优化公园", sense) == "[-强化][+优化]公园"
    assert shown("要强化", "要优化") == "要[-强][+优]化"


def test_a_name_is_replaced_as_a_whole_and_stays_where_both_have_it() -> None:
    sense = WordSense(names=["省财政厅", "省水利厅", "省民政厅"])
    assert shown("由省财政厅负责", "由省水利厅负责", sense) == "由[-省财政厅][+省水利厅]负责"
    assert shown("省财政厅、省民政厅", "省水利厅、省民政厅牵头", sense) == "[-省财政厅][+省水利厅]、省民政厅[+牵头]"


def test_changes_of_width_and_white_space_alone_are_marked_as_such() -> None:
    marked = {piece.text for piece in difference("甲方,乙方 丙方各一份", "甲方，乙方丙方各两份") if piece.form_only}
    assert marked == {",", "，", " "}


_TEXTS = st.one_of(st.text(max_size=60), st.text(alphabet="省财政厅水利,，。 \n\U000f0000", max_size=60))


@settings(max_examples=200)
@given(_TEXTS, _TEXTS, st.sampled_from([4_000_000, 100]))
def test_the_pieces_give_both_texts_back_and_are_never_empty(draft: str, final: str, largest: int) -> None:
    sense = WordSense([draft, final], ["省财政厅", "省水利厅"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_difference, "_LARGEST", largest)
        pieces = difference(draft, final, sense)
    assert "".join(piece.text for piece in pieces if piece.op is not Op.INSERT) == draft
    assert "".join(piece.text for piece in pieces if piece.op is not Op.DELETE) == final
    assert all(piece.text for piece in pieces)


def test_long_texts_keep_their_unchanged_sentences() -> None:
    sentences = [f"第{number}句说的是第{number}件事。" for number in range(400)]
    final = [*sentences[:200], "中间多了一句。", *sentences[200:]]
    assert [piece for piece in difference("".join(sentences), "".join(final)) if piece.op is not Op.EQUAL] == [
        text_difference.Piece(Op.INSERT, "中间多了一句。")
    ]
