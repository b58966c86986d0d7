"""What a provider says is believed only if it is its own, for us, now, and in answer to this departure."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from app.kit.openid import Departure, NotProven, Proven, Provider, ProviderGone
from app.kit.relying import RelyingParty
from tests.support.journey import START, StoppedClock
from tests.support.provider import CLIENT, ISSUER, SECRET, LocalProvider

RETURN_TO = "https://example.cn/sign-in/return"
OURS = Provider(ISSUER, CLIENT, SECRET, ("openid", "profile"), "name")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def provider(clock: StoppedClock) -> LocalProvider:
    return LocalProvider(clock, claims={"name": "测试甲"})


@pytest.fixture
def party(provider: LocalProvider) -> RelyingParty:
    return RelyingParty(OURS, provider.client)


def departed(party: RelyingParty, provider: LocalProvider) -> tuple[Departure, dict[str, str]]:
    kept = party.depart(RETURN_TO, START)
    return kept, dict(parse_qsl(urlsplit(provider.consent(kept.url)).query))


def arrived(party: RelyingParty, provider: LocalProvider) -> Proven:
    kept, answer = departed(party, provider)
    return party.arrive(answer, kept, RETURN_TO, START)


def test_who_consented_is_known_by_subject_and_name(party: RelyingParty, provider: LocalProvider) -> None:
    assert arrived(party, provider) == Proven("subject-of-this-client", "测试甲")


def test_nothing_but_subject_and_the_one_name_is_read(provider: LocalProvider) -> None:
    provider.claims |= {"email": "a@example.com", "birthdate": "1950-01-01"}
    assert arrived(RelyingParty(replace(OURS, name_claim=""), provider.client), provider).name == ""


def test_no_value_shows_in_words_about_it(party: RelyingParty, provider: LocalProvider) -> None:
    kept, answer = departed(party, provider)
    said = f"{OURS!r} {kept!r} {party.arrive(answer, kept, RETURN_TO, START)!r}"
    for value in (SECRET, kept.state, kept.nonce, kept.verifier, provider.subject, "测试甲"):
        assert value not in said


def test_every_departure_is_another(party: RelyingParty) -> None:
    first, second = (party.depart(RETURN_TO, START) for _ in range(2))
    assert not {first.state, first.nonce, first.verifier} & {second.state, second.nonce, second.verifier}


def _part(value: dict[str, Any] | bytes) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unsigned(claims: dict[str, Any], key: object) -> str:
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def _with_shared_key(claims: dict[str, Any], key: Any) -> str:
    """The public key taken for a shared secret: the classic confusion of algorithms."""
    signed = f"{_part({'alg': 'HS256', 'kid': key.kid})}.{_part(claims)}"
    return f"{signed}.{_part(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"


def _with_foreign_key(claims: dict[str, Any], key: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, RSAKey.generate_key(2048))


NOW = int(START.timestamp())
BENT: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another audience": {"claims": {"aud": "somebody else"}},
    "several audiences and nobody authorised": {"claims": {"aud": [CLIENT, "somebody else"]}},
    "somebody else authorised": {"claims": {"aud": [CLIENT, "somebody else"], "azp": "somebody else"}},
    "another issuer": {"claims": {"iss": "http://elsewhere.test"}},
    "expired": {"claims": {"exp": NOW - 61}},
    "no expiry": {"claims": {"exp": None}},
    "made in the future": {"claims": {"iat": NOW + 3600}},
    "no subject": {"claims": {"sub": None}},
    "an empty subject": {"claims": {"sub": ""}},
    "a subject that is none": {"claims": {"sub": 7}},
    "a subject without end": {"claims": {"sub": "s" * 256}},
    "no signature": {"signed": _unsigned},
    "a shared key": {"signed": _with_shared_key},
    "a foreign key": {"signed": _with_foreign_key},
    "no token at all": {"signed": lambda claims, key: "x.y.z"},
    "not even text": {"signed": lambda claims, key: ""},
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("how", BENT)
def test_what_is_bent_is_not_believed(how: str, party: RelyingParty, provider: LocalProvider) -> None:
    for name, value in BENT[how].items():
        setattr(provider, name, value)
    with pytest.raises(NotProven):
        arrived(party, provider)


def test_several_audiences_are_fine_where_we_are_the_authorised_one(
    party: RelyingParty, provider: LocalProvider
) -> None:
    provider.claims |= {"aud": [CLIENT, "somebody else"], "azp": CLIENT}
    assert arrived(party, provider).subject == provider.subject


def test_clocks_may_differ_a_little(party: RelyingParty, provider: LocalProvider) -> None:
    provider.claims |= {"exp": NOW - 30, "iat": NOW + 30}
    assert arrived(party, provider).subject == provider.subject


def test_an_elliptic_key_is_as_good(party: RelyingParty, provider: LocalProvider) -> None:
    provider.key = ECKey.generate_key("P-256", {"kid": "curve"})
    provider.signed = lambda claims, key: jwt.encode({"alg": "ES256", "kid": "curve"}, claims, key)
    assert arrived(party, provider).subject == provider.subject


ANSWERS = {
    "another state": {"state": "another"},
    "no state": {"state": ""},
    "another issuer": {"iss": "http://elsewhere.test"},
    "a refusal": {"error": "access_denied"},
    "no code": {"code": ""},
    "a code of nobody": {"code": "made up"},
}


@pytest.mark.parametrize("how", ANSWERS)
def test_an_answer_to_something_else_is_not_believed(how: str, party: RelyingParty, provider: LocalProvider) -> None:
    kept, answer = departed(party, provider)
    with pytest.raises(NotProven):
        party.arrive(answer | ANSWERS[how], kept, RETURN_TO, START)


def test_a_code_works_once(party: RelyingParty, provider: LocalProvider) -> None:
    kept, answer = departed(party, provider)
    party.arrive(answer, kept, RETURN_TO, START)
    with pytest.raises(NotProven):
        party.arrive(answer, kept, RETURN_TO, START)


def test_a_code_that_was_taken_is_worthless_without_what_was_kept(party: RelyingParty, provider: LocalProvider) -> None:
    kept, answer = departed(party, provider)
    with pytest.raises(NotProven):
        party.arrive(answer, replace(kept, verifier="guessed"), RETURN_TO, START)


@pytest.mark.parametrize(("secret", "ways"), [(SECRET, ["client_secret_post"]), (SECRET, None)])
def test_both_ways_to_say_who_we_are(provider: LocalProvider, secret: str, ways: list[str] | None) -> None:
    provider.described = {"token_endpoint_auth_methods_supported": ways}
    party = RelyingParty(replace(OURS, client_secret=secret), provider.client)
    assert arrived(party, provider).subject == provider.subject


def test_a_wrong_secret_proves_nothing(provider: LocalProvider) -> None:
    for secret in ("wrong", ""):
        with pytest.raises(NotProven):
            arrived(RelyingParty(replace(OURS, client_secret=secret), provider.client), provider)


def test_the_provider_is_asked_about_itself_once_an_hour(party: RelyingParty, provider: LocalProvider) -> None:
    for minutes in (0, 30, 59):
        party.depart(RETURN_TO, START + timedelta(minutes=minutes))
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]
    party.depart(RETURN_TO, START + timedelta(minutes=60))
    assert len(provider.asked) == 4


def test_a_new_key_is_found(party: RelyingParty, provider: LocalProvider) -> None:
    arrived(party, provider)
    provider.rotate()
    kept, answer = departed(party, provider)
    later = START + timedelta(minutes=2)
    assert party.arrive(answer, kept, RETURN_TO, later).subject == provider.subject
    assert provider.asked.count("/keys") == 2


def test_forged_tokens_don_t_make_us_ask_for_keys_again_and_again(party: RelyingParty, provider: LocalProvider) -> None:
    provider.signed = _with_foreign_key
    for _ in range(3):
        with pytest.raises(NotProven):
            arrived(party, provider)
    assert provider.asked.count("/keys") == 1


DISCOVERY = "/.well-known/openid-configuration"
GONE: dict[str, dict[str, Any]] = {
    "nobody there": {"answers": {DISCOVERY: httpx2.ConnectError("refused")}},
    "no answer in time": {"answers": {DISCOVERY: httpx2.ReadTimeout("slow")}},
    "an error": {"answers": {DISCOVERY: httpx2.Response(500)}},
    "elsewhere": {"answers": {DISCOVERY: httpx2.Response(302, headers={"location": "http://127.0.0.1/"})}},
    "no JSON": {"answers": {DISCOVERY: httpx2.Response(200, text="<html>")}},
    "a list": {"answers": {DISCOVERY: httpx2.Response(200, json=[])}},
    "without end": {"answers": {DISCOVERY: httpx2.Response(200, text=" " * 300_000)}},
    "another issuer": {"described": {"issuer": "http://elsewhere.test"}},
    "no address": {"described": {"authorization_endpoint": None}},
    "an address of another kind": {"described": {"authorization_endpoint": "javascript:alert(1)"}},
    "no keys": {"answers": {"/keys": httpx2.Response(200, json={})}},
    "keys that are none": {"answers": {"/keys": httpx2.Response(200, json={"keys": ["x"]})}},
}


@pytest.mark.parametrize("how", GONE)
def test_a_provider_that_can_t_be_used_is_gone(how: str, party: RelyingParty, provider: LocalProvider) -> None:
    for name, value in GONE[how].items():
        setattr(provider, name, value)
    with pytest.raises(ProviderGone):
        party.depart(RETURN_TO, START)


def test_a_provider_that_goes_while_somebody_is_there(party: RelyingParty, provider: LocalProvider) -> None:
    kept, answer = departed(party, provider)
    provider.answers["/token"] = httpx2.ReadTimeout("slow")
    with pytest.raises(ProviderGone):
        party.arrive(answer, kept, RETURN_TO, START)


def test_an_https_provider_is_never_asked_without_tls(provider: LocalProvider) -> None:
    provider.described = {"issuer": "https://provider.test"}
    with pytest.raises(ProviderGone):
        RelyingParty(replace(OURS, issuer="https://provider.test"), provider.client).depart(RETURN_TO, START)


def test_the_client_of_our_own_uses_no_proxy_and_follows_nowhere() -> None:
    with RelyingParty(OURS)._own_client() as client:
        assert not client.follow_redirects
        assert not client.trust_env
        assert client.timeout.connect is not None
