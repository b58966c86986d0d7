"""Which passwords are refused: what is common, however it is spelled, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.passphrases import LONGEST, SHORTEST, normalised, problem
from app.accounts.passwords import hash_password, new_password, password_fits

NAMES = ("wang.xiaomei", "王小美", "意见征集", "某省人民政府")
COMMON = [
    "password1234",
    "P@ssw0rd2026!",
    "Admin@123456",
    "qwertyuiop123",
    "1qaz2wsx3edc4rfv",
    "asdfghjkl;'12",
    "aaaaaaaaaaaa",
    "abcabcabcabcabc",
    "123456789012",
    "woaini5201314",
    "guanliyuan888",
    "wang.xiaomei2026",
    "XiaoMei@19900512",
    "Yanlu2026yanlu",
    "ｐａｓｓｗｏｒｄ１２３４",
    "密密密密密密密密密密密密",
    "意见征集管理员一二三四五",
    "王小美王小美王小美2026",
    "Passw0rd!Passw0rd!",
]
GOOD = [
    "correct horse battery staple",
    "a password for tests",
    "窗外的梧桐树今早落了三片叶子",
    "mfk7-qpwx-9dns",
    "每天骑车经过两座石桥",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_attackers_try_first_is_refused(password: str) -> None:
    assert problem(password, NAMES) == "password_common"


@pytest.mark.parametrize("password", [word for word in GOOD if len(word) >= SHORTEST])
def test_a_phrase_of_ones_own_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert problem(password, NAMES) is None


@pytest.mark.parametrize("length", [0, SHORTEST - 1, LONGEST + 1])
def test_length_is_the_only_rule_of_form(length: int) -> None:
    words = "山川湖海风雨雷电草木" * 30
    assert problem(words[:length]) == "password_length"


@pytest.mark.parametrize("length", [SHORTEST, 64, 128, LONGEST])
def test_long_ones_are_taken_to_their_last_character(length: int) -> None:
    words = ("山川湖海风雨雷电草木鸟兽" * 30)[: length - 1]
    assert problem(words + "鱼") is None


def test_full_width_letters_are_the_plain_ones() -> None:
    hashed = hash_password("ｓｅｖｅｎ　ｑｕｉｅｔ　ｒｉｖｅｒｓ")
    assert password_fits(hashed, "seven quiet rivers")
    assert not password_fits(hashed, "Seven quiet rivers")


@given(st.text(max_size=300))
def test_every_text_has_one_answer(text: str) -> None:
    found = problem(text, NAMES)
    assert found in (None, "password_length", "password_common")
    assert found == problem(normalised(text), NAMES)


def test_made_ones_are_taken() -> None:
    assert [problem(new_password(), NAMES) for _ in range(200)] == [None] * 200


def test_hostile_texts_are_judged_at_once() -> None:
    for text in ("a" * 256, "ab" * 128, "1q" * 128, "x1" * 100 + "password" * 7):
        assert problem(text[:256], NAMES) == "password_common"
