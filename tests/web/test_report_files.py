"""The page and every file of a published report say the same: each is read back and compared with the one value."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator

import docx
import lxml.html
import openpyxl
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.dispositions import actions as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition
from app.permissions import Role
from app.reporting import actions, queries, written
from app.reporting.models import ReportEdition
from app.reporting.report import ReportFigures, ReportRow
from app.web.public import receipt_pdf, results
from app.web.reports import files, serving
from app.web.reports.lines import HEADINGS, NOTHING_CAME, cells, figure_lines
from tests.support import journey, outcomes
from tests.support.app import press, signed_in, words
from tests.support.app import serving as served
from tests.support.journey import StoppedClock, World

FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with served(world.database, StoppedClock(world.consultation.closes_at)) as client:
        yield client


def concluded(world: World) -> ReportEdition:
    at, where = world.consultation.closes_at, world.consultation.id
    with world.database.writing() as session:
        return actions.conclude(session, world.staff.manager, at, where, "感谢参与。", world.vault)


def published(world: World) -> tuple[ReportFigures, list[ReportRow]]:
    """Three suggestions, one of them by two people, one with words that a spreadsheet would run."""
    ids = [
        journey.approved_suggestion(world, text=FORMULA, people=(1, 2), clause=world.clauses[1]),
        journey.approved_suggestion(world, text="请公开菜单。\n并公开价格。", people=(3,), clause=world.clauses[2]),
        journey.approved_suggestion(world, text="总体赞成。", people=(4,)),
    ]
    for suggestion_id, kind in zip(ids, DispositionKind, strict=False):
        outcomes.answered(world, suggestion_id, kind, "" if kind is DispositionKind.ADOPTED else "经费不足。")
    outcomes.told(world, ids)
    edition = concluded(world)
    with world.database.reading() as session:
        rows = list(queries.rows(session, world.consultation.id, 1))
    return written.read_figures(edition.figures), rows


def address(world: World, ending: str, number: int = 1) -> str:
    return f"/consultations/{world.consultation.slug}/report-{number}.{ending}"


def figure_table(figures: ReportFigures) -> list[tuple[str, ...]]:
    return [tuple(map(str, line)) for line in figure_lines(figures)]


def row_table(rows: list[ReportRow]) -> list[tuple[str, ...]]:
    return [tuple(str(cell) for cell in cells(row)) for row in rows]


def said(cells: Iterator[object]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in cells)


def test_every_file_holds_every_number_and_every_row(browser: TestClient, world: World) -> None:
    figures, rows = published(world)
    wanted, listed = figure_table(figures), row_table(rows)
    assert len(listed) == 3

    data = browser.get(address(world, "json"))
    content = json.loads(data.content)
    assert written.read_figures(content["figures"]) == figures
    assert [written.read_row(row) for row in content["rows"]] == rows

    table = list(csv.reader(io.StringIO(browser.get(address(world, "csv")).content.decode("utf-8-sig"), newline="")))
    assert tuple(table[0]) == (*files.FIGURE_HEADINGS, *HEADINGS)
    assert [tuple(line[:3]) for line in table[1:] if line[0] != files.LIST] == wanted
    below = [tuple(line[3:]) for line in table[1:] if line[0] == files.LIST]
    assert below == [tuple("'" + cell if cell == FORMULA else cell for cell in row) for row in listed]

    book = openpyxl.load_workbook(io.BytesIO(browser.get(address(world, "xlsx")).content))
    first, second = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    begin = first.index(files.FIGURE_HEADINGS) + 1
    assert [said(iter(line)) for line in first[begin:]] == wanted
    assert said(iter(second[0])) == HEADINGS
    assert [said(iter(line)) for line in second[1:]] == listed
    assert all(cell.data_type != "f" for sheet in book.worksheets for line in sheet.iter_rows() for cell in line)

    paper = docx.Document(io.BytesIO(browser.get(address(world, "docx")).content))
    numbers, opinions = paper.tables
    assert [said(cell.text for cell in line.cells) for line in numbers.rows][1:] == wanted
    assert [said(cell.text for cell in line.cells) for line in opinions.rows] == [HEADINGS, *listed]


def test_the_page_says_the_same(browser: TestClient, world: World) -> None:
    figures, rows = published(world)
    root = lxml.html.fromstring(browser.get(f"/consultations/{world.consultation.slug}/results").text)
    large = [cell.text_content() for cell in root.xpath("//dl[contains(@class, 'totals')]//dd")]
    assert large == [str(figures.submissions), str(figures.suggestions), str(figures.taken_up)]
    tables = {
        table.findtext("caption"): [
            [cell.text_content().strip() for cell in line.xpath("./th | ./td")] for line in table.xpath("./tbody/tr")
        ]
        for table in root.xpath("//table")
    }
    outcomes_table = {name: int(number) for name, number in tables["意见要点办理结果"]}
    wanted = {line.item: line.number for line in figure_lines(figures) if line.part == "办理结果（条）"}
    assert outcomes_table == wanted
    assert sum(int(number) for _name, number in tables["意见去向"]) == figures.submissions
    by_clause = [[int(number) for number in line[1:]] for line in tables["各条款的意见和意见要点"]]
    counted = [c for c in figures.clauses if c.submissions or c.suggestions]
    assert by_clause == [[c.submissions, c.suggestions, c.taken_up] for c in counted]
    shown = root.xpath("//article[contains(@class, 'report-row')]")
    assert len(shown) == len(rows)
    for article, row in zip(shown, rows, strict=True):
        text = article.text_content()
        for part in (str(row.number), row.text, *row.proposers, row.reason, row.department):
            assert part in text


def test_the_digest_on_the_page_is_that_of_the_data_file(browser: TestClient, world: World) -> None:
    published(world)
    content = browser.get(address(world, "json")).content
    page = browser.get(f"/consultations/{world.consultation.slug}/results").text
    assert hashlib.sha256(content).hexdigest() in page


@pytest.mark.parametrize("ending", serving.WHOLE)
def test_a_file_has_its_own_name_and_is_sent_once(browser: TestClient, world: World, ending: str) -> None:
    published(world)
    first = browser.get(address(world, ending))
    assert f"{world.consultation.slug}-report-1.{ending}" in first.headers["content-disposition"]
    again = browser.get(address(world, ending), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.get(address(world, ending, number=2)).status_code == 404


def test_a_long_report_is_streamed_and_says_the_same(
    browser: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures, rows = published(world)
    kept = {ending: browser.get(address(world, ending)).content for ending in serving.WHOLE}
    monkeypatch.setattr(serving, "FEW", 0)
    monkeypatch.setattr(queries, "ROWS_AT_ONCE", 2)
    for ending in ("json", "csv", "docx"):
        streamed = browser.get(address(world, ending)).content
        assert streamed == kept[ending], ending
    assert zipfile.is_zipfile(io.BytesIO(browser.get(address(world, "xlsx")).content))
    assert len(rows) == figures.suggestions


def test_the_list_is_paged_and_the_figures_stand_on_its_first_page(
    browser: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(world)
    monkeypatch.setattr(results, "PAGE_SIZE", 2)
    where = f"/consultations/{world.consultation.slug}/results"
    root = lxml.html.fromstring(browser.get(where).text)
    (following,) = root.xpath("//a[@rel='next']/@href")
    assert len(root.xpath("//article")) == 2
    rest = lxml.html.fromstring(browser.get(following).text)
    assert [one.text_content().strip() for one in rest.xpath("//span[@class='report-number']")] == ["3"]
    assert not rest.xpath("//dl[contains(@class, 'totals')]")


def test_where_nothing_came_every_file_says_so(browser: TestClient, world: World) -> None:
    concluded(world)
    page = words(browser.get(f"/consultations/{world.consultation.slug}/results").text)
    assert "未收到意见" in page
    paper = docx.Document(io.BytesIO(browser.get(address(world, "docx")).content))
    assert NOTHING_CAME in [paragraph.text for paragraph in paper.paragraphs]
    assert len(paper.tables) == 1
    assert json.loads(browser.get(address(world, "json")).content)["rows"] == []


@pytest.mark.skipif(not receipt_pdf.is_installed(), reason="needs the extra pdf")
def test_the_pdf_holds_the_same(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = sqlite_world
    monkeypatch.setattr(serving, "SHELF", serving.Shelf())
    with served(world.database, StoppedClock(world.consultation.closes_at)) as client:
        figures, rows = published(world)
        asked: list[str] = []
        monkeypatch.setattr(receipt_pdf, "render", lambda html: asked.append(html) or b"%PDF-1.7")
        assert client.get(address(world, "pdf")).content == b"%PDF-1.7"
    numbers, opinions = lxml.html.fromstring(asked[0]).xpath("//table")
    assert _cells(numbers) == figure_table(figures)
    assert _cells(opinions) == row_table(rows)


def _cells(table: lxml.html.HtmlElement) -> list[tuple[str, ...]]:
    return [tuple(cell.text_content() for cell in line) for line in table.xpath("./tbody/tr")]


def test_an_earlier_edition_stays_readable(browser: TestClient, world: World) -> None:
    published(world)
    where = f"/consultations/{world.consultation.slug}/results"
    with world.database.writing() as session:
        told = session.scalars(select(Disposition).where(Disposition.kind == DispositionKind.NOT_ADOPTED)).one()
        again = (told.suggestion_id, told.revision, "再研究。")
        dispositions.revise(session, world.staff.manager, outcomes.LATER, *again)
    assert told.assignment_id is not None
    outcomes.answered_anew(world, told.assignment_id, DispositionKind.NOTED, "纳入下一步工作。")
    outcomes.told(world, [told.suggestion_id])
    publisher = signed_in(browser, Role.PUBLISHER)
    desk = f"/staff/consultations/{world.consultation.slug}/report"
    assert press(publisher, desk, "/report", reason="一条意见经复核后改变。").status_code == 303
    latest, earlier = (words(browser.get(where + query).text) for query in ("", "?edition=1"))
    assert "纳入下一步工作。" in latest
    assert "一条意见经复核后改变。" in latest
    assert "纳入下一步工作。" not in earlier
    assert "本报告已有更新的版本" in earlier
    assert browser.get(where + "?edition=3").status_code == 404


def test_the_desk_sees_what_does_not_balance_and_what_is_open(browser: TestClient, world: World) -> None:
    journey.approved_suggestion(world, people=(1,))
    manager = signed_in(browser, Role.MANAGER)
    desk = f"/staff/consultations/{world.consultation.slug}/report"
    seen = words(manager.get(desk).text)
    assert "各项数字平衡" in seen
    assert "仍有意见未办结" in seen
    assert signed_in(browser, Role.AUDITOR).get(desk).status_code == 403
