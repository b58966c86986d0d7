"""Feed and files of what is public: exactly what the list shows, in forms that other programs can read."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import select
from starlette.testclient import TestClient

from app.permissions import Actor
from app.publication import actions as publication
from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment
from app.web.public import feed, published_files
from tests.support import journey
from tests.support.app import serving, words
from tests.support.journey import SLUG, START, StoppedClock, World
from tests.support.worlds import screened
from tests.web.test_statistics_page import decide, end

HOME = f"/consultations/{SLUG}"
ATOM = "{http://www.w3.org/2005/Atom}"
FILES = ("comments.atom", "comments.csv", "comments.json")


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock, public_url="https://yijian.example.cn") as client:
        yield client


def rows(browser: TestClient) -> list[dict[str, str]]:
    answer = browser.get(f"{HOME}/comments.csv")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def records(browser: TestClient) -> list[dict[str, Any]]:
    comments: list[dict[str, Any]] = json.loads(browser.get(f"{HOME}/comments.json").content)["comments"]
    return comments


def entries(browser: TestClient, address: str = f"{HOME}/comments.atom") -> list[Any]:
    return etree.fromstring(browser.get(address).content).findall(f"{ATOM}entry")


@pytest.mark.parametrize(
    ("file", "setting"),
    [
        ("comments.atom", "feed_while_open"),
        ("comments.csv", "downloads_while_open"),
        ("comments.json", "downloads_while_open"),
    ],
)
def test_before_the_closing_there_is_only_what_was_decided(
    browser: TestClient, world: World, clock: StoppedClock, file: str, setting: str
) -> None:
    journey.submit(world)
    assert browser.get(f"{HOME}/{file}").status_code == 404
    assert file not in browser.get(f"{HOME}/comments").text
    decide(world, **{setting: True})
    assert browser.get(f"{HOME}/{file}").status_code == 200
    assert file in browser.get(f"{HOME}/comments").text
    decide(world, **{setting: False})
    end(world, clock)
    assert browser.get(f"{HOME}/{file}").status_code == 200


def test_they_hold_what_the_list_shows_newest_first_and_nothing_else(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    for person in range(4):
        at = START + timedelta(hours=person)
        journey.submit(world, person=person, title=f"第{person}份", clauses=[world.clauses[person % 2 + 1]], at=at)
    hidden = journey.submit(world, person=7, title="已撤下", at=START + timedelta(hours=9))
    with world.database.writing() as session:
        taken_down = session.scalars(select(DisplayedComment).where(DisplayedComment.title == "已撤下")).one()
        taken_down.state = DisplayState.TAKEN_DOWN
    end(world, clock)
    page = words(browser.get(f"{HOME}/comments").text)
    titles = [f"第{person}份" for person in (3, 2, 1, 0)]
    assert [row["title"] for row in rows(browser)] == titles
    assert [record["title"] for record in records(browser)] == titles
    assert [entry.findtext(f"{ATOM}title") for entry in entries(browser)] == titles
    for row, record in zip(rows(browser), records(browser), strict=True):
        assert row["name"] == record["name"] in page
        assert row["number"] == record["number"] in page
        assert row["text"] == record["text"] == journey.COMMENT
        assert [row["clauses"]] == record["clauses"]
        assert row["address"] == f"https://yijian.example.cn{HOME}/comments/{row['number']}"
        assert browser.get(row["address"].removeprefix("https://yijian.example.cn")).status_code == 200
        assert row["published_at"].endswith("+08:00")
        assert datetime.fromisoformat(row["published_at"]) >= START
    everything = "".join(browser.get(f"{HOME}/{file}").text for file in FILES)
    assert hidden.number not in everything
    for person in range(8):
        who = journey.identity(person)
        for secret in (who.name, who.id_number, who.phone, who.email):
            assert str(secret) not in everything


def test_names_are_left_out_where_they_are_not_shown(browser: TestClient, world: World, clock: StoppedClock) -> None:
    journey.submit(world)
    decide(world, shows_names=False)
    end(world, clock)
    assert [row["name"] for row in rows(browser)] == [""]
    assert [entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries(browser)] == ["姓名不显示"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", " =", "\n="])
def test_no_cell_is_a_formula(browser: TestClient, world: World, clock: StoppedClock, start: str) -> None:
    comment = f"{start}HYPERLINK(1,2)"
    journey.submit(world, title=comment.strip() or "x", comment=comment)
    end(world, clock)
    (row,) = rows(browser)
    for cell in row.values():
        assert not published_files.FORMULA.match(cell), cell
    assert row["text"].lstrip("'") == records(browser)[0]["text"]


def test_quotes_commas_and_line_breaks_come_back_whole(browser: TestClient, world: World, clock: StoppedClock) -> None:
    comment = '他说："周末，也开放"，\n第二行；<b>&amp;𠮷'
    journey.submit(world, comment=comment)
    end(world, clock)
    assert browser.get(f"{HOME}/comments.csv").content.startswith(b"\xef\xbb\xbf")
    assert [row["text"] for row in rows(browser)] == [comment]
    assert records(browser)[0]["text"] == comment
    assert entries(browser)[0].findtext(f"{ATOM}content") == comment


def test_a_file_of_any_length_is_read_page_by_page(
    browser: TestClient, world: World, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published_files, "ROWS_AT_ONCE", 3)
    for person in range(10):
        journey.submit(world, person=person, title=f"第{person}份")
    end(world, clock)
    assert {row["title"] for row in rows(browser)} == {f"第{person}份" for person in range(10)}
    assert len(records(browser)) == 10


def test_the_feed_has_all_that_rfc_4287_asks(browser: TestClient, world: World, clock: StoppedClock) -> None:
    for person in range(3):
        journey.submit(world, person=person, at=START + timedelta(minutes=person))
    end(world, clock)
    answer = browser.get(f"{HOME}/comments.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    assert re.fullmatch(r"tag:yijian\.example\.cn,2026-05-11:\S+", root.findtext(f"{ATOM}id"))
    assert root.findtext(f"{ATOM}title")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"https://yijian.example.cn{HOME}/comments.atom"
    found = root.findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in found}) == 3
    for entry in found:
        for name in ("id", "title", "updated", "content"):
            assert entry.findtext(f"{ATOM}{name}"), name
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).utcoffset() is not None
    assert root.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated") for entry in found)
    again = etree.fromstring(browser.get(f"{HOME}/comments.atom").content)
    assert [one.text for one in again.iter(f"{ATOM}id")] == [one.text for one in root.iter(f"{ATOM}id")]


def test_an_empty_feed_is_a_feed(browser: TestClient, world: World, clock: StoppedClock) -> None:
    end(world, clock)
    assert entries(browser) == []
    assert rows(browser) == []
    assert records(browser) == []


def test_the_feed_leads_to_what_is_older(
    browser: TestClient, world: World, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "ENTRIES", 2)
    for person in range(5):
        journey.submit(world, person=person, title=f"第{person}份")
    end(world, clock)
    address, titles = f"{HOME}/comments.atom", []
    while address:
        root = etree.fromstring(browser.get(address).content)
        titles += [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]
        following = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "next"]
        address = following[0].removeprefix("https://yijian.example.cn") if following else ""
    assert sorted(titles) == [f"第{person}份" for person in range(5)]


def test_what_no_xml_may_hold_is_left_out() -> None:
    assert feed._plain("a\x0bb\ufffec\U0001f600𠮷") == "abc\U0001f600𠮷"


def test_under_the_screened_regime_they_hold_what_was_published(world: World, clock: StoppedClock) -> None:
    world = screened(world)
    suggestion_id = journey.approved_suggestion(world, text="周末照常开放。", clause=world.clauses[1])
    publisher: Actor = world.staff.publisher
    with world.database.writing() as session:
        publication.publish(session, publisher, START, suggestion_id, "周末照常开放。", ())
    end(world, clock)
    with serving(world.database, clock) as browser:
        (row,), (record,), (entry,) = rows(browser), records(browser), entries(browser)
        assert (row["text"], row["name"], row["title"], row["number"]) == ("周末照常开放。", "", "", "")
        assert record["clauses"] == [row["clauses"]]
        assert entry.findtext(f"{ATOM}title") == "意见要点"
        assert entry.findtext(f"{ATOM}id") == entries(browser)[0].findtext(f"{ATOM}id")
        assert journey.COMMENT not in browser.get(f"{HOME}/comments.csv").text
