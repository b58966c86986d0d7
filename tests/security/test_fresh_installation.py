"""What a new installation holds, how passwords are kept, and what a session is known by."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.accounts.models import ApiClient, StaffUser
from app.accounts.passwords import hash_password
from app.kit.database import Database
from app.permissions import Role
from app.web.staff.access import COOKIE
from tests.support.app import hidden, serving, signed_in
from tests.support.journey import StoppedClock, World

KNOWN = [("admin", "admin"), ("admin", "password"), ("root", "root"), ("administrator", "123456"), ("yanlu", "yanlu")]
KIBIBYTES, ROUNDS = 19 * 1024, 2
PHC = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$")


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


def test_a_new_store_has_no_account_and_no_key(empty: Database) -> None:
    with empty.reading() as session:
        for model in (StaffUser, ApiClient):
            assert session.scalar(select(func.count()).select_from(model)) == 0


def test_nobody_signs_in_to_a_new_store(empty: Database) -> None:
    with serving(empty, StoppedClock()) as browser:
        for username, password in KNOWN:
            fields = hidden(browser.get("/staff/sign-in").text)
            answer = browser.post("/staff/sign-in", data=fields | {"username": username, "password": password})
            assert answer.status_code in (422, 429)
            assert COOKIE not in browser.cookies


def test_passwords_are_hashed_as_the_standard_asks() -> None:
    found = PHC.match(hash_password("a password for this test alone"))
    assert found
    memory, rounds, lanes = map(int, found.groups())
    assert (memory >= KIBIBYTES, rounds >= ROUNDS, lanes >= 1) == (True, True, True)


def test_a_session_is_another_at_each_sign_in(sqlite_world: World) -> None:
    with serving(sqlite_world.database, StoppedClock()) as browser:
        tokens = [signed_in(browser, Role.EDITOR).cookies[COOKIE] for _ in range(2)]
        assert tokens[0] != tokens[1]
        assert all(len(token) * 6 >= 128 for token in tokens), "six bits a character of base64url"
        _fixed(browser, tokens[0])


def _fixed(browser: TestClient, given: str) -> None:
    """A token that somebody else put there doesn't become the session of whoever signs in."""
    browser.cookies.clear()
    browser.cookies.set(COOKIE, "x" * len(given), domain="testserver.local")
    fields = hidden(browser.get("/staff/sign-in").text)
    sent = fields | {"username": "screener", "password": "a password for tests"}
    assert "x" * len(given) not in browser.post("/staff/sign-in", data=sent).headers["set-cookie"]
