"""The desk without a script: the chosen item beside its list, the next one after a decision, undo, many at once."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.views import View
from app.permissions import Role
from app.screening import editing, preparing_reasons, queries
from app.screening.editing import Wording
from app.screening.passages import Span
from app.screening.preparing_reasons import Draft
from app.submissions.lifecycle import ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from app.teamwork import leases
from app.teamwork.records import RecordKind
from app.web.staff.desk.place import NARROWED_BY, Place, place_of
from app.web.staff.desk.views import GROUPS, WORDS
from tests.support import journey
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World

QUEUE = "/staff/queue"
MEALS = ("周末也供餐", "菜单提前公布", "送餐要保温")


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def ids(world: World) -> Sequence[uuid.UUID]:
    """Three submissions on three clauses, the one that waits longest first."""
    clauses = [clause for clause in world.clauses if clause.text]
    for place, title in enumerate(MEALS):
        at = START + place * timedelta(minutes=5)
        journey.submit(world, person=place, title=title, clauses=[clauses[place]], at=at)
    with world.database.reading() as session:
        return session.scalars(select(Submission.id).order_by(Submission.received_at)).all()


@pytest.fixture
def screener(world: World, ids: Sequence[uuid.UUID]) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock(START + timedelta(hours=1))) as browser:
        yield signed_in(browser, Role.SCREENER)


def state(world: World, id: uuid.UUID) -> SubmissionState:
    with world.database.reading() as session:
        return session.get_one(Submission, id).state


def beside(id: uuid.UUID) -> str:
    return f"{QUEUE}?view=received&consultation={SLUG}&item={id}"


def asked(url: str) -> dict[str, str]:
    """The names and values of an address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def test_every_view_has_words_and_stands_in_one_group() -> None:
    grouped = [view for _words, views in GROUPS.values() for view in views]
    assert sorted(grouped) == sorted(View) == sorted(WORDS)


@given(
    st.builds(
        Place,
        st.sampled_from(list(View)),
        st.dictionaries(st.sampled_from(NARROWED_BY), st.text(min_size=1, max_size=40)),
        st.text(max_size=40),
    )
)
def test_what_a_form_carries_is_the_place_it_was_sent_from(place: Place) -> None:
    assert place_of(dict(parse_qsl(place.words()))) == place


def test_the_chosen_item_stands_beside_its_list(screener: TestClient, ids: Sequence[uuid.UUID]) -> None:
    page = lxml.html.fromstring(screener.get(beside(ids[1])).text)
    assert page.xpath("string(//*[@id='case-title'])") == MEALS[1]
    assert [row.strip() for row in page.xpath("//a[contains(@class, 'row-title')]/span/text()")] == list(MEALS)
    assert page.xpath("//*[@aria-current='true']/span/text()") == [MEALS[1]]
    links = {rel: asked(page.xpath(f"//a[@rel='{rel}']/@href")[0])["item"] for rel in ("prev", "next")}
    assert links == {"prev": str(ids[0]), "next": str(ids[2])}


def test_an_item_that_is_not_there_leaves_the_list_alone(screener: TestClient) -> None:
    page = screener.get(beside(uuid.uuid4()))
    assert page.status_code == 200
    assert "case-title" not in page.text


def test_a_decision_leads_to_the_next_of_the_same_list_and_can_be_undone(
    screener: TestClient, world: World, ids: Sequence[uuid.UUID]
) -> None:
    decided = press(screener, beside(ids[0]), "/accept")
    there = asked(decided.headers["location"])
    assert (there["view"], there["consultation"]) == ("received", SLUG)
    assert (there["item"], there["done"]) == (str(ids[1]), str(ids[0]))
    page = words(screener.get(decided.headers["location"]).text)
    assert f"已受理 {MEALS[0]} 撤销" in page
    undone = press(screener, decided.headers["location"], "/undo")
    assert asked(undone.headers["location"])["item"] == str(ids[0])
    assert state(world, ids[0]) is SubmissionState.RECEIVED


def test_after_the_last_one_the_list_says_that_nothing_waits(screener: TestClient, ids: Sequence[uuid.UUID]) -> None:
    for id in ids:
        where = press(screener, beside(id), "/accept").headers["location"]
    assert "item" not in asked(where)
    assert "这里没有待办事项" in words(screener.get(where).text)


