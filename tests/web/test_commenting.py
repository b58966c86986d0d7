"""The comment form over HTTP: what it asks, what it keeps, when it takes a comment and what it answers."""

from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.captcha.models import BurnedChallenge
from app.consultations.lifecycle import Kind
from app.kit.database import Database
from app.submissions.models import Submission
from tests.support import journey
from tests.support.app import ENTRY, errors_of, hidden, serving, solved, words
from tests.support.journey import SLUG, START, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"
COMMENTS = f"/consultations/{SLUG}/comments"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


@pytest.fixture
def guarded(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    """The service with its captcha on."""
    with serving(world.database, clock, captcha=True) as client:
        yield client


def stored(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def test_form_asks_the_eight_fields_of_the_column_in_their_order(guarded: TestClient) -> None:
    page = guarded.get(FORM).text
    names = ["title", "comment", "name", "id_number", "occupation", "phone", "email", "captcha", "consent"]
    places = [page.index(f'name="{name}"') for name in names]
    assert places == sorted(places)
    assert "checked" not in page


def test_a_right_form_is_stored_and_leads_to_its_receipt(browser: TestClient, world: World) -> None:
    answer = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY)
    assert answer.status_code == 303
    assert stored(world) == 1
    page = browser.get(answer.headers["location"]).text
    slip = {name: lxml.html.fromstring(page).get_element_by_id(name) for name in ("receipt-number", "access-code")}
    assert answer.headers["location"].endswith(f"/{slip['receipt-number'].get('value')}")
    assert len(slip["access-code"].get("value")) == 16
    assert ENTRY["comment"] in words(page)
    assert ENTRY["id_number"] not in page


def test_an_instant_comment_is_on_the_public_list_at_once_and_masked(browser: TestClient) -> None:
    entry = ENTRY | {"comment": "请周末开放。我的电话13900000007。", "occupation": "律师"}
    browser.post(FORM, data=hidden(browser.get(FORM).text) | entry)
    shown = words(browser.get(COMMENTS).text)
    assert "请周末开放" in shown
    assert "测*甲" in shown
    for secret in ("13900000007", "测试甲", ENTRY["id_number"], ENTRY["email"], "律师"):
        assert secret not in shown


def test_a_screened_comment_is_not_on_the_public_list(database_url: str, clock: StoppedClock) -> None:
    world = journey.opened(Database(database_url), kind=Kind.LOCAL_REGULATION)
    with serving(world.database, clock) as browser:
        assert browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY).status_code == 303
        assert ENTRY["comment"] not in browser.get(COMMENTS).text


@pytest.mark.parametrize(
    ("field", "entered"),
    [
        ("title", ""),
        ("title", "长" * 101),
        ("name", ""),
        ("name", "12345678"),
        ("id_number", ""),
        ("id_number", "219999195001010079"),
        ("id_number", "210102500101001"),
        ("occupation", ""),
        ("occupation", "宇航员"),
        ("phone", "86001234"),
        ("email", "nobody"),
        ("comment", ""),
        ("comment", "字" * 10_001),
        ("consent", "no"),
        ("clause", "九/（九）"),
    ],
)
def test_a_wrong_field_is_named_in_summary_and_beside_it_and_everything_else_is_kept(
    browser: TestClient, world: World, field: str, entered: str
) -> None:
    answer = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {field: entered})
    assert answer.status_code == 422
    problems = errors_of(answer.text)
    assert list(problems) == [field]
    assert answer.text.count(problems[field]) >= (1 if field == "clause" else 2)
    assert stored(world) == 0
    for name in {"title", "comment", "name", "phone", "email"} - {field}:
        assert ENTRY[name] in answer.text
    if field in ("title", "name", "phone", "email", "comment"):
        assert entered[:50] in answer.text
    assert "错误：" in answer.text


def test_a_valid_id_number_travels_back_sealed_and_masked_and_need_not_be_entered_again(
    browser: TestClient, world: World
) -> None:
    bounced = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {"title": ""})
    assert ENTRY["id_number"] not in bounced.text
    assert ENTRY["id_number"][:4] + "**********" + ENTRY["id_number"][-4:] in bounced.text
    again = browser.post(FORM, data=hidden(bounced.text) | ENTRY | {"id_number": ""})
    assert again.status_code == 303
    assert stored(world) == 1


def test_the_sealed_id_number_expires_and_serves_no_other_form(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    bounced = hidden(browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {"title": ""}).text)
    other = hidden(browser.get(FORM).text) | {"id_number_token": bounced["id_number_token"]}
    assert list(errors_of(browser.post(FORM, data=other | ENTRY | {"id_number": ""}).text)) == ["id_number"]
    clock.at += timedelta(minutes=30)
    late = browser.post(FORM, data=bounced | ENTRY | {"id_number": ""})
    assert list(errors_of(late.text)) == ["id_number"]
    assert stored(world) == 0


def test_the_same_form_again_gives_the_same_receipt_and_other_content_is_refused(
    browser: TestClient, world: World
) -> None:
    form = hidden(browser.get(FORM).text) | ENTRY
    first, again = browser.post(FORM, data=form), browser.post(FORM, data=form)
    assert first.headers["location"] == again.headers["location"]
    other = browser.post(FORM, data=form | {"comment": "另一条意见"})
    assert other.status_code == 409
    assert "另一条意见" in other.text
    assert stored(world) == 1


def test_a_stored_form_gives_its_receipt_again_when_its_captcha_has_expired(
    guarded: TestClient, world: World, clock: StoppedClock
) -> None:
    form = solved(guarded.get(FORM).text, clock) | ENTRY
    first = guarded.post(FORM, data=form)
    clock.at += timedelta(hours=2)
    assert guarded.post(FORM, data=form).headers["location"] == first.headers["location"]
    assert stored(world) == 1


