"""What the receipt's page says of the public display, in the words of whoever wrote."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.submissions import actions, display_ending, queries
from app.submissions.lifecycle import DisplayState, EndedClass, HoldReason
from app.submissions.models import DisplayedComment
from tests.support import journey
from tests.support.app import hidden, serving, words
from tests.support.journey import START, StoppedClock, World

AD = "无抵押贷款，加微信 abc12345"


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def told(browser: TestClient, receipt: journey.Receipt) -> str:
    page = browser.get("/receipts")
    fields = {"receipt_number": receipt.number, "access_code": receipt.access_code}
    answer = browser.post("/receipts", data=hidden(page.text) | fields)
    if answer.status_code == 303:
        answer = browser.get(answer.headers["location"])
    return words(answer.text)


def decide(world: World, receipt: journey.Receipt, state: DisplayState, *reasons: HoldReason) -> None:
    with world.database.writing() as session:
        submission = queries.by_number(session, receipt.number)
        assert submission is not None
        row = session.get_one(DisplayedComment, submission.id)
        row.state, row.held_for = state, [reason.value for reason in reasons]


@pytest.mark.parametrize(
    ("state", "reasons", "expected"),
    [
        (DisplayState.DISPLAYED, [], "您的意见正在公众意见页面展示。"),
        (DisplayState.WAITING, [HoldReason.ABUSE], "您的意见须经工作人员查看后展示"),
        (DisplayState.WAITING, [HoldReason.REVIEWED_FIRST], "目前新提交的意见经工作人员查看后展示"),
        (DisplayState.WAITING, [HoldReason.UNDER_14], "因提出人未满十四周岁"),
        (DisplayState.WITHHELD, [], "您的意见未在公众意见页面展示"),
        (DisplayState.FROZEN, [], "暂不展示"),
    ],
)
def test_the_author_reads_where_the_display_stands(
    world: World, browser: TestClient, state: DisplayState, reasons: list[HoldReason], expected: str
) -> None:
    receipt = journey.submit(world)
    decide(world, receipt, state, *reasons)
    assert expected in told(browser, receipt)


def test_the_author_reads_the_class_and_never_the_inner_reason(world: World, browser: TestClient) -> None:
    receipt = journey.submit(world)
    with world.database.writing() as session:
        submission = queries.by_number(session, receipt.number)
        assert submission is not None
        why = EndedClass.PRIVACY
        actions.take_down(session, world.staff.screener, START, submission.id, why, "写了李某的住处")
    page = told(browser, receipt)
    assert "涉及个人信息" in page
    assert "提出异议" in page
    assert "李某" not in page


def test_who_took_it_back_is_not_invited_to_object(world: World, browser: TestClient) -> None:
    receipt = journey.submit(world)
    with world.database.writing() as session:
        submission = queries.by_number(session, receipt.number)
        assert submission is not None
        display_ending.end(session, START, submission.id)
    assert "应意见提出人要求" in told(browser, receipt)
    assert "对此提出异议" not in told(browser, receipt)


def test_what_is_to_be_verified_is_said_once(world: World, browser: TestClient) -> None:
    receipt = journey.submit(world, quarantine=frozenset({"too_fast"}))
    assert "须经工作人员查看后展示" not in told(browser, receipt)
