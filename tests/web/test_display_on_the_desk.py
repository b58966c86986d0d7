"""What staff do in the browser with what waits, is displayed, in quarantine or objected to."""

import uuid
from collections.abc import Iterator

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.permissions import Role
from app.submissions import displayed, objections, queries
from app.submissions.lifecycle import DisplayState, ObjectionVerdict, SubmissionState
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World

DESK = f"/staff/consultations/{SLUG}/display"
AD = "无抵押贷款，加微信 abc12345"


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def screener(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as browser:
        yield signed_in(browser, Role.SCREENER)


def sent(world: World, person: int, comment: str = journey.COMMENT, **given: object) -> uuid.UUID:
    receipt = journey.submit(world, person=person, comment=comment, **given)  # type: ignore[arg-type]
    with world.database.reading() as session:
        found = queries.by_number(session, receipt.number)
        assert found is not None
        return found.id


def states(world: World, *ids: uuid.UUID) -> list[DisplayState]:
    with world.database.reading() as session:
        rows = [displayed.displayed(session, one) for one in ids]
    return [row.state for row in rows if row is not None]


def counts(page: str) -> dict[str, int]:
    """View → number, as the aside says."""
    links = lxml.html.fromstring(page).xpath("//aside//a[span[@class='count']]")
    return {link.xpath("span[1]")[0].text: int(link.xpath("span[2]")[0].text) for link in links}


def at(page: str) -> str:
    """The page's one form for several items."""
    return f"{DESK}{page}"


def test_what_waits_is_listed_with_its_reason_and_displayed_or_withheld_together(
    world: World, screener: TestClient
) -> None:
    ids = [sent(world, person, f"{AD}{person}") for person in range(3)]
    page = screener.get(DESK).text
    assert counts(page)["待查看"] == 3
    assert "广告" in words(page)
    chosen = [str(one) for one in ids[:2]]
    assert press(screener, DESK, "/display/decide", submission=chosen, event="show").status_code == 303
    fields = {"submission": [str(ids[2])], "event": "withhold", "why": "advertising", "reason": "广告。"}
    assert press(screener, DESK, "/display/decide", **fields).status_code == 303
    assert states(world, *ids) == [DisplayState.DISPLAYED, DisplayState.DISPLAYED, DisplayState.WITHHELD]
    assert counts(screener.get(DESK).text) == {
        "待查看": 0,
        "待核验": 0,
        "异议": 0,
        "展示中": 2,
        "不予展示": 1,
        "已撤下": 0,
        "因举报暂停展示": 0,
    }


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"event": "show"}, 422),
        ({"event": "show", "submission": "no id"}, 400),
        ({"event": "freeze", "submission": str(uuid.uuid4())}, 400),
        ({"event": "withhold", "submission": str(uuid.uuid4()), "why": "because"}, 400),
        ({"event": "withhold", "submission": str(uuid.uuid4()), "why": "abuse", "reason": "骂人。"}, 404),
    ],
)
def test_a_decision_that_can_t_be_read_changes_nothing(
    world: World, screener: TestClient, fields: dict[str, str], status: int
) -> None:
    waiting = sent(world, 1, AD)
    assert press(screener, DESK, "/display/decide", **fields).status_code == status
    assert states(world, waiting) == [DisplayState.WAITING]


def test_quarantine_has_views_of_its_own_and_is_left_by_a_click(world: World, screener: TestClient) -> None:
    first, second = (sent(world, n, f"意见{n}。", quarantine=frozenset({"honeypot"})) for n in range(2))
    queue = screener.get(f"/staff/queue?consultation={SLUG}&view=quarantined").text
    assert str(first) in queue
    assert str(first) not in screener.get(f"/staff/queue?consultation={SLUG}").text
    page = f"{DESK}?view=quarantine"
    assert "填写了隐藏项" in words(screener.get(page).text)
    assert counts(screener.get(page).text)["待查看"] == 0
    assert press(screener, page, "/display/judge", submission=[str(first)], verdict="released").status_code == 303
    own = f"/staff/submissions/{second}"
    assert press(screener, own, "/discard", reason="程序所发。").status_code == 303
    with world.database.reading() as session:
        found = [queries.get(session, one).state for one in (first, second)]
    assert found == [SubmissionState.RECEIVED, SubmissionState.DISCARDED]
    assert press(screener, own, "/release").status_code == 303
    assert states(world, first, second) == [DisplayState.DISPLAYED, DisplayState.DISPLAYED]


