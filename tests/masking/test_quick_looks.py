"""What spares a search never spares one that would find something."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.masking import addresses, anonymise, emails, messengers
from app.masking.context import INSIDE
from app.masking.projection import HAN_DIGIT, project, with_han_digits_read
from app.masking.spans import Span

DOORS = st.text("3一十甲Az0 -#号楼院栋幢座单元门牌室户层组队房间，第", max_size=12)
ACCOUNTS = st.text("aZ3_-@.K微信vxQq号：加 抖音（）的", max_size=16)
LETTERS = st.text("aZ3_-.@#<>（） \u3000圈艾特小老鼠atqc点", max_size=16)
NUMERALS = st.text(f"{HAN_DIGIT}0139，、 -.·", max_size=20)
SIX_DIGITS = re.compile(rf"\d(?:(?:{INSIDE}|[，、])\d){{5}}")


@given(DOORS)
def test_every_part_of_an_address_is_looked_for(text: str) -> None:
    assert not addresses._CHAIN.search(text) or addresses._HAS_PART.search(text)
    assert not addresses._DASHED.search(text) or "-" in text


@given(ACCOUNTS)
def test_every_account_is_looked_for(text: str) -> None:
    patterns = (messengers._WECHAT_ACCOUNT, messengers._QQ_NUMBER, messengers._OTHER_ACCOUNT, messengers._ACCOUNT_FIRST)
    assert not any(pattern.search(text) for pattern in patterns) or messengers._MAY_BE_ONE.search(text)


@given(LETTERS)
def test_every_address_of_mail_is_looked_for(text: str) -> None:
    patterns = (emails._ADDRESS, emails._SPELLED_ADDRESS)
    assert not any(pattern.search(text) for pattern in patterns) or emails._MAY_BE_ONE.search(text)


@given(NUMERALS)
def test_every_number_in_han_digits_is_looked_for(text: str) -> None:
    found: list[str] = []

    def find(read: str) -> list[Span]:
        found.append(read)
        return []

    read = with_han_digits_read(text)
    anonymise._in_han_digits(find, text)
    assert found == ([read] if read != text and SIX_DIGITS.search(read) else [])


def test_traditional_and_dashed_signs_are_still_made_plain() -> None:
    assert project("張三～5").text == "张三-5"
