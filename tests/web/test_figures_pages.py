"""The managers' pages: who sees them, what stands on them, and what is taken out of them."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from starlette.testclient import TestClient

from app.cli.figures import made_anew
from app.exports.models import Export, Freeze, Frozen
from app.permissions import Role, ScopeKind
from tests.support import figures
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World
from tests.web.test_roles_in_scopes import other, scoped

PAGES = ("/staff/figures", "/staff/figures/waiting", "/staff/figures/departments", "/staff/figures/years")
SEES = {Role.MANAGER, Role.LEAD, Role.APPROVER, Role.PUBLISHER}
DEPARTMENT = "辽宁省民政厅"
LATER = START + timedelta(days=20)


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock(LATER)) as client:
        client.headers["accept-language"] = "en"
        yield client


def filled(world: World, ways: int = 5) -> None:
    figures.play(
        world, *figures.busy(world)[1:], *(figures.whole_way(world, person) for person in range(10, 10 + ways))
    )
    made_anew(world.database, StoppedClock(LATER))


def cells(page: str) -> dict[str, list[str]]:
    """Row heading → the other cells, of every table of the page."""
    rows = lxml.html.fromstring(page).xpath("//main//tbody/tr")
    return {
        " ".join(row.xpath("th")[0].text_content().split()): [
            " ".join(td.text_content().split()) for td in row.xpath("td")
        ]
        for row in rows
    }


def test_each_role_sees_them_or_not(browser: TestClient) -> None:
    for role in Role:
        signed_in(browser, role)
        answers = {browser.get(path).status_code for path in PAGES}
        assert answers == ({200} if role in SEES else {403}), role


def test_steps_are_told_with_their_median_and_their_longest(browser: TestClient, world: World) -> None:
    filled(world)
    signed_in(browser, Role.MANAGER)
    page = browser.get(f"/staff/figures?consultation={SLUG}").text
    found = {name.split(" ")[0]: each for name, each in cells(page).items()}
    assert found["Answering"] == ["5", "2", "2", "2"]
    assert found["Screening"][0] == "9"
    assert "as of" in words(page)


def test_of_few_only_the_number_and_the_longest_are_told(browser: TestClient, world: World) -> None:
    filled(world, ways=1)
    signed_in(browser, Role.LEAD)
    page = browser.get("/staff/figures").text
    found = {name.split(" ")[0]: each for name, each in cells(page).items()}
    assert found["Answering"] == ["1", "–", "–", "2"]
    assert "Told from 5 second looks on." in words(page)


def test_before_anything_was_worked_out_the_page_says_so(browser: TestClient) -> None:
    signed_in(browser, Role.MANAGER)
    page = browser.get("/staff/figures").text
    assert "Nothing has been worked out yet" in words(page)
    assert set(cells(page)["Answering from acknowledgement to the department's first final answer"]) == {"0", "–"}


def test_other_days_leave_out_what_ended_before(browser: TestClient, world: World) -> None:
    filled(world)
    signed_in(browser, Role.MANAGER)
    page = browser.get("/staff/figures?first=2026-05-20&last=2026-05-31").text
    found = {name.split(" ")[0]: each for name, each in cells(page).items()}
    assert (found["Screening"][0], found["Telling"][0]) == ("0", "5")
    turned = browser.get("/staff/figures?first=2026-05-31&last=no-day").text
    assert "2026-05-31" in turned


def test_every_number_that_waits_leads_to_its_list(browser: TestClient, world: World) -> None:
    filled(world)
    for person in (50, 51):
        figures.received(world, person)
    made_anew(world.database, StoppedClock(LATER))
    signed_in(browser, Role.APPROVER)
    page = browser.get(f"/staff/figures/waiting?consultation={SLUG}").text
    links = {link.get("aria-label"): link.get("href") for link in lxml.html.fromstring(page).xpath("//td/a")}
    assert links["To be screened: 2, the list"].endswith(f"/staff/queue?view=received&consultation={SLUG}")
    for address in links.values():
        assert browser.get(address).status_code == 200, address
    everywhere = lxml.html.fromstring(browser.get("/staff/figures/waiting").text).xpath("//td/a/@href")
    assert len(everywhere) == len(links)


def test_departments_have_their_own_lines(browser: TestClient, world: World) -> None:
    filled(world)
    signed_in(browser, Role.PUBLISHER)
    page = browser.get(f"/staff/figures/departments?consultation={SLUG}").text
    tables = lxml.html.fromstring(page).xpath("//main//table")
    assert len(tables) == 3
    happened = {row.xpath("th")[0].text_content(): row.xpath("td/text()") for row in tables[2].xpath(".//tbody/tr")}
    assert happened == {DEPARTMENT: ["1", "1", "5", "1"]}
    (link,) = tables[0].xpath(".//tbody//th/a/@href")
    assert browser.get(link).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_pages_cost_the_same_however_much_there_is(browser: TestClient, world: World, path: str) -> None:
    signed_in(browser, Role.MANAGER)

    def cost() -> int:
        with statements(world.database) as seen:
            assert browser.get(path, params={"consultation": SLUG}).status_code == 200
        return len(seen)

    empty = cost()
    filled(world, ways=2)
    assert cost() == empty


def test_a_consultation_that_is_not_there_is_not_found(browser: TestClient) -> None:
    signed_in(browser, Role.MANAGER)
    assert browser.get("/staff/figures?consultation=no-such-slug").status_code == 404


def test_the_year_is_told_by_drafting_department(browser: TestClient, world: World) -> None:
    filled(world)
    signed_in(browser, Role.MANAGER)
    page = browser.get("/staff/figures/years?year=2026").text
    assert cells(page)[DEPARTMENT] == ["1", "9", "0", "0", "0"]
    assert cells(page)["All together"] == ["1", "9", "0", "0", "0"]
    narrowed = browser.get("/staff/figures/years?year=2026&department=civil-affairs&counted=overdue").text
    assert not lxml.html.fromstring(narrowed).xpath("//section[@id='listed']//tbody/tr")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_year_is_taken_out_on_record(browser: TestClient, world: World, kind: str) -> None:
    filled(world)
    signed_in(browser, Role.MANAGER)
    answer = press(browser, "/staff/figures/years?year=2026", "/years/file", format=kind)
    assert answer.status_code == 200
    if kind == "csv":
        table = [list(map(str, row)) for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))]
    else:
        rows = load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2, values_only=True)
        table = [list(map(str, row)) for row in rows]
    assert table[1] == [DEPARTMENT, "1", "9", "0", "0", "0"]
    with world.database.reading() as session:
        made = session.scalars(select(Export)).one()
        assert (made.what, made.number) == ("yearly_figures", 2)


def test_nothing_is_taken_out_while_exports_are_stopped(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        session.add(Freeze(what=Frozen.EXPORTS, at=START, by="x", reason="核查。"))
    filled(world)
    signed_in(browser, Role.MANAGER)
    answer = press(browser, "/staff/figures/years?year=2026", "/years/file", format="csv")
    assert answer.status_code == 409


def test_a_year_that_is_none_is_refused(browser: TestClient, world: World) -> None:
    filled(world)
    signed_in(browser, Role.MANAGER)
    assert press(browser, "/staff/figures/years", "/years/file", format="pdf").status_code == 400


def test_the_overview_and_a_consultation_lead_here(browser: TestClient, world: World) -> None:
    signed_in(browser, Role.MANAGER)
    for path in ("/staff/overview", f"/staff/consultations/{SLUG}"):
        assert f"/staff/figures?consultation={SLUG}" in browser.get(path).text
    signed_in(browser, Role.SCREENER)
    assert "/staff/figures" not in browser.get("/staff/overview").text


def test_a_role_in_another_consultation_sees_nothing_of_this_one(browser: TestClient, world: World) -> None:
    filled(world, ways=1)
    scoped(world, Role.MANAGER, ScopeKind.CONSULTATION, str(other(world)))
    signed_in(browser, Role.MANAGER)
    assert browser.get(f"/staff/figures?consultation={SLUG}").status_code == 404
    for path in PAGES[:2]:
        told = {cell for row in cells(browser.get(path).text).values() for cell in row}
        assert told <= {"0", "–"}, path
    assert "辽宁省市场监督管理局" not in words(browser.get("/staff/figures/departments").text)
    assert cells(browser.get("/staff/figures/years?year=2026").text)["All together"] == ["1", "0", "0", "0", "0"]
