"""The receipt as a file: what is in it, who gets it, and that making it harms nothing."""

import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pypdfium2
import pytest
from starlette.testclient import TestClient

from app.documents.formats.confinement import Limits
from app.kit.errors import Unavailable
from app.web.public import receipt_pdf
from tests.support import journey
from tests.support.app import ENTRY, hidden, serving, words
from tests.support.journey import START, StoppedClock, World
from tests.web.test_receipt_pages import FORM, look_up


@pytest.fixture
def browser(sqlite_world: World) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock(START), site_owner="测试省人民政府") as client:
        yield client


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "".join("".join(page.get_textpage().get_text_range() for page in document).split())


def test_after_sending_it_holds_number_code_title_and_every_word(browser: TestClient) -> None:
    comment = "\n".join(f"第{place}点：助餐点𠮷周末也开放 <b>&amp; 100%。" for place in range(200))
    entry = ENTRY | {"title": "关于周末 <用餐>", "comment": comment}
    location = browser.post(FORM, data=hidden(browser.get(FORM).text) | entry).headers["location"]
    assert "保存为 PDF" in words(browser.get(location).text)
    answer = browser.post(f"{location}/pdf", data={})
    assert answer.headers["content-type"] == "application/pdf"
    number = location.rpartition("/")[2]
    assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{number}.pdf"'
    text = text_of(answer.content)
    assert number in text
    assert "仅证明已收到，不代表采纳" in text
    assert "关于周末<用餐>" in text
    for place in range(200):
        assert f"第{place}点：助餐点" in text
    assert "".join(comment.split())[:30] in text
    for secret in (ENTRY["name"], ENTRY["id_number"], ENTRY["phone"], ENTRY["email"]):
        assert secret not in text


def test_after_a_look_up_it_is_without_the_code(browser: TestClient, sqlite_world: World) -> None:
    receipt = journey.submit(sqlite_world)
    look_up(browser, receipt.number, receipt.access_code)
    text = text_of(browser.post(f"/receipts/{receipt.number}/pdf", data={}).content)
    assert receipt.number in text
    assert receipt.access_code not in text


def test_it_is_made_only_for_who_opened_the_receipt_and_never_by_an_address(
    browser: TestClient, sqlite_world: World
) -> None:
    receipt = journey.submit(sqlite_world)
    assert browser.get(f"/receipts/{receipt.number}/pdf").status_code == 405
    assert browser.post(f"/receipts/{receipt.number}/pdf", data={}).status_code == 303


def test_without_the_extra_the_page_offers_none(
    browser: TestClient, sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    receipt = journey.submit(sqlite_world)
    page = look_up(browser, receipt.number, receipt.access_code).text
    assert receipt.number in page
    assert "/pdf" not in page
    refused = browser.post(f"/receipts/{receipt.number}/pdf", data={})
    assert refused.status_code == 503
    assert "打印" in words(refused.text)


def test_when_others_are_being_made_one_is_asked_to_wait(
    browser: TestClient, sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = journey.submit(sqlite_world)
    look_up(browser, receipt.number, receipt.access_code)
    taken = [receipt_pdf._places.acquire(blocking=False) for _ in range(receipt_pdf.AT_ONCE)]
    try:
        assert all(taken)
        assert browser.post(f"/receipts/{receipt.number}/pdf", data={}).status_code == 503
    finally:
        for _ in taken:
            receipt_pdf._places.release()


@pytest.mark.parametrize("program", ["import time; time.sleep(60)", "raise SystemExit(1)"])
def test_what_takes_too_long_or_crashes_is_ended_and_its_place_is_free_again(
    monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(receipt_pdf, "_PROGRAM", (sys.executable, "-c", program))
    monkeypatch.setattr(receipt_pdf, "LIMITS", Limits(seconds=1, megabytes=512))
    for _ in range(receipt_pdf.AT_ONCE + 1):
        with pytest.raises(Unavailable):
            receipt_pdf.render("<p>x</p>")


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    (tmp_path / "secret.txt").write_text("SECRET")
    monkeypatch.setattr("app.documents.formats.confinement.leave_network", lambda: False)
    with HTTPServer(("127.0.0.1", 0), Listening) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        place = f"http://127.0.0.1:{server.server_port}"
        made = receipt_pdf.render(
            f"<link rel=stylesheet href='{place}/s.css'><link rel=attachment href='file://{tmp_path}/secret.txt'>"
            f"<img src='{place}/i.png' alt='x'><p style='background: url({place}/b.png)'>words</p>"
        )
        server.shutdown()
        thread.join()
    assert text_of(made).startswith("words") or "words" in text_of(made)
    assert asked == []
    assert b"SECRET" not in made
    assert b"/EmbeddedFile" not in made
