"""The receipt page's proof, the file to be saved, and the page that checks one, without any script."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.submissions import promises
from app.submissions import queries as submissions
from app.submissions.models import Submission
from app.transparency import sealing
from app.web.i18n import translations
from app.web.public.log_words import WORDS
from tests.support import deciding, journey
from tests.support.app import serving, words
from tests.support.journey import START, StoppedClock, World
from tests.web.test_receipt_pages import look_up, sent


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def seal(world: World, minute: int = 0) -> None:
    with world.database.writing() as session:
        sealing.seal(session, START + timedelta(minutes=minute))


def decide(world: World, number: str) -> None:
    with world.database.writing() as session:
        row = submissions.by_number(session, number)
        assert row is not None
        deciding.accept(session, world.staff.screener, START, row.id, row.revision)


def saved(browser: TestClient, number: str) -> dict[str, Any]:
    answer = browser.post(f"/receipts/{number}/file")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{number}.json"'
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    found: dict[str, Any] = answer.json()
    return found


def check(browser: TestClient, content: Any, status: int = 200) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer = browser.post("/verify", files={"file": ("receipt.json", data, "application/json")})
    assert answer.status_code == status
    (main,) = lxml.html.fromstring(answer.text).xpath("//main")
    for template in main.xpath(".//template"):
        template.drop_tree()
    return " ".join(main.text_content().split())


def said(name: str) -> str:
    """The beginning of those words in Chinese, up to what is filled in."""
    return translations("zh_CN").gettext(WORDS[name]).partition("{")[0]


def test_from_sending_to_a_decision_in_the_log(browser: TestClient, world: World) -> None:
    number, _code = sent(browser)
    page = words(browser.get(f"/receipts/{number}").text)
    assert "防篡改校验" in page
    at_first = check(browser, saved(browser, number))
    assert said("signed") in at_first
    assert said("same") in at_first
    assert said("waiting") in at_first
    seal(world)
    decide(world, number)
    seal(world, 1)
    page = words(browser.get(f"/receipts/{number}").text)
    assert page.count("已载入日志") == 2
    told = check(browser, saved(browser, number))
    assert said("stands") in told
    assert said("decided") in told
    assert said("undecided") not in told


def test_what_was_altered_is_named(browser: TestClient) -> None:
    number, _code = sent(browser)
    file = saved(browser, number)
    file["entries"][0]["fields"]["comment"] += "！"
    told = check(browser, file)
    assert f"{said('part')}意见正文" in told
    assert said("same") not in told
    file = saved(browser, number)
    file["promise"]["by"] = "2030-01-01T00:00:00.000000Z"
    assert said("forged") in check(browser, file)
    file["key"] = "A" * 43 + "="
    assert said("other_key") in check(browser, file)


def test_a_receipt_from_before_the_key_was_changed_still_holds(
    world: World, clock: StoppedClock, browser: TestClient
) -> None:
    file = saved(browser, sent(browser)[0])
    before = browser.get("/api/v1/log/key").json()
    assert before["earlier"] == []
    seed = base64.b64encode(b"n" * 32).decode()
    with serving(world.database, clock, signature_key=seed) as forgetful:
        assert said("other_key") in check(forgetful, file)
    with serving(world.database, clock, signature_key=seed, earlier_signature_keys=[before["public_key"]]) as changed:
        assert said("signed_before") in check(changed, file)
        key = changed.get("/api/v1/log/key").json()
        assert key["log"] != before["log"]
        assert key["earlier"] == [{"log": before["log"], "public_key": before["public_key"]}]
        assert before["public_key"] in changed.get("/verify").text


@pytest.mark.parametrize("content", [b"{}", b"\x00\xff", {"format": "yanlu receipt v1", "entries": [1], "key": "x"}])
def test_what_is_no_receipt_file_is_refused_in_words(browser: TestClient, content: Any) -> None:
    assert said("unreadable") in check(browser, content, 422)


def test_a_form_without_a_file_and_one_of_another_kind_are_refused(browser: TestClient) -> None:
    assert browser.post("/verify", files={"other": ("x", b"x")}).status_code == 422
    assert browser.post("/verify", data={"file": "x"}).status_code == 415
    large = browser.post("/verify", files={"file": ("x", b"x" * 230_000)})
    assert large.status_code == 413


def test_only_who_has_opened_a_receipt_gets_its_file(browser: TestClient, world: World, clock: StoppedClock) -> None:
    number, code = sent(browser)
    browser.cookies.clear()
    assert browser.post(f"/receipts/{number}/file").status_code == 303
    assert look_up(browser, number, code).status_code in (200, 303)
    with serving(world.database, clock) as other:
        strange, _code = sent(other)
    browser.cookies.clear()
    browser.get("/receipts")
    look_up(browser, number, code)
    assert browser.post(f"/receipts/{strange}/file").status_code == 303
    assert saved(browser, number)["promise"]["number"] == number


def test_an_erased_comment_has_no_file_and_the_page_says_why(browser: TestClient, world: World) -> None:
    number, _code = sent(browser)
    with world.database.writing() as session:
        row = session.scalars(select(Submission)).one()
        promises.forget(session, row.consultation_id, row.id)
    page = browser.get(f"/receipts/{number}").text
    assert f"/receipts/{number}/file" not in page
    assert "已依申请删除" in words(page)
    assert browser.post(f"/receipts/{number}/file").status_code == 303


def test_the_log_is_open_to_everybody_and_keepable_where_it_never_changes(browser: TestClient, world: World) -> None:
    assert browser.get("/api/v1/log/head").status_code == 404
    number, _code = sent(browser)
    for minute in range(4):
        seal(world, minute)
    file = saved(browser, number)
    head = browser.get("/api/v1/log/head")
    assert head.json() == file["head"]
    assert head.headers["cache-control"] == "public, max-age=10"
    key = browser.get("/api/v1/log/key").json()
    assert (key["public_key"], key["log"]) == (file["key"], head.json()["log"])
    grown = browser.get("/api/v1/log/consistency", params={"from": 2, "to": 4})
    assert (grown.status_code, "immutable" in grown.headers["cache-control"]) == (200, True)
    leaves = browser.get("/api/v1/log/entries", params={"start": 1, "limit": 2})
    assert (len(leaves.json()["leaves"]), "immutable" in leaves.headers["cache-control"]) == (2, True)
    entry = file["entries"][0]
    asked = {"entry": entry["id"], "commitment": entry["commitment"], "size": 4}
    assert browser.get("/api/v1/log/proof", params=asked).json() == entry["proof"]
    assert browser.get("/api/v1/log/heads/2").json()["size"] == 2


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("consistency?from=1&to=9", 404, "no_such_head"),
        ("consistency?from=3&to=2", 404, "no_such_head"),
        ("consistency?from=0&to=2", 422, "invalid_fields"),
        ("consistency?from=99999999999999999999&to=2", 422, "invalid_fields"),
        ("heads/9", 404, "no_such_head"),
        (f"proof?entry=00000000-0000-0000-0000-000000000000&commitment={'0' * 64}&size=1", 404, "no_such_entry"),
        ("proof?entry=x&commitment=x&size=1", 422, "invalid_fields"),
        ("entries?limit=1001", 422, "invalid_fields"),
        ("nothing", 404, "not_found"),
    ],
)
def test_what_the_log_has_not_is_a_problem_with_words(
    browser: TestClient, world: World, path: str, status: int, code: str
) -> None:
    for minute in range(3):
        seal(world, minute)
    answer = browser.get(f"/api/v1/log/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_nobody_finds_an_entry_by_trying(browser: TestClient, world: World) -> None:
    """The id alone is not enough, and neither is a commitment that belongs to another entry."""
    numbers = [sent(browser)[0] for _ in range(1)]
    journey.submit(world, person=3)
    seal(world)
    entry = saved(browser, numbers[0])["entries"][0]
    asked = {"entry": entry["id"], "commitment": "0" * 64, "size": 1}
    assert browser.get("/api/v1/log/proof", params=asked).status_code == 404
