"""Width and white space: offsets into the folded text are offsets into the printed one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.text import comparable, fold, squeeze, tidy


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("(责任单位:省民政厅)", "（责任单位：省民政厅）"),
        ("〔2019〕【甲】[乙]［丙］｛丁｝", "（2019）（甲）（乙）（丙）（丁）"),
        ("１．ＡＢＣ％", "1.ABC%"),
        ("①⑴⒈㈠", "①⑴⒈㈠"),
        ("⼀、⾏政", "一、行政"),
        ("《甲》“乙”", "《甲》“乙”"),
    ],
)
def test_every_width_has_one_form(printed: str, folded: str) -> None:
    assert fold(printed) == folded


@given(st.text())
def test_folding_keeps_every_offset_and_settles_at_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_names_compare_without_white_space_and_width(text: str) -> None:
    assert comparable(text) == comparable(f" {squeeze(text)}\u3000\n")


def test_a_tidy_line_has_single_blanks() -> None:
    assert tidy("\u3000\u3000甲 \u00a0 乙\t丙 ") == "甲 乙 丙"
