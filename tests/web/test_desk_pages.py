"""What managers do with a consultation in the browser."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.consultations import queries as consultations
from app.permissions import Role
from tests.support.app import press, serving, signed_in, words
from tests.support.journey import SLUG, StoppedClock, World

PAGE = f"/consultations/{SLUG}"


@pytest.fixture
def manager(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as browser:
        yield signed_in(browser, Role.MANAGER)


def edit(browser: TestClient, of: str, *texts: str) -> None:
    page = f"/staff/column-rules?consultation={of}" if of else "/staff/column-rules"
    fields = {"heading": [f"第{place}节" for place in range(len(texts))], "text": list(texts)}
    assert press(browser, page, "/column-rules", **fields).status_code == 303


def test_the_columns_rules_are_edited_on_one_page_and_shown_on_every_draft(manager: TestClient) -> None:
    edit(manager, "", "请写真实姓名。", "只受理与草案有关的意见。")
    shown = words(manager.get(PAGE).text)
    assert "请写真实姓名。" in shown
    assert "只受理与草案有关的意见。" in shown


def test_a_consultation_may_have_rules_of_its_own(manager: TestClient, world: World) -> None:
    edit(manager, "", "栏目的规则。")
    assert "只用于这份草案" in words(manager.get(f"/staff/column-rules?consultation={SLUG}").text)
    assert "只用于这份草案" not in words(manager.get("/staff/column-rules").text)
    edit(manager, SLUG, "本次征集的规则。")
    shown = words(manager.get(PAGE).text)
    assert "本次征集的规则。" in shown
    assert "栏目的规则。" not in shown
    with world.database.reading() as session:
        assert [rule.text for rule in consultations.rules(session)] == ["栏目的规则。"]


def test_rules_of_a_consultation_that_is_not_there_are_not_found(manager: TestClient) -> None:
    assert manager.get("/staff/column-rules?consultation=none").status_code == 404
