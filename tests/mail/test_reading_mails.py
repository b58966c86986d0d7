"""A mail is read whatever its mailer made of it, and never with an error."""

import base64
from datetime import UTC, datetime
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import Unprocessable
from app.mail.bounces import bounce_of
from app.mail.boxes import MOST_MAILS, all_mails, mails_of, pack, unpack
from app.mail.composing import composed
from app.mail.composing import written as written_in
from app.mail.lifecycle import MailReason
from app.mail.reading import LARGEST_MAIL, parse
from app.mail.words import decoded, decoded_header
from tests.support.journey import START
from tests.support.mails import BODY, SENDER, SUBJECT, raw, written

RARE = "朱镕基隷書囍"
"""Characters that GB 2312 has not."""


def labelled(text: str, charset: str, encoding: str = "gb18030") -> bytes:
    head = f"From: a@example.com\r\nSubject: x\r\nContent-Type: text/plain; charset={charset}\r\n"
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n".encode() + base64.encodebytes(text.encode(encoding))


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb_2312-80", '"gb18030"', "cp936", "us-ascii", "nonsense", ""])
def test_what_calls_itself_a_part_of_gb18030_is_read_as_the_whole(charset: str) -> None:
    assert parse(labelled(RARE, charset)).own.text == RARE


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "nonsense", "iso-8859-15x"])
def test_utf_8_is_read_whatever_its_label_says(charset: str) -> None:
    assert parse(labelled("建议周末也开放送餐服务。", charset, "utf-8")).own.text == "建议周末也开放送餐服务。"


def test_other_charsets_are_read_as_labelled() -> None:
    assert decoded("送餐服務".encode("big5"), "big5") == "送餐服務"
    assert decoded("送餐".encode("utf-16"), "utf-16") == "送餐"
    assert decoded("送餐".encode("hz"), "hz-gb-2312") == "送餐"


def test_a_subject_cut_in_the_middle_of_a_character_is_whole() -> None:
    whole = SUBJECT.encode("gb18030")
    words = [f"=?gb2312?B?{base64.b64encode(part).decode()}?=" for part in (whole[:11], whole[11:])]
    assert decoded_header("\r\n ".join(words)) == SUBJECT
    assert decoded_header(f"Re: {words[0]}\r\n\t{words[1]} (2)") == f"Re: {SUBJECT} (2)"
    assert decoded_header("=?utf-8?Q?=E9=80=81=E9=A4=90_=3F?=") == "送餐 ?"


def test_a_subject_without_any_encoding_is_guessed() -> None:
    content = b"From: a@example.com\r\nSubject: " + SUBJECT.encode("gb18030") + b"\r\n\r\nx"
    assert parse(content).subject == SUBJECT
    assert parse(b"Subject: " + SUBJECT.encode() + b"\r\n\r\nx").subject == SUBJECT


def test_names_of_files_are_read_both_ways() -> None:
    message = written()
    message.add_attachment(b"a", maintype="application", subtype="pdf", filename="关于送餐的意见.pdf")
    old = base64.b64encode("意见.pdf".encode("gbk")).decode()
    content = message.as_bytes().replace(b"\r\n\r\n", b"\r\n\r\n", 1)
    assert [one.name for one in parse(content).attachments] == ["关于送餐的意见.pdf"]
    by_words = (
        b'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; filename="=?gbk?B?'
    )
    assert parse(by_words + old.encode() + b'?="\r\n\r\na\r\n--b--').attachments[0].name == "意见.pdf"


def test_the_plain_text_goes_before_the_page_and_the_page_before_nothing() -> None:
    both = written("纯文本的意见。")
    both.add_alternative("<p>网页的<b>意见</b>。</p>", subtype="html")
    assert parse(both.as_bytes()).own.text == "纯文本的意见。"
    page = written("")
    page.set_content("<style>p{}</style><p>网页的<b>意见</b>。</p>", subtype="html")
    assert parse(page.as_bytes()).own.text == "网页的意见。"


