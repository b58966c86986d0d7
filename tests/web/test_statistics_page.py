"""Figures in public: after the closing, before it by setting; drawn, in a table, and nothing about a few people."""

from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.consultations.models import ConsultationTerms
from app.web.public.charts import bar_chart, column_chart
from tests.reporting.test_counting import sent, unnumbered
from tests.support import journey
from tests.support.app import serving, words
from tests.support.journey import SLUG, START, StoppedClock, World

HOME = f"/consultations/{SLUG}"
PAGE = f"{HOME}/statistics"


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


def decide(world: World, **terms: bool) -> None:
    with world.database.writing() as session:
        row = session.get(ConsultationTerms, world.consultation.id)
        row = row or ConsultationTerms(consultation_id=world.consultation.id)
        for name, value in terms.items():
            setattr(row, name, value)
        session.add(row)


def end(world: World, clock: StoppedClock) -> None:
    clock.at = world.consultation.closes_at


def tables(page: str) -> dict[str, dict[str, str]]:
    """Caption → what stands in its rows."""
    return {
        table.findtext("caption"): {
            row.xpath("string(./th)").strip(): row.xpath("string(./td)").strip() for row in table.xpath("./tbody/tr")
        }
        for table in lxml.html.fromstring(page).xpath("//table")
    }


def test_before_the_closing_there_is_no_page_and_no_link(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    refused = browser.get(PAGE)
    assert refused.status_code == 404
    assert "截止后向公众公布" in words(refused.text)
    assert PAGE not in browser.get(HOME).text
    end(world, clock)
    assert browser.get(PAGE).status_code == 200
    assert PAGE in browser.get(HOME).text
    assert PAGE in browser.get(f"{HOME}/comments").text


def test_a_draft_and_what_is_not_there_have_none(browser: TestClient) -> None:
    assert browser.get("/consultations/no-such/statistics").status_code == 404


def test_the_totals_differ_and_say_what_they_count(browser: TestClient, world: World, clock: StoppedClock) -> None:
    journey.approved_suggestion(world, people=(1, 2))
    for identity in (journey.identity(1), unnumbered(3)):
        sent(world, identity)
    end(world, clock)
    page = browser.get(PAGE).text
    totals = {
        box.findtext("dt"): box.findtext("dd") for box in lxml.html.fromstring(page).xpath("//dl[@class='totals']/div")
    }
    assert totals == {
        "意见（份）": "4",
        "整理出的意见要点（条）": "1",
        "人数（人）": "2",
        "未填证件号的意见（份）": "1",
    }
    assert "按所填证件号去重" in words(page)
    assert "未经核验" in words(page)


def test_every_chart_has_a_name_words_and_the_same_numbers_in_a_table(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    one, two = world.clauses[1], world.clauses[2]
    for person in range(6):
        sent(world, journey.identity(person), clauses=[one] if person else [one, two], occupation="工人")
    end(world, clock)
    page = browser.get(PAGE).text
    root = lxml.html.fromstring(page)
    charts = root.xpath("//*[local-name()='svg'][contains(@class, 'chart')]")
    assert len(charts) == 4
    for chart in charts:
        assert chart.get("role") == "img"
        for name in chart.get("aria-labelledby").split():
            assert root.get_element_by_id(name).text_content().strip()
        assert "style" not in chart.attrib
    found = tables(page)
    assert list(found["各条款收到的意见（份）"].values()) == ["6", "1", "0"]
    assert found["各职业人数（人）"]["工人"] == "6"
    assert found["各渠道收到的意见（份）"] == {"网页": "6"}
    days = found["每日收到的意见（北京时间）"]
    assert len(days) == 31
    assert days["2026年5月11日"] == "6"
    assert set(days.values()) == {"6", "0"}


def test_a_few_people_of_an_occupation_are_not_on_the_page(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    for person in range(9):
        sent(world, journey.identity(person), occupation="工人")
    for person in range(10, 16):
        sent(world, journey.identity(person), occupation="农民")
    sent(world, journey.identity(20), occupation="律师")
    end(world, clock)
    page = browser.get(PAGE).text
    assert tables(page)["各职业人数（人）"] == {"工人": "9", "其余职业合计": "7"}


def test_while_it_is_open_occupations_are_never_told(browser: TestClient, world: World) -> None:
    for person in range(9):
        sent(world, journey.identity(person), occupation="工人")
    decide(world, statistics_while_open=True)
    page = browser.get(PAGE).text
    assert "目前收到情况" in words(page)
    assert list(tables(page)["每日收到的意见（北京时间）"].values()) == ["9"]
    assert "工人" not in page


def test_no_public_page_puts_an_occupation_beside_a_clause_or_an_opinion(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    for person in range(6):
        sent(world, journey.identity(person), clauses=[world.clauses[1]], occupation="文体人员")
    end(world, clock)
    for path in (HOME, f"{HOME}/comments", "/", "/consultations", f"{HOME}/comments.csv", f"{HOME}/comments.json"):
        assert "文体人员" not in browser.get(path).text
    by_table = tables(browser.get(PAGE).text)
    (with_occupation,) = [rows for rows in by_table.values() if "文体人员" in rows]
    assert set(with_occupation) <= {"文体人员", "其余职业合计"}


def test_live_totals_are_off_unless_decided_and_always_shown_afterwards(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    for person in range(3):
        sent(world, journey.identity(person), clauses=[world.clauses[1]])
    pages = ("/", "/consultations", HOME)

    def told() -> list[bool]:
        return ["3份" in words(browser.get(path).text).replace(" ", "") for path in pages]

    def told_of_clauses() -> bool:
        return '<span class="quiet">3份意见</span>' in browser.get(HOME).text

    assert (told(), told_of_clauses()) == ([False] * 3, False)
    decide(world, totals_while_open=True)
    assert (told(), told_of_clauses()) == ([True] * 3, True)
    decide(world, totals_while_open=False)
    end(world, clock)
    assert (told(), told_of_clauses()) == ([True] * 3, True)


def test_an_empty_consultation_has_figures_too(browser: TestClient, world: World, clock: StoppedClock) -> None:
    end(world, clock)
    assert browser.get(PAGE).status_code == 200


def test_bars_and_columns_fill_their_drawing() -> None:
    bars = bar_chart({"长" * 40: 10, "短": 5, "无": 0})
    assert [bar.width for bar in bars.bars] == [100, 50, 0]
    assert len(bars.bars[0].short) <= 15
    assert bars.bars[0].name == "长" * 40
    columns = column_chart({START.date() + timedelta(days=place): place for place in range(4)}, str)
    assert [column.height for column in columns.columns] == [0, 53.3, 106.7, 160]
    assert columns.columns[-1].x + columns.columns[-1].width <= 100
    assert column_chart({}, str).columns == []
