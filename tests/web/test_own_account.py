"""One's own account, and the administrators' pages: what changes, what it ends, and who is asked first."""

from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.accounts.models import StaffSession, StaffUser
from app.permissions import Role
from app.web.staff.access import COOKIE
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.journey import PASSWORD, StoppedClock, World
from tests.web.test_second_factors import OWN, afresh, code_of, enrolled, give_password, is_in, post

ACCOUNT = "/staff/account"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(sqlite_world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(sqlite_world.database, clock) as client:
        yield client


def sessions(world: World, role: Role = Role.SCREENER) -> int:
    with world.database.reading() as session:
        of = select(StaffSession).join(StaffUser, StaffUser.id == StaffSession.user_id)
        return len(session.scalars(of.where(StaffUser.username == role.value)).all())


def change(client: TestClient, present: str, new: str, again: str | None = None) -> Any:
    return press(client, ACCOUNT, "/password", present=present, password=new, again=again or new)


def test_a_new_password_needs_the_old_one_and_ends_all_other_sessions(browser: TestClient, sqlite_world: World) -> None:
    signed_in(browser, Role.SCREENER)
    signed_in(browser, Role.SCREENER)
    before = browser.cookies[COOKIE]
    assert change(browser, "wrong", OWN).status_code == 422
    assert change(browser, PASSWORD, "screener2026screener").status_code == 422
    assert sessions(sqlite_world) == 2
    assert change(browser, PASSWORD, OWN).status_code == 303
    assert browser.cookies[COOKIE] != before
    assert is_in(browser)
    assert sessions(sqlite_world) == 1
    browser.cookies.clear()
    assert give_password(browser).status_code == 422
    assert give_password(browser, OWN).status_code == 303


def test_sessions_are_listed_and_ended_one_by_one_or_all_but_this(browser: TestClient, sqlite_world: World) -> None:
    for _ in range(3):
        signed_in(browser, Role.SCREENER)
    page = browser.get(ACCOUNT).text
    names = lxml.html.fromstring(page).xpath("//input[@name='session']/@value")
    assert names.count("others") == 1
    assert len(names) == 3, "the one of this browser has no button"
    assert post(browser, page, f"{ACCOUNT}/sessions/end", session=names[0]).status_code == 303
    assert sessions(sqlite_world) == 2
    assert post(browser, page, f"{ACCOUNT}/sessions/end", session="others").status_code == 303
    assert sessions(sqlite_world) == 1
    assert is_in(browser)


def test_nobody_ends_anothers_session(browser: TestClient, sqlite_world: World) -> None:
    signed_in(browser, Role.EDITOR)
    signed_in(browser, Role.SCREENER)
    with sqlite_world.database.reading() as session:
        of = select(StaffSession.token_hash).join(StaffUser, StaffUser.id == StaffSession.user_id)
        another = session.scalars(of.where(StaffUser.username == "editor")).one().hex()
    page = browser.get(ACCOUNT).text
    for name in (another, "", "no hash"):
        assert post(browser, page, f"{ACCOUNT}/sessions/end", session=name).status_code == 404
    assert sessions(sqlite_world, Role.EDITOR) == 1


def test_the_last_factor_stays_where_one_is_required(sqlite_world: World, clock: StoppedClock) -> None:
    with serving(sqlite_world.database, clock, staff_second_factor=True) as client:
        enrolled(client, clock)
        assert press(client, ACCOUNT, "/authenticator/remove").status_code == 409
    with serving(sqlite_world.database, clock) as client:
        give_password(client)
        assert client.get(ACCOUNT).status_code == 303, "a factor that is there is asked for, required or not"


def test_new_recovery_codes_make_the_old_ones_worthless(sqlite_world: World, clock: StoppedClock) -> None:
    with serving(sqlite_world.database, clock, staff_second_factor=True) as client:
        _, old = enrolled(client, clock)
        made = press(client, ACCOUNT, "/recovery-codes")
        new = lxml.html.fromstring(made.text).xpath("//ul[@class='recovery-codes']//code/text()")
        assert not set(old) & set(new)
        assert post(client, afresh(client), "/staff/sign-in/code", code=old[0]).status_code == 422
        assert post(client, afresh(client), "/staff/sign-in/code", code=new[0]).status_code == 303


def test_changing_a_factor_asks_who_it_is_and_takes_the_apps_code(sqlite_world: World, clock: StoppedClock) -> None:
    with serving(sqlite_world.database, clock, staff_second_factor=True) as client:
        secret, _ = enrolled(client, clock)
        clock.at += clock.at - clock.at.replace(minute=clock.at.minute - 6)
        asked = press(client, ACCOUNT, "/recovery-codes")
        assert asked.status_code == 401
        proved = post(client, asked.text, "/staff/confirm", code=code_of(secret, clock))
        assert "还没有进行任何操作" in words(proved.text)


def test_a_newcomer_needs_two_administrators(browser: TestClient) -> None:
    signed_in(browser, Role.ADMINISTRATOR)
    page = browser.get("/staff/accounts/new").text
    made = post(browser, page, "/staff/accounts", username="li.xiao", display_name="李晓", role="administrator")
    password = lxml.html.fromstring(made.text).xpath("string(//code[@class='given-password'])")
    account = lxml.html.fromstring(made.text).xpath("//a[contains(@href, '/staff/accounts/')]/@href")[0]
    assert browser.post(f"{account}/grant", data=hidden(page) | {"role": "editor"}).status_code == 403
    signed_in(browser, Role.SECURITY_ADMINISTRATOR)
    assert browser.get("/staff/accounts/new").status_code == 403
    granted = press(browser, account, "/grant", role="editor", scope="everywhere")
    assert granted.status_code == 303
    assert "整理员" in words(browser.get(account).text)
    browser.cookies.clear()
    assert give_password(browser, password, "li.xiao").headers["location"] == "/staff/sign-in/step"
    step = browser.get("/staff/sign-in/step").text
    assert post(browser, step, "/staff/sign-in/new-password", password=OWN, again=OWN).status_code == 303
    assert is_in(browser)


def test_freezing_ends_everything_and_letting_go_restores_it(browser: TestClient, sqlite_world: World) -> None:
    signed_in(browser, Role.SCREENER)
    signed_in(browser, Role.SECURITY_ADMINISTRATOR)
    with sqlite_world.database.reading() as session:
        who = session.scalars(select(StaffUser.id).where(StaffUser.username == "screener")).one()
    account = f"/staff/accounts/{who}"
    done = press(browser, account, "/freeze")
    assert done.status_code == 303, words(done.text)
    assert sessions(sqlite_world) == 0
    assert press(browser, account, "/unfreeze").status_code == 303
    signed_in(browser, Role.SCREENER)
    assert is_in(browser)