@pytest.mark.parametrize(
    "history",
    [
        "------------------ 原始邮件 ------------------\n发件人: a\n旧的内容",
        '在 2026-05-07 10:00:00，"某人" <a@example.com> 写道：\n> 旧的内容',
        "On Thu, May 7, 2026 at 10:00 AM Somebody <a@example.com> wrote:\n> 旧的内容",
        "发件人：某人\n发送时间：2026年5月7日\n收件人：某人\n主题：旧的内容",
        "-- \n某人\n旧的内容",
        "发自我的iPhone",
    ],
)
def test_history_and_signature_are_told_apart(history: str) -> None:
    own = parse(raw(f"建议周末开放。\n\n{history}\n")).own
    assert own.text == "建议周末开放。"
    assert own.left_out > 0


def test_of_a_forwarded_mail_the_words_are_what_was_forwarded() -> None:
    assert (
        parse(raw("---------- 转发邮件 ----------\n发件人：a\n主题：b\n\n建议周末开放。")).own.text == "建议周末开放。"
    )
    outer = written("", subject="转发：意见")
    outer.add_attachment(written("建议周末开放。", SUBJECT))
    found = parse(outer.as_bytes())
    assert (found.own.text, found.subjects) == ("建议周末开放。", ("转发：意见", SUBJECT))


def test_it_came_when_the_last_server_had_it_and_not_when_its_sender_says() -> None:
    content = b"Date: Mon, 11 May 2026 09:00:00 +0800\r\n\r\nx"
    assert parse(content).received_at == datetime(2026, 5, 11, 1, tzinfo=UTC)
    stamped = b"Received: by b; Tue, 12 May 2026 08:00:00 +0800\r\nReceived: by a; Mon, 11 May 2026 09:00:01 +0800\r\n"
    assert parse(stamped + content).received_at == datetime(2026, 5, 12, tzinfo=UTC)
    assert parse(b"Date: never\r\n\r\nx").received_at is None


def test_the_address_is_the_senders_and_not_one_of_their_name() -> None:
    assert parse(raw()).sender == SENDER
    assert parse(b'From: "b@example.com" <a@example.com>\r\n\r\nx').sender == "a@example.com"
    assert parse(b"From: nobody\r\n\r\nx").sender == ""


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, MailReason.AUTOMATIC_REPLY),
        ({"X_Auto_Response_Suppress": "All"}, MailReason.AUTOMATIC_REPLY),
        ({"Precedence": "auto_reply"}, MailReason.AUTOMATIC_REPLY),
        ({"subject": "自动回复：我在休假"}, MailReason.AUTOMATIC_REPLY),
        ({"subject": "Automatic reply: away"}, MailReason.AUTOMATIC_REPLY),
        ({"Return_Path": "<>", "subject": "系统退信"}, MailReason.BOUNCE),
        ({"X_Failed_Recipients": "a@example.com"}, MailReason.BOUNCE),
        ({"List_Id": "<list.example.com>"}, MailReason.MAILING_LIST),
        ({"Precedence": "bulk"}, MailReason.MAILING_LIST),
        ({"Auto_Submitted": "no"}, None),
        ({"subject": "关于退信和自动回复的意见"}, None),
    ],
)
def test_machines_are_known_by_what_they_say_of_themselves(headers: dict[str, str], reason: MailReason | None) -> None:
    assert parse(raw(BODY, headers.pop("subject", SUBJECT), **headers)).machine_made is reason


def report(action: str, message_id: str) -> bytes:
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole["From"] = "MAILER-DAEMON@example.com"
    whole["Subject"] = "Undelivered Mail Returned to Sender"
    whole.attach(MIMEText("It could not be delivered."))
    told = (
        f"Reporting-MTA: dns; example.com\n\nFinal-Recipient: rfc822; a@example.com\nAction: {action}\nStatus: 5.1.1\n"
    )
    text = whole.as_string().rpartition("--")[0].rpartition("--")[0]
    boundary = whole.get_boundary()
    parts = f"--{boundary}\nContent-Type: message/delivery-status\n\n{told}\n"
    parts += f"--{boundary}\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{message_id}>\n--{boundary}--\n"
    return (text + parts).encode()


