"""Several clauses at once, each with its own text and wording: chosen, written about, stored and read."""

from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.kit.errors import Unavailable
from app.permissions import Role
from app.submissions import queries
from app.submissions.fields import COMMENT_LIMIT
from app.submissions.models import Submission
from app.web.public import opinion_part
from tests.support import deciding as screening
from tests.support.app import ENTRY, errors_of, filled, serving, signed_in, words
from tests.support.journey import SLUG, START, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"
FIRST, SECOND, THIRD = "一/（一）", "一/（二）", "二/（三）"


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def form_on(browser: TestClient, *labels: str) -> str:
    page: str = browser.get(FORM, params={"clause": list(labels)}).text
    return page


def blocks(page: str) -> list[str]:
    return [str(value) for value in lxml.html.fromstring(page).xpath("//section//input[@name='clause']/@value")]


def fields_of(page: str, label: str) -> tuple[str, str]:
    """The names of the fields for an opinion and for wording."""
    (section,) = lxml.html.fromstring(page).xpath(f"//section[.//input[@value='{label}']]")
    text, wording = section.xpath(".//textarea/@name")
    return str(text), str(wording)


def stored(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def sent(browser: TestClient, page: str, **entered: Any) -> Any:
    return browser.post(FORM, data=filled(page) | ENTRY | entered)


def test_each_clause_of_the_address_gets_a_block_in_the_draft_s_order(browser: TestClient) -> None:
    assert blocks(form_on(browser, THIRD, FIRST, "九/（九）")) == [FIRST, THIRD]
    assert blocks(form_on(browser)) == []


def test_the_clause_s_own_words_stand_beside_and_in_the_field_for_wording(browser: TestClient, world: World) -> None:
    page = form_on(browser, FIRST)
    clause = next(clause for clause in world.clauses if clause.label == FIRST)
    _text, wording = fields_of(page, FIRST)
    assert filled(page)[wording][0].strip() == clause.text
    assert words(page).count("步行十五分钟可以到达") >= 2


def test_words_on_two_clauses_are_stored_as_one_comment_and_found_again(browser: TestClient, world: World) -> None:
    page = form_on(browser, FIRST, THIRD)
    (text, _), (_, wording) = fields_of(page, FIRST), fields_of(page, THIRD)
    proposed = "对行动不便的老年人提供送餐，费用由财政承担。"
    answer = sent(browser, page, **{"comment": "总体赞成。", text: " 距离太远。\r\n请改为十分钟。", wording: proposed})
    assert answer.status_code == 303, errors_of(answer.text)
    with world.database.reading() as session:
        kept = session.scalars(select(Submission)).one()
        places = queries.clause_places(session, kept.id)
        chosen = queries.clause_ids(session, [kept.id])[kept.id]
    labels = {clause.id: clause.label for clause in world.clauses}
    assert kept.comment.startswith("总体赞成。\n\n【")
    assert {labels[clause_id] for clause_id in chosen} == {FIRST, THIRD}
    first, third = places
    assert (labels[first.clause_id], labels[third.clause_id]) == (FIRST, THIRD)
    assert first.text
    assert first.text.of(kept.comment) == "距离太远。\n请改为十分钟。"
    assert first.wording is None, "wording that was left as it is proposes nothing"
    assert third.wording
    assert third.wording.of(kept.comment) == proposed
    assert third.text is None


def test_general_words_on_a_chosen_clause_are_the_comment_alone(browser: TestClient, world: World) -> None:
    assert sent(browser, form_on(browser, FIRST)).status_code == 303
    with world.database.reading() as session:
        kept = session.scalars(select(Submission)).one()
        assert kept.comment == ENTRY["comment"]
        assert queries.clause_places(session, kept.id) == []
        assert len(queries.clause_ids(session, [kept.id])[kept.id]) == 1


def test_words_on_one_clause_are_a_comment(browser: TestClient, world: World) -> None:
    page = form_on(browser, FIRST)
    text, _wording = fields_of(page, FIRST)
    assert sent(browser, page, **{"comment": "", text: "距离太远。"}).status_code == 303
    assert stored(world) == 1


def test_nothing_at_all_is_none(browser: TestClient, world: World) -> None:
    answer = sent(browser, form_on(browser, FIRST), comment=" \n")
    assert list(errors_of(answer.text)) == ["comment"]
    assert "至少对所选的一个条款" in errors_of(answer.text)["comment"]
    assert stored(world) == 0


@pytest.mark.parametrize(("more", "status"), [(0, 303), (1, 422)])
def test_all_texts_together_have_one_limit(browser: TestClient, world: World, more: int, status: int) -> None:
    page = form_on(browser, FIRST, THIRD)
    (text, _), (_, wording) = fields_of(page, FIRST), fields_of(page, THIRD)
    third = COMMENT_LIMIT // 4
    entered = {"comment": "总" * third, text: "𠮷" * third, wording: "改" * (COMMENT_LIMIT - 2 * third + more)}
    answer = sent(browser, page, **entered)
    assert answer.status_code == status
    if more:
        assert "10001" in errors_of(answer.text)["comment"]
        assert all(value in answer.text for value in entered.values())
    assert stored(world) == 1 - more


def test_a_clause_is_added_and_removed_by_buttons_and_every_word_stays(browser: TestClient) -> None:
    page = form_on(browser, FIRST)
    text, wording = fields_of(page, FIRST)
    entered = ENTRY | {text: "距离太远。", wording: "步行十分钟可以到达。", "step": "add_clause"}
    answer = browser.post(FORM, data=filled(page) | entered | {"clause": [FIRST, SECOND], "email": "nobody"})
    assert (answer.status_code, errors_of(answer.text)) == (200, {})
    assert blocks(answer.text) == [FIRST, SECOND]
    (focused,) = lxml.html.fromstring(answer.text).xpath("//*[@autofocus]")
    assert focused.get("name") == fields_of(answer.text, SECOND)[0]
    back = filled(answer.text)
    assert back["email"] == ["nobody"]
    assert (back[text][0].strip(), back[wording][0].strip()) == (entered[text], entered[wording])
    (remove,) = lxml.html.fromstring(answer.text).xpath(f"//section[.//input[@value='{SECOND}']]//button")
    assert remove.get("name") == "step"
    answer = browser.post(FORM, data=back | {"step": remove.get("value")})
    assert blocks(answer.text) == [FIRST]
    assert filled(answer.text)[text][0].strip() == entered[text]


def test_adding_without_choosing_says_what_to_do(browser: TestClient) -> None:
    answer = browser.post(FORM, data=filled(form_on(browser)) | ENTRY | {"step": "add_clause"})
    assert answer.status_code == 422
    assert list(errors_of(answer.text)) == ["clause"]
    assert ENTRY["comment"] in answer.text


def test_a_mistake_elsewhere_keeps_the_blocks(browser: TestClient, world: World) -> None:
    page = form_on(browser, FIRST)
    text, wording = fields_of(page, FIRST)
    entered = {text: "距离太远。", wording: "步行十分钟可以到达。"}
    answer = sent(browser, page, **entered, email="nobody")
    assert list(errors_of(answer.text)) == ["email"]
    assert {name: filled(answer.text)[name][0].strip() for name in entered} == entered
    assert sent(browser, answer.text, **entered).status_code == 303
    assert stored(world) == 1


def test_a_store_that_is_down_gives_every_word_back(
    browser: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = form_on(browser, FIRST)
    text, wording = fields_of(page, FIRST)
    entered = {text: "距离太远。", wording: "步行十分钟可以到达。"}

    def fail(*_: object) -> None:
        raise Unavailable("store_down")

    monkeypatch.setattr("app.submissions.group_intake.GroupIntake.submit", fail)
    answer = sent(browser, page, **entered)
    assert answer.status_code == 503
    assert all(value in answer.text for value in (ENTRY["comment"], *entered.values()))


def test_after_the_end_words_on_clauses_are_given_back(browser: TestClient, world: World) -> None:
    page = form_on(browser, FIRST)
    text, wording = fields_of(page, FIRST)
    with serving(world.database, StoppedClock(world.consultation.closes_at)) as later:
        refused = later.post(FORM, data=filled(page) | ENTRY | {text: "距离太远。", wording: "步行十分钟。"})
    assert refused.status_code == 410
    assert all(value in refused.text for value in (ENTRY["comment"], "距离太远。", "步行十分钟。"))


def test_the_receipt_and_the_desk_show_wording_as_a_difference(browser: TestClient, world: World) -> None:
    page = form_on(browser, FIRST)
    text, wording = fields_of(page, FIRST)
    clause = next(clause for clause in world.clauses if clause.label == FIRST)
    proposed = clause.text.replace("十五", "十")
    entered = {text: "距离太远。请再想想。", wording: proposed}
    answer = sent(browser, page, **entered)
    receipt = lxml.html.fromstring(browser.get(answer.headers["location"]).text)
    (deleted,) = receipt.xpath("//main//del")
    assert "五" in deleted.text_content()
    assert "删除" in deleted.text_content(), "in words as well as in colour"
    with world.database.writing() as session:
        kept = session.scalars(select(Submission)).one()
        screening.accept(session, world.staff.screener, START, kept.id, kept.revision)
    desk = lxml.html.fromstring(signed_in(browser, Role.EDITOR).get(f"/staff/submissions/{kept.id}").text)
    boxes = desk.xpath("//input[@name='passage']")
    cut = [kept.comment[slice(*map(int, box.get("value").split("-")))] for box in boxes]
    assert cut == ["建议助餐点周末也开放。", "距离太远。", "请再想想。", proposed], "no heading, and the wording as one"
    assert len(desk.xpath("//label//del")) == 1


def test_the_public_sees_wording_masked_and_as_a_difference(browser: TestClient, world: World) -> None:
    page = form_on(browser, FIRST)
    text, wording = fields_of(page, FIRST)
    clause = next(clause for clause in world.clauses if clause.label == FIRST)
    proposed = clause.text.replace("十五", "十") + "详情请拨打13900000007。"
    assert sent(browser, page, **{text: "我的电话13900000007，距离太远。", wording: proposed}).status_code == 303
    listed = lxml.html.fromstring(browser.get(f"/consultations/{SLUG}/comments").text)
    (address,) = {link for link in listed.xpath("//main//a/@href") if f"/consultations/{SLUG}/comments/" in link}
    shown = browser.get(address).text
    assert "13900000007" not in shown
    root = lxml.html.fromstring(shown)
    assert "五" in root.xpath("//main//del")[0].text_content()
    assert "详情请拨打***。" in root.xpath("//main//ins")[-1].text_content()


def test_more_clauses_than_fit_are_told_and_the_first_are_kept(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinion_part, "MOST_CLAUSES", 2)
    answer = browser.get(FORM, params={"clause": [FIRST, SECOND, THIRD]})
    assert answer.status_code == 200
    assert blocks(answer.text) == [FIRST, SECOND]
    assert "最多可对2个条款" in errors_of(answer.text)["clause"]
    data = filled(answer.text) | ENTRY | {"clause": [FIRST, SECOND, THIRD], "step": "add_clause"}
    refused = browser.post(FORM, data=data)
    assert refused.status_code == 422
    assert blocks(refused.text) == [FIRST, SECOND]
    assert list(errors_of(refused.text)) == ["clause"]
