"""Confirming, releasing and concluding on the desk, and what the public sees of it."""

from collections.abc import Iterator

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.dispositions.kinds import DispositionKind
from app.permissions import Role
from app.records import actions as records
from app.records.stages import ConclusionKind
from tests.support import journey, outcomes
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import StoppedClock, World

LETTER = {"letter_number": "民函〔2026〕3号", "letter_day": "2026-01-05", "letter_by": "处长"}


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(outcomes.LATER)


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def path(world: World, more: str = "outcomes") -> str:
    return f"/staff/consultations/{world.consultation.slug}/{more}"


def answered(world: World, *people: int) -> None:
    for person in people:
        suggestion_id = journey.approved_suggestion(world, people=(person,))
        outcomes.answered(world, suggestion_id, DispositionKind.NOT_ADOPTED, "经费不足。")


def chosen(browser: TestClient, world: World) -> list[str]:
    root = lxml.html.fromstring(browser.get(path(world)).text)
    return [str(box.get("value")) for box in root.iter("input") if box.get("name") == "chosen"]


def test_from_the_letter_to_the_release(browser: TestClient, world: World) -> None:
    answered(world, 1, 2)
    manager = signed_in(browser, Role.MANAGER)
    assert press(manager, path(world), "/confirm", chosen=chosen(manager, world), **LETTER).status_code == 303
    assert not lxml.html.fromstring(manager.get(path(world) + "?state=confirmed").text).xpath(
        "//form[contains(@action, '/releases')]"
    ), "who confirms doesn't release"
    publisher = signed_in(browser, Role.PUBLISHER)
    assert path(world) in publisher.get("/staff/outcomes").text
    where = path(world) + "?state=confirmed"
    made = press(publisher, where, "/releases", title="第一批", basis="起草单位已来函确认。").headers["location"]
    sheet = words(publisher.get(f"{made}/sheet").text)
    for said in ("办理结果发布呈批件", "第一批", "起草单位已来函确认。", "未采纳", "经费不足。", "领导批示"):
        assert said in sheet
    assert press(publisher, made, "/release", approver="分管领导").status_code == 303
    assert "已发布" in words(publisher.get(made).text)
    again = publisher.post(f"{made}/release", data={"revision": "3", "approver": "分管领导"})
    assert again.status_code in (403, 409), "no form, no token"


def test_what_is_chosen_is_confirmed_whole_or_not_at_all(browser: TestClient, world: World) -> None:
    answered(world, 1, 2)
    manager = signed_in(browser, Role.MANAGER)
    good, other = chosen(manager, world)
    stale = other.partition(":")[0] + ":9"
    refused = press(manager, path(world), "/confirm", chosen=[good, stale], **LETTER)
    assert refused.status_code == 409
    assert len(chosen(manager, world)) == 2
    for missing in ({"letter_number": ""}, {"letter_day": "gestern"}, {"letter_by": " "}):
        assert press(manager, path(world), "/confirm", chosen=[good], **LETTER | missing).status_code == 422
    assert press(manager, path(world), "/confirm", **LETTER).status_code == 422


def test_a_return_leads_back_to_the_department(browser: TestClient, world: World) -> None:
    answered(world, 1)
    manager = signed_in(browser, Role.MANAGER)
    assert press(manager, path(world), "/return", remark="请说明依据。").status_code == 303
    assert "请说明依据。" in words(manager.get(path(world) + "?state=returned").text)


def test_who_neither_confirms_nor_releases_sees_and_does_nothing(browser: TestClient, world: World) -> None:
    answered(world, 1)
    editor = signed_in(browser, Role.EDITOR)
    root = lxml.html.fromstring(editor.get(path(world)).text)
    assert not root.xpath("//main//form")
    assert signed_in(browser, Role.AUDITOR).get(path(world)).status_code == 403


def test_the_list_costs_the_same_for_three_as_for_one(browser: TestClient, world: World) -> None:
    counted = []
    for people in ((1,), (2, 3)):
        answered(world, *people)
        manager = signed_in(browser, Role.MANAGER)
        manager.get(path(world))
        with statements(world.database) as sent:
            manager.get(path(world))
        counted.append(len(sent))
    assert counted[0] == counted[1]


def test_the_conclusion_page_lists_what_is_missing_and_then_concludes(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    answered(world, 1)
    clock.at = world.consultation.closes_at
    manager = signed_in(browser, Role.MANAGER)
    page = manager.get(path(world, "conclusion"))
    assert "待起草单位确认的答复" in words(page.text)
    assert "state=answered" in page.text
    assert not lxml.html.fromstring(page.text).xpath("//textarea[@id='conclude-note']")
    with world.database.reading() as session:
        ids = [one.disposition.suggestion_id for one in outcomes.waiting(session, world)]
    outcomes.told(world, ids)
    done = press(manager, path(world, "conclusion"), "/conclude", note="感谢参与。")
    assert done.status_code == 303
    public = words(browser.get(f"/consultations/{world.consultation.slug}/results").text)
    for said in ("意见采纳情况", "未采纳", "感谢参与。", "共收到意见1份"):
        assert said in public
    assert "征集结果" in words(browser.get(f"/consultations/{world.consultation.slug}").text)


def test_results_are_not_there_before_they_are_published(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    where = f"/consultations/{world.consultation.slug}/results"
    assert browser.get(where).status_code == 404
    clock.at = world.consultation.closes_at
    publisher = signed_in(browser, Role.PUBLISHER)
    assert press(publisher, path(world, "conclusion"), "/intake", note="").status_code == 303
    public = words(browser.get(where).text)
    assert "未收到意见" in public


def test_an_end_without_outcome_says_why(browser: TestClient, world: World, clock: StoppedClock) -> None:
    clock.at = world.consultation.closes_at
    with world.database.writing() as session:
        records.end_without_outcome(
            session, world.staff.manager, clock.at, world.consultation.id, ConclusionKind.SHELVED, "上位法正在修订。"
        )
    public = words(browser.get(f"/consultations/{world.consultation.slug}/results").text)
    assert "暂不出台" in public
    assert "上位法正在修订。" in public
