"""Everything is shown once more before it is sent, and nothing is lost on the way there and back."""

from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.consultations import changing
from app.submissions.models import Submission
from tests.support.app import ENTRY, errors_of, filled, hidden, serving, solved, words
from tests.support.journey import SLUG, START, StoppedClock, World, decide

FORM = f"/consultations/{SLUG}/comment"
MASKED = ENTRY["id_number"][:4] + "**********" + ENTRY["id_number"][-4:]


@pytest.fixture
def world(instant_world: World) -> World:
    """Its form shows everything once more, as the column's forms do."""
    with instant_world.database.writing() as session:
        decide(session, instant_world.consultation, checks_answers=True)
    return instant_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def stored(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def checked(browser: TestClient, **entered: str) -> str:
    """The page that shows everything once more."""
    answer = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | entered | {"step": "check"})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_a_right_form_is_shown_once_more_and_stored_only_when_it_is_sent(browser: TestClient, world: World) -> None:
    page = checked(browser)
    assert stored(world) == 0
    shown = words(page)
    for said in (*(ENTRY[name] for name in ("title", "comment", "name", "occupation", "phone", "email")), MASKED):
        assert said in shown
    assert "意见尚未提交" in shown
    assert "同意" in shown
    answer = browser.post(FORM, data=filled(page, step="send"))
    assert answer.status_code == 303
    assert stored(world) == 1
    receipt = words(browser.get(answer.headers["location"]).text)
    assert ENTRY["comment"] in receipt


def test_the_number_is_nowhere_in_the_page_in_plain(browser: TestClient) -> None:
    page = checked(browser)
    assert ENTRY["id_number"] not in page
    assert ENTRY["id_number"] not in browser.post(FORM, data=filled(page, step="change")).text


def test_enter_in_a_field_leads_to_the_same_page_as_the_button(browser: TestClient, world: World) -> None:
    answer = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY)
    assert answer.status_code == 200
    assert "请核对您填写的内容" in words(answer.text)
    first = lxml.html.fromstring(browser.get(FORM).text).xpath("//main//button")[0]
    assert (first.get("name"), first.get("value")) == ("step", "check")
    assert stored(world) == 0


def test_each_answer_can_be_changed_and_nothing_is_lost(browser: TestClient, world: World) -> None:
    page = checked(browser)
    buttons = lxml.html.fromstring(page).xpath("//button[@value='change']")
    places = [button.get("formaction").partition("#")[2] for button in buttons]
    assert places == ["title", "comment", "name", "id_number", "occupation", "phone", "email", "consent"]
    assert all(button.text_content().strip() != "更改" for button in buttons), "each says what it changes"
    form = browser.post(FORM, data=filled(page, step="change"))
    assert form.status_code == 200
    assert not errors_of(form.text)
    again = filled(form.text)
    assert all(lxml.html.fromstring(form.text).xpath(f"//*[@id='{place}']") for place in places)
    for name in ("title", "comment", "name", "occupation", "phone", "email", "consent"):
        assert [value.strip() for value in again[name]] == [ENTRY[name]]
    assert MASKED in form.text
    page = browser.post(FORM, data=filled(form.text, title="改过的标题", step="check")).text
    assert browser.post(FORM, data=filled(page, step="send")).status_code == 303
    with world.database.reading() as session:
        kept = session.scalars(select(Submission)).one()
    assert (kept.title, kept.comment) == ("改过的标题", ENTRY["comment"])


def test_sent_twice_it_gives_the_same_receipt(browser: TestClient, world: World) -> None:
    page = checked(browser)
    first, again = (browser.post(FORM, data=filled(page, step="send")) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    from_the_form = browser.post(FORM, data=filled(page, step="check"))
    assert from_the_form.headers["location"] == first.headers["location"], "back in the history and once more"
    assert stored(world) == 1


def test_who_was_right_before_the_closing_instant_may_send_for_half_an_hour(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    closes_at = world.consultation.closes_at
    clock.at = closes_at - timedelta(microseconds=1)
    page = checked(browser)
    clock.at = closes_at + timedelta(minutes=29)
    assert browser.post(FORM, data=filled(page, step="send")).status_code == 303
    assert stored(world) == 1


def test_half_an_hour_later_the_words_are_given_back(browser: TestClient, world: World, clock: StoppedClock) -> None:
    closes_at = world.consultation.closes_at
    clock.at = closes_at - timedelta(microseconds=1)
    page = checked(browser)
    clock.at = closes_at + timedelta(minutes=30)
    refused = browser.post(FORM, data=filled(page, step="send"))
    assert refused.status_code == 410
    assert ENTRY["comment"] in refused.text
    assert stored(world) == 0


def test_a_number_that_was_kept_too_long_is_asked_for_again_and_all_else_is_kept(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    page = checked(browser)
    clock.at += timedelta(minutes=31)
    answer = browser.post(FORM, data=filled(page, step="send"))
    assert answer.status_code == 422
    assert list(errors_of(answer.text)) == ["id_number"]
    assert ENTRY["comment"] in answer.text
    page = browser.post(FORM, data=filled(answer.text, id_number=ENTRY["id_number"], step="check")).text
    assert browser.post(FORM, data=filled(page, step="send")).status_code == 303
    assert stored(world) == 1


def test_what_was_meddled_with_on_the_way_is_judged_anew(browser: TestClient, world: World) -> None:
    page = checked(browser)
    answer = browser.post(FORM, data=filled(page, step="send", email="nobody"))
    assert list(errors_of(answer.text)) == ["email"]
    assert stored(world) == 0


def test_a_suspension_between_the_two_gives_the_words_back(browser: TestClient, world: World) -> None:
    page = checked(browser)
    with world.database.writing() as session:
        changing.suspend(session, world.staff.manager, START, SLUG, world.consultation.revision, "系统检修。")
    refused = browser.post(FORM, data=filled(page, step="send"))
    assert refused.status_code == 409
    assert ENTRY["comment"] in refused.text
    assert stored(world) == 0


def test_the_captcha_is_asked_once_and_used_up_only_by_sending(world: World, clock: StoppedClock) -> None:
    with serving(world.database, clock, captcha=True) as guarded:
        form = solved(guarded.get(FORM).text, clock)
        first = guarded.post(FORM, data=form | ENTRY | {"step": "check"})
        assert first.status_code == 200, first.text
        again = guarded.post(FORM, data=filled(guarded.post(FORM, data=filled(first.text, step="change")).text))
        assert again.status_code == 200, "the right answer is carried along"
        assert stored(world) == 0
        assert guarded.post(FORM, data=filled(again.text, step="send")).status_code == 303
    assert stored(world) == 1


def test_the_setting_leaves_the_page_out(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        decide(session, world.consultation, checks_answers=False)
    page = browser.get(FORM).text
    assert "提交意见" in words(page)
    assert browser.post(FORM, data=hidden(page) | ENTRY | {"step": "send"}).status_code == 303
    assert stored(world) == 1


def test_the_page_can_be_read_in_english(browser: TestClient) -> None:
    browser.cookies.set("yanlu_lang", "en")
    page = browser.post(f"{FORM}?lang=en", data=hidden(browser.get(FORM).text) | ENTRY | {"step": "check"}).text
    assert "Check what you are going to send" in words(page)
