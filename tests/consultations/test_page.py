"""Reading a saved consultation page: our own demonstration page, invented fragments, and the open one."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.consultations.page import ConsultationPage, read_page
from app.departments.directory import Directory, load_seed
from app.documents.doubts import What
from app.documents.extraction import extract
from app.kit.text import squeeze

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demonstration() -> str:
    return (ROOT / "app" / "cli" / "demonstration" / "page.txt").read_text(encoding="utf-8")


def damaged(text: str, printed: str, damage: str) -> ConsultationPage:
    assert printed in text
    return read_page(text.replace(printed, damage))


def test_our_own_page_is_read_without_a_doubt(demonstration: str) -> None:
    page = read_page(demonstration)
    assert page.doubts == ()
    assert [rule.heading for rule in page.column_rules] == ["栏目说明", "参与流程", "意见展示", "注意事项"]
    assert page.issuing_body == "辽宁省住房和城乡建设厅"
    assert page.published_on == date(2026, 11, 16)
    assert (page.deadline_as_printed, page.deadline) == ("2026年12月31日前", date(2026, 12, 31))
    assert page.phone is not None
    assert page.phone.restored == "（024）00001234"
    assert page.email is not None
    assert page.email.restored == "zhengqiu@demo.example.cn"
    assert page.email_subject is not None
    assert page.email_subject.restored == "步行骑行方案意见"
    assert len(page.attachments) == 2
    assert page.explanation_title is not None
    assert page.explanation_title.endswith("起草说明")


def test_our_own_pages_draft_has_its_sixteen_numbered_clauses(demonstration: str) -> None:
    found = extract(read_page(demonstration).draft_text, Directory(load_seed()))
    numbered = [clause for clause in found.clauses if clause.number.isdigit()]
    assert [int(clause.number) for clause in numbered] == list(range(1, 17))
    assert all(clause.units for clause in numbered)


def test_paragraphs_keep_their_order_and_none_is_lost(demonstration: str) -> None:
    page = read_page(demonstration)
    parts = [*page.notice_paragraphs, page.draft_text, *page.explanation_paragraphs]
    rest = squeeze(demonstration)
    for line in "\n".join(parts).splitlines():
        assert squeeze(line) in rest
        rest = rest.split(squeeze(line), 1)[1]
    kept = sum(len(squeeze(part)) for part in parts)
    printed = squeeze(demonstration)
    start, end = printed.index("（本页为软件"), printed.rindex("【字体")
    furniture = (
        sum(len(squeeze(line)) for line in page.attachments) + len(page.explanation_title or "") + len("附件：1.2.")
    )
    assert kept + furniture == end - start


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("20261231日前", date(2026, 12, 31)),
        ("2026年1231日前", date(2026, 12, 31)),
        ("2026111日前", None),
        ("202613日前", None),
    ],
)
def test_a_deadline_that_lost_its_characters_is_restored_only_where_one_day_fits(
    demonstration: str, printed: str, read: date | None
) -> None:
    page = damaged(demonstration, "2026年12月31日前", printed)
    assert (page.deadline_as_printed, page.deadline) == (printed, read)
    expected = What.DATE_RESTORED if read else What.DATE_UNREAD
    assert [doubt.what for doubt in page.doubts if doubt.where == "deadline"] == [expected]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("请于12月20日前反馈", date(2026, 12, 20)),
        ("征求意见时间为2026年11月16日至12月16日", date(2026, 12, 16)),
        ("意见反馈截止时间：2026年12月1日", date(2026, 12, 1)),
        ("请在2026 年 12 月 8 日 17:00 前提出", date(2026, 12, 8)),
    ],
)
def test_deadlines_are_read_in_their_usual_forms(demonstration: str, printed: str, read: date) -> None:
    assert damaged(demonstration, "请于2026年12月31日前提出", printed).deadline == read


@pytest.mark.parametrize("printed", ["024）00001234", "（02400001234"])
def test_a_telephone_number_gets_its_bracket_back(demonstration: str, printed: str) -> None:
    page = damaged(demonstration, "（024）00001234", printed)
    assert page.phone is not None
    assert (page.phone.as_printed, page.phone.restored) == (printed, "（024）00001234")
    assert [doubt.what for doubt in page.doubts] == [What.CONTACT_RESTORED]


def test_a_title_gets_its_mark_back(demonstration: str) -> None:
    page = damaged(demonstration, "（征求意见稿）》起草说明\n\n辽宁", "（征求意见稿）起草说明\n\n辽宁")
    assert page.attachments[1].endswith("（征求意见稿）》起草说明")
    assert What.TITLE_MARK_RESTORED in [doubt.what for doubt in page.doubts]


DEMONSTRATION = (ROOT / "app" / "cli" / "demonstration" / "page.txt").read_text(encoding="utf-8")


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, len(DEMONSTRATION)), st.integers(0, 400), st.sampled_from(["", "\n", "（", "》", "2025", "日前"]))
def test_no_loss_or_intrusion_raises(position: int, lost: int, intruder: str) -> None:
    page = read_page(DEMONSTRATION[:position] + intruder + DEMONSTRATION[position + lost :])
    assert page.deadline is None or page.deadline_as_printed is not None


@pytest.mark.parametrize("text", ["", "友情提示", "征求意见", "一、甲。\n二、乙。", "附件", "请于日前"])
def test_fragments_give_a_page_with_what_they_have(text: str) -> None:
    page = read_page(text)
    assert page.deadline is None
    assert page.explanation_paragraphs == ()


@pytest.mark.shared
def test_the_open_page_agrees_with_its_key(shared_dir: Path) -> None:
    key = json.loads((shared_dir / "gold" / "form.json").read_text(encoding="utf-8"))
    notice = key["notice"]
    page = read_page((shared_dir / "seeds" / "001_71da066cfbebc1b6.txt").read_text(encoding="utf-8"))
    assert [(rule.heading, squeeze(rule.text)) for rule in page.column_rules] == [
        (rule["heading"], squeeze(rule["text"])) for rule in key["rules"]
    ]
    assert page.notice_title is not None
    assert squeeze(page.notice_title).translate(str.maketrans("（）", "()")) == squeeze(notice["title"])
    assert page.issuing_body == notice["publisher"]
    assert page.published_on == date.fromisoformat(notice["published_on"])
    assert page.deadline == date.fromisoformat(notice["deadline"])
    assert page.deadline_as_printed is not None
    assert page.deadline_as_printed in notice["deadline_written"]
    assert page.phone is not None
    assert (page.phone.as_printed, page.phone.restored) == (notice["phone_written"], notice["phone"])
    assert page.email is not None
    assert page.email.restored == notice["email"]
    assert page.email_subject is not None
    assert page.email_subject.restored == notice["email_subject"]
    assert list(page.attachments) == notice["attachments"]


@pytest.mark.shared
def test_the_open_pages_draft_has_its_twenty_nine_clauses_with_their_units(shared_dir: Path) -> None:
    key = json.loads((shared_dir / "gold" / "001_71da066cfbebc1b6.json").read_text(encoding="utf-8"))
    page = read_page((shared_dir / "seeds" / "001_71da066cfbebc1b6.txt").read_text(encoding="utf-8"))
    found = extract(page.draft_text, Directory(load_seed()))
    assert found.title == key["title"]
    assert sum(clause.number.isdigit() for clause in found.clauses) == 29
    assert {clause.label: [unit.written_as for unit in clause.units] for clause in found.clauses} == {
        clause["label"]: [unit["written_as"] for unit in clause["units"]] for clause in key["clauses"]
    }
    assert all(unit.department for clause in found.clauses for unit in clause.units)