def test_a_right_captcha_is_asked_once_and_kept_while_other_fields_are_mended(
    guarded: TestClient, world: World, clock: StoppedClock
) -> None:
    form = solved(guarded.get(FORM).text, clock)
    bounced = guarded.post(FORM, data=form | ENTRY | {"title": ""})
    kept = hidden(bounced.text)
    assert kept["captcha_token"] == form["captcha_token"]
    assert guarded.post(FORM, data=kept | ENTRY | {"captcha": form["captcha"], "id_number": ""}).status_code == 303
    assert stored(world) == 1


def test_a_wrong_captcha_is_burned_and_replaced(guarded: TestClient, world: World, clock: StoppedClock) -> None:
    form = solved(guarded.get(FORM).text, clock)
    wrong = str((int(form["captcha"]) + 1) % 10**6).zfill(6)
    answer = guarded.post(FORM, data=form | ENTRY | {"captcha": wrong})
    assert list(errors_of(answer.text)) == ["captcha"]
    assert hidden(answer.text)["captcha_token"] != form["captcha_token"]
    assert list(errors_of(guarded.post(FORM, data=form | ENTRY).text)) == ["captcha"]
    assert stored(world) == 0


def test_a_captcha_serves_one_comment_only(guarded: TestClient, world: World, clock: StoppedClock) -> None:
    first, second = solved(guarded.get(FORM).text, clock), solved(guarded.get(FORM).text, clock)
    used = {"captcha_token": first["captcha_token"], "captcha": first["captcha"]}
    assert guarded.post(FORM, data=first | ENTRY).status_code == 303
    assert list(errors_of(guarded.post(FORM, data=second | used | ENTRY).text)) == ["captcha"]
    assert stored(world) == 1


@pytest.mark.parametrize("token", ["", "x", "AAAA" * 30, "é"])
def test_a_forged_captcha_is_refused_and_nothing_is_burned(guarded: TestClient, world: World, token: str) -> None:
    form = hidden(guarded.get(FORM).text) | {"captcha_token": token, "captcha": "123456"}
    assert list(errors_of(guarded.post(FORM, data=form | ENTRY).text)) == ["captcha"]
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BurnedChallenge)) == 0


def test_a_form_without_our_token_is_given_back_with_everything_in_it(guarded: TestClient, world: World) -> None:
    answer = guarded.post(FORM, data=ENTRY)
    assert answer.status_code == 422
    assert ENTRY["comment"] in answer.text
    assert stored(world) == 0


def test_the_form_is_taken_until_the_closing_instant_and_not_at_it(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    closes_at = world.consultation.closes_at
    clock.at = closes_at - timedelta(microseconds=1)
    form = hidden(browser.get(FORM).text)
    assert browser.post(FORM, data=form | ENTRY).status_code == 303
    clock.at = closes_at
    assert browser.post(FORM, data=form | ENTRY).status_code == 303, "a replay of what was stored in time"
    other = browser.post(FORM, data=ENTRY | {"comment": "晚到的意见"})
    assert other.status_code == 410
    assert "晚到的意见" in other.text
    assert "征求意见已经结束" in words(browser.get(FORM).text)
    assert stored(world) == 1


def test_an_attempt_that_came_in_time_and_bounced_may_be_mended_for_half_an_hour(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    closes_at = world.consultation.closes_at
    clock.at = closes_at - timedelta(seconds=1)
    bounced = hidden(browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {"title": ""}).text)
    clock.at = closes_at + timedelta(minutes=20)
    again = browser.post(FORM, data=bounced | ENTRY | {"email": "nobody"})
    assert list(errors_of(again.text)) == ["email"]
    assert browser.post(FORM, data=hidden(again.text) | ENTRY).status_code == 303
    assert stored(world) == 1


def test_the_ticket_ends_half_an_hour_after_the_attempt_and_can_not_be_lent(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    closes_at = world.consultation.closes_at
    clock.at = closes_at - timedelta(seconds=1)
    other = hidden(browser.get(FORM).text)
    bounced = hidden(browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {"title": ""}).text)
    clock.at = closes_at + timedelta(minutes=10)
    lent = other | {"ticket": bounced["ticket"]}
    assert browser.post(FORM, data=lent | ENTRY).status_code == 410
    clock.at = closes_at + timedelta(minutes=30)
    assert browser.post(FORM, data=bounced | ENTRY).status_code == 410
    assert stored(world) == 0


def test_nothing_is_taken_before_the_opening_instant(browser: TestClient, world: World, clock: StoppedClock) -> None:
    clock.at = world.consultation.opens_at - timedelta(microseconds=1)
    answer = browser.post(FORM, data=ENTRY)
    assert answer.status_code == 409
    assert ENTRY["comment"] in answer.text
    assert stored(world) == 0


@pytest.mark.parametrize(
    "comment", ["字" * 10_000, "𠮷野家的㐂字和𬭎", "很好👍🏽", "<script>alert(1)</script>", "a\r\nb"]
)
def test_every_character_comes_back_as_it_was_sent(browser: TestClient, world: World, comment: str) -> None:
    answer = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {"comment": comment})
    assert answer.status_code == 303
    with world.database.reading() as session:
        assert session.scalars(select(Submission.comment)).one() == comment.replace("\r\n", "\n")
    receipt = browser.get(answer.headers["location"])
    assert "<script>alert" not in receipt.text


def test_an_unknown_consultation_is_not_found(browser: TestClient) -> None:
    for answer in (browser.get("/consultations/none/comment"), browser.post("/consultations/none/comment", data=ENTRY)):
        assert answer.status_code == 404


def test_opening_instant_of_the_tests_lies_in_the_window(world: World) -> None:
    assert world.consultation.opens_at <= START < world.consultation.closes_at
