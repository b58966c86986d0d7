"""What a template comes to: values, repeated sections, and how its lines are set."""

import pytest

from app.dispositions.kinds import DispositionKind as K
from app.kit.errors import Unprocessable
from app.papers.filling import Material, Opinion, counted, filled
from app.papers.kinds import PaperKind
from app.papers.language import parsed
from app.papers.paragraphs import MOST_WRITTEN, Paragraph, Setting
from app.papers.templates import houses_own
from app.papers.words import in_han

COUNTS = {("一", K.ADOPTED): 2, ("一", None): 1, ("", K.NOT_ADOPTED): 3}


def opinion(clause: str, kind: K | None, text: str) -> Opinion:
    names = ("提出人", "条目", "办理结果", "理由", "修改后文字", "承办单位")
    return Opinion(kind, dict.fromkeys(names, "") | {"条目": clause, "意见": text})


MATERIAL = Material(
    fields={"文稿名称": "办法", "阶段性说明": "", "收到份数": "7", **counted(COUNTS)},
    holds=frozenset({"有公众意见"}),
    clauses={"一": "第一条 用餐", "": "总体意见"},
    counts=COUNTS,
    reasons={K.NOT_ADOPTED: ["超出权限", "已有安排"]},
    opinions={
        "一": [opinion("第一条", K.ADOPTED, "甲"), opinion("第一条", K.ADOPTED, "乙"), opinion("第一条", None, "丙")],
        "": [opinion("总体意见", K.NOT_ADOPTED, text) for text in "丁戊己"],
    },
)


def said(text: str, material: Material = MATERIAL) -> list[str]:
    return [one.words for one in filled(parsed(text), material)]


def test_fields_stand_for_their_values() -> None:
    assert said("收到{{收到份数}}份，{{意见条数}}条：{{采纳情况}}。") == [
        "收到7份，6条：采纳2条、未采纳3条、尚未确认1条。"
    ]


def test_a_section_in_a_line_repeats_within_it() -> None:
    assert said("其中{{开始：各办理结果}}{{办理结果}}{{条数}}条，{{结束：各办理结果}}逐条研究。") == [
        "其中采纳2条，未采纳3条，尚未确认1条，逐条研究。"
    ]


def test_sections_in_one_another_leave_less_each_time() -> None:
    text = (
        "{{开始：各条款}}\n{{序号}}.{{条款}}{{条数}}条，采纳{{采纳条数}}条\n{{开始：各办理结果}}\n{{办理结果}}{{条数}}条\n"
        "{{开始：各条意见}}\n{{序号}}){{意见}}\n{{结束：各条意见}}\n{{结束：各办理结果}}\n{{结束：各条款}}"
    )
    assert said(text) == [
        *("1.第一条 用餐3条，采纳2条", "采纳2条", "1)甲", "2)乙", "尚未确认1条", "1)丙"),
        *("2.总体意见3条，采纳0条", "未采纳3条", "1)丁", "2)戊", "3)己"),
    ]


def test_every_opinion_stands_once_in_the_order_of_the_draft() -> None:
    assert said("{{开始：各条意见}}{{意见}}{{结束：各条意见}}") == ["甲乙丙丁戊己"]


def test_reasons_stand_where_there_are_any() -> None:
    text = "{{开始：各办理结果}}\n{{办理结果}}\n{{理由说明}}\n{{结束：各办理结果}}"
    assert said(text) == ["采纳", "未采纳", "主要理由：超出权限；已有安排。", "尚未确认"]


def test_a_condition_keeps_or_drops_its_section() -> None:
    text = "{{开始：有公众意见}}\n有\n{{结束：有公众意见}}\n{{开始：未收到公众意见}}\n无\n{{结束：未收到公众意见}}"
    assert said(text) == ["有"]


def test_a_line_whose_fields_stand_for_nothing_is_left_out() -> None:
    assert said("甲\n{{阶段性说明}}\n【居中】{{阶段性说明}}\n乙") == ["甲", "乙"]


def test_lines_are_set_by_the_template_never_by_what_was_filled_in() -> None:
    values = {"一": [opinion("一、不是标题", None, "【标题】不是标题\n二、也不是")]}
    material = Material({}, frozenset(), {"一": "一"}, {("一", None): 1}, {}, values)
    text = (
        "【标题】题目\n\n\n【居中】副题\n一、概况\n一、这是一句话。\n（二）情况\n正文\n【居右】某局\n【顶格】各单位：\n"
        "{{开始：各条意见}}\n（{{序号汉字}}）{{条目}}\n{{意见}}\n{{条目}}\n{{结束：各条意见}}"
    )
    assert filled(parsed(text), material) == [
        Paragraph(Setting.TITLE, "题目"),
        Paragraph(Setting.BLANK, ""),
        Paragraph(Setting.CENTRED, "副题"),
        Paragraph(Setting.FIRST_LEVEL, "一、概况"),
        Paragraph(Setting.BODY, "一、这是一句话。"),
        Paragraph(Setting.SECOND_LEVEL, "（二）情况"),
        Paragraph(Setting.BODY, "正文"),
        Paragraph(Setting.RIGHT, "某局"),
        Paragraph(Setting.FLUSH, "各单位："),
        Paragraph(Setting.SECOND_LEVEL, "（一）一、不是标题"),
        Paragraph(Setting.BODY, "【标题】不是标题"),
        Paragraph(Setting.BODY, "二、也不是"),
        Paragraph(Setting.BODY, "一、不是标题"),
    ]


def test_a_paper_that_would_grow_without_end_is_refused() -> None:
    long = {"一": [opinion("一", None, "字" * 1000)] * 300}
    material = Material({}, frozenset(), {"一": "一"}, {("一", None): 300}, {}, long)
    with pytest.raises(Unprocessable) as refused:
        said("{{开始：各条意见}}{{意见}}{{意见}}{{意见}}{{意见}}{{结束：各条意见}}", material)
    assert refused.value.code == "paper_too_long"
    assert len("".join(said("{{开始：各条意见}}{{意见}}{{结束：各条意见}}", material))) < MOST_WRITTEN


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ("未收到公众意见", "征求意见期间，未收到社会公众的意见。"),
        ("无公众意见条目", "尚未形成意见条目。"),
    ],
)
def test_the_houses_own_text_says_honestly_that_nothing_came(holds: str, expected: str) -> None:
    text = houses_own(PaperKind.EXPLANATION).text
    names = ("征集开始日期", "征集截止日期", "起草单位", "受理份数", "各渠道份数", "生成时间", "生成日期")
    fields = {**dict.fromkeys(names, "某"), **MATERIAL.fields}
    whole = "\n".join(said(text, Material(fields, frozenset({holds}), {}, {}, {})))
    assert expected in whole
    assert "采纳情况为" not in whole


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_numbers_in_chinese(number: int, words: str) -> None:
    assert in_han(number) == words
