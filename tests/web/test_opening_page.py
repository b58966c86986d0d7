"""The page on which a second person checks and opens, and the lists that its checks use."""

from collections.abc import Iterator
from datetime import date, timedelta

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.consultations import actions
from app.consultations import queries as consultations
from app.consultations.actions import Announcement
from app.consultations.form_checks import EXPLAINED
from app.consultations.lifecycle import ConsultationState, Kind, LegalNature
from app.consultations.subject import FIELD_LABELS
from app.kit.clock import end_of_beijing_day
from app.permissions import Actor, Role
from app.submissions.fields import check_entry
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.journey import DRAFTING, OPERATOR, START, StoppedClock, World

SLUG = "second"
PAGE = f"/staff/consultations/{SLUG}/opening"
TODAY = date(2026, 5, 11)


@pytest.fixture
def manager(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as browser:
        yield signed_in(browser, Role.MANAGER)


def prepared(world: World, nature: LegalNature, days: int, by: Actor = OPERATOR) -> None:
    announcement = Announcement(
        slug=SLUG,
        title="某某办法（征求意见稿）",
        kind=Kind.GOVERNMENT_DOCUMENT,
        legal_nature=nature,
        drafting_department_id=DRAFTING,
        version_id=world.consultation.version_id,
        issuing_body="辽宁省民政厅",
        published_on=TODAY,
        notice_title="公告",
        notice="请于202657日前提出意见。\n邮箱：a@qq.com。",
        explanation_title="说明",
        explanation="经省长张建国批示同意。",
        contact_phone=None,
        contact_email="a@qq.com",
        deadline_as_printed=None,
        opens_at=START,
        closes_at=end_of_beijing_day(TODAY + timedelta(days=days)),
    )
    with world.database.writing() as session:
        actions.prepare(session, by, START, announcement)


def state(world: World) -> ConsultationState:
    with world.database.reading() as session:
        row = consultations.find(session, SLUG)
    assert row
    return row.state


def test_the_page_shows_the_facts_the_window_and_every_warning_with_its_place(
    manager: TestClient, world: World
) -> None:
    prepared(world, LegalNature.MAJOR_DECISION, 8)
    shown = words(manager.get(PAGE).text)
    for said in (
        "某某办法（征求意见稿）",
        "自公布之日2026年5月11日的次日起算，至2026年5月19日止：8个自然日，6个工作日。",
        "期限应不少于30个自然日。",
        "《重大行政决策程序暂行条例》（国务院令第713号）第十五条",
        "日期缺字或未填写完整。 第1行：…请于202657日前提出意见。",
        "文中出现领导干部姓名。 第1行：…经省长张建国批示同意。",
        "使用了商业免费邮箱（qq.com）",
        "属内部事项",
    ):
        assert said in shown, said


def test_a_short_window_is_opened_with_a_reason_that_the_public_reads(manager: TestClient, world: World) -> None:
    prepared(world, LegalNature.MAJOR_DECISION, 8)
    assert press(manager, PAGE, "/opening", short_window_reason=" ").status_code == 422
    assert state(world) is ConsultationState.DRAFT
    answer = press(manager, PAGE, "/opening", short_window_reason="防汛在即，须在汛期前施行。")
    assert (answer.status_code, state(world)) == (303, ConsultationState.OPENED)
    public = words(manager.get(f"/consultations/{SLUG}").text)
    assert "公示期缩短的说明 防汛在即，须在汛期前施行。" in public
    assert manager.get(PAGE).status_code == 404


def test_a_reason_that_was_refused_is_given_back(manager: TestClient, world: World) -> None:
    prepared(world, LegalNature.GOVERNMENT_RULE, 8)
    answer = press(manager, PAGE, "/opening", short_window_reason="公开的一句")
    assert answer.status_code == 422
    assert "公开的一句" in answer.text


def test_an_override_is_asked_for_where_nothing_shortens_the_window_and_stays_inside(
    manager: TestClient, world: World
) -> None:
    prepared(world, LegalNature.GOVERNMENT_RULE, 8)
    assert "override_reason" in manager.get(PAGE).text
    answer = press(manager, PAGE, "/opening", override_reason="省政府同意先行公开。")
    assert (answer.status_code, state(world)) == (303, ConsultationState.OPENED)
    with world.database.reading() as session:
        row = consultations.public_consultation(session, SLUG)
    assert (row.override_by, row.override_reason) == (world.staff.manager.id, "省政府同意先行公开。")
    assert "省政府同意先行公开。" not in manager.get(f"/consultations/{SLUG}").text


def test_a_long_window_asks_for_nothing(manager: TestClient, world: World) -> None:
    prepared(world, LegalNature.MAJOR_DECISION, 30)
    assert "_reason" not in manager.get(PAGE).text
    assert press(manager, PAGE, "/opening").status_code == 303
    assert "公示期缩短的说明" not in manager.get(f"/consultations/{SLUG}").text


def test_who_prepared_it_is_told_that_somebody_else_opens_it(manager: TestClient, world: World) -> None:
    prepared(world, LegalNature.MAJOR_DECISION, 30, by=world.staff.manager)
    page = manager.get(PAGE).text
    assert "须由另一人复核后开放" in words(page)
    assert "<form" not in page.partition("<main")[2]
    # A form that was sent all the same, as from another tab.
    token = hidden(manager.get("/staff/calendar").text)
    assert manager.post(PAGE, data=token | {"revision": "1"}).status_code == 409
    assert state(world) is ConsultationState.DRAFT


def test_the_list_of_consultations_leads_to_the_checks(manager: TestClient, world: World) -> None:
    prepared(world, LegalNature.MAJOR_DECISION, 30)
    assert f'href="{PAGE}"' in manager.get("/staff/consultations").text
    assert manager.get("/staff/consultations/none/opening").status_code == 404


def test_days_are_pasted_listed_and_removed(manager: TestClient) -> None:
    assert press(manager, "/staff/calendar", "/calendar", text="2027-01-01 也许").status_code == 422
    text = "2027-01-01 至 2027-01-03 休 元旦 国办发明电\n2027-10-01 休 国庆节"
    answer = press(manager, "/staff/calendar", "/calendar", text=text)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/calendar?year=2027")
    shown = words(manager.get("/staff/calendar?year=2027").text)
    for said in ("2027年1月1日", "2027年1月3日", "元旦 国办发明电", "2027年10月1日"):
        assert said in shown
    assert "尚未录入完整" not in shown
    assert press(manager, "/staff/calendar?year=2027", "/remove").status_code == 303
    shown = words(manager.get("/staff/calendar?year=2027").text)
    assert "2027年1月1日" not in shown.partition("调整的放假")[2]
    assert "尚未录入完整" in shown


def test_days_that_the_software_brings_are_listed_and_stay(manager: TestClient) -> None:
    page = manager.get("/staff/calendar?year=2025").text
    assert "2025年5月1日" in words(page)
    assert "/calendar/remove" not in page
    assert manager.get("/staff/calendar?year=9").status_code == 200


def test_words_to_watch_are_kept_on_a_page_of_their_own(manager: TestClient, world: World) -> None:
    assert press(manager, "/staff/watched-words", "/watched-words", word=" ", remark="").status_code == 422
    added = press(manager, "/staff/watched-words", "/watched-words", word="助餐点", remark="写全称")
    assert added.status_code == 303
    assert "助餐点 写全称" in words(manager.get("/staff/watched-words").text)
    prepared(world, LegalNature.MAJOR_DECISION, 30)
    assert "属于关注词。写全称" in words(manager.get(PAGE).text)
    assert press(manager, "/staff/watched-words", "/remove").status_code == 303
    assert "属于关注词" not in manager.get(PAGE).text


def test_every_field_that_counts_as_explained_is_explained_on_the_privacy_page(manager: TestClient) -> None:
    """The checks can't read the page, which stands above them: this holds the two together."""
    asked = set(check_entry({}, TODAY)) - {"consent"}
    assert set(FIELD_LABELS) == asked
    (purposes, *_) = lxml.html.fromstring(manager.get("/privacy").text).xpath("//ul[@class='steps-list']")
    said = purposes.text_content()
    named = FIELD_LABELS | {"phone": "电话"}
    assert {name for name in asked if named[name] in said} == EXPLAINED
