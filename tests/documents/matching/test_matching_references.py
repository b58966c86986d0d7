"""Clauses that a comment names are proposed first, whatever way they are named."""

import pytest

from app.documents.extracted import Clause
from app.documents.matching import Matcher


def clause(label: str, heading: str = "", text: str | None = "", parent: str | None = None) -> Clause:
    number = label.split("#", maxsplit=1)[0].rsplit("/", 1)[-1]
    above = parent if parent is not None else (label.rsplit("/", 1)[0] if "/" in label else None)
    printed = f"{heading}。" if text == "" else text
    return Clause(label, number, heading, label.count("/") + 1, above, printed, ())


RUNNING = Matcher(
    [
        clause("一", "总体要求"),
        clause("二", "重点任务", None),
        clause("二/（一）", "修好路", None),
        clause("二/（一）/1", "平整路面", "平整路面。坑洼三日内填平。"),
        clause("二/（一）/2", "增设路灯", "增设路灯。每三十米一盏，坏了当天换。"),
        clause("二/（二）", "管好水", None),
        clause("二/（二）/3", "更换老旧水管", "更换老旧水管。锈蚀的铁管全部换掉。"),
        clause("二/（二）/4", "公布水质", "公布水质。每月张贴检测结果。"),
        clause("三", "保障措施", None),
        clause("三/5", "落实资金", "落实资金。县里出一半。"),
        clause("三/6", "加强监督", "加强监督。请居民打分。"),
    ]
)
ARTICLES = Matcher(
    [
        clause("第一章", "总则", None),
        clause("第一章/第一条", "", "为了管好广场，制定本办法。"),
        clause("第一章/第二条", "", "广场由街道管理。"),
        clause("第二章", "使用", None),
        clause("第二章/第三条", "", "使用广场应当遵守下列规定："),
        clause("第二章/第三条/（一）", "", "晚上九点后关掉音响；"),
        clause("第二章/第三条/（二）", "", "不得摆摊：", None),
        clause("第二章/第三条/（二）/1", "", "卖吃的；"),
        clause("第二章/第三条/（二）/2", "", "卖杂货。"),
        clause("第二章/第十二条", "", "违反第三条的，给予警告。"),
    ]
)
DECIMAL = Matcher([clause("1", "总则", None), clause("1/1.1", "目的", "目的。"), clause("1/1.2", "范围", "范围。")])


@pytest.mark.parametrize(
    ("comment", "named"),
    [
        ("第4项公布得太慢", ["二/（二）/4"]),
        ("第四条公布得太慢", ["二/（二）/4"]),
        ("第二部分第（二）项太笼统", ["二/（二）"]),
        ("第二部分第二项太笼统", ["二/（二）"]),
        ("第三部分第二项打分的人从哪来", ["三/6"]),
        ("二（一）2 里坏了当天换不现实", ["二/（一）/2"]),
        ("二、（一）2．坏了当天换不现实", ["二/（一）/2"]),
        ("第 2 至 4 项都缺时限", ["二/（一）/2", "二/（二）/3", "二/（二）/4"]),
        ("第2项到第4项都缺时限", ["二/（一）/2", "二/（二）/3", "二/（二）/4"]),
        ("第1、3项可以合并", ["二/（一）/1", "二/（二）/3"]),
        ("第1项和第3项可以合并", ["二/（一）/1", "二/（二）/3"]),
        ("“增设路灯”那一条很好", ["二/（一）/2"]),
        ('"增设路灯"这一项很好', ["二/（一）/2"]),
        ("关于更换老旧水管的条款，想问问多久换完", ["二/（二）/3"]),
        ("“锈蚀的铁管”怎么认定", ["二/（二）/3"]),
        ("第三部分写得太虚", ["三"]),
    ],
)
def test_names_in_a_plan_with_running_numbers(comment: str, named: list[str]) -> None:
    result = RUNNING.match(comment)
    assert result.kind == "clause"
    assert sorted(match.clause for match in result.matches[: len(named)]) == sorted(named)
    assert all(match.score >= 0.9 for match in result.matches[: len(named)])


@pytest.mark.parametrize(
    ("comment", "named"),
    [
        ("第二条应当写明哪个街道", "第一章/第二条"),
        ("第十二条太轻", "第二章/第十二条"),
        ("第12条太轻", "第二章/第十二条"),
        ("第三条第（一）项九点太早", "第二章/第三条/（一）"),
        ("第三条第一项九点太早", "第二章/第三条/（一）"),
        ("第三条第二项第2目说不清", "第二章/第三条/（二）/2"),
        ("第二条第二款是什么意思", "第一章/第二条"),
        ("第二章第十二条太轻", "第二章/第十二条"),
        ("第二章都不合理", "第二章"),
    ],
)
def test_names_in_articles(comment: str, named: str) -> None:
    result = ARTICLES.match(comment)
    assert (result.kind, result.matches[0].clause) == ("clause", named)
    assert result.matches[0].why.startswith("number: ")


def test_decimal_numbers_are_found_by_their_print() -> None:
    assert DECIMAL.match("1.2写得不清楚").matches[0].clause == "1/1.2"


@pytest.mark.parametrize(
    "comment",
    [
        "《中华人民共和国民法典》第二条早有规定",
        "道路交通安全法第三条写得明白",
        "第一点，路太黑；第二点，水太浑",
        "我提了3条意见",
        "第99条不知所云",
        "2025年3月1日来过两次，第二天又来",
    ],
)
def test_what_is_no_reference_to_the_draft_names_nothing(comment: str) -> None:
    assert all(match.score < 0.9 for match in RUNNING.match(comment).matches)


def test_an_ambiguous_number_lists_every_clause_that_bears_it() -> None:
    matcher = Matcher(
        [
            clause("一", "修路", None),
            clause("一/（一）", "填坑", "填坑。路面填平。"),
            clause("二", "供水", None),
            clause("二/（一）", "换管", "换管。铁管换成新管。"),
        ]
    )
    found = matcher.match("第（一）项的铁管要换到什么时候")
    assert [match.clause for match in found.matches[:2]] == ["二/（一）", "一/（一）"]
    assert all(match.score >= 0.9 for match in found.matches[:2])
