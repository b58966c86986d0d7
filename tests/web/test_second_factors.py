"""Signing in with more than a password: each step, what it opens, and all that must not open anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import lxml.html
import pyotp
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.accounts import actions, granting
from app.accounts.models import SignInFailures, StaffUser
from app.accounts.passwords import new_password
from app.kit.openid import Provider
from app.kit.relying import RelyingParty
from app.permissions import Role
from app.web.staff.access import COOKIE
from tests.support.app import hidden, serving, words
from tests.support.journey import OPERATOR, PASSWORD, StoppedClock, World
from tests.support.provider import CLIENT, ISSUER, SECRET, LocalProvider

OWN = "窗外的梧桐树今早落了三片叶子"
STEP = "/staff/sign-in/step"
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(sqlite_world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(sqlite_world.database, clock, staff_second_factor=True) as client:
        yield client


def give_password(client: TestClient, password: str = PASSWORD, username: str = "screener", **more: str) -> Any:
    fields = hidden(client.get("/staff/sign-in").text)
    return client.post("/staff/sign-in", data=fields | {"username": username, "password": password} | more)


def secret_on(page: str) -> str:
    return "".join(lxml.html.fromstring(page).xpath("//code[@class='secret']/text()")).replace(" ", "")


def code_of(secret: str, clock: StoppedClock) -> str:
    return pyotp.TOTP(secret).at(clock.at)


def post(client: TestClient, page: str, address: str, **entered: str) -> Any:
    return client.post(address, data=hidden(page) | entered)


def enrolled(client: TestClient, clock: StoppedClock) -> tuple[str, list[str]]:
    """The secret and the recovery codes of the screener, who is signed in now."""
    assert give_password(client).headers["location"] == STEP
    page = client.get(STEP).text
    secret = secret_on(page)
    done = post(client, page, "/staff/sign-in/authenticator", code=code_of(secret, clock))
    assert done.status_code == 200, words(done.text)
    return secret, lxml.html.fromstring(done.text).xpath("//ul[@class='recovery-codes']//code/text()")


def afresh(client: TestClient) -> Any:
    """Another browser, after the password."""
    client.cookies.clear()
    give_password(client)
    return client.get(STEP).text


def is_in(client: TestClient) -> bool:
    return client.get("/staff/account").status_code == 200


def test_the_password_alone_opens_nothing_until_a_factor_is_set_up(browser: TestClient, clock: StoppedClock) -> None:
    give_password(browser)
    assert COOKIE not in browser.cookies
    assert browser.get("/staff/queue").status_code == 303
    page = browser.get(STEP).text
    wrong = post(browser, page, "/staff/sign-in/authenticator", code="000000")
    assert wrong.status_code == 422
    assert secret_on(wrong.text) == secret_on(page), "the app that was set up meanwhile stays good"
    assert not is_in(browser)


def test_a_code_signs_in_and_each_code_once(browser: TestClient, clock: StoppedClock) -> None:
    secret, recovery = enrolled(browser, clock)
    assert is_in(browser)
    assert len(set(recovery)) == 10
    replayed = post(browser, afresh(browser), "/staff/sign-in/code", code=code_of(secret, clock))
    assert replayed.status_code == 422, "the code that set it up was used"
    assert not is_in(browser)
    clock.at += HALF_A_MINUTE
    assert post(browser, afresh(browser), "/staff/sign-in/code", code=code_of(secret, clock)).status_code == 303
    assert is_in(browser)


def test_a_recovery_code_signs_in_once(browser: TestClient, clock: StoppedClock) -> None:
    _, recovery = enrolled(browser, clock)
    shouted = recovery[0].upper().replace("-", " ")
    assert post(browser, afresh(browser), "/staff/sign-in/code", code=shouted).status_code == 303
    assert is_in(browser)
    assert post(browser, afresh(browser), "/staff/sign-in/code", code=recovery[0]).status_code == 422
    assert not is_in(browser)


def test_steps_open_nothing_without_the_password_or_too_late(browser: TestClient, clock: StoppedClock) -> None:
    secret, _ = enrolled(browser, clock)
    page = afresh(browser)
    clock.at += timedelta(minutes=10)
    late = post(browser, page, "/staff/sign-in/code", code=code_of(secret, clock))
    assert late.headers["location"] == "/staff/sign-in"
    browser.cookies.clear()
    for step in ("code", "new-password", "authenticator"):
        fields = hidden(browser.get("/staff/sign-in").text)
        answer = browser.post(f"/staff/sign-in/{step}", data=fields | {"code": code_of(secret, clock)})
        assert answer.headers["location"] == "/staff/sign-in", step
    assert not is_in(browser)


def test_wrong_codes_are_slowed_down(browser: TestClient, clock: StoppedClock) -> None:
    enrolled(browser, clock)
    page = afresh(browser)
    answers = [post(browser, page, "/staff/sign-in/code", code=f"00000{n}").status_code for n in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_reset_factor_is_told_and_set_up_anew(browser: TestClient, sqlite_world: World, clock: StoppedClock) -> None:
    enrolled(browser, clock)
    with sqlite_world.database.writing() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.username == "screener")).one()
        granting.reset_factors(session, sqlite_world.staff.security_administrator, clock.at, user.id)
    assert not is_in(browser), "all sessions have ended"
    assert "重置您的第二重验证" in words(afresh(browser))


def given(world: World, clock: StoppedClock) -> str:
    """A one-time password of the screener."""
    password = new_password()
    with world.database.writing() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.username == "screener")).one()
        until = clock.at + actions.GIVEN_FOR
        actions.reset_password(session, world.staff.administrator, clock.at, user.id, password, until)
    return password


def test_a_given_password_opens_only_the_choice_of_another(sqlite_world: World, clock: StoppedClock) -> None:
    password = given(sqlite_world, clock)
    with serving(sqlite_world.database, clock) as client:
        give_password(client, password)
        assert not is_in(client)
        page = client.get(STEP).text
        for first, second in ((OWN, "另一句"), ("password1234", "password1234"), ("短", "短")):
            refused = post(client, page, "/staff/sign-in/new-password", password=first, again=second)
            assert refused.status_code == 422
        assert post(client, page, "/staff/sign-in/new-password", password=OWN, again=OWN).status_code == 303
        assert is_in(client)
        client.cookies.clear()
        assert give_password(client, password).status_code == 422
        assert give_password(client, OWN).headers["location"] == "/staff"


def test_a_given_password_runs_out(sqlite_world: World, clock: StoppedClock) -> None:
    password = given(sqlite_world, clock)
    clock.at += actions.GIVEN_FOR
    with serving(sqlite_world.database, clock) as client:
        assert give_password(client, password).status_code == 422


def test_who_hammers_an_account_waits_longer_and_never_locks_its_owner_out(
    sqlite_world: World, clock: StoppedClock
) -> None:
    with serving(sqlite_world.database, clock) as owner:
        give_password(owner)
        kept = dict(owner.cookies)
        owner.cookies.clear()
        answers = [give_password(owner, "wrong") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert int(answers[-1].headers["retry-after"]) >= 2
        assert give_password(owner).status_code == 429, "not even the right one, from there"
        strangers = [give_password(owner, "wrong", "nobody").status_code for _ in range(6)]
        assert strangers == [422] * 5 + [429], "a name that doesn't exist answers the same"
        for name, value in kept.items():
            if name != COOKIE:
                owner.cookies.set(name, value)
        assert give_password(owner).status_code == 303, "the owner's own browser passes"
        clock.at += timedelta(minutes=15)
        owner.cookies.clear()
        assert give_password(owner).status_code == 303
    with sqlite_world.database.reading() as session:
        assert all(b"screener" not in row.key for row in session.scalars(select(SignInFailures)))


@contextmanager
def at_provider(world: World, provider: LocalProvider, **settings: Any) -> Iterator[TestClient]:
    ours = {
        "staff_oidc_issuer": ISSUER,
        "staff_oidc_client_id": CLIENT,
        "staff_oidc_name": "统一身份认证",
        "staff_oidc_client_secret": SECRET,
        "staff_oidc_strong": ["mfa"],
        "staff_second_factor": True,
    }
    with serving(world.database, provider.clock, **ours | settings) as client:
        services = client.app.state.services
        party = RelyingParty(Provider(ISSUER, CLIENT, SECRET), provider.client)
        client.app.state.services = replace(services, entrance=replace(services.entrance, provider=party))
        yield client


def there_and_back(client: TestClient, provider: LocalProvider, wanted: str = "/staff/account") -> Any:
    left = client.get("/staff/sign-in/provider", params={"next": wanted})
    return client.get(provider.consent(left.headers["location"]))


def link(world: World, provider: LocalProvider) -> None:
    with world.database.writing() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.username == "screener")).one()
        granting.link_identity(session, OPERATOR, provider.clock.now(), user.id, ISSUER, provider.subject)


@pytest.mark.parametrize(("amr", "reached"), [(["pwd", "mfa"], "/staff/account"), (["pwd"], STEP), (None, STEP)])
def test_a_linked_person_signs_in_and_the_providers_factor_counts_where_it_says_so(
    sqlite_world: World, clock: StoppedClock, amr: list[str] | None, reached: str
) -> None:
    provider = LocalProvider(clock, claims={"amr": amr})
    link(sqlite_world, provider)
    with at_provider(sqlite_world, provider) as client:
        assert "统一身份认证" in words(client.get("/staff/sign-in").text)
        assert there_and_back(client, provider).headers["location"] == reached
        assert is_in(client) is (reached != STEP)


def test_nobody_gets_an_account_by_signing_in_elsewhere(sqlite_world: World, clock: StoppedClock) -> None:
    provider = LocalProvider(clock, claims={"amr": ["mfa"]})
    with at_provider(sqlite_world, provider) as client:
        assert there_and_back(client, provider).status_code == 422
        assert not is_in(client)
        link(sqlite_world, provider)
        outside = there_and_back(client, provider, "https://evil.example/staff")
        assert outside.headers["location"] == "/staff"
        again = client.get("/staff/sign-in/return?code=code-0&state=x")
        assert again.status_code == 422, "what was not begun in this browser ends nowhere"


def test_a_frozen_person_is_refused_at_every_door(sqlite_world: World, clock: StoppedClock) -> None:
    provider = LocalProvider(clock, claims={"amr": ["mfa"]})
    link(sqlite_world, provider)
    with sqlite_world.database.writing() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.username == "screener")).one()
        granting.freeze(session, sqlite_world.staff.security_administrator, clock.at, user.id)
    with at_provider(sqlite_world, provider) as client:
        assert there_and_back(client, provider).status_code == 422
        assert give_password(client).status_code == 422
        assert not is_in(client)


def test_roles_of_the_three_are_never_held_together(sqlite_world: World, clock: StoppedClock) -> None:
    with serving(sqlite_world.database, clock) as client:
        give_password(client, username=Role.SECURITY_ADMINISTRATOR.value)
        with sqlite_world.database.reading() as session:
            users = {user.username: user.id for user in session.scalars(select(StaffUser))}
        page = client.get(f"/staff/accounts/{users['editor']}").text
        granted = client.post(
            f"/staff/accounts/{users['editor']}/grant", data=hidden(page) | {"role": "approver", "scope": "everywhere"}
        )
        assert granted.status_code == 303
        for person, role in (("editor", "auditor"), ("auditor", "administrator"), ("administrator", "screener")):
            refused = client.post(
                f"/staff/accounts/{users[person]}/grant", data=hidden(page) | {"role": role, "scope": "everywhere"}
            )
            assert refused.status_code == 409, (person, role)
            assert "三员分立" in words(refused.text)
        own = client.post(
            f"/staff/accounts/{users['security_administrator']}/grant",
            data=hidden(page) | {"role": "security_administrator", "scope": "everywhere"},
        )
        assert own.status_code == 409
