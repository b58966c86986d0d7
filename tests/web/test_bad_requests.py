"""Requests that no page of ours sends: the right status, one clear message, nothing stored, nothing leaked."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.submissions.models import Submission
from app.web.i18n import translations
from tests.support.app import ENTRY, serving, words
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def stored(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"title=%", 400),
        (b"title=%zz", 400),
        (b"title=%ff%fe", 400),
        ("title=建议".encode("gb18030"), 400),
        (b"title=%c0%ae", 400),
        (b"title=a%00b", 400),
        (b"title=a&title=b", 400),
        (b"&".join(b"f%d=1" % number for number in range(1200)), 400),
        (b"title=" + b"a" * 300_000, 413),
    ],
)
def test_a_damaged_form_is_refused_with_one_clear_message(
    browser: TestClient, world: World, body: bytes, code: int
) -> None:
    answer = browser.post(FORM, content=body, headers=URLENCODED)
    assert answer.status_code == code
    assert words(answer.text)
    assert "Traceback" not in answer.text
    assert stored(world) == 0


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_another_content_type_is_refused(browser: TestClient, media_type: str) -> None:
    assert browser.post(FORM, content=b"x", headers={"content-type": media_type}).status_code == 415


def test_ten_thousand_characters_fit_into_a_form(browser: TestClient) -> None:
    assert browser.post(FORM, data=ENTRY | {"comment": "龘" * 10_000}).status_code == 303


@pytest.mark.parametrize("field", ["status", "id", "state", "is_admin", "receipt_number"])
def test_fields_that_the_form_has_not_change_nothing(browser: TestClient, world: World, field: str) -> None:
    assert browser.post(FORM, data=ENTRY | {field: "accepted"}).status_code == 303
    with world.database.reading() as session:
        assert session.scalars(select(Submission.state)).one().value == "received"


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/consultations/none",
        "/consultations/none/comments",
        "/captcha/forged.png",
        "/captcha/forged.wav",
        "/static/none.css",
        "/static/../app/config/values.py",
        "/docs",
        "/openapi.json",
        "/redoc",
        "/.git/config",
        "/staff/nowhere",
    ],
)
def test_what_is_not_there_is_404(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("PUT", FORM), ("DELETE", FORM), ("PATCH", "/"), ("TRACE", "/")])
def test_methods_that_no_page_has_are_405(browser: TestClient, method: str, path: str) -> None:
    assert browser.request(method, path).status_code == 405


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "'; drop table submissions --"])
def test_a_broken_cursor_is_400(browser: TestClient, cursor: str) -> None:
    assert browser.get(f"/consultations/{SLUG}/comments", params={"before": cursor}).status_code == 400


def test_what_nobody_expected_is_an_error_page_with_the_headers_of_every_page(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret 210102193803150119")

    monkeypatch.setattr("app.web.public.pages.views.cards", fail)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "210102193803150119" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert translations("zh_CN").gettext("Something went wrong on our side") in words(answer.text)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\"'><svg onload=alert(1)>", "{{ 7321*7717 }}", "\u2028</script>"]
)
def test_what_a_person_typed_is_shown_as_text_and_never_run(browser: TestClient, text: str) -> None:
    answer = browser.post(FORM, data=ENTRY | {"comment": text, "title": "a" + text, "email": "nobody"})
    assert answer.status_code == 422
    browser.post(FORM, data=ENTRY | {"comment": text, "title": "a" + text})
    for page in (answer.text, browser.get(f"/consultations/{SLUG}/comments").text):
        assert "<svg onload" not in page
        assert "<script>alert" not in page
        assert "56496157" not in words(page)
