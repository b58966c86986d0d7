"""Search on the desk: what was found is a list of it, with marked words, filters, pages and the case beside."""

import re
import uuid
from collections.abc import Iterator, Sequence

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk import finding
from app.permissions import Role
from app.submissions import search_index
from app.submissions.models import Submission
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, StoppedClock, World

QUEUE = "/staff/queue"
COMMENTS = ("北门要装路灯。", "盲道被占。<b>路灯</b>也坏了。", "送餐太慢。")


@pytest.fixture
def screener(sqlite_world: World) -> Iterator[TestClient]:
    for person, comment in enumerate(COMMENTS):
        clause = [sqlite_world.clauses[person + 1 if person < 2 else 1]]
        journey.submit(sqlite_world, person=person, title=f"第{person}件", comment=comment, clauses=clause)
    with sqlite_world.database.writing() as session:
        search_index.add(session, search_index.waiting(session, 10))
    with serving(sqlite_world.database, StoppedClock()) as browser:
        yield signed_in(browser, Role.SCREENER)


@pytest.fixture
def ids(sqlite_world: World, screener: TestClient) -> Sequence[uuid.UUID]:
    """In the order of arrival."""
    with sqlite_world.database.reading() as session:
        return session.scalars(select(Submission.id).order_by(Submission.title)).all()


def found(browser: TestClient, search: str, **asked: object) -> str:
    answer = browser.get(QUEUE, params={"view": "all", "search": search} | asked)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.text


def links(page: str, rel: str) -> list[str]:
    return [str(href) for href in lxml.html.fromstring(page).xpath(f"//a[@rel='{rel}']/@href")]


def test_the_words_are_marked_in_the_list_and_nothing_else_is_markup(screener: TestClient) -> None:
    page = found(screener, "路灯")
    assert page.count("<mark>路灯</mark>") == 2
    assert "&lt;b&gt;<mark>" in page
    assert "送餐" not in page
    assert 'value="路灯"' in page


def test_what_was_found_opens_beside_its_list_and_leads_to_the_next(
    screener: TestClient, ids: Sequence[uuid.UUID]
) -> None:
    newest = found(screener, "路灯", item=str(ids[1]))
    assert lxml.html.fromstring(newest).xpath("string(//*[@id='case-title'])") == "第1件"
    assert newest.count("<mark>路灯</mark>") == 2
    (following,) = links(newest, "next")
    assert not links(newest, "prev")
    assert f"item={ids[0]}" in following
    older = screener.get(following).text
    assert lxml.html.fromstring(older).xpath("string(//*[@id='case-title'])") == "第0件"
    assert f"item={ids[1]}" in links(older, "prev")[0]
    assert not links(older, "next")


def test_a_decision_leads_to_the_next_result(screener: TestClient, ids: Sequence[uuid.UUID]) -> None:
    decided = press(screener, f"{QUEUE}?view=received&search=路灯&item={ids[1]}", "/accept").headers["location"]
    assert f"item={ids[0]}" in decided
    page = screener.get(decided).text
    assert page.count("<mark>路灯</mark>") == 1, "of what is to be screened it is found no more"


def test_words_and_filters_narrow_together_and_can_be_taken_off(screener: TestClient, sqlite_world: World) -> None:
    clause = sqlite_world.clauses[1].id
    page = found(screener, "路灯", consultation=SLUG, clause=str(clause))
    assert page.count("<mark>路灯</mark>") == 1
    chips = lxml.html.fromstring(page).xpath("//*[contains(@class, 'chosen-filters')]//li")
    (words_off,) = [chip.xpath("./a/@href")[0] for chip in chips if "路灯" in chip.text_content()]
    assert "search" not in words_off
    assert f"clause={clause}" in words_off
    views = lxml.html.fromstring(page).xpath("//aside//a/@href")
    assert all("search=" in url for url in views if "view=accepted" in url or "view=received" in url)
    assert not any("search=" in url for url in views if "view=editing" in url)


def test_a_search_without_result_says_so_and_lists_without_words_search_nothing(screener: TestClient) -> None:
    assert "没有找到" in words(found(screener, "地铁"))
    assert "没有找到" not in words(screener.get(QUEUE).text)
    assert "没有找到" in words(found(screener, "路灯", view="accepted"))


def test_pages_follow_with_the_same_words_and_consultation(
    screener: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 1)
    first = found(screener, "路灯", consultation=SLUG)
    (following,) = re.findall(r'href="([^"]*)" rel="next"', first)
    second = screener.get(following.replace("&amp;", "&")).text
    assert "盲道" in words(first)
    assert "北门" in words(second)
    assert "盲道" not in words(second)


def test_what_cant_be_looked_for_is_explained_with_the_words_kept(screener: TestClient) -> None:
    answer = screener.get(QUEUE, params={"view": "all", "search": "，。"})
    assert answer.status_code == 422
    assert "至少" in words(answer.text)
    assert 'value="，。"' in answer.text


def test_the_older_address_leads_to_the_list(screener: TestClient) -> None:
    there = screener.get("/staff/search", params={"words": "路灯", "state": "accepted", "consultation": SLUG})
    assert there.status_code == 303
    assert "view=accepted" in there.headers["location"]
    anywhere = screener.get("/staff/search", params={"words": "路灯", "state": "referred"}).headers["location"]
    assert screener.get(anywhere).text.count("<mark>路灯</mark>") == 2
    assert screener.get(QUEUE, params={"consultation": "none", "search": "路灯"}).status_code == 404
    assert "北门" in words(found(screener, "路灯", after="x"))


def test_a_page_asks_the_store_as_often_whatever_it_shows(screener: TestClient, sqlite_world: World) -> None:
    with statements(sqlite_world.database) as of_one:
        found(screener, "送餐")
    with statements(sqlite_world.database) as of_two:
        found(screener, "路灯")
    assert len(of_one) == len(of_two)


def test_only_the_desk_may_search(sqlite_world: World) -> None:
    with serving(sqlite_world.database, StoppedClock()) as browser:
        auditor = signed_in(browser, Role.AUDITOR)
        assert auditor.get("/staff/search").status_code == 403
        assert auditor.get(QUEUE, params={"search": "路灯"}).status_code == 403
