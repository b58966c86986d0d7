"""OAuth 2.0 client credentials: what a token opens, and that it never opens more or longer than its key."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from structlog.testing import capture_logs

from app.accounts import actions as accounts
from app.accounts import keys
from app.accounts.access_tokens import LIFE, AccessTokens, Claims
from app.accounts.keys import Terms
from app.accounts.models import ApiClient
from app.api.application import DepartmentApi, create_api, create_sides
from app.api.client_credentials import LARGEST_FORM
from app.api.sandbox.dispatch import ByKey
from app.api.v1.oauth import FAILURES_WITHIN, MOST_FAILURES
from app.exports import actions as exports
from app.exports.models import Frozen
from app.kit.crypto import Unreadable
from app.kit.observing import Figures, Observed
from app.permissions import CLIENT_SCOPES, DEPARTMENT_SCOPES, operator
from tests.support import journey
from tests.support.journey import DRAFTING, START, StoppedClock, World

GRANT = {"grant_type": "client_credentials"}
TOKENS = AccessTokens(b"m" * 32)


@pytest.fixture
def world(sqlite_world: World) -> World:
    """Nothing of tokens is stored."""
    return sqlite_world


@pytest.fixture
def api(world: World, clock: StoppedClock) -> DepartmentApi:
    return create_api(world.database, clock)


def parts(key: str) -> tuple[str, str]:
    """User name and password of a key."""
    found = keys.split(key)
    assert found is not None
    return key[: -len(found[1]) - 1], found[1]


def asked(client: TestClient, key: str, **more: str) -> Any:
    return client.post("/oauth/token", data=GRANT | more, auth=parts(key))


def token_of(client: TestClient, key: str, **more: str) -> str:
    return str(asked(client, key, **more).json()["access_token"])


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refusal(answer: Any) -> tuple[int, str]:
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["error_description"].isascii()
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_an_independent_client_gets_a_token_and_reads_with_it(world: World, api: DepartmentApi, method: str) -> None:
    assignment = journey.assignment(world)
    client_id, secret = parts(journey.api_key(world))
    transport = TestClient(api)._transport
    with OAuth2Client(
        client_id, secret, token_endpoint_auth_method=method, base_url="http://testserver", transport=transport
    ) as client:
        token = client.fetch_token("http://testserver/oauth/token", grant_type="client_credentials")
        assert (token["token_type"], token["expires_in"]) == ("Bearer", 600)
        assert token["scope"].split() == list(DEPARTMENT_SCOPES)
        assert [one["id"] for one in client.get("/assignments").json()["items"]] == [str(assignment)]
    with (
        OAuth2Client(client_id, "A" * 43, token_endpoint_auth_method=method, transport=transport) as stranger,
        pytest.raises(OAuthError, match="invalid_client"),
    ):
        stranger.fetch_token("http://testserver/oauth/token", grant_type="client_credentials")


def test_what_is_answered_is_kept_by_nobody_and_acts_as_the_program(world: World, anonymous: TestClient) -> None:
    key = journey.api_key(world)
    answer = asked(anonymous, key)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert set(answer.json()) == {"access_token", "token_type", "expires_in", "scope"}
    who = [anonymous.get("/whoami", headers=bearing(text)).json() for text in (key, str(answer.json()["access_token"]))]
    assert who[0] == who[1]


def test_a_narrowed_token_does_less(world: World, anonymous: TestClient) -> None:
    assignment, key = journey.assignment(world), journey.api_key(world, scopes=["assignments:write"])
    answer = asked(anonymous, key, scope="assignments:read")
    assert answer.json()["scope"] == "assignments:read"
    narrow = bearing(answer.json()["access_token"])
    assert anonymous.get("/whoami", headers=narrow).json()["scopes"] == ["assignments:read"]
    assert anonymous.get(f"/assignments/{assignment}", headers=narrow).status_code == 200
    refused = anonymous.post(f"/assignments/{assignment}/acknowledge", headers=narrow)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    whole = bearing(token_of(anonymous, key))
    assert anonymous.post(f"/assignments/{assignment}/acknowledge", headers=whole).status_code == 200


def test_no_token_does_more_than_its_key(world: World, api: DepartmentApi, anonymous: TestClient) -> None:
    key = journey.api_key(world, scopes=["events:read"])
    for scope in ("assignments:read", "events:read assignments:write", "submissions:write", "made:up", "events:read  "):
        assert refusal(asked(anonymous, key, scope=scope)) == (400, "invalid_scope")
    assert refusal(asked(anonymous, journey.api_key(world, scopes=[]))) == (400, "invalid_scope")
    key_id = parts(key)[0].removeprefix(keys.PREFIX)
    wide = api.state.tokens.issue(Claims(key_id, tuple(CLIENT_SCOPES), test=False), START)
    assert anonymous.get("/assignments", headers=bearing(wide)).json()["code"] == "forbidden"


def test_a_token_ends_after_its_minutes(world: World, anonymous: TestClient, clock: StoppedClock) -> None:
    token = bearing(token_of(anonymous, journey.api_key(world)))
    clock.at = START + LIFE - timedelta(seconds=1)
    assert anonymous.get("/whoami", headers=token).status_code == 200
    clock.at = START + LIFE
    ended = anonymous.get("/whoami", headers=token)
    assert (ended.status_code, ended.json()["code"]) == (401, "wrong_token")
    assert 'error="invalid_token"' in ended.headers["WWW-Authenticate"]


def test_a_token_ends_with_its_key(world: World, anonymous: TestClient, clock: StoppedClock) -> None:
    key = journey.api_key(world)
    token = bearing(token_of(anonymous, key))
    with world.database.writing() as session:
        client_id = session.scalars(select(ApiClient.id)).one()
        accounts.rotate_key(session, world.staff.administrator, START, client_id)
    clock.at = START + accounts.OVERLAP - timedelta(minutes=1)
    late = bearing(token_of(anonymous, key))
    clock.at += timedelta(minutes=2)
    assert anonymous.get("/whoami", headers=late).json()["code"] == "wrong_key", "the key ran out before its token"
    clock.at = START
    assert anonymous.get("/whoami", headers=token).status_code == 200
    with world.database.writing() as session:
        accounts.revoke_client(session, world.staff.administrator, START, client_id)
    assert anonymous.get("/whoami", headers=token).json()["code"] == "wrong_key"
    assert refusal(asked(anonymous, key)) == (401, "invalid_client")


def test_no_token_is_given_or_taken_while_keys_are_frozen(world: World, anonymous: TestClient) -> None:
    key = journey.api_key(world)
    token = bearing(token_of(anonymous, key))
    with world.database.writing() as session:
        exports.freeze(session, operator("tests"), START, Frozen.KEYS, "核查异常调用。")
    for answer in (asked(anonymous, key), anonymous.get("/whoami", headers=token)):
        assert (answer.status_code, answer.json()["code"]) == (403, "keys_frozen")


@pytest.fixture
def sides(sqlite_world: World, clock: StoppedClock, tmp_path: Path) -> Iterator[ByKey]:
    made = create_sides(create_api(sqlite_world.database, clock), sqlite_world.database, clock, tmp_path)
    yield made
    made.sandbox.state.sandboxes.close()  # type: ignore[attr-defined]


def test_a_test_keys_token_stays_in_its_sandbox(sqlite_world: World, sides: ByKey) -> None:
    with sqlite_world.database.writing() as session:
        admin = sqlite_world.staff.administrator
        test = accounts.add_client(session, admin, START, DRAFTING, "t", DEPARTMENT_SCOPES, None, Terms(test=True)).text
    client = TestClient(sides, headers={"Accept-Language": "en"})
    tried, live = token_of(client, test), token_of(client, journey.api_key(sqlite_world))
    modes = [client.get("/whoami", headers=bearing(token)).json()["mode"] for token in (tried, live)]
    assert modes == ["test", "live"]
    disguised = [tried.replace("yl_test_", "yl_"), live.replace("yl_", "yl_test_")]
    for token in disguised:
        assert client.get("/whoami", headers=bearing(token)).json()["code"] == "wrong_token"
    alone = TestClient(sides.live)
    assert alone.get("/whoami", headers=bearing(tried)).json()["code"] == "wrong_key"


@pytest.mark.parametrize("place", [0, 5, 8, 30, -1])
def test_an_altered_token_opens_nothing(world: World, anonymous: TestClient, place: int) -> None:
    token = token_of(anonymous, journey.api_key(world))
    other = "A" if token[place] != "A" else "B"
    altered = token[:place] + other + token[place:][1:]
    answer = anonymous.get("/whoami", headers=bearing(altered))
    assert answer.status_code == 401
    elsewhere = AccessTokens(b"o" * 32).issue(Claims("0" * 12, ("events:read",), test=False), START)
    assert anonymous.get("/whoami", headers=bearing(elsewhere)).json()["code"] == "wrong_token"


@given(
    st.sets(st.sampled_from(sorted(CLIENT_SCOPES))),
    st.booleans(),
    st.text("0123456789abcdef", min_size=12, max_size=12),
)
def test_a_token_reads_as_what_was_stated(scopes: set[str], test: bool, key_id: str) -> None:
    claims = Claims(key_id, tuple(scopes), test)
    token = TOKENS.issue(claims, START)
    assert TOKENS.read(token, START) == claims
    assert keys.split(token) is None
    assert keys.is_test(token) is test
    with pytest.raises(Unreadable):
        TOKENS.read(token, START + LIFE)


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("", (400, "invalid_request")),
        ("scope=events:read", (400, "invalid_request")),
        ("grant_type=", (400, "invalid_request")),
        ("grant_type=password", (400, "unsupported_grant_type")),
        ("grant_type=client_credentials&grant_type=client_credentials", (400, "invalid_request")),
        ("grant_type=client_credentials&client_secret=x", (400, "invalid_request")),
        ("grant_type=client_credentials&client_id=yl_000000000000", (400, "invalid_request")),
        ("grant_type=%FF", (400, "invalid_request")),
        ("&".join(f"a{number}=1" for number in range(60)), (400, "invalid_request")),
        ("grant_type=client_credentials&x=" + "y" * LARGEST_FORM, (400, "invalid_request")),
    ],
)
def test_a_wrong_form_is_refused_as_the_standard_has_it(
    sqlite_world: World, clock: StoppedClock, form: str, told: tuple[int, str]
) -> None:
    client = TestClient(create_api(sqlite_world.database, clock))
    typed = {"Content-Type": "application/x-www-form-urlencoded"}
    key = parts(journey.api_key(sqlite_world))
    assert refusal(client.post("/oauth/token", content=form, headers=typed, auth=key)) == told
    unknown = client.post("/oauth/token", data=GRANT | {"resource": "x", "scope": "", "client_id": key[0]}, auth=key)
    assert unknown.status_code == 200, "what isn't known or has no value is passed over"
    assert refusal(client.post("/oauth/token", json=GRANT, auth=key)) == (400, "invalid_request")


def test_who_isnt_who_it_says_is_told_how_to_say_it(sqlite_world: World, clock: StoppedClock) -> None:
    client = TestClient(create_api(sqlite_world.database, clock))
    name, secret = parts(journey.api_key(sqlite_world))
    cut = f"{name}_{secret[:1]}", secret[1:]
    sent: list[dict[str, str]] = [
        *({}, bearing(f"{name}_{secret}"), {"Authorization": "Basic"}, {"Authorization": "Basic ключ".encode()}),  # type: ignore[list-item]
        *(basic(text) for text in ("", name, f"{name}:", f"{name}:{secret}x", f"yl_test_{name[3:]}:{secret}")),
        basic(":".join(cut)),
    ]
    for headers in sent:
        answer = client.post("/oauth/token", data=GRANT, headers=headers)
        assert refusal(answer) == (401, "invalid_client"), headers
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="yanlu"'


def test_a_door_that_fails_often_stays_shut_for_a_while(sqlite_world: World, clock: StoppedClock) -> None:
    client = TestClient(create_api(sqlite_world.database, clock))
    key, other = journey.api_key(sqlite_world), journey.api_key(sqlite_world)
    wrong = (parts(key)[0], "A" * 43)
    for _ in range(MOST_FAILURES):
        assert client.post("/oauth/token", data=GRANT, auth=wrong).status_code == 401
    shut = asked(client, key)
    assert (shut.status_code, shut.json()["code"]) == (429, "too_many_requests")
    assert shut.headers["Retry-After"] == str(int(FAILURES_WITHIN.total_seconds()))
    assert asked(client, other).status_code == 200, "behind the same gateway"
    assert client.get("/whoami", headers=bearing(key)).status_code == 200
    clock.at = START + FAILURES_WITHIN
    assert asked(client, key).status_code == 200


def test_neither_secret_nor_token_is_logged(sqlite_world: World, clock: StoppedClock) -> None:
    client = TestClient(Observed(create_api(sqlite_world.database, clock), Figures()))
    key = journey.api_key(sqlite_world)
    with capture_logs() as logs:
        token = token_of(client, key)
        assert client.get("/whoami", headers=bearing(token)).status_code == 200
        assert client.get("/whoami", headers=bearing(token[:-1])).status_code == 401
    written = repr(logs)
    assert "/oauth/token" in written
    assert token[:-1] not in written
    assert parts(key)[1] not in written
