"""Which changes go back to which suggestions: the desk's page, the drafting department's, and what the public sees."""

import uuid
from collections.abc import Iterator

import lxml.html
import pytest
from fastapi.testclient import TestClient

from app.amendments.lifecycle import LinkState
from app.permissions import Role
from tests.support import amending, journey, outcomes
from tests.support.amending import CUTLERY, WEEKEND
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.journey import PASSWORD, SLUG, StoppedClock, World
from tests.support.outcomes import LATER

DESK, OFFICE, PUBLIC = f"/staff/consultations/{SLUG}/amendments", f"/office/amendments/{SLUG}", f"/consultations/{SLUG}"
LETTER = {"letter_number": "民函〔2026〕3号", "letter_day": "2026-01-05", "letter_by": "处长"}


@pytest.fixture
def browser(sqlite_world: World) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock(LATER)) as client:
        yield client


@pytest.fixture
def comparison_id(sqlite_world: World) -> uuid.UUID:
    """Two suggestions are adopted and proposed, one of them for a change that is on its own clause."""
    made = amending.compared(sqlite_world)
    amending.adopted(sqlite_world, WEEKEND)
    amending.adopted(sqlite_world, CUTLERY, amending.clause(sqlite_world, "（三）"), person=1)
    amending.searched(sqlite_world)
    return made


def decided(browser: TestClient, page_url: str, verb: str, **fields: str) -> int:
    """Presses the first link's button of that verb; they stand outside the form that they send."""
    page = lxml.html.fromstring(browser.get(page_url).text)
    button = page.xpath(f"//button[@form='decide' and contains(@formaction, '/{verb}')]")[0]
    (form,) = page.xpath("//form[@id='decide']")
    carried = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    remark = "remark-" + button.get("formaction").split("/")[-2]
    entered = {remark if name == "remark" else name: value for name, value in fields.items()}
    answer = browser.post(button.get("formaction"), data=carried | {"revision": button.get("value")} | entered)
    return answer.status_code


def test_the_head_sees_each_change_with_its_suggestions_and_decides(
    browser: TestClient, sqlite_world: World, comparison_id: uuid.UUID
) -> None:
    signed_in(browser, Role.OFFICE_HEAD)
    assert "2处待确认" in words(browser.get("/office/amendments").text)
    page = browser.get(OFFICE).text
    assert "2处修改；已确认0处关联；2处待确认" in words(page)
    assert WEEKEND in page
    assert "该意见针对本条，且其用语见于新增文字" in words(page)
    assert "<ins><span" in page
    assert decided(browser, OFFICE, "confirm", remark="已写入。") == 303
    assert decided(browser, OFFICE, "refuse") == 303
    assert amending.states(sqlite_world) == {LinkState.CONFIRMED: 1, LinkState.REFUSED: 1}
    assert "已确认1处关联；0处待确认" in words(browser.get(OFFICE).text)
    assert press(browser, OFFICE, "/undo", reason="看错了。").status_code == 303


def test_a_manager_needs_the_departments_letter_and_finds_it_filled_in_afterwards(
    browser: TestClient, sqlite_world: World, comparison_id: uuid.UUID
) -> None:
    signed_in(browser, Role.MANAGER)
    assert decided(browser, DESK, "confirm") == 422
    assert decided(browser, DESK, "confirm", **LETTER) == 303
    assert decided(browser, DESK, "confirm", **LETTER | {"letter_day": "1.5"}) == 422
    filled = lxml.html.fromstring(browser.get(DESK).text).xpath("//form[@id='decide']//input[@required]/@value")
    assert filled == list(LETTER.values())


def test_who_may_not_confirm_sees_no_buttons(browser: TestClient, comparison_id: uuid.UUID) -> None:
    signed_in(browser, Role.EDITOR)
    page = browser.get(DESK).text
    assert WEEKEND in page
    assert "formaction" not in page
    signed_in(browser, Role.OFFICER)
    assert browser.get(OFFICE).status_code == 403


def test_another_departments_head_finds_no_such_draft(
    browser: TestClient, sqlite_world: World, comparison_id: uuid.UUID
) -> None:
    with sqlite_world.database.writing() as session:
        journey.colleague(session, "other-head", Role.OFFICE_HEAD, "market-regulation")
    fields = hidden(browser.get("/staff/sign-in").text)
    browser.post("/staff/sign-in", data=fields | {"username": "other-head", "password": PASSWORD})
    assert "贵单位起草的文稿尚无正式文本。" in words(browser.get("/office/amendments").text)
    assert browser.get(OFFICE).status_code == 404


def test_one_change_has_a_page_on_which_others_are_linked(
    browser: TestClient, sqlite_world: World, comparison_id: uuid.UUID
) -> None:
    suggestion_id = amending.adopted(sqlite_world, "请再想一想。", amending.clause(sqlite_world, "（二）"), person=2)
    change = amending.changes(sqlite_world)[0].id
    signed_in(browser, Role.OFFICE_HEAD)
    found = browser.get(OFFICE, params={"change": change, "clause": "（二）"})
    assert "请再想一想。" in found.text
    fields = hidden(found.text) | {"change": change, "back": change, "suggestion": str(suggestion_id)}
    answer = browser.post(f"{OFFICE}/add", data=fields)
    assert (answer.status_code, answer.headers["location"].endswith(f"{SLUG}?change={change}")) == (303, True)
    assert "该条款没有其他已采纳的意见。" in words(
        browser.get(OFFICE, params={"change": change, "clause": "（二）"}).text
    )
    assert amending.states(sqlite_world)[LinkState.CONFIRMED] == 1


def test_without_a_final_text_the_page_says_so(browser: TestClient) -> None:
    signed_in(browser, Role.MANAGER)
    assert "尚无可供对照的正式文本" in words(browser.get(DESK).text)


def test_the_public_sees_confirmed_links_of_released_outcomes_while_the_comparison_is_public(
    browser: TestClient, sqlite_world: World, comparison_id: uuid.UUID
) -> None:
    confirmed = next(one for one in amending.links(sqlite_world) if one.words)
    amending.confirmed(sqlite_world, confirmed.id, "已写入。")
    amending.made_public(sqlite_world, comparison_id)
    assert "根据公众意见修改" not in words(browser.get(f"{PUBLIC}/changes").text)
    outcomes.released(sqlite_world)
    page = words(browser.get(f"{PUBLIC}/changes").text)
    assert "根据公众意见修改：1条" in page
    assert "起草单位说明： 已写入。" in page
    assert page.count("根据公众意见修改：") == 1, "the other link isn't confirmed"
    assert "根据公众意见修改：1条" in words(browser.get(f"{PUBLIC}/changes?show=changed").text)
    amending.withdrawn(sqlite_world)
    assert browser.get(f"{PUBLIC}/changes").status_code == 404
