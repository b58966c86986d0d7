"""Over TLS every cookie has a prefix that browsers enforce, and one without it is not looked at."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import build
from app.web.cookie_names import handed_out, taken_in
from tests.support.app import ENTRY, SECRETS, hidden, settings
from tests.support.journey import PASSWORD, SLUG, StoppedClock, World


@pytest.fixture
def browser(sqlite_world: World) -> Iterator[TestClient]:
    app = build(
        settings(secure_cookies=True, public_url="https://testserver"), SECRETS, sqlite_world.database, StoppedClock()
    )
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    ("plain", "prefixed"),
    [
        (b"yanlu_size=large; Path=/; HttpOnly; Secure", b"__Host-yanlu_size=large; Path=/; HttpOnly; Secure"),
        (b"yanlu_a=x; Path=/a; HttpOnly; Secure", b"__Secure-yanlu_a=x; Path=/a; HttpOnly; Secure"),
        (b'yanlu_a=""; Max-Age=0; Path=/a', b'__Secure-yanlu_a=""; Max-Age=0; Path=/a; HttpOnly; Secure'),
        (b"__Host-yanlu_session=x; Path=/; HttpOnly; Secure", b"__Host-yanlu_session=x; Path=/; HttpOnly; Secure"),
    ],
)
def test_the_prefix_is_the_strictest_that_the_path_allows(plain: bytes, prefixed: bytes) -> None:
    assert handed_out(plain) == prefixed


def test_a_cookie_without_its_prefix_is_left_out() -> None:
    sent = b"yanlu_size=small; __Host-yanlu_size=large; __Secure-yanlu_receipt=x; other=y; __Host-yanlu_session=z"
    assert taken_in(sent) == b"yanlu_size=large; yanlu_receipt=x; other=y; __Host-yanlu_session=z"
    assert taken_in(b"yanlu_session=z") == b""


def test_all_cookies_of_a_visit_and_a_sign_in_are_prefixed_and_kept_from_scripts(browser: TestClient) -> None:
    form = f"/consultations/{SLUG}/comment"
    answers = [browser.get("/?size=large&lang=en&care=on&look=table&keys=off")]
    answers.append(browser.post(form, data=hidden(browser.get(form).text) | ENTRY))
    assert answers[-1].status_code == 303
    slip = browser.get(answers[-1].headers["location"])
    assert slip.status_code == 200
    asked = browser.get("/staff/sign-in")
    signed = browser.post("/staff/sign-in", data=hidden(asked.text) | {"username": "editor", "password": PASSWORD})
    answers += [slip, asked, signed]
    cookies = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
    assert len(cookies) >= 7
    for cookie in cookies:
        assert cookie.startswith(("__Host-yanlu_", "__Secure-yanlu_")), cookie
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly"} <= attributes, cookie
        assert attributes & {"samesite=lax", "samesite=strict"}, cookie
        assert not any(part.startswith("domain") for part in attributes), cookie
        assert not cookie.startswith("__Host-") or "path=/" in attributes, cookie


def test_choices_hold_on_the_next_page(browser: TestClient) -> None:
    browser.get("/?lang=en")
    assert '<html lang="en"' in browser.get("/").text