def test_a_report_tells_which_message_of_ours_it_is_about() -> None:
    ours = "0198aaaa-0000-7000-8000-000000000001"
    found = bounce_of(report("failed", f"{ours}@example.cn"))
    assert found is not None
    assert (str(found.delivery_id), found.status) == (ours, "5.1.1")
    assert parse(report("failed", f"{ours}@example.cn")).machine_made is MailReason.BOUNCE
    assert bounce_of(report("delayed", f"{ours}@example.cn")) is None
    assert bounce_of(report("failed", "another@example.cn")) is None


def test_a_box_is_divided_into_its_mails() -> None:
    first, second = raw(), raw("第二封。\nFrom 北京寄出。", message_id="<2@example.com>")
    quoted = second.replace(b"\r\n\r\nFrom ", b"\r\n\r\n>From ")
    box = b"".join(b"From a@example.com Mon May 11 09:00:00 2026\n" + one + b"\n" for one in (first, quoted))
    found = mails_of("inbox.mbox", box)
    assert [one.name for one in found] == ["inbox.mbox #1", "inbox.mbox #2"]
    assert [parse(one.content).own.text for one in found] == [parse(first).own.text, parse(second).own.text]
    assert mails_of("a.eml", first)[0].content == first
    assert unpack(pack(found)) == found


def test_what_is_no_mail_is_refused_and_so_is_too_much() -> None:
    for content in (b"", b"\0\1\2", b"PK\x03\x04"):
        with pytest.raises(Unprocessable):
            all_mails([("a", content)])
    with pytest.raises(Unprocessable):
        all_mails([(f"{place}.eml", b"Subject: a\n\nb") for place in range(MOST_MAILS + 1)])


def test_what_would_cost_too_much_is_not_read() -> None:
    assert parse(b"Subject: a\n\n" + b"x" * LARGEST_MAIL).problem is MailReason.TOO_LARGE
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (at, at) for at in range(300))
    assert parse(b"Subject: a\n" + nested).problem is MailReason.UNREADABLE
    enclosed = b"Content-Type: message/rfc822\n\n" * 500
    assert parse(enclosed).problem is MailReason.UNREADABLE


PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            *(
                b"\n",
                b"\r\n\r\n",
                b"--b\n",
                b"--b--\n",
                b"Subject: ",
                b"From: ",
                b"=?gb2312?B?",
                b"?=",
                b"=?utf-8?Q?=",
                b"From ",
            ),
            *(b"Content-Type: multipart/alternative; boundary=b\n", b"Content-Type: text/html; charset=hz\n", b";"),
            *(b"Content-Type: message/rfc822\n", b"Content-Transfer-Encoding: base64\n", b"; filename*0*=gb2312''%"),
            *(b"Content-Transfer-Encoding: x-uuencode\n", b"Content-Disposition: attachment", b"; charset*=''%ff"),
            *(b"Received: ; ", b"Date: ", b"Mon, 99 May 99999 99:00 +9999\n", b"Message-ID: <", b"Action: failed\n"),
            *(
                b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
                b"> ",
                "姓名：".encode("gbk"),
            ),
            *("身份证号码：1".encode(), b"\xff\xfe", b"\xef\xbb\xbf"),
        ]
    ),
)


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_whatever_arrives_is_read_without_an_error(content: bytes) -> None:
    found = parse(content)
    bounce_of(content)
    composed(found, written_in(found), START, START)
    for text in (
        found.subject,
        found.sender,
        found.own.text,
        found.message_id,
        *(one.name for one in found.attachments),
    ):
        text.encode("utf-8")
        assert "\0" not in text


@given(st.binary(max_size=80), st.text(max_size=12) | st.none())
def test_any_bytes_under_any_label_are_text(content: bytes, charset: str | None) -> None:
    decoded(content, charset).encode("utf-8")


@given(st.text(max_size=80))
def test_any_header_is_one_line(value: str) -> None:
    found = decoded_header(value)
    found.encode("utf-8")
    assert "\n" not in found
