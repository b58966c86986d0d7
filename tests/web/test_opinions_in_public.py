"""The public list of opinions as a reader walks it, and each opinion's own address."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.consultations.models import ConsultationTerms
from app.permissions import Role
from app.submissions import actions, displayed, public_numbers, queries
from app.submissions.composing import ClauseWords, compose
from app.submissions.intake import ChosenClause, NewSubmission
from app.submissions.lifecycle import Channel, EndedClass
from app.submissions.models import DisplayedComment
from app.web.public import opinions
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World

LIST = f"/consultations/{SLUG}/comments"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START + timedelta(hours=3))


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def sent(world: World, person: int, **given: object) -> DisplayedComment:
    receipt = journey.submit(world, person=person, at=START + timedelta(minutes=person), **given)  # type: ignore[arg-type]
    with world.database.reading() as session:
        submission = queries.by_number(session, receipt.number)
        assert submission is not None
        found = displayed.displayed(session, submission.id)
    assert found is not None
    return found


def address(row: DisplayedComment) -> str:
    return f"{LIST}/{public_numbers.written(row.number)}"


def titles(page: str) -> list[str]:
    return [
        title.text_content().strip()
        for title in lxml.html.fromstring(page).xpath("//article[contains(@class, 'opinion')]//h2")
    ]


def link(page: str, rel: str) -> str | None:
    found = lxml.html.fromstring(page).xpath(f"//a[@rel='{rel}']/@href")
    return str(found[0]) if found else None


def test_the_reader_goes_to_older_comments_and_back(
    world: World, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinions, "PAGE_SIZE", 2)
    for person in range(5):
        sent(world, person, title=f"第{person}条")
    seen, page = [], browser.get(LIST).text
    seen.append(titles(page))
    while older := link(page, "next"):
        page = browser.get(older).text
        seen.append(titles(page))
    assert seen == [["第4条", "第3条"], ["第2条", "第1条"], ["第0条"]]
    while newer := link(page, "prev"):
        page = browser.get(newer).text
        seen.append(titles(page))
    assert seen[3:] == [["第2条", "第1条"], ["第4条", "第3条"]]


def test_the_reader_finds_by_clause_and_by_two_characters(world: World, browser: TestClient) -> None:
    clause = next(clause for clause in world.clauses if clause.text)
    sent(world, 1, title="甲", comment="送餐要准时。", clauses=[clause])
    sent(world, 2, title="乙", comment="送餐要便宜。")
    assert titles(browser.get(LIST, params={"q": "送餐"}).text) == ["乙", "甲"]
    both = browser.get(LIST, params={"q": "送餐", "clause": clause.label}).text
    assert titles(both) == ["甲"]
    assert 'value="送餐"' in both
    assert lxml.html.fromstring(both).xpath("//option[@selected]/@value") == [clause.label]
    nothing = words(browser.get(LIST, params={"q": "没有"}).text)
    assert "没有找到符合条件的意见。" in nothing


def test_what_the_reader_typed_is_shown_as_text(world: World, browser: TestClient) -> None:
    sent(world, 1)
    page = browser.get(LIST, params={"q": '"><script>alert(1)</script>', "clause": "no such"}).text
    assert "<script>alert(1)" not in page


def test_each_opinion_has_an_address_of_its_own_that_says_nothing_of_its_receipt(
    world: World, browser: TestClient
) -> None:
    row = sent(world, 1, title="延长时间")
    with world.database.reading() as session:
        submission = queries.get(session, row.submission_id)
    for page in (browser.get(LIST), browser.get(address(row))):
        assert page.status_code == 200
        assert "不代表本网站观点" in words(page.text)
        assert submission.receipt_number not in page.text
        assert str(row.submission_id) not in page.text
        assert row.submission_id.hex not in page.text
        assert "其他" not in words(page.text)
    assert address(row) in browser.get(LIST).text


def test_a_number_typed_otherwise_leads_to_its_one_address(world: World, browser: TestClient) -> None:
    row = sent(world, 1)
    typed = public_numbers.written(row.number).lower().replace("-", "")
    answer = browser.get(f"{LIST}/{typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, address(row))
    for other in ("0000-0000-0000", "nonsense", "1" * 200, public_numbers.written(row.number ^ 1)):
        assert browser.get(f"{LIST}/{other}").status_code == 404


def test_an_opinion_on_another_consultation_isn_t_found_here(world: World, browser: TestClient) -> None:
    row = sent(world, 1)
    with world.database.writing() as session:
        journey.another_consultation(session, world.staff, slug="second")
    assert browser.get(f"/consultations/second/comments/{public_numbers.written(row.number)}").status_code == 404


def test_where_an_opinion_was_taken_down_its_address_says_so_and_the_class_alone(
    world: World, browser: TestClient
) -> None:
    row = sent(world, 1, title="某人的事")
    with world.database.writing() as session:
        actions.take_down(session, world.staff.screener, START, row.submission_id, EndedClass.PRIVACY, "写了李某的住处")
    answer = browser.get(address(row))
    told = words(answer.text)
    assert answer.status_code == 410
    assert "该意见已撤下" in told
    assert "涉及个人信息" in told
    for secret in ("某人的事", "李某", journey.COMMENT[:6]):
        assert secret not in told
    page = browser.get(LIST).text
    assert titles(page) == []
    assert "1" in words(page)


def test_what_waits_has_no_address_yet(world: World, browser: TestClient) -> None:
    row = sent(world, 1, comment="你们这群傻逼")
    assert browser.get(address(row)).status_code == 404
    assert "傻逼" not in browser.get(LIST).text


def test_names_are_shown_by_the_terms_of_the_moment(world: World, browser: TestClient) -> None:
    row = sent(world, 1)
    assert row.masked_name
    assert row.masked_name in browser.get(LIST).text
    with world.database.writing() as session:
        journey.decide(session, world.consultation, shows_names=False)
    for page in (LIST, address(row)):
        assert row.masked_name not in browser.get(page).text


def test_wording_proposed_for_a_clause_is_shown_as_a_difference(world: World, browser: TestClient) -> None:
    clause = next(clause for clause in world.clauses if "十五分钟" in clause.text)
    wording = clause.text.replace("十五分钟", "十分钟")
    composed = compose("", [ClauseWords(clause.id, "（一）", "太远。", wording)])
    world.intake.store(
        NewSubmission(
            token=uuid.uuid4().hex,
            consultation_id=world.consultation.id,
            version_id=world.consultation.version_id,
            channel=Channel.WEB,
            received_at=START,
            title="距离",
            comment=composed.comment,
            occupation="其他",
            clauses=[ChosenClause(clause.id, clause.text_hash, composed.places[0])],
            identity=journey.identity(1),
            display=True,
            keep=(),
            challenge=None,
            request_id=None,
        )
    )
    (own,) = lxml.html.fromstring(browser.get(LIST).text).xpath("//p[@class='opinion-own']/a/@href")
    shown = lxml.html.fromstring(browser.get(own).text)
    assert "五" in "".join(shown.xpath("//*[@class='wording-text']/del/text()"))


def test_the_list_costs_the_same_for_three_as_for_one(world: World, browser: TestClient) -> None:
    counted = []
    for more in ([1], [2, 3]):
        for person in more:
            sent(world, person)
        with statements(world.database) as asked:
            browser.get(LIST)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_switch_and_a_take_down_are_seen_at_once_in_another_instance_and_no_browser_keeps_the_list(
    world: World, clock: StoppedClock
) -> None:
    """Five seconds are promised; the clock doesn't move at all here."""
    with ExitStack() as stack:
        one, other = (stack.enter_context(serving(world.database, clock)) for _ in range(2))
        row = sent(world, 1, title="第一条")
        assert titles(other.get(LIST).text) == ["第一条"]
        signed_in(one, Role.SCREENER)
        page = f"/staff/consultations/{SLUG}/display"
        assert press(one, page, "/display/switch", reason="夜间无人值守。").status_code == 303
        sent(world, 2, title="第二条")
        answer = other.get(LIST)
        assert titles(answer.text) == ["第一条"]
        assert "工作人员查看后" in words(answer.text)
        assert answer.headers["cache-control"] == "no-store"
        fields = {"why": "other", "reason": "测试。"}
        assert press(one, f"/staff/submissions/{row.submission_id}", "/take-down", **fields).status_code == 303
        assert titles(other.get(LIST).text) == []
        assert other.get(address(row)).headers["cache-control"] == "no-store"
    with world.database.reading() as session:
        assert session.get_one(ConsultationTerms, world.consultation.id).reviews_first
