"""A message as it goes out: readable anywhere, one recipient, and nothing can be smuggled into its head."""

import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deliveries.messages import LINE_COLUMNS, Letter, Sender, _columns, compose, flowed
from tests.support.journey import START

ID = uuid.UUID("01890000-0000-7000-8000-000000000001")
SENDER = Sender("测试省意见征集", "yijian@example.cn")
LETTER = Letter("征求意见期限延长：关于推进社区老年助餐服务的若干措施（征求意见稿）", "您好：\n\n期限已延长。")


def received(to: str = "person1@example.com", letter: Letter = LETTER) -> EmailMessage:
    """The message after a journey through bytes."""
    message = message_from_bytes(compose(ID, SENDER, to, letter, START).as_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def unwrapped(text: str) -> str:
    """What a reader that knows RFC 3676 with DelSp shows."""
    paragraphs, paragraph = [], ""
    for line in text.splitlines():
        plain = line.removeprefix(" ")
        paragraph += plain.removesuffix(" ")
        if not plain.endswith(" "):
            paragraphs.append(paragraph)
            paragraph = ""
    return "\n".join(paragraphs)


def test_a_message_says_who_whom_what_and_that_a_program_wrote_it() -> None:
    message = received()
    assert message["From"] == "测试省意见征集 <yijian@example.cn>"
    assert message["To"] == "person1@example.com"
    assert message["Subject"] == LETTER.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert (message.get_content_type(), message.get_content_charset()) == ("text/plain", "utf-8")
    assert message.get_content().splitlines() == LETTER.text.splitlines()


def test_what_goes_over_the_wire_is_ascii_in_short_lines() -> None:
    sent = compose(ID, SENDER, "person1@example.com", Letter(LETTER.subject, "意" * 3000), START).as_bytes()
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 78


def test_the_same_delivery_has_the_same_message_id() -> None:
    assert received()["Message-ID"] == received(letter=Letter("另一个", "内容"))["Message-ID"] == f"<{ID}@example.cn>"


@pytest.mark.parametrize(
    "address",
    [
        "person1@example.com\r\nBcc: other@example.com",
        "person1@example.com\nBcc: other@example.com",
        "person1@example.com, other@example.com",
        "person1@example.com,other@example.com",
        "a,b@example.com",
        "person 1@example.com",
        "<person1@example.com>",
        "person1",
        "@example.com",
        "person1@",
        "",
    ],
)
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whichever part of the library notices
        compose(ID, SENDER, address, LETTER, START)


@given(st.text(), st.text())
def test_no_words_break_out_of_the_head(subject: str, text: str) -> None:
    message = received(letter=Letter(subject, text))
    assert message["To"] == "person1@example.com"
    assert {name.lower() for name in message} == {
        "from", "to", "subject", "date", "message-id", "auto-submitted", "content-language",
        "content-type", "content-transfer-encoding", "mime-version",
    }  # fmt: skip


def test_a_domain_in_chinese_is_written_as_servers_know_it() -> None:
    assert received("person1@例子.example")["To"] == "person1@xn--fsqu00a.example"


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"]) | st.just(" "), max_size=400)


@given(st.lists(PLAIN, min_size=1, max_size=5))
def test_lines_are_narrow_and_come_back_as_the_paragraphs_they_were(paragraphs: list[str]) -> None:
    kept = [paragraph.rstrip() for paragraph in paragraphs]
    text = flowed("\n".join(kept))
    assert unwrapped(text).rstrip("\n") == "\n".join(kept).rstrip("\n")


def test_chinese_is_wrapped_at_its_width_and_numbers_and_addresses_stay_whole() -> None:
    address = "https://yijian.example.cn/receipts"
    lines = flowed(
        "查询办理情况，请打开以下页面并输入回执编号和查询码：" + address + "，谢谢。" + "意见" * 60
    ).splitlines()
    assert all(_columns(line.rstrip()) <= LINE_COLUMNS for line in lines)
    assert sum(address in line for line in lines) == 1
    assert not any(line.startswith(("，", "。")) for line in lines)
