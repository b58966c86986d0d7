"""A person's requests about their own data, over HTTP: from the receipt to the desk and back."""

import json
from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.permissions import Role
from app.rights.models import RightsRequest
from app.submissions import displayed
from app.submissions import queries as submissions
from app.submissions.lifecycle import DisplayState, EndedClass
from tests.support import journey
from tests.support.app import errors_of, hidden, serving, signed_in, words
from tests.support.journey import START, StoppedClock, World

COMMENTS = f"/consultations/{journey.SLUG}/comments"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


@pytest.fixture
def opened(world: World, browser: TestClient) -> str:
    """The address of the rights page of a receipt that this browser has looked up."""
    receipt = journey.submit(world, person=7)
    browser.get("/receipts")
    answer = browser.post("/receipts", data={"receipt_number": receipt.number, "access_code": receipt.access_code})
    assert answer.status_code in (200, 303)
    return f"/receipts/{receipt.number}/rights"


def asked(browser: TestClient, page_url: str, kind: str, **fields: str) -> str:
    """Sends one of the page's forms; the words of the page that follows."""
    answer = send(browser, page_url, kind, **fields)
    assert answer.status_code == 303, answer.text
    return words(browser.get(answer.headers["location"]).text)


def send(browser: TestClient, page_url: str, kind: str, **fields: str):  # type: ignore[no-untyped-def]
    token = hidden(browser.get(page_url).text)["page_token"]
    return browser.post(page_url, data={"page_token": token, "kind": kind, **fields})


def decide(browser: TestClient, world: World, verb: str, **fields: str) -> str:
    """The manager answers the one open request, with the citizen's cookies put aside meanwhile."""
    kept = dict(browser.cookies)
    signed_in(browser, Role.MANAGER)
    with world.database.reading() as session:
        request = session.scalars(select(RightsRequest).order_by(RightsRequest.received_at.desc())).first()
    assert request is not None
    case = f"/staff/rights/{request.id}"
    page = browser.get(case).text
    form = lxml.html.fromstring(page).xpath(f"//form[contains(@action, '/{verb}')]")[0]
    carried = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    answer = browser.post(form.get("action"), data=carried | fields)
    assert answer.status_code in (200, 303), answer.text
    shown = answer.text if answer.status_code == 200 else browser.get(case).text
    browser.cookies.clear()
    for name, value in kept.items():
        browser.cookies.set(name, value)
    return words(shown)


def test_the_receipt_leads_to_the_person_s_rights(browser: TestClient, opened: str) -> None:
    receipt = browser.get(opened.removesuffix("/rights"))
    assert f'href="{opened}"' in receipt.text
    page = browser.get(opened)
    assert page.headers["referrer-policy"] == "no-referrer"
    for offered in ("撤回", "更正", "副本", "删除"):
        assert offered in words(page.text)


def test_nobody_reaches_it_without_number_and_code(world: World, browser: TestClient) -> None:
    receipt = journey.submit(world, person=7)
    url = f"/receipts/{receipt.number}/rights"
    for answer in (
        browser.get(url),
        browser.post(url, data={"kind": "delete"}),
        browser.post(f"/receipts/{receipt.number}/copy", data={"page_token": ""}),
        browser.post(f"/receipts/{receipt.number}/objection", data={"objection": "请展示"}),
    ):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/receipts?")
    with world.database.reading() as session:
        assert session.scalars(select(RightsRequest)).all() == []


def test_a_form_that_was_not_made_for_this_receipt_is_refused(browser: TestClient, opened: str, world: World) -> None:
    assert browser.post(opened, data={"kind": "delete"}).status_code == 403
    assert browser.post(opened, data={"kind": "delete", "page_token": "AAAA"}).status_code == 403
    with world.database.reading() as session:
        assert session.scalars(select(RightsRequest)).all() == []


def test_a_withdrawal_is_asked_granted_and_told(browser: TestClient, opened: str, world: World) -> None:
    assert journey.COMMENT.split("。")[0] in words(browser.get(COMMENTS).text)
    told = asked(browser, opened, "withdraw", words="我改变主意了")
    assert "待答复" in told
    decide(browser, world, "grant", answer="已按您的要求办理。")
    told = words(browser.get(opened).text)
    assert "已同意" in told
    assert "已按您的要求办理。" in told
    assert journey.COMMENT.split("。")[0] not in words(browser.get(COMMENTS).text)
    assert "撤回" in words(browser.get(opened.removesuffix("/rights")).text)


def test_a_correction_says_what_is_wrong_and_keeps_what_was_entered(browser: TestClient, opened: str) -> None:
    answer = send(browser, opened, "correct", phone="1391111", email="new@example.com", words="换号了")
    assert answer.status_code == 422
    assert list(errors_of(answer.text)) == ["phone"]
    for kept in ("1391111", "new@example.com", "换号了"):
        assert kept in answer.text
    assert list(errors_of(send(browser, opened, "correct").text)) == ["phone"]
    assert "待答复" in asked(browser, opened, "correct", phone="13911112222")


def test_the_same_request_twice_is_answered_by_the_first(browser: TestClient, opened: str) -> None:
    token = hidden(browser.get(opened).text)["page_token"]
    form = {"page_token": token, "kind": "delete"}
    assert browser.post(opened, data=form).status_code == 303
    assert browser.post(opened, data=form).status_code == 409