def test_one_comment_goes_through_all_its_forms(world: World, screener: TestClient) -> None:
    one, copy = sent(world, 1), sent(world, 2)
    own = f"/staff/submissions/{one}"
    fields = {"why": "privacy", "reason": "含他人隐私。", "copies": "yes"}
    assert press(screener, own, "/take-down", **fields).status_code == 303
    assert states(world, one, copy) == [DisplayState.TAKEN_DOWN, DisplayState.TAKEN_DOWN]
    assert "涉及个人信息" in words(screener.get(own).text)
    assert press(screener, own, "/restore", reason="误判。").status_code == 303
    waiting = sent(world, 3, AD)
    own = f"/staff/submissions/{waiting}"
    assert press(screener, own, "/show").status_code == 303
    other = sent(world, 4, AD + "又")
    fields = {"why": "advertising", "reason": "广告。"}
    assert press(screener, f"/staff/submissions/{other}", "/withhold", **fields).status_code == 303
    assert states(world, one, waiting, other) == [
        DisplayState.DISPLAYED,
        DisplayState.DISPLAYED,
        DisplayState.WITHHELD,
    ]


def test_an_objection_is_answered_by_somebody_else(world: World, screener: TestClient) -> None:
    one = sent(world, 1)
    own = f"/staff/submissions/{one}"
    press(screener, own, "/take-down", why="other", reason="不符合规则。")
    with world.database.writing() as session:
        objections.object_to_take_down(session, START, one, "请说明哪条规则。")
    page = f"{DESK}?view=objections"
    assert "请说明哪条规则。" in words(screener.get(page).text)
    assert "/objection" not in screener.get(own).text
    signed_in(screener, Role.PUBLISHER)
    assert press(screener, own, "/objection", verdict="maybe", reason="核对过。").status_code == 400
    assert press(screener, own, "/objection", verdict="restored", reason="核对过。").status_code == 303
    assert states(world, one) == [DisplayState.DISPLAYED]
    with world.database.reading() as session:
        kept = displayed.objection_of(session, one)
    assert kept is not None
    assert kept.verdict is ObjectionVerdict.RESTORED


def test_the_whole_column_is_switched_on_one_page_that_says_since_when(world: World, screener: TestClient) -> None:
    assert press(screener, "/staff/display", "/display/switch", reason="夜间无人值守。").status_code == 303
    told = words(screener.get("/staff/display").text)
    assert "夜间无人值守。" in told
    assert "先审后发" in told
    assert "全栏目正在实行先审后发" in words(screener.get(DESK).text)
    assert states(world, sent(world, 1)) == [DisplayState.WAITING]
    assert press(screener, "/staff/display", "/display/switch", reason="白天。").status_code == 303
    assert states(world, sent(world, 2)) == [DisplayState.DISPLAYED]


def test_managers_keep_the_words(world: World, screener: TestClient) -> None:
    assert screener.get("/staff/guard-words").status_code == 403
    manager, page = signed_in(screener, Role.MANAGER), "/staff/guard-words"
    fields = {"word": "一周菜单", "reason": "off_topic", "remark": "试验"}
    assert press(manager, page, "/guard-words", **fields).status_code == 303
    assert "一周菜单" in words(manager.get(page).text)
    assert states(world, sent(world, 1)) == [DisplayState.WAITING]
    remove = "/guard-words/remove"
    assert press(manager, page, remove, word="一周菜单").status_code == 303
    assert press(manager, page, remove, word="傻逼").status_code == 303
    assert "已停用" in words(manager.get(page).text)
    assert press(manager, page, "/guard-words", **fields | {"reason": "copies"}).status_code == 422
    assert press(manager, page, "/guard-words", **fields | {"reason": "none"}).status_code == 400


def test_who_may_only_look_sees_no_button(world: World, screener: TestClient) -> None:
    sent(world, 1, AD)
    signed_in(screener, Role.EDITOR)
    page = screener.get(DESK).text
    assert counts(page)["待查看"] == 1
    assert not lxml.html.fromstring(page).xpath("//main//button")
    assert screener.get("/staff/consultations/none/display").status_code == 404


def test_a_great_number_is_told_as_more_than_is_counted(
    world: World, screener: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(displayed, "COUNTED", 2)
    for person in range(3):
        sent(world, person)
    aside = lxml.html.fromstring(screener.get(DESK).text).xpath("//aside//a[span='展示中']/span[@class='count']")
    assert [number.text for number in aside] == ["超过 2"]


@pytest.mark.parametrize("view", ["waiting", "quarantine"])
def test_a_page_of_the_desk_costs_the_same_for_three_as_for_one(world: World, screener: TestClient, view: str) -> None:
    counted = []
    for more in ([1], [2, 3]):
        for person in more:
            given = {"quarantine": frozenset({"too_fast"})} if view == "quarantine" else {}
            sent(world, person, AD, **given)
        with statements(world.database) as asked:
            screener.get(f"{DESK}?view={view}")
        counted.append(len(asked))
    assert counted[0] == counted[1]
