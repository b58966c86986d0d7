"""Public pages that many ask for at once: rendered once a second, never somebody's own, never late at an instant."""

import asyncio
import gzip
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app.captcha.challenge import Challenges
from app.consultations.models import Consultation
from app.permissions import Role
from app.submissions.models import Submission
from app.web.shared_pages import SharedPages, share
from tests.support.app import ENTRY, SECRETS, hidden, serving, signed_in, solved, words
from tests.support.journey import SLUG, START, StoppedClock, World

DRAFT = f"/consultations/{SLUG}"
FORM = f"{DRAFT}/comment"
SECOND = timedelta(seconds=1)


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START + timedelta(hours=1))


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock, page_cache=True, captcha=True) as client:
        client.headers["Accept-Encoding"] = "identity"
        yield client


def _retitle(world: World, title: str) -> None:
    with world.database.writing() as session:
        session.get_one(Consultation, world.consultation.id).title = title


def test_a_page_is_rendered_once_a_second_and_shows_a_change_in_the_next(
    world: World, clock: StoppedClock, browser: TestClient
) -> None:
    before = browser.get(DRAFT)
    _retitle(world, "改过的题目")
    assert browser.get(DRAFT).content == before.content
    clock.at += SECOND
    after = browser.get(DRAFT)
    assert "改过的题目" in words(after.text)
    assert after.headers["etag"] != before.headers["etag"]


def test_an_instant_shows_at_that_instant(world: World, clock: StoppedClock, browser: TestClient) -> None:
    clock.at = world.consultation.closes_at - SECOND
    assert hidden(browser.get(FORM).text)["submission_token"]
    open_page = browser.get(DRAFT).text
    clock.at = world.consultation.closes_at
    assert browser.get(DRAFT).text != open_page
    assert "submission_token" not in browser.get(FORM).text


def test_whoever_has_the_page_is_told_so(clock: StoppedClock, browser: TestClient) -> None:
    first = browser.get(DRAFT)
    assert (first.headers["cache-control"], first.headers["vary"]) == (
        "no-cache",
        "Accept-Encoding, Accept-Language, Cookie",
    )
    clock.at += SECOND
    again = browser.get(DRAFT, headers={"If-None-Match": f'"another", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.get(DRAFT, headers={"If-None-Match": '"another"'}).status_code == 200


def test_languages_and_views_have_pages_of_their_own(browser: TestClient) -> None:
    chinese = browser.get(DRAFT).text
    english = browser.get(DRAFT, headers={"Accept-Language": "en"}).text
    large = browser.get(DRAFT, headers={"Cookie": "yanlu_size=large"}).text
    assert 'lang="zh-CN"' in chinese
    assert 'lang="en"' in english
    assert len({chinese, english, large}) == 3
    assert browser.get(DRAFT).text == chinese


def test_a_choice_in_the_address_is_remembered_by_nobody_else(browser: TestClient) -> None:
    chosen = browser.get(f"{DRAFT}?size=large")
    assert "set-cookie" in chosen.headers
    assert chosen.headers["cache-control"] == "no-store"
    browser.cookies.clear()
    assert "set-cookie" not in browser.get(DRAFT).headers


def test_compressed_pages_are_the_same_pages(browser: TestClient) -> None:
    plain = browser.get(DRAFT)
    packed = browser.get(DRAFT, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert packed.headers["etag"] != plain.headers["etag"]


def test_each_view_of_the_form_has_tokens_and_a_challenge_of_its_own(
    world: World, clock: StoppedClock, browser: TestClient
) -> None:
    views = [browser.get(FORM, headers={"Accept-Encoding": "gzip"}) for _ in range(3)] + [browser.get(FORM)]
    for name in ("submission_token", "captcha_token"):
        assert len({hidden(view.text)[name] for view in views}) == len(views)
    for view in views:
        token = hidden(view.text)["captcha_token"]
        nonce = Challenges(SECRETS.signing).read(token, clock.now()).nonce
        assert view.text.count(token) >= 2, "its picture and its recording are its own"
        assert nonce in view.text
        assert "etag" not in view.headers
        assert view.headers["cache-control"] == "no-store"
    mine, other = (re.sub(r"[\w-]{40,}|[0-9a-f]{32}|website_\w{8}", "", view.text) for view in views[-2:])
    assert mine == other


def test_a_form_from_a_kept_page_is_taken(world: World, clock: StoppedClock, browser: TestClient) -> None:
    browser.get(FORM)
    fields = solved(browser.get(FORM).text, clock)
    answer = browser.post(FORM, data=ENTRY | fields)
    assert answer.status_code == 303, words(answer.text)
    with world.database.reading() as session:
        assert session.query(Submission).count() == 1


def test_somebody_s_own_page_is_made_for_that_one_alone(world: World, clock: StoppedClock, browser: TestClient) -> None:
    browser.get(DRAFT)
    _retitle(world, "改过的题目")
    known = browser.get(DRAFT, headers={"Cookie": "yanlu_receipt=whatever"})
    assert "改过的题目" in words(known.text)
    assert (known.headers["cache-control"], "etag" in known.headers) == ("no-store", False)
    assert "改过的题目" not in words(browser.get(DRAFT).text)


def test_staff_pages_are_never_kept(browser: TestClient) -> None:
    signed_in(browser, Role.SCREENER)
    for path in ("/staff/queue", DRAFT):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    browser.cookies.clear()
    assert browser.get("/staff/queue").status_code == 303


def test_those_who_ask_at_once_wait_for_one_rendering() -> None:
    calls = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        calls.append(scope["path"])
        await asyncio.sleep(0)
        if scope["path"] == "/shared":
            share(Request(scope))
        await HTMLResponse("whole")(scope, receive, send)

    async def ask(path: str) -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
        await pages(scope, None, send)
        return sent

    async def both() -> list[list[Message]]:
        return await asyncio.gather(*(ask(path) for path in ("/shared", "/own") for _ in range(5)))

    pages = SharedPages(app, StoppedClock())
    answers = asyncio.run(both())
    assert {answer[0]["status"] for answer in answers} == {200}
    assert {answer[1]["body"] for answer in answers} == {b"whole"}
    assert (calls.count("/shared"), calls.count("/own")) == (1, 5)


def test_what_is_not_there_is_asked_for_each_time(browser: TestClient) -> None:
    answer = browser.get("/consultations/none-such")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


def test_the_wire_carries_whole_gzip(browser: TestClient) -> None:
    browser.get(FORM)
    with browser.stream("GET", FORM, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert len(raw) == int(answer.headers["content-length"])
    assert "submission_token" in gzip.decompress(raw).decode()
