"""The page that leads to whatever can be set: each sees what they may open, and all of it opens."""

from collections.abc import Iterator

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.permissions import Role
from tests.support.app import serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import START, StoppedClock, World, another_consultation

PAGE = "/staff/settings"


@pytest.fixture
def browser(sqlite_world: World) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock()) as client:
        yield client


def links(browser: TestClient) -> list[str]:
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    return [str(url) for url in lxml.html.fromstring(answer.text).xpath("//main//a/@href")]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD, Role.ADMINISTRATOR, Role.AUDITOR])
def test_everything_that_is_offered_opens(browser: TestClient, role: Role) -> None:
    reader = signed_in(browser, role)
    offered = links(reader)
    assert offered
    assert [url for url in offered if reader.get(url).status_code != 200] == []


def test_managers_find_wordings_lists_of_words_and_each_consultation(browser: TestClient) -> None:
    page = words(signed_in(browser, Role.MANAGER).get(PAGE).text)
    for name in ("回复用语", "须先查看的词语", "工作日", "表单与展示设置", "复核比例"):
        assert name in page, name


def test_who_may_set_nothing_is_told_so(browser: TestClient) -> None:
    assert "没有您可以设置的内容" in words(signed_in(browser, Role.SCREENER).get(PAGE).text)


def test_more_consultations_cost_no_more_queries(browser: TestClient, sqlite_world: World) -> None:
    manager = signed_in(browser, Role.MANAGER)
    with statements(sqlite_world.database) as of_one:
        before = links(manager)
    with sqlite_world.database.writing() as session:
        for slug in ("second", "third"):
            another_consultation(session, sqlite_world.staff, slug=slug, at=START)
    with statements(sqlite_world.database) as of_three:
        assert len(links(manager)) > len(before)
    assert len(of_one) == len(of_three)