def test_a_copy_can_be_fetched_once_it_is_granted(browser: TestClient, opened: str, world: World) -> None:
    address = opened.removesuffix("/rights") + "/copy"
    token = hidden(browser.get(opened).text)["page_token"]
    assert browser.post(address, data={"page_token": token}).status_code == 409
    asked(browser, opened, "copy")
    decide(browser, world, "grant")
    answer = browser.post(address, data={"page_token": token})
    assert answer.headers["content-disposition"].startswith("attachment")
    copy = json.loads(answer.text)
    assert copy["comment"] == journey.COMMENT
    assert copy["submitter"]["phone"] == journey.identity(7).phone


def test_a_deletion_leaves_the_desk_nothing_to_show_of_the_person(
    browser: TestClient, opened: str, world: World
) -> None:
    asked(browser, opened, "delete")
    decide(browser, world, "grant")
    with world.database.reading() as session:
        submission = submissions.by_number(session, opened.split("/")[2])
    assert submission is not None
    signed_in(browser, Role.SCREENER)
    page = browser.get(f"/staff/submissions/{submission.id}")
    assert page.status_code == 200
    assert "测*" not in words(page.text)


def test_an_author_objects_once_to_not_being_displayed(browser: TestClient, opened: str, world: World) -> None:
    from app.submissions import actions

    assert "objection" not in browser.get(opened).text
    with world.database.writing() as session:
        submission = submissions.by_number(session, opened.split("/")[2])
        assert submission is not None
        actions.take_down(session, world.staff.screener, START, submission.id, EndedClass.OFF_TOPIC, "与草案无关")
    token = hidden(browser.get(opened).text)["page_token"]
    address = opened.removesuffix("/rights") + "/objection"
    empty = browser.post(address, data={"page_token": token, "objection": " "})
    assert list(errors_of(empty.text)) == ["objection"]
    form = {"page_token": token, "objection": "我说的正是第一条"}
    assert browser.post(address, data=form).status_code == 303
    assert "我说的正是第一条" in words(browser.get(opened).text)
    assert browser.post(address, data=form).status_code == 409


REPORT = {
    "id_number": journey.id_number(7),
    "name": "测试庚",
    "phone": "13911112222",
    "email": "",
    "words": "我没有提过意见",
}


def test_a_report_of_misuse_takes_what_was_written_off_display(browser: TestClient, opened: str, world: World) -> None:
    answer = browser.post("/misuse", data=REPORT)
    assert answer.status_code == 303
    page = words(browser.get(answer.headers["location"]).text)
    with world.database.reading() as session:
        request = session.scalars(select(RightsRequest)).one()
        submission = submissions.by_number(session, opened.split("/")[2])
        assert submission is not None
        row = displayed.displayed(session, submission.id)
        assert row is not None
        assert row.state is DisplayState.FROZEN
    assert request.number in page.replace(" ", "")
    assert journey.COMMENT.split("。")[0] not in words(browser.get(COMMENTS).text)
    case = decide(browser, world, "contact")
    assert "13911112222" in case
    assert "我没有提过意见" in case


def test_a_report_answers_alike_whether_the_number_has_been_used(browser: TestClient, opened: str) -> None:
    used = browser.post("/misuse", data=REPORT)
    unused = browser.post("/misuse", data=REPORT | {"id_number": journey.id_number(8)})
    pages = [words(browser.get(answer.headers["location"]).text) for answer in (used, unused)]
    digits = [page.translate(str.maketrans("", "", "0123456789 ")) for page in pages]
    assert digits[0] == digits[1]


@pytest.mark.parametrize(
    ("field", "entered"),
    [("id_number", "210102195001010018"), ("name", ""), ("phone", "12"), ("email", "nobody"), ("words", "字" * 2001)],
)
def test_a_wrong_report_is_told_where_and_never_gives_the_number_back(
    browser: TestClient, world: World, field: str, entered: str
) -> None:
    answer = browser.post("/misuse", data=REPORT | {field: entered})
    assert answer.status_code == 422
    assert list(errors_of(answer.text)) == [field]
    assert REPORT["id_number"] not in answer.text
    assert "错误：" in answer.text
    with world.database.reading() as session:
        assert session.scalars(select(RightsRequest)).all() == []


def test_one_client_sends_five_reports_an_hour(browser: TestClient, clock: StoppedClock) -> None:
    statuses = [browser.post("/misuse", data=REPORT).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    clock.at += timedelta(hours=1)
    assert browser.post("/misuse", data=REPORT).status_code == 303


def test_the_desk_s_list_says_what_waits_and_what_is_overdue(
    browser: TestClient, opened: str, clock: StoppedClock
) -> None:
    asked(browser, opened, "copy")
    signed_in(browser, Role.MANAGER)
    assert "有1件" in words(browser.get("/staff/rights").text)
    clock.at += timedelta(days=40)
    signed_in(browser, Role.MANAGER)
    assert "逾期" in words(browser.get("/staff/rights").text)
    assert browser.get("/staff/rights?state=granted").status_code == 200


def test_only_who_may_answer_sees_the_list(browser: TestClient, world: World) -> None:
    signed_in(browser, Role.SCREENER)
    assert browser.get("/staff/rights").status_code == 403
