"""What an office chooses from: themes and clauses of its list, one scan for several answers."""

import re
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.dispositions.models import Answer, AnswerFile
from app.documents.queries import clauses_of
from app.permissions import Role
from tests.support import files, journey
from tests.support.app import serving, signed_in, words
from tests.support.journey import SLUG, StoppedClock, World
from tests.web.test_office_pages import press_token, together


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World, tmp_path: Path) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock(), files_url=tmp_path.as_uri()) as client:
        yield client


def test_a_list_is_narrowed_by_choosing_theme_and_clause(browser: TestClient, world: World) -> None:
    with world.database.reading() as session:
        first, second, *_rest = [one for one in clauses_of(session, world.consultation.version_id) if one.number]
    about_first = journey.assignment(world, person=5, clause=first)
    about_second = journey.assignment(world, person=6, clause=second)
    signed_in(browser, Role.OFFICER)
    assert not lxml.html.fromstring(browser.get("/office").text).xpath("//select[@name='clause']")
    page = lxml.html.fromstring(browser.get(f"/office?consultation={SLUG}").text)
    offered = page.xpath("//select[@name='clause']/option/@value")
    assert offered == ["", str(first.id), str(second.id)]
    assert "助餐服务" in page.xpath("//select[@name='theme']/option/text()")
    narrowed = browser.get(f"/office?consultation={SLUG}&theme=助餐服务&clause={second.id}").text
    assert (str(about_first) in narrowed, str(about_second) in narrowed) == (False, True)
    chosen = lxml.html.fromstring(narrowed).xpath("//select[@name='clause']/option[@selected]/@value")
    assert chosen == [str(second.id)]


def test_one_scan_lies_with_each_of_several_answers(browser: TestClient, world: World) -> None:
    ids = [journey.assignment(world, person=number) for number in (1, 2)]
    signed_in(browser, Role.OFFICER)
    sent = press_token(browser) | {"chosen": ",".join(map(str, ids))}
    laid = browser.post("/office/together/scan", data=sent, files={"file": ("签批件.png", files.png())})
    assert laid.status_code == 303
    chosen = laid.headers["location"]
    assert "签批件.png" in words(browser.get(chosen).text)
    scan = re.findall(r'name="scan" value="([0-9a-f]{64})"', browser.get(chosen).text)[0]
    typed = {"kind": "adopted", "step": "final", "scan": scan}
    look = together(browser, chosen, typed, [str(id) for id in ids])
    assert "签批件.png" in words(look.text)
    pairs = re.findall(r'name="assignment" value="([^"]+)"', look.text)
    assert "已答复2件" in words(together(browser, chosen, typed | {"look": "over"}, pairs).text)
    with world.database.reading() as session:
        rows = {row.id: row for row in session.scalars(select(AnswerFile))}
        scans = {id: rows[session.get_one(Answer, id).scan_id or id] for id in ids}
    assert {id: row.assignment_id for id, row in scans.items()} == {id: id for id in ids}
    other = journey.assignment(world, person=3)
    refused = together(browser, f"/office/together?assignment={other}", typed, [str(other)])
    assert refused.status_code == 404
