"""What the checks of a notice see, and that each place points at its excerpt."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.working_days import Calendar
from app.consultations.checks import NoticeWarning, Part, Subject, WarningCode, check
from app.consultations.lifecycle import LegalNature
from app.consultations.page import read_page
from app.consultations.windows import Verdict
from app.kit.clock import end_of_beijing_day

ROOT = Path(__file__).resolve().parents[2]
C = WarningCode
SUBJECT = Subject(
    nature=LegalNature.NORMATIVE_DOCUMENT,
    published_on=date(2026, 6, 1),
    opens_at=datetime(2026, 6, 1, 1, tzinfo=UTC),
    closes_at=end_of_beijing_day(date(2026, 7, 5)),
    at=datetime(2026, 6, 1, 1, tzinfo=UTC),
    notice="现就《某某办法（征求意见稿）》公开征求意见，请于2026年7月5日前提出。",
    draft="某某办法\n第一条 为了方便群众，制定本办法。\n第二条 各单位应当落实。（责任单位：省民政厅）",
    explanation="现将有关情况说明如下。",
    contact_email="yijian@mzt.example.cn",
    contact_phone="（024）00001234",
    attachments=("某某办法（征求意见稿）", "某某办法起草说明"),
)


def subject_of_page(text: str) -> Subject:
    """A saved page as it was on its day of publication, with the deadline that it prints."""
    page = read_page(text)
    assert page.published_on
    assert page.deadline
    at = end_of_beijing_day(page.published_on) - timedelta(hours=12)
    return Subject(
        nature=LegalNature.NORMATIVE_DOCUMENT,
        published_on=page.published_on,
        opens_at=at,
        closes_at=end_of_beijing_day(page.deadline),
        at=at,
        notice="\n".join(page.notice_paragraphs),
        draft=page.draft_text,
        explanation="\n".join(page.explanation_paragraphs),
        deadline_as_printed=page.deadline_as_printed,
        contact_email=page.email.restored if page.email else None,
        contact_phone=page.phone.restored if page.phone else None,
        attachments=tuple(filter(None, (page.draft_title, page.explanation_title))),
        attachments_named=page.attachments,
        rules="\n".join(rule.text for rule in page.column_rules),
    )


def warnings_of(subject: Subject, words: dict[str, str] | None = None) -> tuple[NoticeWarning, ...]:
    found = check(subject, Calendar(), words or {}).warnings
    for warning in found:
        text = subject.text(warning.part)
        assert text[warning.start : warning.end] == warning.excerpt
        assert text.count("\n", 0, warning.start) == warning.line - 1
    return found


def told(subject: Subject, words: dict[str, str] | None = None) -> list[tuple[WarningCode, Part, int, str]]:
    return [(found.code, found.part, found.line, found.excerpt) for found in warnings_of(subject, words)]


def test_a_notice_that_is_in_order_has_no_warning() -> None:
    assert told(SUBJECT) == []


def test_our_own_demonstration_raises_no_false_alarm() -> None:
    text = (ROOT / "app" / "cli" / "demonstration" / "page.txt").read_text(encoding="utf-8")
    assert told(subject_of_page(text)) == []


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("202675日前", [C.DATE_DAMAGED]),
        ("202676日前", [C.DATE_DAMAGED, C.DEADLINE_DIFFERS]),
        ("202657日前", [C.DATE_DAMAGED, C.DEADLINE_UNREADABLE]),
        ("2026年75日前", [C.DATE_DAMAGED]),
        ("2026年2月30日前", [C.DATE_IMPOSSIBLE, C.DEADLINE_UNREADABLE]),
        ("2026年13月5日前", [C.DATE_IMPOSSIBLE, C.DEADLINE_UNREADABLE]),
        ("2026年 月 日前", [C.DATE_DAMAGED]),
        ("2026年7月4日前", [C.DEADLINE_DIFFERS]),
        ("2026年7月5日17时前", []),
        ("7月5日前", []),
    ],
)
def test_a_deadline_that_is_damaged_impossible_or_another(printed: str, codes: list[WarningCode]) -> None:
    subject = replace(SUBJECT, notice=f"现公开征求意见。\n请于{printed}提出。")
    found = told(subject)
    assert sorted(code for code, *_ in found) == sorted(codes)
    assert all((part, line) == (Part.NOTICE, 2) for _, part, line, _ in found)


@pytest.mark.parametrize(
    "printed",
    [
        "截止日期：2026-07-05",
        "请于2026/7/5前反馈",
        "请于二〇二六年七月五日前反馈",
        "时间：2026年6月1日至7月5日，提出意见",
    ],
)
def test_a_deadline_is_compared_however_it_is_written(printed: str) -> None:
    assert told(replace(SUBJECT, notice=printed)) == []
    other = told(replace(SUBJECT, notice=printed, closes_at=end_of_beijing_day(date(2026, 7, 6))))
    assert [code for code, *_ in other] == [C.DEADLINE_DIFFERS]


def test_each_line_with_a_deadline_is_compared() -> None:
    notice = "征求意见时间：2026年6月1日至2026年7月1日\n请于2026年7月5日前反馈。"
    assert told(replace(SUBJECT, notice=notice)) == [(C.DEADLINE_DIFFERS, Part.NOTICE, 1, "2026年7月1日")]


def test_days_are_compared_in_beijing() -> None:
    assert told(replace(SUBJECT, closes_at=datetime(2026, 7, 5, 10, tzinfo=UTC))) == []
    late = told(replace(SUBJECT, closes_at=datetime(2026, 7, 5, 16, 0, 1, tzinfo=UTC)))
    assert [code for code, *_ in late] == [C.DEADLINE_DIFFERS]


def test_a_deadline_that_is_over() -> None:
    over = replace(SUBJECT, at=end_of_beijing_day(date(2026, 7, 5)))
    assert told(over) == [(C.DEADLINE_PASSED, Part.NOTICE, 1, "2026年7月5日前")]
    assert told(replace(over, at=over.at - timedelta(microseconds=1))) == []


@pytest.mark.parametrize(
    "text",
    ["于2026年2月30日施行", "到2027年13月完成", "二月三十日前报送", "2026-06-31起", "每年4月31日", "2026年0月"],
)
def test_days_that_no_calendar_has_are_found_in_every_text(text: str) -> None:
    found = told(replace(SUBJECT, draft=f"某某办法\n第一条 {text}。"))
    assert [(code, part, line) for code, part, line, _ in found] == [(C.DATE_IMPOSSIBLE, Part.DRAFT, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "2028年2月29日",
        "婴幼儿36月龄以下",
        "12个月",
        "国办发〔2024〕1号",
        "二〇二六年十二月三十一日",
        "第2.13.5版",
        "2024年1号文",
    ],
)
def test_ordinary_figures_are_not_taken_for_wrong_dates(text: str) -> None:
    assert told(replace(SUBJECT, draft=f"某某办法\n第一条 {text}。")) == []


@pytest.mark.parametrize(
    ("line", "mark", "code"),
    [
        ("第二条 落实任务。（责任单位：省民政厅、省财政厅", "（", C.MARK_UNCLOSED),
        ("第二条 落实任务。责任单位：省民政厅)", ")", C.MARK_UNOPENED),
        ("第二条 依照《某某办法执行。", "《", C.MARK_UNCLOSED),
        ("第二条 推进“人工智能+行动。", "“", C.MARK_UNCLOSED),
        ("第二条 推进人工智能+”行动。", "”", C.MARK_UNOPENED),
        ('第二条 推进"人工智能+行动。', '"', C.MARK_UNCLOSED),
        ("第二条 依照〔2024〕1号、〔2025 2号。", "〔", C.MARK_UNCLOSED),
    ],
)
def test_a_mark_without_its_other_half_is_pointed_at(line: str, mark: str, code: WarningCode) -> None:
    found = told(replace(SUBJECT, draft=f"某某办法\n第一条 完整（的）一句。\n{line}\n第三条 又一句。）"))
    assert (code, Part.DRAFT, 3, mark) in found
    assert (C.MARK_UNOPENED, Part.DRAFT, 4, "）") in found
    assert len(found) == 2


@pytest.mark.parametrize(
    "line",
    [
        "1）第一项；2）第二项。",
        "a)第一项",
        "（各市、县（市、区）政府)",
        "it’s “so”",
        "（省数据局(省营商局)）",
        "“‘内’外”",
    ],
)
def test_marks_in_order_are_not_pointed_at(line: str) -> None:
    assert told(replace(SUBJECT, draft=f"某某办法\n{line}")) == []


def test_a_pair_that_a_printed_page_broke_apart_is_whole() -> None:
    assert told(replace(SUBJECT, draft="某某办法\n第一条 执行《某某登记和备案办法（试\n行）》的规定。")) == []


@pytest.mark.parametrize(
    "domain", ["qq.com", "vip.qq.com", "163.com", "foxmail.com", "GMAIL.com", "189.cn", "yeah.net"]
)
def test_free_mail_is_seen_in_contacts_and_notice(domain: str) -> None:
    address = f"yijian@{domain}"
    subject = replace(SUBJECT, contact_email=address, notice=f"{SUBJECT.notice}\n邮箱：{address}。")
    assert told(subject) == [(C.FREE_MAIL, Part.NOTICE, 2, address), (C.FREE_MAIL, Part.CONTACTS, 2, address)]


@pytest.mark.parametrize("domain", ["ln.gov.cn", "myqq.com", "notgmail.com", "mzt.example.cn"])
def test_an_offices_own_domain_is_none(domain: str) -> None:
    assert told(replace(SUBJECT, contact_email=f"yijian@{domain}")) == []


def test_an_attachment_that_is_named_and_not_there() -> None:
    notice = f"{SUBJECT.notice}\n附件：1.《某某办法（征求意见稿）》\n     2.《某某办法》起草说明\n     3.意见反馈表"
    assert told(replace(SUBJECT, notice=notice)) == [(C.ATTACHMENT_MISSING, Part.NOTICE, 4, "意见反馈表")]
    present = (*SUBJECT.attachments, "意见反馈表.docx")
    assert told(replace(SUBJECT, notice=notice, attachments=present)) == []
    bare = notice.replace("附件：1.", "附件：\n1.")
    assert [line for *_, line, _ in told(replace(SUBJECT, notice=bare))] == [5]
    alone = told(replace(SUBJECT, notice=notice, attachments=("某某办法（征求意见稿）.pdf", "意见反馈表.docx")))
    assert alone == [(C.ATTACHMENT_MISSING, Part.NOTICE, 3, "《某某办法》起草说明")]


def test_an_attachment_named_in_a_sentence_or_taken_off_the_notice() -> None:
    inside = replace(SUBJECT, notice=f"{SUBJECT.notice}\n请填写《征求意见表》（见附件3）。")
    assert told(inside) == [(C.ATTACHMENT_MISSING, Part.NOTICE, 2, "征求意见表")]
    (warning,) = warnings_of(replace(SUBJECT, attachments_named=("意见反馈表",)))
    assert (warning.code, warning.excerpt, warning.detail) == (C.ATTACHMENT_MISSING, "", {"name": "意见反馈表"})


def test_a_field_that_people_are_not_told_of() -> None:
    listed = replace(SUBJECT, rules="请如实填写姓名、职业、电话和邮箱。")
    assert told(listed) == [(C.FIELD_UNLISTED, Part.FORM, 3, "身份证")]
    assert told(replace(listed, rules="请如实填写姓名、身份证号、职业、电话和邮箱。")) == []
    asked = told(replace(SUBJECT, form_fields=(*SUBJECT.form_fields, "住址")))
    assert asked == [(C.FIELD_UNEXPLAINED, Part.FORM, 8, "住址")]


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("按照省领导批示要求，我厅起草了本办法。", "领导批示要求"),
        ("为落实批示精神，", "批示精神"),
        ("经厅党组会审议通过。", "党组会"),
        ("提请市委党委会研究。", "党委会"),
        ("秘密★一年", "秘密★"),
        ("本件属内部资料。", "内部资料"),
        ("根据会议纪要，", "会议纪要"),
    ],
)
def test_internal_matter_is_pointed_at(text: str, excerpt: str) -> None:
    assert told(replace(SUBJECT, explanation=f"说明\n{text}")) == [(C.INTERNAL_MATTER, Part.EXPLANATION, 2, excerpt)]


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("时任省长张建国主持研究。", "省长张建国"),
        ("李明同志多次过问。", "李明同志"),
        ("向王省长汇报。", "王省长"),
        ("经陈志强副市长同意。", "陈志强副市长"),
        ("多次向云霞副省长汇报。", "云霞副省长"),
        ("厅长欧阳建华要求，", "厅长欧阳建华"),
    ],
)
def test_officials_by_name_are_pointed_at(text: str, excerpt: str) -> None:
    assert told(replace(SUBJECT, explanation=f"说明\n{text}")) == [(C.OFFICIAL_NAMED, Part.EXPLANATION, 2, excerpt)]


@pytest.mark.parametrize(
    "text",
    [
        "深入贯彻习近平总书记重要讲话和指示批示精神。",
        "由省政府分管副省长担任组长，省民政厅厅长为召集人。",
        "由民政厅长负责，各市市长和县长参加。",
        "沈阳市长热线、吉林省长白山、村党支部书记应当参加。",
        "建成一批示范性服务设施。",
        "健全党委领导、政府主导的机制。",
        "涉及国家秘密、商业秘密的除外。",
        "居民委员会主任和有关同志。",
        "公安局局长任组长，金华市长、常务副省长、司法厅长、车间主任参加。",
        "上海市长宁区和湖南省长沙市，地区长时间停电。",
        "以习近平同志为核心的党中央。",
    ],
)
def test_public_wordings_are_not_taken_for_internal_matter(text: str) -> None:
    assert told(replace(SUBJECT, explanation=f"说明\n{text}")) == []


def test_words_of_the_staffs_list_are_shown_with_their_remark() -> None:
    subject = replace(SUBJECT, explanation="说明\n采用ＡＢＣ平台和abc平台。")
    first, second = warnings_of(subject, {"Abc平台": "用全称"})
    assert (first.line, first.excerpt, second.excerpt) == (2, "ＡＢＣ平台", "abc平台")
    assert first.detail == {"word": "Abc平台", "remark": "用全称"}


def test_warnings_come_in_the_order_of_parts_and_places() -> None:
    subject = replace(SUBJECT, notice="（。\n））", explanation="”", contact_email="a@qq.com")
    found = warnings_of(subject)
    order = [(list(Part).index(warning.part), warning.start) for warning in found]
    assert order == sorted(order)
    assert len(found) >= 4


_words = (
    '（ ） ( ) 《 》 “ ” " 〔 〕 2026年 13月 2月30日 202657日前 附件：1. 附件2 《某表》 请于 前 日 月 批示 党组会 '
    "省长 张建国 同志 a@qq.com 第一条 。 ； 秘密★ 姓名 电话 填写 总书记 İ ﬁ \0 𠮷"
)
_pieces = st.sampled_from(["\n", "\u3000", *_words.split(" ")])
_texts = st.lists(_pieces, max_size=40).map("".join) | st.text(max_size=200)


@settings(max_examples=300)
@given(
    notice=_texts,
    draft=_texts,
    explanation=_texts,
    email=st.none() | _texts,
    printed=st.none() | _texts,
    fields=st.lists(_texts, max_size=3),
    names=st.lists(_texts, max_size=3),
    words=st.dictionaries(_texts, _texts, max_size=3),
)
def test_no_text_breaks_the_checks_and_every_place_points_at_its_excerpt(
    notice: str,
    draft: str,
    explanation: str,
    email: str | None,
    printed: str | None,
    fields: list[str],
    names: list[str],
    words: dict[str, str],
) -> None:
    subject = replace(
        SUBJECT,
        notice=notice,
        draft=draft,
        explanation=explanation,
        contact_email=email,
        deadline_as_printed=printed,
        form_fields=tuple(fields),
        attachments=tuple(names),
        attachments_named=tuple(names),
    )
    warnings_of(subject, words)


@pytest.mark.shared
def test_the_open_page_is_caught() -> None:
    """Its window, its damaged deadline, its free-mail address, its lost marks, and what its explanation gives away."""
    shared = ROOT.parent / "shared"
    if not shared.is_dir():
        pytest.skip("the background folder is not beside the project")
    (seed,) = (shared / "seeds").glob("001_*.txt")
    subject = subject_of_page(seed.read_text(encoding="utf-8"))
    checks = check(subject, Calendar(), {})
    assert (checks.window.verdict, checks.window.calendar_days, checks.window.working_days) == (Verdict.WARN, 8, 3)
    found = {(warning.code, warning.part) for warning in warnings_of(subject)}
    assert found >= {
        (C.DATE_DAMAGED, Part.NOTICE),
        (C.MARK_UNCLOSED, Part.DRAFT),
        (C.MARK_UNOPENED, Part.DRAFT),
        (C.INTERNAL_MATTER, Part.EXPLANATION),
        (C.OFFICIAL_NAMED, Part.EXPLANATION),
        (C.FREE_MAIL, Part.CONTACTS),
        (C.FIELD_UNLISTED, Part.FORM),
    }
    assert {part for code, part in found if code in (C.INTERNAL_MATTER, C.OFFICIAL_NAMED)} == {Part.EXPLANATION}
