"""What goes out compressed, and what never does."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.permissions import Role
from app.web.compression import accepts_gzip, smaller
from tests.support.app import serving, signed_in
from tests.support.journey import SLUG, StoppedClock, World, submit

FORM = f"/consultations/{SLUG}/comment"


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def is_compressed(client: TestClient, path: str, **asked: str) -> bool:
    answer = client.get(path, headers={"accept-encoding": "gzip, br"} | asked)
    assert answer.headers["vary"] == "Accept-Encoding"
    return answer.headers.get("content-encoding") == "gzip"


@pytest.mark.parametrize("path", ["/", "/consultations", f"/consultations/{SLUG}", FORM, "/privacy", "/no"])
def test_pages_that_hold_nobodys_secret_are_compressed(browser: TestClient, path: str) -> None:
    assert is_compressed(browser, path)
    browser.get("/", params={"lang": "en", "size": "large", "care": "on"})
    assert browser.cookies
    assert is_compressed(browser, path), "choices of the reader are no secret"
    assert not is_compressed(browser, path, **{"accept-encoding": "identity"})
    assert not is_compressed(browser, path, cookie="yanlu_lang=en; anything=1")


def test_the_page_that_looks_receipts_up_is_compressed_until_its_own_cookie_is_there(browser: TestClient) -> None:
    assert is_compressed(browser, "/receipts")
    assert browser.cookies
    assert not is_compressed(browser, "/receipts")


def test_what_is_sent_in_is_answered_uncompressed(browser: TestClient) -> None:
    answer = browser.post(FORM, data={"title": "x"}, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 422
    assert "content-encoding" not in answer.headers


def test_a_receipt_and_the_desk_are_never_compressed(world: World, browser: TestClient) -> None:
    receipt = submit(world)
    sent = {"receipt_number": receipt.number, "access_code": receipt.access_code}
    assert "content-encoding" not in browser.post("/receipts", data=sent).headers
    assert not is_compressed(signed_in(browser, Role.SCREENER), "/staff/queue")


def test_static_files_are_compressed_and_come_out_the_same(browser: TestClient) -> None:
    path = next(part for part in browser.get("/").text.split('"') if "/static/css/public." in part)
    assert is_compressed(browser, path)
    assert browser.get(path).content == browser.get(path, headers={"accept-encoding": "identity"}).content


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", False),
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0.001", True),
        ("identity, *", False),
        ("x-gzip", False),
    ],
)
def test_the_header_is_read_as_the_standard_says(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_nothing_is_compressed_for_nothing() -> None:
    assert smaller(b"short") is None
    assert smaller(b"long " * 1000) == smaller(b"long " * 1000)
