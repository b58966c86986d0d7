"""What a list is narrowed to: chosen by name, shown as chips that can be taken off, kept in saved views."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import lxml.html
import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app.campaigns.models import Campaign, CampaignMember
from app.permissions import Role
from app.screening import themes
from app.screening.models import SubmissionTheme
from app.submissions.models import Submission
from app.web.staff.desk.place import place_of
from tests.support import journey
from tests.support.app import press, serving, signed_in
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World

QUEUE = "/staff/queue"
HERE = f"{QUEUE}?view=received&consultation={SLUG}"


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def screener(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock(START + timedelta(hours=1))) as browser:
        yield signed_in(browser, Role.SCREENER)


def page_of(browser: TestClient, url: str) -> lxml.html.HtmlElement:
    answer = browser.get(url)
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.text)


def offered(page: lxml.html.HtmlElement, name: str) -> dict[str, str]:
    """Words → value of what a filter offers, but for the one that narrows nothing."""
    options = page.xpath(f"//form[contains(@class, 'filter-form')]//select[@name='{name}']/option[@value != '']")
    return {option.text_content().strip(): option.get("value") for option in options}


def chips(page: lxml.html.HtmlElement) -> dict[str, str]:
    """What the list is narrowed to, as a reader sees it → the address of the same list without it."""
    return {
        " ".join(chip.text_content().split()): chip.xpath("./a/@href")[0]
        for chip in page.xpath("//*[contains(@class, 'chosen-filters')]/ul/li")
    }


def titles(page: lxml.html.HtmlElement) -> list[str]:
    return [str(title) for title in page.xpath("//*[@data-rows]//a[contains(@class, 'row-title')]/span/text()")]


@pytest.fixture
def meal(world: World) -> uuid.UUID:
    """The only one that waits: on the second clause, the screener's, of a theme, and one of several alike."""
    journey.submit(world, person=1, title="周末供餐", clauses=[world.clauses[1]])
    with world.database.writing() as session:
        id = session.scalars(select(Submission.id)).one()
        session.execute(update(Submission).values(allocated_to=world.staff.screener.id))
        theme = themes.named(session, START, world.staff.editor.id, world.consultation.id, "供餐时间")
        assert theme is not None
        alike = Campaign(
            consultation_id=world.consultation.id,
            centre_id=id,
            algorithm=1,
            common_text="请在周末\n也供应餐食，让独自居住的老人不必饿肚子等到星期一。",
            members=212,
            with_additions=31,
            persons=200,
            unnumbered=0,
            worked_out_at=1,
            found_at=START,
        )
        session.add(alike)
        session.flush()
        session.add_all(_memberships(world, id, theme.id, alike.id))
    return id


def _memberships(world: World, id: uuid.UUID, theme_id: uuid.UUID, campaign_id: uuid.UUID) -> list[Any]:
    of = {"submission_id": id, "theme_id": theme_id, "consultation_id": world.consultation.id}
    in_campaign = {"submission_id": id, "campaign_id": campaign_id, "has_addition": False, "additions": []}
    return [SubmissionTheme(**of, method="test"), CampaignMember(**in_campaign, joined_at=START)]


CHOICES = {
    "theme": ("供餐时间", "主题 供餐时间"),
    "campaign": (
        "请在周末 也供应餐食，让独自居住的老人不必饿肚…（212份意见）",
        "内容相同 请在周末 也供应餐食，让独自居住的老人不必饿肚…（212份意见）",
    ),
    "department": ("辽宁省民政厅", "单位 辽宁省民政厅"),
    "allocated_to": ("测试screener", "分配给 测试screener"),
}


@pytest.mark.parametrize("name", CHOICES)
def test_a_list_is_narrowed_by_name_and_widened_by_taking_the_chip_off(
    screener: TestClient, meal: uuid.UUID, name: str
) -> None:
    option, chip = CHOICES[name]
    narrowed = page_of(screener, f"{HERE}&{name}={offered(page_of(screener, HERE), name)[option]}")
    assert titles(narrowed) == ["周末供餐"]
    shown = chips(narrowed)
    (taken_off,) = [url for words_of, url in shown.items() if words_of.startswith(chip)]
    assert len(shown) == 2
    assert f"{name}=" not in taken_off
    assert len(chips(page_of(screener, taken_off))) == 1


def test_what_is_nobodys_and_what_another_has_is_not_mixed_up(screener: TestClient, meal: uuid.UUID) -> None:
    page = page_of(screener, f"{HERE}&allocated_to=nobody")
    assert titles(page) == []
    assert [one for one in chips(page) if one.startswith("分配给 无人")]


def test_what_is_chosen_is_named_though_nothing_offers_it_any_more(screener: TestClient, meal: uuid.UUID) -> None:
    gone = uuid.UUID(int=7)
    page = page_of(screener, f"{HERE}&theme={gone}")
    assert "已不存在" in " ".join(chips(page))
    without_consultation = page_of(screener, f"{QUEUE}?view=received&clause={_clause_of(screener)}")
    assert len(chips(without_consultation)) == 1
    assert len(offered(without_consultation, "clause")) == 1
    assert not offered(without_consultation, "theme")


def _clause_of(browser: TestClient) -> str:
    return next(iter(offered(page_of(browser, HERE), "clause").values()))


def test_another_consultation_takes_nothing_along_that_belongs_to_the_first(meal: uuid.UUID) -> None:
    sent = {"consultation": "other", "of": SLUG, "theme": str(uuid.UUID(int=7)), "channel": "web"}
    assert place_of(sent).narrowed == {"consultation": "other", "channel": "web"}
    assert place_of(sent | {"of": "other"}).narrowed["theme"] == sent["theme"]


def test_without_its_consultation_a_list_keeps_nothing_that_belonged_to_it(
    screener: TestClient, meal: uuid.UUID
) -> None:
    page = page_of(screener, f"{HERE}&channel=web&clause={_clause_of(screener)}")
    (without,) = [url for words_of, url in chips(page).items() if words_of.startswith("意见征集")]
    assert place_of(dict(parse_qsl(urlsplit(without).query))).narrowed == {"channel": "web"}


def test_a_saved_view_carries_what_was_chosen_and_names_it(screener: TestClient, meal: uuid.UUID, world: World) -> None:
    theme = offered(page_of(screener, HERE), "theme")["供餐时间"]
    narrowed = f"view=received&consultation={SLUG}&theme={theme}&allocated_to={world.staff.screener.id}"
    assert press(screener, f"/staff/views?{narrowed}", "/save", name="我的供餐").status_code == 303
    listed = page_of(screener, "/staff/views")
    opened = screener.get(listed.xpath("//main//h2/a/@href")[0]).headers["location"]
    assert dict(parse_qsl(urlsplit(opened).query)) == dict(parse_qsl(narrowed))


def test_themes_people_and_campaigns_cost_no_query_each(screener: TestClient, meal: uuid.UUID, world: World) -> None:
    with statements(world.database) as of_one:
        page_of(screener, HERE)
    with world.database.writing() as session:
        for number in range(2):
            themes.named(session, START, world.staff.editor.id, world.consultation.id, f"主题{number}")
            journey.colleague(session, f"second{number}", Role.SCREENER)
    with statements(world.database) as of_three:
        assert len(offered(page_of(screener, HERE), "theme")) == 3
    assert len(of_one) == len(of_three)
