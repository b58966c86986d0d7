"""The desk's search over HTTP: marked words, pages, and what can't be looked for."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.permissions import Role
from app.submissions import search_index
from app.web.staff import search
from tests.support import journey
from tests.support.app import serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, StoppedClock, World


@pytest.fixture
def screener(sqlite_world: World) -> Iterator[TestClient]:
    for person, comment in enumerate(("北门要装路灯。", "盲道被占。<b>路灯</b>也坏了。", "送餐太慢。")):
        journey.submit(sqlite_world, person=person, title=f"第{person}件", comment=comment)
    with sqlite_world.database.writing() as session:
        search_index.add(session, search_index.waiting(session, 10))
    with serving(sqlite_world.database, StoppedClock()) as browser:
        yield signed_in(browser, Role.SCREENER)


def found(browser: TestClient, **asked: object) -> str:
    answer = browser.get("/staff/search", params=asked)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.text


def test_the_words_are_marked_and_nothing_else_is_markup(screener: TestClient) -> None:
    page = found(screener, words="路灯")
    assert page.count("<mark>路灯</mark>") == 2
    assert "&lt;b&gt;<mark>" in page
    assert "送餐" not in page
    assert re.search(r'href="[^"]*/staff/submissions/[0-9a-f-]{36}"', page)


def test_the_empty_page_asks_and_a_search_without_result_says_so(screener: TestClient) -> None:
    assert "没有找到" not in words(found(screener))
    assert "没有找到" in words(found(screener, words="地铁"))


def test_pages_follow_with_the_same_words_and_consultation(
    screener: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PAGE_SIZE", 1)
    first = found(screener, words="路灯", consultation=SLUG)
    (following,) = re.findall(r'href="([^"]*)" rel="next"', first)
    second = screener.get(following.replace("&amp;", "&")).text
    assert "盲道" in words(first)
    assert "北门" in words(second)
    assert "盲道" not in words(second)


def test_what_cant_be_looked_for_is_explained_with_the_words_kept(screener: TestClient) -> None:
    answer = screener.get("/staff/search", params={"words": "，。"})
    assert answer.status_code == 422
    assert "至少" in words(answer.text)
    assert 'value="，。"' in answer.text


def test_strange_filters_break_nothing(screener: TestClient) -> None:
    assert "北门" in words(found(screener, words="路灯", state="none", before="x"))
    assert screener.get("/staff/search", params={"consultation": "none"}).status_code == 404
    assert "没有找到" in words(found(screener, words="路灯", state="accepted"))


def test_a_page_asks_the_store_as_often_whatever_it_shows(screener: TestClient, sqlite_world: World) -> None:
    with statements(sqlite_world.database) as of_one:
        found(screener, words="送餐")
    with statements(sqlite_world.database) as of_two:
        found(screener, words="路灯")
    assert len(of_one) == len(of_two)


def test_only_the_desk_may_search(sqlite_world: World) -> None:
    with serving(sqlite_world.database, StoppedClock()) as browser:
        assert signed_in(browser, Role.AUDITOR).get("/staff/search").status_code == 403
