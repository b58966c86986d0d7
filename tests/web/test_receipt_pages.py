"""The receipt in the browser: who sees it, for how long, how often one may guess, and where the code never stands."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.dispositions.kinds import DispositionKind
from app.screening.lifecycle import UnsuitableClass
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.receipts import Receipt
from app.web import receipt_tries
from app.web.public import receipts
from app.web.public.qr_code import qr_code
from app.web.public.receipt_view import STATUS
from tests.publication.test_outcomes import decide
from tests.support import deciding as screening
from tests.support import journey
from tests.support.app import ENTRY, errors_of, hidden, serving, words
from tests.support.journey import SLUG, START, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def look_up(browser: TestClient, number: str, code: str) -> Any:
    return browser.post("/receipts", data={"receipt_number": number, "access_code": code})


def sent(browser: TestClient) -> tuple[str, str]:
    """Receipt number and access code of a comment sent through the form."""
    answer = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY)
    root = lxml.html.fromstring(browser.get(answer.headers["location"]).text)
    number, code = (root.get_element_by_id(name).get("value") for name in ("receipt-number", "access-code"))
    return number, code


def test_a_receipt_says_number_code_instant_and_what_it_proves(browser: TestClient, clock: StoppedClock) -> None:
    clock.at = START + timedelta(seconds=7)
    number, code = sent(browser)
    page = browser.get(f"/receipts/{number}").text
    told = words(page)
    for part in (" ".join(re.findall("....", number)), " ".join(re.findall("....", code))):
        assert part in told
    assert "2026年5月11日 09:30:07（北京时间）" in told
    assert "仅证明已收到，不代表采纳" in told
    assert "2026年6月10日 09:30（北京时间）前" in told, "what happens next, with its date"


def test_the_qr_code_holds_the_look_up_address_with_the_number(browser: TestClient) -> None:
    number, _ = sent(browser)
    page = browser.get(f"/receipts/{number}").text
    drawing = lxml.html.fromstring(page).xpath("//*[local-name()='svg'][@role='img']")[0]
    assert " ".join(re.findall("....", number)) in drawing.get("aria-label")
    assert drawing.xpath(".//*/@d") == [qr_code(f"http://testserver/receipts/{number}").path]
    browser.cookies.clear()
    led = browser.get(f"/receipts/{number}")
    assert (led.status_code, led.headers["location"]) == (303, f"/receipts?number={number}")
    field = lxml.html.fromstring(browser.get(led.headers["location"]).text).get_element_by_id("receipt_number")
    assert field.get("value") == number


@pytest.mark.parametrize("typed", ["<b>", "12a", "9" * 500, "回执"])
def test_what_stands_in_the_address_is_taken_for_digits_only(browser: TestClient, typed: str) -> None:
    field = lxml.html.fromstring(browser.get("/receipts", params={"number": typed}).text).get_element_by_id(
        "receipt_number"
    )
    assert re.fullmatch(r"\d{0,40}", field.get("value"))


def test_number_and_code_open_it_with_and_without_cookies(browser: TestClient, world: World) -> None:
    receipt = journey.submit(world)
    direct = look_up(browser, receipt.number, receipt.access_code.lower())
    assert direct.status_code == 200
    assert journey.COMMENT in words(direct.text)
    browser.cookies.clear()
    browser.get("/receipts")
    led = look_up(browser, receipt.number, receipt.access_code)
    assert (led.status_code, led.headers["location"]) == (303, f"/receipts/{receipt.number}")
    assert journey.COMMENT in words(browser.get(led.headers["location"]).text)


def test_a_look_up_is_kept_for_half_an_hour_without_the_code(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    receipt = journey.submit(world)
    look_up(browser, receipt.number, receipt.access_code)
    clock.at += timedelta(minutes=29)
    page = browser.get(f"/receipts/{receipt.number}").text
    assert journey.COMMENT in words(page)
    assert receipt.access_code not in page.replace(" ", "")
    clock.at += timedelta(minutes=1)
    assert browser.get(f"/receipts/{receipt.number}").status_code == 303


def test_a_kept_receipt_opens_no_other_and_can_be_closed(browser: TestClient, world: World) -> None:
    mine, other = journey.submit(world, person=1), journey.submit(world, person=2)
    look_up(browser, mine.number, mine.access_code)
    assert browser.get(f"/receipts/{other.number}").status_code == 303
    assert browser.get(f"/receipts/{mine.number}").status_code == 200
    assert browser.post("/receipts/forget", data={}).status_code == 303
    assert browser.get(f"/receipts/{mine.number}").status_code == 303


@pytest.mark.parametrize("forged", ["", "-", "x", "WyIxIiwgIjIiXQ"])
def test_only_the_sealed_cookie_is_believed(browser: TestClient, world: World, forged: str) -> None:
    receipt = journey.submit(world)
    browser.cookies.set(receipts.COOKIE, forged, path="/receipts")
    assert browser.get(f"/receipts/{receipt.number}").status_code == 303


def wrongly(browser: TestClient, receipt: Receipt, times: int) -> list[int]:
    return [look_up(browser, receipt.number, "0000000000000000").status_code for _ in range(times)]


def test_after_ten_wrong_codes_a_number_is_shut_until_ten_minutes_have_passed(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    mine, other = journey.submit(world, person=1), journey.submit(world, person=2)
    assert wrongly(browser, mine, 10) == [422] * 10
    clock.at += timedelta(minutes=4)
    shut = look_up(browser, mine.number, mine.access_code)
    assert (shut.status_code, shut.headers["retry-after"]) == (429, "360")
    assert "2026年5月11日 09:40（北京时间）" in errors_of(shut.text)["receipt_number"]
    assert mine.access_code not in shut.text
    assert look_up(browser, other.number, other.access_code).status_code == 200
    clock.at = START + receipt_tries.SPAN
    browser.cookies.clear()
    assert look_up(browser, mine.number, mine.access_code).status_code == 200


def test_a_client_that_tries_many_numbers_is_stopped_too(browser: TestClient, world: World) -> None:
    tries = [look_up(browser, f"{place:016}", "0" * 16).status_code for place in range(receipt_tries.MOST_OF_A_CLIENT)]
    assert set(tries) == {422}
    mine = journey.submit(world)
    assert look_up(browser, mine.number, mine.access_code).status_code == 429


def test_right_codes_and_empty_fields_count_for_nothing(browser: TestClient, world: World) -> None:
    mine = journey.submit(world)
    for _ in range(receipt_tries.MOST_OF_A_CLIENT + 1):
        browser.cookies.clear()
        assert look_up(browser, mine.number, mine.access_code).status_code == 200
        assert look_up(browser, mine.number, "").status_code == 422


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(browser: TestClient, world: World) -> None:
    mine = journey.submit(world)
    wrong, unknown = look_up(browser, mine.number, "0" * 16), look_up(browser, "0" * 16, "0" * 16)
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(mine.number, "") == unknown.text.replace("0" * 16, "")


def test_a_number_of_any_length_is_no_burden(browser: TestClient) -> None:
    for _ in range(2):
        assert look_up(browser, "9" * 100_000, "0").status_code == 422


def test_the_code_is_in_no_address_no_log_and_no_referrer(
    browser: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as entries:
        number, code = sent(browser)
        answers = [browser.get(f"/receipts/{number}"), look_up(browser, number, code)]
        browser.cookies.clear()
        answers += [look_up(browser, number, code), look_up(browser, number, code[:-1]), browser.get("/receipts")]
        answers += [browser.post(f"/receipts/{number}/pdf", data={}), browser.post("/receipts/forget", data={})]
    for answer in answers:
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert code not in str(answer.headers)
        root = lxml.html.fromstring(answer.text or "<p></p>")
        led = " ".join(map(str, root.xpath("//@href | //@action | //@src | //@formaction")))
        assert code not in led.upper()
        assert code not in led.replace("%20", "").upper()
    told = str(entries) + "".join(capfd.readouterr())
    assert "/receipts/{receipt_number}" in told
    for secret in (code, number, " ".join(re.findall("....", code))):
        assert secret not in told


@pytest.mark.parametrize("state", SubmissionState)
def test_every_state_has_words_for_its_sender(state: SubmissionState) -> None:
    assert STATUS[state]


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("received", "等待工作人员阅览"),
        ("accepted", "已受理"),
        ("out of scope", "与这份草案无关"),
        ("unsuitable", "含辱骂内容。"),
        ("answered", "已有答复"),
    ],
)
def test_where_it_stands_is_told_in_plain_words(browser: TestClient, world: World, how: str, told: str) -> None:
    receipt = brought_to(world, how)
    page = words(look_up(browser, receipt.number, receipt.access_code).text)
    assert told in page
    assert ("接下来" in page) == (how in ("received", "accepted"))


def brought_to(world: World, how: str) -> Receipt:
    if how == "answered":
        decide(world, journey.approved_suggestion(world), DispositionKind.NOT_ADOPTED, "经费不足。")
        with world.database.reading() as session:
            token = submissions.oldest_first(session, SubmissionState.ACCEPTED, None, None, 1).items[0].token
        return world.receipts.of_token(token)
    receipt = journey.submit(world)
    with world.database.writing() as session:
        found = submissions.by_number(session, receipt.number)
        assert found is not None
        given = (session, world.staff.screener, START, found.id, found.revision)
        if how == "accepted":
            screening.accept(*given)
        elif how == "out of scope":
            screening.close_as_out_of_scope(*given, "请拨打12345热线。")
        elif how == "unsuitable":
            screening.close_as_unsuitable(*given, UnsuitableClass.ABUSE, "含辱骂内容。")
    return receipt


def test_an_outcome_is_told_from_the_own_words_to_the_reason(browser: TestClient, world: World) -> None:
    receipt = brought_to(world, "answered")
    card = lxml.html.fromstring(look_up(browser, receipt.number, receipt.access_code).text).xpath(
        "//article[@class='outcome']"
    )[0]
    facts = {
        " ".join(row.xpath("./dt/text()")): " ".join(" ".join(row.xpath("./dd//text()")).split())
        for row in card.xpath(".//dl/div")
    }
    assert facts["您的原话"] == journey.COMMENT
    assert facts["整理为"] == "助餐点周末照常开放，并提前公布一周菜单。"
    assert facts["办理意见"] == "经费不足。"
    assert facts["办理单位"] == "辽宁省民政厅"
    assert "未采纳" in card.text_content()
