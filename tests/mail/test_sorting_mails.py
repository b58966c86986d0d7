"""Which consultation a subject names, which fields stand in the words, and what a submission of it lacks."""

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.composing import composed, needs_attachment, written
from app.mail.form_fields import fields_of
from app.mail.lifecycle import MailReason
from app.mail.reading import parse
from app.mail.subjects import Called, named_in, without_prefixes
from app.submissions.entering import EnteredSubmission
from tests.support.journey import id_number
from tests.support.mails import BODY, SENDER, SUBJECT, raw

NOW = datetime(2026, 5, 11, 2, tzinfo=UTC)
MEALS = Called(
    uuid.UUID(int=1),
    "community-meals",
    ("关于推进社区老年助餐服务的若干措施（征求意见稿）公开征求意见", "关于推进社区老年助餐服务的若干措施"),
    is_open=True,
)
BUSES = Called(uuid.UUID(int=2), "buses", ("《某省城市公共交通管理办法》（征求意见稿）",), is_open=True)
BUSES_AGAIN = Called(uuid.UUID(int=3), "buses-again", BUSES.titles, is_open=False)
RULES = Called(uuid.UUID(int=4), "bus-rules", ("某省城市公共交通管理办法实施细则",), is_open=True)


@pytest.mark.parametrize(
    ("subject", "meant"),
    [
        (SUBJECT, [MEALS]),
        ("关于推进社区老年助餐服务的若干措施（征求意见稿）公开征求意见", [MEALS]),
        ("Re: 回复：转发: 〈推进社区老年助餐服务若干措施〉意见", [MEALS]),
        ("RE：[2] 关于推进社区老年助餐　服务的若干措施", [MEALS]),
        ("【反馈意见】社区老年助餐服务", [MEALS]),
        ("关于推进社区老年助餐服务的若干错施的建议", [MEALS]),
        ("ｃｏｍｍｕｎｉｔｙ-ｍｅａｌｓ 意见", [MEALS]),
        ("城市公共交通管理办法 修改意见", [BUSES]),
        ("意见和建议", []),
        ("", []),
        ("老年助餐", []),
        ("关于天气的建议", []),
    ],
)
def test_a_subject_names_a_consultation_as_people_write_it(subject: str, meant: list[Called]) -> None:
    assert named_in([subject], [MEALS, BUSES]) == [one.id for one in meant]


def test_what_is_open_goes_before_what_is_not_and_the_longer_name_before_the_shorter() -> None:
    subject = "对《某省城市公共交通管理办法》的意见"
    assert named_in([subject], [BUSES, BUSES_AGAIN]) == [BUSES.id]
    assert named_in(["对《某省城市公共交通管理办法实施细则》的意见"], [BUSES, RULES]) == [RULES.id]
    twice = [BUSES, Called(uuid.UUID(int=5), "other", BUSES.titles, is_open=True)]
    assert len(named_in([subject], twice)) == 2
    assert named_in(["转发：意见", subject], [MEALS, BUSES]) == [BUSES.id]


@given(st.text(max_size=40))
def test_any_subject_is_looked_at(subject: str) -> None:
    named_in([subject], [MEALS, BUSES])
    assert without_prefixes(without_prefixes(subject)) == without_prefixes(subject)


def test_fields_leave_the_words_whether_they_are_right_or_not() -> None:
    found = fields_of(
        "您好！\n姓　名：张三　　身份证号码: 1234\n【联系电话】：139 0000 0007，职业：教师\n"
        "意见：建议周末开放。\n建议：增加菜品。\n单位：万元\n电子邮箱：a@b.cn"
    )
    assert dict(found.values) == {
        "name": "张三",
        "id_number": "1234",
        "phone": "139 0000 0007",
        "occupation": "教师",
        "email": "a@b.cn",
    }
    assert found.comment == "您好！\n建议周末开放。\n建议：增加菜品。\n单位：万元"


@pytest.mark.parametrize(
    "words",
    ["责任单位：省民政厅", "建议公布电话：12345", "第三条的标题：应当改", "我的姓名无关紧要", "一、建议周末开放。"],
)
def test_words_that_only_look_like_fields_stay(words: str) -> None:
    assert fields_of(words).comment == words


@given(st.text(alphabet="姓名：: 　\n电话意见标题a1，,", max_size=60))
def test_nothing_visible_is_lost_between_fields_and_words(text: str) -> None:
    found = fields_of(text)
    assert len(found.comment) <= len(text) + 2


def entered(body: str, *documents: str, subject: str = SUBJECT) -> tuple[EnteredSubmission, tuple[str, ...]]:
    parsed = parse(raw(body, subject))
    found = composed(parsed, written(parsed, documents), NOW, NOW)
    assert not isinstance(found, MailReason), found
    return found[0], found[1].wrong


def test_a_whole_form_lacks_nothing() -> None:
    found, wrong = entered(BODY)
    assert (found.title, found.comment) == ("关于周末用餐", "建议助餐点周末也开放。\n希望在门口张贴一周菜单。")
    assert (found.missing, wrong, found.received_at) == ((), (), NOW)
    assert (found.identity.name, found.identity.id_number) == ("测试甲", id_number(7))
    assert found.identity.email == SENDER


def test_what_is_wrong_is_missing_and_stays_out_of_the_words() -> None:
    found, wrong = entered("姓名：测试甲\n身份证：110101199003070000\n电话：120\n职业：退休\n建议周末开放。")
    assert found.comment == "建议周末开放。"
    assert found.missing == ("id_number", "phone")
    assert set(wrong) == {"id_number", "phone"}
    assert found.occupation == "退(离)休人员"


def test_without_a_title_the_subject_is_it() -> None:
    assert entered("建议周末开放。", subject=f"回复：{SUBJECT}")[0].title == SUBJECT


def test_an_attached_document_speaks_where_the_mail_does_not() -> None:
    note = parse(raw("您好，意见见附件，请查收。"))
    assert needs_attachment(note)
    assert needs_attachment(parse(raw("")))
    assert not needs_attachment(parse(raw("建议周末开放。")))
    found, _wrong = entered("", "姓名：测试乙\n\n建议在附近增设送餐点。")
    assert (found.identity.name, found.comment) == ("测试乙", "建议在附近增设送餐点。")
    assert entered("意见见附件。", "建议增设。")[0].comment == "意见见附件。\n\n建议增设。"


def test_no_words_and_too_many_are_told() -> None:
    parsed = parse(raw("姓名：测试甲"))
    assert composed(parsed, written(parsed), NOW, NOW) is MailReason.NO_WORDS
    long = parse(raw("长" * 10_001))
    assert composed(long, written(long), NOW, NOW) is MailReason.WORDS_TOO_LONG
