"""Files that staff send: from our own page, within bounds, read or refused in one line; a refusal keeps nothing."""

import io
import threading
import zipfile
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.testclient import TestClient

from app.documents.formats.limits import LARGEST_FILE
from app.documents.formats.refusals import CODES
from app.permissions import Actor, Permission, Role
from app.web import uploads
from app.web.errors import MESSAGES
from app.web.i18n import translations
from app.web.staff.access import COOKIE, allowed
from app.web.uploads import ANY_SIZE, OwnUpload, read_upload
from tests.documents.formats.making import locked_pdf, pdf, scanned_pdf, word
from tests.support.app import serving, signed_in, words
from tests.support.dump import dump
from tests.support.journey import StoppedClock, World
from tests.web.test_staff_access import own_token

PATH = "/staff/try-an-upload"
SENTENCE = "一、建好街角花园。（责任单位：省林草局）"
router = APIRouter()


@router.post(PATH, name="try_an_upload", max_body_size=ANY_SIZE)
def take(
    request: Request, actor: Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)], sent: OwnUpload
) -> Response:
    texts = {name: [file.name, read_upload(request, file)] for name, file in sent.files.items()}
    return JSONResponse({"form": dict(sent.form), "files": texts})


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        assert isinstance(client.app, FastAPI)
        client.app.include_router(router)
        yield signed_in(client, Role.MANAGER)


def send(browser: TestClient, files: Any, **fields: str) -> Any:
    return browser.post(PATH, data=own_token(browser) | fields, files=files)


def bomb() -> bytes:
    made = io.BytesIO(word([SENTENCE]))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image.xml", b"0" * 30_000_000)
    return made.getvalue()


def test_texts_and_files_arrive(browser: TestClient) -> None:
    files = {
        "draft": ("dir/草案.docx", word([SENTENCE])),
        "notice": ("公告.txt", SENTENCE.encode("gb18030")),
        "explanation": ("", b""),
    }
    answer = send(browser, files, note="第一行\r\n第二行").json()
    assert answer["form"]["note"] == "第一行\r\n第二行"
    assert answer["files"] == {"draft": ["草案.docx", SENTENCE], "notice": ["公告.txt", SENTENCE]}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", scanned_pdf(2), "file_scanned"),
        ("a.pdf", locked_pdf(), "file_encrypted"),
        ("a.docx", bomb(), "file_bomb"),
        ("a.docx", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "file_picture"),
        ("a.docx", b"PK\x03\x04" + b"\0" * 50, "file_damaged"),
        ("a.pdf", pdf([[SENTENCE]])[:300], "file_damaged"),
        ("a.txt", b"", "file_empty"),
        ("a.txt", b"\0\1\2\3" * 20, "file_not_a_text"),
        ("a.xlsx", b"a,b", "file_not_a_document"),
    ],
)
def test_what_is_no_document_is_refused_in_one_line(
    browser: TestClient, world: World, name: str, content: bytes, code: str
) -> None:
    before = dump(world.database)
    answer = send(browser, {"draft": (name, content)})
    assert answer.status_code == 422
    assert translations("zh_CN").gettext(MESSAGES[code]) in words(answer.text)
    assert dump(world.database) == before


def test_every_refusal_has_its_words_and_they_are_the_same_in_english() -> None:
    for message, code in CODES.items():
        assert MESSAGES[code] == message
        assert translations("zh_CN").gettext(message) != message


HEAD = b'--x\r\nContent-Disposition: form-data; name="draft"; filename="a.txt"\r\n\r\n'


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_that_is_far_too_large_is_refused_with_a_page(browser: TestClient, announced: bool) -> None:
    def pieces() -> Iterator[bytes]:
        yield HEAD
        yield from [b"x" * 1024 * 1024] * (1 if announced else 22)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    if announced:
        headers["content-length"] = str(200 * 1024 * 1024)
    answer = browser.post(PATH, content=pieces(), headers=headers)
    assert answer.status_code == 413
    assert "20 MB" in words(answer.text)


def test_a_file_may_be_as_large_as_the_readers_take(browser: TestClient) -> None:
    content = (SENTENCE + "\n").encode() * 1000
    assert send(browser, {"draft": ("a.txt", content.ljust(LARGEST_FILE))}).status_code == 200
    answer = send(browser, {"draft": ("a.txt", content.ljust(LARGEST_FILE + 1))})
    assert answer.status_code == 413
    assert translations("zh_CN").gettext(MESSAGES["file_too_large"]) in words(answer.text)


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"a=1", "", 415),
        (b"a=1", "multipart/form-data", 400),
        (b"a=1", "multipart/form-data; boundary=x", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 403),
    ],
)
def test_a_body_that_no_page_sends_is_refused(
    browser: TestClient, content: bytes, content_type: str, status: int
) -> None:
    assert browser.post(PATH, content=content, headers={"content-type": content_type}).status_code == status


def test_two_files_under_one_name_are_refused(browser: TestClient) -> None:
    files = [("draft", ("a.txt", b"1")), ("draft", ("b.txt", b"2"))]
    assert send(browser, files).status_code == 400


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        (False, {}),
        (True, {"sec-fetch-site": "cross-site"}),
        (True, {"origin": "https://elsewhere.example"}),
    ],
)
def test_files_from_elsewhere_are_refused(browser: TestClient, token: bool, headers: dict[str, str]) -> None:
    data = own_token(browser) if token else {"csrf_token": "错"}
    answer = browser.post(PATH, data=data, files={"draft": ("a.txt", b"x")}, headers=headers)
    assert answer.status_code == 403


def test_who_may_not_send_files_is_refused_before_they_are_read(browser: TestClient) -> None:
    signed_in(browser, Role.SCREENER)
    assert browser.post(PATH, content=b"no form").status_code == 403
    browser.cookies.delete(COOKIE)
    assert browser.post(PATH, content=b"no form").status_code == 401


def test_no_more_files_are_read_at_once_than_the_machine_bears(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LONGEST_WAIT", 0)
    monkeypatch.setattr(uploads, "_turns", threading.BoundedSemaphore(1))
    with uploads._turn():
        answer = send(browser, {"draft": ("a.txt", SENTENCE.encode())})
        assert answer.status_code == 503
        assert translations("zh_CN").gettext(MESSAGES["readings_busy"]) in words(answer.text)
    assert send(browser, {"draft": ("a.txt", SENTENCE.encode())}).status_code == 200
    assert send(browser, {"draft": ("a.txt", b"")}).status_code == 422
    assert send(browser, {"draft": ("a.txt", SENTENCE.encode())}).status_code == 200, "a refusal gives its turn back"
