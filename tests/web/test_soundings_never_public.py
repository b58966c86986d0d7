"""Nothing of a letter to other organs is public: each of its words is looked for on all that the public gets, on what
departments' programs get, and on the desk of those who may not read such letters.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.permissions import Role
from app.soundings import actions, handling, queries, replying
from app.soundings.actions import Letter
from app.soundings.lifecycle import Adoption, DisputeEvent
from app.soundings.models import OrganOpinion, SoundedOrgan, Sounding
from app.soundings.replying import Reply, Wording
from app.submissions.attachments import NewFile
from app.submissions.file_kinds import FileKind, ScanState
from tests.support import journey, sounding
from tests.support.app import serving, signed_in, words
from tests.support.journey import SLUG, START, StoppedClock, World
from tests.support.sounding import DUE, TODAY
from tests.web.test_staff_access import ROUTES

CANARY = "金丝雀"
COMMENT = "建议助餐点周末也照常开放供餐。"
MOST_PAGES = 80
BEGIN = (
    *("/", "/consultations", "/sitemap.xml", "/robots.txt", "/privacy", "/accessibility"),
    *(f"/consultations/{SLUG}", f"/consultations/{SLUG}/statistics", f"/consultations/{SLUG}/changes"),
    *(f"/consultations/{SLUG}/comments", f"/consultations/{SLUG}/versions/1"),
)
COUNTED = (
    f"/consultations/{SLUG}/statistics",
    *(f"/consultations/{SLUG}/comments.{ending}" for ending in ("csv", "json", "atom")),
)
API = ("consultations", f"consultations/{SLUG}", "assignments", "departments")


def canaries(world: World) -> list[str]:
    """Keeps a letter with a word of its own in every field that takes words; the words."""
    manager, spoken = world.staff.manager, list[str]()

    def word(field: str) -> str:
        spoken.append(f"{CANARY}{field}")
        return spoken[-1]

    with world.database.writing() as session:
        new = Letter(word("标题"), world.consultation.version_id, DUE, word("文号"), TODAY)
        letter = actions.draft(session, manager, START, world.consultation.id, new).id
        session.flush()
        actions.invite(session, manager, START, letter, [], [word("单位"), word("迟复单位")])
        session.flush()
        actions.send(session, manager, START, letter, 1)
        session.flush()
        later = DUE + timedelta(days=1)
        row = session.get_one(Sounding, letter)
        actions.extend(session, manager, START, letter, row.revision, later, word("延期说明"))
    organ, waiting = sounding.organs(world, letter)
    with world.database.writing() as session:
        replying.remind(session, manager, START, waiting, TODAY, word("催复文号"), word("催复备注"))
        for number in (1, 2):
            file = NewFile(word(f"扫描件{number}"), "a" * 64, 9, FileKind.PDF, ScanState.CLEAN, START)
            reply = Reply(True, TODAY, word(f"复函文号{number}"), word(f"签发人{number}"), file)
            revision = session.get_one(SoundedOrgan, organ).revision
            replying.enter_reply(session, manager, START, organ, revision, reply, word(f"更正原因{number}"))
            session.flush()
        first = Wording(word("原意见"), word("建议修改"), world.clauses[0].id)
        opinion = replying.enter_opinion(session, manager, START, organ, first).id
        session.flush()

        def at() -> int:
            session.flush()
            return session.get_one(OrganOpinion, opinion).revision

        second = Wording(word("更正意见"), word("更正建议"))
        replying.correct_opinion(session, manager, START, opinion, at(), second, word("意见更正原因"))
        handling.handle(session, manager, START, opinion, at(), Adoption.NOT_ADOPTED, word("理由"))
        handling.dispute(session, manager, START, opinion, at(), DisputeEvent.UPHOLD, word("协调结果"))
        session.flush()
        assert queries.has_opinions(session, organ)
    return spoken


def links(page: str) -> Iterator[str]:
    for link in lxml.html.fromstring(page).xpath("//a/@href | //link/@href | //form/@action"):
        path = str(link).removeprefix("http://testserver").partition("#")[0]
        if path.startswith("/") and not path.startswith(("/staff", "/static", "/office")):
            yield path


def everything_public(client: TestClient) -> dict[str, str]:
    """Address → what it answers, following every link from the first pages on."""
    found, waiting = dict[str, str](), list(BEGIN + COUNTED)
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        if path in found:
            continue
        answer = client.get(path)
        found[path] = answer.text
        if "text/html" in answer.headers.get("content-type", "") and answer.status_code == 200:
            waiting += links(answer.text)
    return found


def told(pages: dict[str, str]) -> list[str]:
    return [path for path, text in pages.items() if CANARY in text]


@pytest.fixture
def browser(sqlite_world: World, tmp_path: Path) -> Iterator[TestClient]:
    """The window is over, so that all is public that ever will be."""
    clock = StoppedClock()
    clock.at += timedelta(days=31)
    with serving(sqlite_world.database, clock, var_dir=tmp_path) as client:
        yield client


def test_the_public_side_says_and_counts_nothing_of_it(browser: TestClient, sqlite_world: World) -> None:
    journey.submit(sqlite_world, comment=COMMENT)
    before = {path: browser.get(path) for path in COUNTED}
    assert canaries(sqlite_world)
    pages = everything_public(browser)
    assert told(pages) == []
    assert sum(COMMENT in text for text in pages.values()) > 1, "the walk finds what is public"
    assert len(pages) > len(BEGIN)
    for path, answer in before.items():
        now = browser.get(path)
        assert now.status_code == answer.status_code == 200, path
        assert without_instants(now.text) == without_instants(answer.text), path


def without_instants(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+Z]+", "", words(text) if "<html" in text else text)


def test_the_search_for_its_words_finds_none_of_it(browser: TestClient, sqlite_world: World) -> None:
    journey.submit(sqlite_world, comment=COMMENT)
    for word in canaries(sqlite_world):
        answer = browser.get(f"/consultations/{SLUG}/comments", params={"q": word, "words": word})
        assert CANARY not in words(answer.text).replace(word, ""), word


def test_departments_programs_get_none_of_it(browser: TestClient, sqlite_world: World) -> None:
    journey.assignment(sqlite_world)
    key = journey.api_key(sqlite_world)
    canaries(sqlite_world)
    answers = {}
    for path in API:
        answer = browser.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})
        answers[path] = answer.text
        assert answer.status_code in (200, 404), path
    assert told(answers) == []
    assert "助餐" in answers["assignments"]


@pytest.mark.parametrize("role", [Role.SCREENER, Role.EDITOR])
def test_the_desk_of_who_may_not_read_it_says_nothing(browser: TestClient, sqlite_world: World, role: Role) -> None:
    journey.submit(sqlite_world, comment=COMMENT)
    spoken = canaries(sqlite_world)
    signed_in(browser, role)
    pages = {}
    for method, path, _ in ROUTES:
        plain = path.replace("{slug}", SLUG)
        if method == "GET" and "{" not in plain:
            pages[plain] = browser.get(plain).text
    for word in spoken:
        found = browser.get("/staff/search", params={"words": word, "q": word})
        pages[word] = found.text.replace(word, "")
    assert told(pages) == []
    assert any(COMMENT in text for text in pages.values())
