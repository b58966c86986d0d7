"""What spares a search never spares one that would find something."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.masking import addresses, anonymise, emails, messengers, name_cues
from app.masking.context import INSIDE
from app.masking.projection import HAN_DIGIT, project, with_han_digits_read
from app.masking.spans import Span


def _pieces(joined: str) -> list[str]:
    return joined.split("|")


DOORS = st.text("3一十甲Az0 -#号楼院栋幢座单元门牌室户层组队房间，第", max_size=12)
VILLAGES = st.text("王村屯组里一二东头边第家户", max_size=8)
ACCOUNTS = st.text("aZ3_-@.Kİıſ微信vxQq号：加 抖音（）的", max_size=16)
LETTERS = st.text("aZ3_-.@#<>（） \u3000圈艾特小老鼠atqc点", max_size=16)
NUMERALS = st.text(f"{HAN_DIGIT}0139，、 -.·", max_size=20)
PARTICULARS = st.lists(
    st.sampled_from(
        _pieces(
            "，|、|（| |\n|男|女|满族|回族|蒙古族|朝鲜族|锡伯族|身份证|号|3|45|岁|今年|现年|写于|书于|于病床|口述|代笔"
        )
    )
    | st.sampled_from(
        _pieces("20|26|二〇二四|二零二|年|十|月|1|日|.|-|/|。|敬上|谨上|敬启|谨启|拜上|敬呈|谨呈|亲笔|！|王芳|\u3000")
    ),
    max_size=8,
).map("".join)
LINES = st.text("王建国感谢敬礼！。 \u3000\n电话年3*", max_size=16)
ADDRESSES = st.lists(st.sampled_from(_pieces("http|s|：|:|//|/|www|WWW|.|a|Z9")), max_size=8).map("".join)
SIX_DIGITS = re.compile(rf"\d(?:(?:{INSIDE}|[，、])\d){{5}}")


@given(DOORS)
def test_every_part_of_an_address_is_looked_for(text: str) -> None:
    assert not addresses._CHAIN.search(text) or addresses._HAS_PART.search(text)
    assert not addresses._DASHED.search(text) or "-" in text


@given(VILLAGES)
def test_every_group_of_a_village_is_looked_for(text: str) -> None:
    assert not addresses._NAMED_GROUP.search(text) or "村" in text or "屯" in text


@given(PARTICULARS)
def test_everything_that_is_said_of_a_person_is_looked_for(text: str) -> None:
    assert not name_cues.PARTICULARS.search(text) or name_cues.HAS_PARTICULARS.search(text)


@given(LINES)
def test_a_signature_in_a_single_line_is_that_line(text: str) -> None:
    found = [match.span() for match in name_cues.SIGNATURE.finditer(text)]
    only = name_cues.SIGNATURE.match(text)
    assert "\n" in text or found == ([only.span()] if only else [])


@given(ADDRESSES)
def test_every_web_address_is_looked_for(text: str) -> None:
    searched = anonymise._without_web_addresses(text)
    assert anonymise._WEB_ADDRESS.search(searched) is None
    assert not anonymise._WEB_ADDRESS.search(text) or searched != text


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
    assert not found or anonymise._SIX_NUMERALS.search(text)
    assert found == ([read] if read != text and SIX_DIGITS.search(read) else [])


def test_traditional_and_dashed_signs_are_still_made_plain() -> None:
    assert project("張三～5").text == "张三-5"
