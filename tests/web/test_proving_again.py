"""What asks for a recent proof: the way to the question and back, with what was typed, and never to another site."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from app.permissions import Actor, Permission, Role
from app.web.staff.access import COOKIE, OwnForm
from app.web.staff.proving import proven
from tests.support.app import hidden, serving, signed_in, words
from tests.support.journey import PASSWORD, StoppedClock, World

MINUTES = timedelta(minutes=5)
router = APIRouter()


@router.get("/staff/guarded", name="guarded")
def look(actor: Annotated[Actor, proven(Permission.VIEW_DESK)], of: str = "") -> str:
    return f"shown {of}"


@router.post("/staff/guarded", name="guarded_change")
def change(sent: OwnForm, actor: Annotated[Actor, proven(Permission.VIEW_DESK)]) -> dict[str, str | list[str]]:
    return {"reason": sent.form["reason"], "clause": sent.form.all("clause")}


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(sqlite_world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(sqlite_world.database, clock) as client:
        client.app.include_router(router)
        yield signed_in(client, Role.SCREENER)


def token(browser: TestClient) -> str:
    return hidden(browser.get("/staff/confirm").text)["csrf_token"]


def confirm(browser: TestClient, page: str, password: str = PASSWORD) -> object:
    return browser.post("/staff/confirm", data=hidden(page) | {"password": password})


def test_who_has_just_signed_in_is_not_asked(browser: TestClient, clock: StoppedClock) -> None:
    clock.at += MINUTES - timedelta(seconds=1)
    assert browser.get("/staff/guarded?of=it").json() == "shown it"


def test_after_five_minutes_a_page_asks_and_leads_back(browser: TestClient, clock: StoppedClock) -> None:
    clock.at += MINUTES
    sent_away = browser.get("/staff/guarded?of=it")
    assert sent_away.headers["location"] == "/staff/confirm?next=%2Fstaff%2Fguarded%3Fof%3Dit"
    page = browser.get(sent_away.headers["location"]).text
    before = browser.cookies[COOKIE]
    back = confirm(browser, page)
    assert back.headers["location"] == "/staff/guarded?of=it"
    assert browser.cookies[COOKIE] != before, "a proof begins a new token"
    assert browser.get("/staff/guarded?of=it").json() == "shown it"
    browser.cookies.clear()
    browser.cookies.set(COOKIE, before)
    assert browser.get("/staff/confirm").status_code == 303, "and the old one is worthless"


def test_a_form_is_kept_over_the_question(browser: TestClient, clock: StoppedClock) -> None:
    data = {"csrf_token": token(browser), "reason": "核对“来信”", "clause": ["a", "b"]}
    clock.at += MINUTES
    asked = browser.post("/staff/guarded", data=data)
    assert asked.status_code == 401
    go_on = confirm(browser, asked.text)
    assert "还没有进行任何操作" in words(go_on.text)
    carried = {**hidden(go_on.text), "clause": ["a", "b"]}
    assert browser.post("/staff/guarded", data=carried).json() == {"reason": "核对“来信”", "clause": ["a", "b"]}


def test_a_wrong_password_keeps_asking(browser: TestClient, clock: StoppedClock) -> None:
    data = {"csrf_token": token(browser), "reason": "核对"}
    clock.at += MINUTES
    again = confirm(browser, browser.post("/staff/guarded", data=data).text, "wrong")
    assert again.status_code == 422
    assert hidden(confirm(browser, again.text).text)["reason"] == "核对"
    clock.at += MINUTES
    assert browser.get("/staff/guarded").status_code == 303


@pytest.mark.parametrize("wanted", ["https://evil.example/staff", "//evil.example", "/\\evil.example", "/staffx"])
def test_the_way_back_never_leaves_the_desk(browser: TestClient, wanted: str) -> None:
    page = browser.get("/staff/confirm", params={"next": wanted}).text
    assert confirm(browser, page).headers["location"] == "/staff"


def test_another_persons_form_is_not_kept(browser: TestClient, clock: StoppedClock) -> None:
    data = {"csrf_token": token(browser), "reason": "核对"}
    clock.at += MINUTES
    kept = hidden(browser.post("/staff/guarded", data=data).text)["kept"]
    signed_in(browser, Role.EDITOR)
    answer = browser.post("/staff/confirm", data={"csrf_token": token(browser), "kept": kept, "password": PASSWORD})
    assert answer.headers["location"] == "/staff"


def test_a_role_without_the_permission_is_refused_and_not_asked(browser: TestClient, clock: StoppedClock) -> None:
    signed_in(browser, Role.AUDITOR)
    clock.at += MINUTES
    assert browser.get("/staff/guarded").status_code == 403
