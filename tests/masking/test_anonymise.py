"""What anonymising promises for every text: places that fit, a fixed point, an end, and what is kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.masking.anonymise import MASK, Masked, anonymise
from app.masking.spans import Span, covered, without_overlaps


def _pieces(joined: str) -> list[str]:
    return joined.split("|")


FRAGMENTS = st.sampled_from(
    _pieces("我叫|联系人：|本人|找|姓名|电话|身份证号|卡号|微信|QQ：|加V|邮箱|我住|地址：|家在|敬礼|https://|www.")
    + _pieces("张三|李建国|王秀兰|欧阳晓东|阿依古丽·买买提|John Smith|先生|主任|的|是|住|男|业主|元|年|万|12345")
    + _pieces("13900001234|139 0000 1234|1390000|024-22000345|22000345|024|（024）|+86|转801|-801|zhao_88|28000117")
    + _pieces(
        "210199194803120212|21019919480312021|210199480312021|210199|19480312|X|CAN|6217000000001234560|6217|0000"
    )
    + _pieces("lisi|@|艾特|demo.example.cn|点|com|，|。| |\n|-|：|（|）|*|***|/|\u200b|\ufe0f|️⃣")
    + _pieces("沈阳市|和平区|南京街|12号|阳光小区|3号楼|2单元|501室|501|5-2-301|三组|王家村")
    + _pieces("一三九零零零零一二三四|幺三九|零|五六|２|ｘ")
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=3), max_size=14).map("".join)


@given(TEXTS)
@settings(max_examples=150)
def test_spans_are_in_order_inside_the_text_and_apart(text: str) -> None:
    masked = anonymise(text)
    edges = [place for span in masked.spans for place in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in masked.spans)


@given(TEXTS)
@settings(max_examples=150)
def test_each_span_is_replaced_by_the_mask_and_nothing_else_is_changed(text: str) -> None:
    masked = anonymise(text)
    rebuilt, position = "", 0
    for span in masked.spans:
        rebuilt += text[position : span.start] + MASK
        position = span.end
    assert masked.text == rebuilt + text[position:]


@given(TEXTS)
@settings(max_examples=600)
def test_a_masked_text_has_nothing_left_to_find(text: str) -> None:
    once = anonymise(text)
    assert anonymise(once.text) == Masked(once.text, ())


@given(TEXTS, st.lists(FRAGMENTS, max_size=2))
@settings(max_examples=200)
def test_what_is_kept_stays_and_the_rest_still_settles(text: str, keep: list[str]) -> None:
    once = anonymise(text, keep)
    assert anonymise(once.text, keep).text == once.text


@pytest.mark.parametrize(
    "piece",
    _pieces("1|1 |024-|2101991|一|X|a|a@|a.| at |A B|Aa |我叫|本人张|张三|欧阳|阿·|微信|QQ：|路1号|1单元|市区路街")
    + _pieces("（|\n|张三\n| |\u200b|*|https://a|电话1|13900001234 |身份证|5-2-301|12栋1单元"),
)
def test_any_long_repetition_comes_to_an_end(piece: str) -> None:
    """100 KB of what a pattern might stumble over; a quadratic search would run into the time limit."""
    text = piece * (100_000 // len(piece.encode()))
    masked = anonymise(text)
    assert all(span.end <= len(text) for span in masked.spans)


@pytest.mark.parametrize(
    ("written", "keep"),
    [
        ("024-22000345", "024-22000345"),
        ("（024）22000345", "024-22000345"),
        ("024 2200 0345转801", "联系电话：（024）22000345"),
        ("zhengqiu@demo.example.cn", "电子邮箱：ZHENGQIU@demo.example.cn"),
        ("地址：沈阳市和平区南京街12号3单元501室", "沈阳市和平区南京街12号3单元501室"),
        ("联系人李建国", "李建国 024-22000345"),
    ],
)
def test_a_consultations_own_contacts_are_kept_however_they_are_written(written: str, keep: str) -> None:
    text = f"我打过{written}，没人接。"
    assert anonymise(text).spans
    assert anonymise(text, [keep]) == Masked(text, ())


def test_keeping_one_number_does_not_keep_its_neighbours() -> None:
    masked = anonymise("024-22000345或13900001234", ["024-22000345"])
    assert masked.text == f"024-22000345或{MASK}"


def test_an_empty_thing_to_keep_keeps_nothing() -> None:
    assert anonymise("电话13900001234", ["", "："]).text == f"电话{MASK}"


def test_places_count_code_points_of_the_input() -> None:
    text = "😀𠮷\u200b我叫李建国，电话１３９\u200b００００\u30001234。"
    masked = anonymise(text)
    assert [(span.kind, text[span.start : span.end]) for span in masked.spans] == [
        ("name", "李建国"),
        ("phone", "１３９\u200b００００\u30001234"),
    ]
    assert masked.text == f"😀𠮷\u200b我叫{MASK}，电话{MASK}。"


def test_an_empty_text_is_left_as_it_is() -> None:
    assert anonymise("") == Masked("", ())


def test_covering_keeps_the_length_and_overlapping_spans() -> None:
    spans = [Span(1, 3, "phone"), Span(2, 4, "name")]
    assert covered("abcdef", spans) == "a***ef"
    assert without_overlaps(spans, 6) == [Span(1, 3, "phone")]