def test_a_list_is_narrowed_and_a_decision_stays_in_it(
    screener: TestClient, world: World, ids: Sequence[uuid.UUID]
) -> None:
    clause = next(clause for clause in world.clauses if clause.text)
    url = f"{QUEUE}?view=received&consultation={SLUG}&clause={clause.id}"
    page = words(screener.get(url).text)
    assert (MEALS[0] in page, MEALS[1] in page) == (True, False)
    where = press(screener, f"{url}&item={ids[0]}", "/accept").headers["location"]
    assert asked(where)["clause"] == str(clause.id)
    assert "item" not in asked(where)


def test_what_an_address_can_not_name_is_told(screener: TestClient) -> None:
    assert screener.get(f"{QUEUE}?view=none").status_code == 400
    assert screener.get(f"{QUEUE}?consultation=none").status_code == 404


def test_lists_as_tables_and_keys_switched_off_are_remembered(screener: TestClient, ids: Sequence[uuid.UUID]) -> None:
    assert "<table" not in screener.get(QUEUE).text
    assert "<table" in screener.get(f"{QUEUE}?look=table").text
    assert "<table" in screener.get(QUEUE).text
    assert 'data-keys="on"' in screener.get(QUEUE).text
    screener.get(f"{QUEUE}?keys=off")
    page = screener.get(beside(ids[0])).text
    assert 'data-keys="off"' in page
    assert "<dialog" not in page


def chosen(browser: TestClient) -> list[str]:
    """What the boxes of the list stand for."""
    page = lxml.html.fromstring(browser.get(f"{QUEUE}?view=received").text)
    return [str(value) for value in page.xpath("//input[@name='chosen']/@value")]


def test_many_are_decided_after_it_was_shown_what_will_happen(
    screener: TestClient, world: World, ids: Sequence[uuid.UUID]
) -> None:
    boxes = chosen(screener)
    assert press(screener, beside(ids[2]), "/accept").status_code == 303
    page = screener.get(f"{QUEUE}/together", params={"way": "out-of-scope", "chosen": boxes, "place": "view=received"})
    shown = words(page.text)
    assert "2份意见：按不属受理范围办结" in shown
    assert f"{MEALS[2]} 刚才有其他人修改了这一件" in shown
    assert state(world, ids[0]) is SubmissionState.RECEIVED
    sent = hidden(page.text) | {"reason": "与草案无关，请拨打12345。"}
    told = screener.post(f"{QUEUE}/together", data=sent)
    assert told.status_code == 303
    result = words(screener.get(told.headers["location"]).text)
    assert "已对2份意见作出决定" in result
    assert f"未作决定 1 {MEALS[2]}" in result
    states = [state(world, id) for id in ids]
    assert states == [SubmissionState.OUT_OF_SCOPE, SubmissionState.OUT_OF_SCOPE, SubmissionState.ACCEPTED]


def test_what_was_decided_together_is_undone_together_or_told_why_not(
    screener: TestClient, world: World, ids: Sequence[uuid.UUID]
) -> None:
    boxes = "&".join(f"chosen={one}" for one in chosen(screener))
    together = f"{QUEUE}/together?way=accept&place=view%3Dreceived&{boxes}"
    decided = press(screener, together, "/together").headers["location"]
    page = screener.get(decided).text
    assert "撤销3份的决定" in words(page)
    names = lxml.html.fromstring(page).xpath("//form[contains(@action, 'together/undo')]//input/@name")
    assert sorted(names) == ["chosen", "csrf_token", "place"]
    sent = hidden(page)
    with world.database.writing() as session:
        editing.gather(session, world.staff.editor, START, ids[2], [Span(0, 5)], Wording("要点", "", None))
    undone = screener.post(f"{QUEUE}/together/undo", data=sent)
    assert undone.status_code == 303
    told = words(screener.get(undone.headers["location"]).text)
    assert "已撤销对2份意见的决定" in told
    assert f"仍为已决定 1 {MEALS[2]}" in told
    states = [state(world, id) for id in ids]
    assert states == [SubmissionState.RECEIVED, SubmissionState.RECEIVED, SubmissionState.ACCEPTED]
    assert "撤销1份的决定" in words(screener.get(decided).text), "what waits again is no longer offered"


