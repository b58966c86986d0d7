"""Signing in at a provider instead of giving an ID number: the way out, the way back, every way in which it fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.config import ConfigurationError, Environment, load_settings
from app.consultations.models import Consultation
from app.kit.openid import Provider
from app.kit.relying import RelyingParty
from app.submissions.models import Submission, SubmitterIdentity
from app.web.public.sign_in import CAME_BACK
from tests.support.app import ENTRY, errors_of, hidden, serving, words
from tests.support.dump import dump
from tests.support.journey import SLUG, StoppedClock, World, decide
from tests.support.provider import CLIENT, ISSUER, SECRET, LocalProvider

FORM = f"/consultations/{SLUG}/comment"
LEAVE = f"/consultations/{SLUG}/sign-in"
NAME = "某省统一身份认证"
WITHOUT_NUMBER = {name: value for name, value in ENTRY.items() if name != "id_number"}


@pytest.fixture
def taking(sqlite_world: World) -> World:
    decided(sqlite_world, takes_sign_in=True)
    return sqlite_world


def decided(world: World, **terms: bool) -> None:
    with world.database.writing() as session:
        decide(session, session.get_one(Consultation, world.consultation.id), **terms)


@pytest.fixture
def provider() -> LocalProvider:
    return LocalProvider(StoppedClock(), claims={"name": "测试乙", "birthdate": "1950-01-01"})


@contextmanager
def visited(world: World, provider: LocalProvider, **given: Any) -> Iterator[TestClient]:
    ours = {"oidc_issuer": ISSUER, "oidc_client_id": CLIENT, "oidc_name": NAME, "oidc_client_secret": SECRET} | given
    with serving(world.database, provider.clock, **ours) as client:
        known = Provider(ISSUER, CLIENT, SECRET, ("openid",), "name")
        services = client.app.state.services
        client.app.state.services = replace(services, sign_in=RelyingParty(known, provider.client))
        yield client


def signed_in(client: TestClient, provider: LocalProvider, leave: str = LEAVE) -> Any:
    """The way there and back again, as far as the page that it ends on."""
    left = client.get(leave)
    assert left.status_code == 303, words(left.text)
    returned = client.get(provider.consent(left.headers["location"]))
    assert returned.status_code == 303, words(returned.text)
    return client.get(returned.headers["location"])


def identities(world: World) -> list[SubmitterIdentity]:
    with world.database.reading() as session:
        return list(
            session.scalars(
                select(SubmitterIdentity)
                .join(Submission, Submission.id == SubmitterIdentity.submission_id)
                .order_by(Submission.received_at, Submission.id)
            )
        )


def test_who_signed_in_is_not_asked_for_the_number(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider) as client:
        assert NAME in words(client.get(FORM).text)
        page = signed_in(client, provider).text
        assert 'name="id_number"' not in page
        assert 'value="测试乙"' in page
        assert CAME_BACK in client.cookies
        answer = client.post(FORM, data=WITHOUT_NUMBER | hidden(page))
        assert answer.status_code == 303, words(answer.text)
        assert CAME_BACK not in client.cookies
    [sealed] = identities(taking)
    assert taking.vault.open(sealed).id_number is None
    stored = repr(dump(taking.database))
    assert provider.subject not in stored
    assert "1950-01-01" not in stored


def test_one_person_is_counted_once_and_two_are_two(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider) as client:
        for subject in ("one", "one", "two"):
            provider.subject = subject
            page = signed_in(client, provider).text
            assert client.post(FORM, data=WITHOUT_NUMBER | hidden(page)).status_code == 303
    assert sorted(map(identities_of(taking).count, identities_of(taking))) == [1, 2, 2]


def identities_of(world: World) -> list[bytes]:
    return [sealed.person_index for sealed in identities(world)]


def test_the_proof_survives_mistakes_and_the_page_that_shows_all_once_more(
    taking: World, provider: LocalProvider
) -> None:
    decided(taking, checks_answers=True)
    with visited(taking, provider) as client:
        page = signed_in(client, provider).text
        bounced = client.post(FORM, data=WITHOUT_NUMBER | hidden(page) | {"phone": "1"})
        assert set(errors_of(bounced.text)) == {"phone"}
        checked = client.post(FORM, data=WITHOUT_NUMBER | hidden(bounced.text))
        assert checked.status_code == 200
        assert NAME in words(checked.text)
        assert client.post(FORM, data=hidden(checked.text) | {"step": "send"}).status_code == 303


def test_the_next_at_this_computer_is_nobody_known(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider) as client:
        page = signed_in(client, provider).text
        assert 'name="id_number"' in client.get(FORM + "?sign_in=no").text
        assert client.post(FORM, data=WITHOUT_NUMBER | hidden(page)).status_code == 303
        assert 'name="id_number"' in client.get(FORM).text


def test_a_proof_is_good_for_its_own_form_alone(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider) as client:
        proof = hidden(signed_in(client, provider).text)["signed_in"]
        client.cookies.clear()
        blank = hidden(client.get(FORM).text)
        bounced = client.post(FORM, data=WITHOUT_NUMBER | blank | {"signed_in": proof})
        assert set(errors_of(bounced.text)) == {"id_number"}


def test_a_proof_that_is_too_old_asks_for_the_number(taking: World, provider: LocalProvider) -> None:
    clock = provider.clock
    assert isinstance(clock, StoppedClock)
    with visited(taking, provider) as client:
        page = signed_in(client, provider).text
        clock.at += timedelta(hours=12)
        bounced = client.post(FORM, data=WITHOUT_NUMBER | hidden(page))
        assert set(errors_of(bounced.text)) == {"id_number"}
        assert WITHOUT_NUMBER["comment"] in words(bounced.text)


def test_chosen_clauses_survive_the_way(taking: World, provider: LocalProvider) -> None:
    label = next(clause.label for clause in taking.clauses if clause.text)
    with visited(taking, provider) as client:
        client.get(FORM)
        page = signed_in(client, provider, f"{LEAVE}?clause={label}").text
        assert label in hidden(page).values()


def test_the_number_stays_the_other_way(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider) as client:
        answer = client.post(FORM, data=ENTRY | hidden(client.get(FORM).text))
        assert answer.status_code == 303
    assert provider.asked == []


def test_a_consultation_that_takes_no_sign_in_offers_none(sqlite_world: World, provider: LocalProvider) -> None:
    with visited(sqlite_world, provider) as client:
        assert NAME not in client.get(FORM).text
        assert client.get(LEAVE).status_code == 404


def test_an_installation_without_a_provider_offers_none(taking: World) -> None:
    with serving(taking.database, StoppedClock()) as client:
        assert 'id="sign-in"' not in client.get(FORM).text
        assert client.get(LEAVE).status_code == 404
        assert client.get("/sign-in/return?code=a&state=b").status_code == 404


def _said(answer: Any, status: int) -> None:
    """A page of ours that leads to the form, and no proof."""
    assert answer.status_code == status
    assert FORM in answer.text
    assert "yanlu_signed_in" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "bent", [{"nonce": "another"}, {"aud": "somebody else"}, {"exp": 1}, {"iss": "http://elsewhere.test"}]
)
def test_a_token_that_can_t_be_believed_leads_back_to_the_form(
    taking: World, provider: LocalProvider, bent: dict[str, Any]
) -> None:
    provider.claims |= bent
    with visited(taking, provider) as client:
        left = client.get(LEAVE)
        _said(client.get(provider.consent(left.headers["location"])), 422)


def test_who_refused_is_led_back_to_the_form(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider) as client:
        client.get(LEAVE)
        _said(client.get("/sign-in/return?error=access_denied&state=x"), 422)


def test_the_state_of_another_browser_is_not_taken(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider) as client:
        foreign = provider.consent(client.get(LEAVE).headers["location"])
        client.get(LEAVE)
        _said(client.get(foreign), 422)
        client.cookies.clear()
        assert client.get(foreign).status_code == 422


def test_the_way_back_works_once_and_not_for_ever(taking: World, provider: LocalProvider) -> None:
    clock = provider.clock
    assert isinstance(clock, StoppedClock)
    with visited(taking, provider) as client:
        back = provider.consent(client.get(LEAVE).headers["location"])
        assert client.get(back).status_code == 303
        assert client.get(back).status_code == 422
        late = provider.consent(client.get(LEAVE).headers["location"])
        clock.at += timedelta(minutes=15)
        assert client.get(late).status_code == 422


def test_a_provider_that_is_down_is_said_to_be_and_the_number_stays_the_way(
    taking: World, provider: LocalProvider
) -> None:
    provider.answers["/.well-known/openid-configuration"] = httpx2.ConnectError("refused")
    with visited(taking, provider) as client:
        answer = client.get(LEAVE)
        _said(answer, 503)
        assert NAME in words(answer.text)
        assert client.post(FORM, data=ENTRY | hidden(client.get(FORM).text)).status_code == 303


def test_a_provider_that_goes_down_meanwhile(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider) as client:
        back = provider.consent(client.get(LEAVE).headers["location"])
        provider.answers["/token"] = httpx2.Response(502)
        _said(client.get(back), 503)


def test_cookies_are_sealed_and_out_of_reach_of_scripts(taking: World, provider: LocalProvider) -> None:
    with visited(taking, provider, secure_cookies=True, public_url="https://testserver") as client:
        client.base_url = "https://testserver"
        left = client.get(LEAVE)
        cookie = left.headers["set-cookie"]
        for wanted in ("HttpOnly", "Secure", "SameSite=lax", "Path=/sign-in"):
            assert wanted in cookie
        assert len(cookie) < 4096
        assert left.headers["referrer-policy"] == "no-referrer"
        back = provider.consent(left.headers["location"])
        state = back.partition("state=")[2].partition("&")[0]
        assert state not in cookie
        returned = client.get(back)
        assert provider.subject not in returned.headers["set-cookie"]
        assert "HttpOnly" in returned.headers["set-cookie"]


def test_settings_of_a_provider_are_whole_and_safe() -> None:
    whole = {"oidc_issuer": "https://id.example.cn", "oidc_client_id": "yanlu", "oidc_name": NAME}
    assert load_settings(**whole).oidc_scopes == ["openid"]
    for name in ("oidc_client_id", "oidc_name"):
        with pytest.raises(ConfigurationError, match="YANLU_OIDC_"):
            load_settings(**whole | {name: ""})
    with pytest.raises(ConfigurationError, match="https://"):
        load_settings(**whole | {"oidc_issuer": "http://id.example.cn"})
    load_settings(**whole | {"oidc_issuer": "http://127.0.0.1:9", "environment": Environment.TEST})


def test_openid_is_always_asked_for(sqlite_world: World) -> None:
    given = {"oidc_issuer": ISSUER, "oidc_client_id": CLIENT, "oidc_name": NAME, "oidc_scopes": "profile"}
    with serving(sqlite_world.database, StoppedClock(), **given) as client:
        party = client.app.state.services.sign_in
        assert party._provider.scopes == ("openid", "profile")
