"""The whole service on a test's store, under a clock that stands still, and a browser's part of talking to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import lxml.html
from starlette.testclient import TestClient

from app.captcha.challenge import Challenges
from app.config import Environment, Secrets, Settings
from app.kit.clock import Clock
from app.kit.database import Database
from app.main import build
from app.permissions import Role
from tests.support.journey import PASSWORD, StoppedClock, id_number

SECRETS = Secrets(signing=b"r" * 32, sealing={"test": b"s" * 32}, sealing_id="test", index=b"i" * 32)
ENTRY = {
    "title": "关于周末用餐",
    "name": "测试甲",
    "id_number": id_number(7),
    "occupation": "退(离)休人员",
    "phone": "13900000007",
    "email": "person7@example.com",
    "comment": "建议助餐点周末也开放。",
    "consent": "yes",
}
"""A form that is right in every field."""

SECONDS_TO_SOLVE = timedelta(seconds=5)


def settings(**given: Any) -> Settings:
    return Settings(environment=Environment.TEST, **{"captcha": False, "public_url": "http://testserver"} | given)


@contextmanager
def serving(database: Database, clock: Clock, **given: Any) -> Iterator[TestClient]:
    """A browser without a window; it keeps cookies and follows no redirect by itself."""
    app = build(settings(**given), SECRETS, database, clock)
    with TestClient(app, follow_redirects=False) as client:
        yield client


def hidden(page: str) -> dict[str, str]:
    """What the page's forms carry unseen."""
    inputs = lxml.html.fromstring(page).xpath("//input[@type='hidden']")
    return {field.get("name"): field.get("value", "") for field in inputs}


def filled(page: str, **entered: Any) -> dict[str, Any]:
    """All that a browser would send of the comment form or the check page, with what is entered besides."""
    (form,) = lxml.html.fromstring(page).xpath("//main//form[.//input[@name='submission_token']]")
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent | entered


def errors_of(page: str) -> dict[str, str]:
    """Field id → the words of the error summary."""
    links = lxml.html.fromstring(page).xpath("//*[@role='alert']//a[starts-with(@href, '#')]")
    return {link.get("href")[1:]: link.text_content().strip() for link in links}


def words(page: str) -> str:
    """What a reader sees, with single spaces."""
    root = lxml.html.fromstring(page)
    for unseen in root.xpath("//script | //style | //head"):
        unseen.drop_tree()
    return " ".join(root.text_content().split())


def solved(page: str, clock: Clock) -> dict[str, str]:
    """The hidden fields of a form page, and the right answer to its captcha, which takes a person some seconds."""
    if isinstance(clock, StoppedClock):
        clock.at += SECONDS_TO_SOLVE
    fields = hidden(page)
    challenge = Challenges(SECRETS.signing).read(fields["captcha_token"], clock.now())
    return fields | {"captcha": challenge.digits}


def signed_in(client: TestClient, role: Role) -> TestClient:
    """The same browser, now signed in as the person with that role."""
    client.cookies.clear()
    fields = hidden(client.get("/staff/sign-in").text)
    answer = client.post("/staff/sign-in", data=fields | {"username": role.value, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def press(client: TestClient, page_url: str, action: str, **fields: Any) -> Any:
    """Sends one of a page's forms, as its button would, with what is entered besides its hidden fields."""
    form = lxml.html.fromstring(client.get(page_url).text).xpath(f"//form[contains(@action, '{action}')]")[0]
    carried = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    return client.post(form.get("action"), data=carried | fields)