def test_many_of_one_consultation_are_offered_its_own_prepared_reasons(
    screener: TestClient, world: World, ids: Sequence[uuid.UUID]
) -> None:
    out = ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE
    with world.database.writing() as session:
        draft = Draft("另有专项征求", "《{title}》所说事项另行征求意见。")
        preparing_reasons.add_reason(session, world.staff.lead, START, out, world.consultation.id, draft)
    asked = {"way": "out-of-scope", "chosen": chosen(screener), "place": "view=received"}
    page = screener.get(f"{QUEUE}/together", params=asked)
    assert "《{title}》所说事项另行征求意见。" in words(page.text)
    assert "花括号" in words(page.text)
    alone = screener.get(f"{QUEUE}/together", params=asked | {"chosen": asked["chosen"][:1]})
    assert f"《{MEALS[0]}》所说事项另行征求意见。" in words(alone.text)
    own = lxml.html.fromstring(page.text).xpath("//label[contains(., '另有专项征求')]/input/@value")[0]
    screener.post(f"{QUEUE}/together", data=hidden(page.text) | {"prepared": own, "reason": ""})
    with world.database.reading() as session:
        told = [queries.decision_on(session, id) for id in ids]
    assert [one.reason for one in told if one] == [f"《{meal}》所说事项另行征求意见。" for meal in MEALS]


@pytest.mark.parametrize(
    "asked_for",
    [{"way": "accept"}, {"way": "accept", "chosen": "x:1"}, {"way": "refer", "chosen": f"{uuid.UUID(int=1)}:1"}],
)
def test_nothing_chosen_and_what_is_decided_one_by_one_are_refused(
    screener: TestClient, asked_for: dict[str, str]
) -> None:
    assert screener.get(f"{QUEUE}/together", params=asked_for).status_code == 400


def test_counts_are_fetched_without_the_page(screener: TestClient, ids: Sequence[uuid.UUID]) -> None:
    counts = screener.get(f"{QUEUE}/counts").json()
    assert (counts["received"], counts["accepted"]) == (len(ids), 0)
    page = lxml.html.fromstring(screener.get(QUEUE).text)
    shown = {mark.get("data-count"): int(mark.text) for mark in page.xpath("//*[@data-count]")}
    assert shown == counts
    assert signed_in(screener, Role.AUDITOR).get(f"{QUEUE}/counts").status_code == 403


def test_the_overview_tells_today_and_for_how_long_work_has_waited(screener: TestClient) -> None:
    page = screener.get(f"/staff/overview?consultation={SLUG}").text
    assert "今日收到3" in words(page)
    tables = lxml.html.fromstring(page).xpath("//table")
    ages = {row.xpath("string(./th)"): row.xpath("string(./td)") for row in tables[-1].xpath("./tbody/tr")}
    assert ages["今天"] == "3"
    assert "复核满5份后显示" in words(page)
    assert "本周没有到期事项" in words(page)
    (oldest,) = [table for table in tables if "最早一件" in table.text_content()]
    assert [cell.text_content() for cell in oldest.xpath(".//tr[contains(., '待筛选')]/td")] == ["3", "0"]
    assert screener.get("/staff/overview?consultation=none").status_code == 404


def test_a_page_asks_the_store_as_often_for_one_row_as_for_three(
    screener: TestClient, world: World, ids: Sequence[uuid.UUID]
) -> None:
    clause = next(clause for clause in world.clauses if clause.text)
    url = f"{QUEUE}?view=received&consultation={SLUG}&clause={clause.id}"
    once = asked_times(screener, world, url)
    for person in (7, 8):
        journey.submit(world, person=person, title=f"第{person}份", clauses=[clause], at=START)
    assert asked_times(screener, world, url) == once


def asked_times(browser: TestClient, world: World, url: str) -> int:
    with statements(world.database) as sent:
        assert browser.get(url).status_code == 200
    return len(sent)


def test_a_line_says_which_colleague_has_it_open(screener: TestClient, world: World, ids: Sequence[uuid.UUID]) -> None:
    with world.database.writing() as session:
        leases.mark(session, world.staff.editor.id, RecordKind.SUBMISSION, ids[1], START + timedelta(minutes=59))
    page = lxml.html.fromstring(screener.get(f"{QUEUE}?view=received").text)
    lines = [words(lxml.html.tostring(row, encoding="unicode")) for row in page.xpath("//*[@data-rows]/li")]
    assert ["正由测试editor处理" in line for line in lines] == [False, True, False]
