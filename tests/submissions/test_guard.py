"""What makes a comment wait: patterns, what doesn't hide a word, and how rarely honest comments are held.

Words and bad sentences were written by the same hand; the labelled comments of tests/documents/matching were not.
"""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.submissions.guard import (
    ORDER,
    BadPattern,
    ListedWord,
    WordList,
    folded,
    parts_of,
    read_starter_list,
    text_hash,
)
from app.submissions.guarding import starter_words
from app.submissions.lifecycle import OF_WORDS, HoldReason

HERE = Path(__file__).parent
STARTER = WordList(ListedWord(word, reason) for word, reason in starter_words().items())
SENTENCES = [
    (reason, text)
    for reason, text in (
        line.split(" ", 1) for line in (HERE / "guard_sentences.txt").read_text(encoding="utf-8").splitlines()
    )
]
BAD = [(reason, text) for reason, text in SENTENCES if reason != "none"]
LABELLED = sorted((HERE.parent / "documents/matching").glob("comments_*.jsonl"))
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=6)


def found(word: str, text: str) -> bool:
    return WordList([ListedWord(word, HoldReason.ABUSE)]).check("", text) is HoldReason.ABUSE


def test_of_the_labelled_comments_fewer_than_one_in_a_hundred_wait() -> None:
    comments = [json.loads(line) for path in LABELLED for line in path.read_text(encoding="utf-8").splitlines()]
    held = [one for one in comments if STARTER.check("", one["text" if "text" in one else "comment"])]
    assert len(comments) > 600
    assert len(held) < len(comments) / 100


def test_most_advertisements_insults_and_threats_wait_for_their_reason() -> None:
    right = [text for reason, text in BAD if STARTER.check("", text) == reason]
    assert len(BAD) == 60
    assert len(right) >= 54


@pytest.mark.parametrize("text", [text for reason, text in SENTENCES if reason == "none"])
def test_a_word_in_an_honest_sentence_may_stand(text: str) -> None:
    assert STARTER.check("", text) is None


def test_the_starter_list_is_of_patterns_with_reasons_that_words_give() -> None:
    words = starter_words()
    assert set(words.values()) <= set(OF_WORDS)
    assert all(parts_of(word) for word in words)


def test_a_remark_in_the_list_is_no_word() -> None:
    assert list(read_starter_list("; all of it\nabuse 坏词 ; why\n\nthreat 甲+乙")) == [
        ListedWord("坏词", HoldReason.ABUSE),
        ListedWord("甲+乙", HoldReason.THREAT),
    ]


@given(HAN, st.text(max_size=30), st.text(max_size=30))
def test_a_word_is_found_wherever_it_stands(word: str, before: str, after: str) -> None:
    assert found(word, before + word + after)


@given(HAN, st.sampled_from([" ", "　", "*", "·", "-", "_", "|", "😀", "\u200b"]))
def test_marks_between_the_characters_don_t_hide_a_word(word: str, mark: str) -> None:
    assert found(word, mark.join(word))


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=2, max_size=8))
def test_width_and_case_don_t_hide_a_word(word: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in word.upper())
    assert found(word, f"前{wide}后")


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("加微信", "费用增加，微信支付", False),
        ("加微信", "加，微，信", True),
        ("加微信", "加。微信", False),
        ("加微信+#", "加微信abc12345", True),
        ("加微信+#", "加微信：幺三八零零零零", True),
        ("加微信+#", "请在公告里加微信二维码", False),
        ("加微信+#", "加微信" + "很" * 21 + "12345", False),
        ("甲乙+丙丁", "甲乙一二三丙丁", True),
        ("甲乙+丙丁", "丙丁一二三甲乙", False),
        ("甲乙+丙丁", "甲乙\n丙丁", False),
        ("甲乙+#", "甲乙2025年", False),
    ],
)
def test_patterns(word: str, text: str, expected: bool) -> None:
    assert found(word, text) is expected


@pytest.mark.parametrize("word", ["", "#", "+", "甲", "甲+", "甲乙+", "甲+乙", "a+b+c+d+ee", "长" * 31, "。。"])
def test_what_is_no_pattern_is_refused(word: str) -> None:
    with pytest.raises(BadPattern):
        parts_of(word)


@given(st.permutations(ORDER), st.permutations(["甲乙", "丙丁", "丁戊", "己庚"]))
def test_of_several_reasons_the_gravest_is_told(reasons: list[HoldReason], words: list[str]) -> None:
    listed = [ListedWord(word, reason) for word, reason in zip(words, reasons, strict=True)]
    for number in range(1, len(listed) + 1):
        there = listed[:number]
        text = "，".join(one.word for one in there)
        assert WordList(listed).check("", text) is min((one.reason for one in there), key=ORDER.index)


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_is_judged_and_any_pattern_is_taken_or_refused(text: str, word: str) -> None:
    assert STARTER.check(text, text) in (None, *OF_WORDS)
    try:
        parts_of(word)
    except BadPattern:
        return
    WordList([ListedWord(word, HoldReason.ABUSE)]).check(text, text)


@pytest.mark.parametrize(
    "other", ["建议增加座位", "建议，增加座位！", " 建议增加座位 \n", "建 议增加座位。", "建议增加座位😀"]
)
def test_copies_are_the_same_whatever_their_punctuation(other: str) -> None:
    assert text_hash(other) == text_hash("建议增加座位。")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_texts_with_other_letters_are_no_copies(one: str, other: str) -> None:
    letters = [[c for c in text.casefold() if c.isascii() and c.isalnum()] for text in (one, other)]
    if letters[0] != letters[1]:
        assert text_hash(one) != text_hash(other)


@pytest.mark.parametrize("text", ["？！", "。", "😀"])
def test_texts_without_letters_differ_from_each_other(text: str) -> None:
    assert text_hash(text) != text_hash("——")


def test_a_long_hostile_text_is_judged_in_time() -> None:
    words = WordList([ListedWord("甲乙+丙丁+戊己+#", HoldReason.ABUSE)])
    assert words.check("", "甲乙丙丁戊己" * 1_600 + "#") is None


@given(st.text(st.characters() | st.sampled_from("，；：！？（）ＡａｶﾞがÅ①㎡﹕İ"), max_size=30))
def test_folding_by_a_short_way_is_folding(text: str) -> None:
    assert folded(text) == unicodedata.normalize("NFKC", text).casefold()
