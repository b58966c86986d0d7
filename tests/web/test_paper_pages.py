"""The pages of the papers for review: what is open, the files, and the texts with their versions."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import docx
import lxml.html
import openpyxl
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.exports import actions as exports
from app.exports.models import Export, Frozen
from app.papers import making
from app.papers.kinds import PaperKind
from app.permissions import Role, operator
from app.web.staff import papers
from tests.support import outcomes
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World, approved_suggestion

PAGE = f"/staff/consultations/{SLUG}/papers"
TEXTS = "/staff/paper-templates"
ONE = f"{TEXTS}/explanation"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(sqlite_world: World, clock: StoppedClock, tmp_path: Any) -> Iterator[TestClient]:
    with serving(sqlite_world.database, clock, var_dir=tmp_path) as client:
        client.headers["Accept-Language"] = "zh-CN"
        yield signed_in(client, Role.MANAGER)


def save(browser: TestClient, text: str, consultation: str = "", **fields: str) -> Any:
    address = f"{ONE}?consultation={consultation}"
    return press(browser, address, "/explanation", text=text, step="save", consultation=consultation, **fields)


def shown(answer: Any) -> list[str]:
    """The lines of the paper as the page shows it."""
    return [one.text_content() for one in lxml.html.fromstring(answer.text).xpath("//*[@class='draft-paper']/p")]


def test_the_page_says_what_is_open_and_as_of_when(
    browser: TestClient, sqlite_world: World, clock: StoppedClock
) -> None:
    suggestion = approved_suggestion(sqlite_world)
    page = words(browser.get(PAGE).text)
    assert "仍在征集意见" in page
    assert "标题下注明为阶段性材料" in page
    outcomes.answered(sqlite_world, suggestion)
    outcomes.confirmed(sqlite_world, suggestion)
    clock.at = START + timedelta(days=31)
    signed_in(browser, Role.MANAGER)
    page = words(browser.get(PAGE).text)
    assert "办理结果已全部确认" in page
    assert "2026年" in page


def test_what_is_taken_out_is_a_file_and_on_record(browser: TestClient, sqlite_world: World) -> None:
    approved_suggestion(sqlite_world, text="周末开放")
    book = press(browser, PAGE, "/summary", format="xlsx")
    assert openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames == ["公众意见", "部门意见"]
    assert "UTF-8''" in book.headers["content-disposition"]
    assert book.headers["cache-control"] == "no-store"
    assert "sandbox" in book.headers["content-security-policy"]
    table = docx.Document(io.BytesIO(press(browser, PAGE, "/summary", format="docx").content))
    assert table.tables[0].rows[1].cells[3].text == "周末开放"
    text = docx.Document(io.BytesIO(press(browser, PAGE, "/explanation").content))
    assert "公众意见采纳情况的说明" in text.paragraphs[0].text
    with sqlite_world.database.reading() as session:
        taken = session.execute(select(Export.what, Export.number).order_by(Export.id)).all()
    assert sorted(tuple(row) for row in taken) == [("paper_explanation", 1), ("paper_summary", 1), ("paper_summary", 1)]


def test_nothing_leaves_while_exports_are_stopped(browser: TestClient, sqlite_world: World) -> None:
    with sqlite_world.database.writing() as session:
        exports.freeze(session, operator("x"), START, Frozen.EXPORTS, "核查")
    assert press(browser, PAGE, "/explanation").status_code == 409
    assert press(browser, PAGE, "/summary", format="xlsx").status_code == 409


@pytest.mark.parametrize("form", ["", "pdf"])
def test_a_file_of_another_kind_is_no_file(browser: TestClient, form: str) -> None:
    assert press(browser, PAGE, "/summary", format=form).status_code == 400


def test_too_many_rows_for_a_docx_are_said_before_anybody_asks(
    browser: TestClient, sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved_suggestion(sqlite_world)
    for module in (making, papers):
        monkeypatch.setattr(module, "MOST_LISTED", 0)
    page = browser.get(PAGE).text
    assert "请使用 XLSX 格式" in words(page)
    assert lxml.html.fromstring(page).xpath("//button[@name='format']/@value") == ["xlsx"]
    refused = press(browser, PAGE, "/summary", format="docx")
    assert refused.status_code == 422
    assert "XLSX" in refused.text
    assert "请导出文件查看" in browser.get(f"{PAGE}/preview").text


def test_the_preview_has_the_consultations_real_numbers(browser: TestClient, sqlite_world: World) -> None:
    assert "征求意见期间，未收到社会公众的意见。" in shown(browser.get(f"{PAGE}/preview"))
    approved_suggestion(sqlite_world, people=(1, 2))
    assert any("经归纳整理形成意见1条" in line for line in shown(browser.get(f"{PAGE}/preview")))


def test_a_text_is_tried_out_saved_and_put_back(browser: TestClient, sqlite_world: World) -> None:
    approved_suggestion(sqlite_world)
    tried = press(browser, ONE, "/explanation", text="共{{意见条数}}条", step="try", trial=SLUG, own_words_up_to="0")
    assert shown(tried) == ["共1条"]
    assert "共{{意见条数}}条" in tried.text, "what was entered is still there"
    assert save(browser, "共{{意见条数}}条").status_code == 303
    assert shown(browser.get(f"{PAGE}/preview")) == ["共1条"]
    assert save(browser, "本次{{意见条数}}条", SLUG).status_code == 303
    assert shown(browser.get(f"{PAGE}/preview")) == ["本次1条"]
    assert press(browser, f"{ONE}?consultation={SLUG}", "/retire").status_code == 303
    assert shown(browser.get(f"{PAGE}/preview")) == ["共1条"]
    assert press(browser, ONE, "/restore").status_code == 303
    assert len(shown(browser.get(f"{PAGE}/preview"))) > 5, "what every installation begins with"
    page = words(browser.get(ONE).text)
    assert "恢复系统初始模板" in page
    assert "测试manager" in page


@pytest.mark.parametrize("step", ["save", "try"])
def test_a_mistake_is_shown_with_its_place_beside_what_was_entered(browser: TestClient, step: str) -> None:
    text = "第一行\n共{{意见总数}}条<b>"
    answer = press(browser, ONE, "/explanation", text=text, step=step, own_words_up_to="0")
    assert answer.status_code == 422
    assert "第2行“意见总数”：没有这个字段" in words(answer.text)
    (area,) = lxml.html.fromstring(answer.text).xpath("//textarea[@name='text']")
    assert area.text.strip() == text


def test_of_two_who_write_at_once_the_second_is_told(browser: TestClient) -> None:
    page = browser.get(ONE)
    fields = {
        field.get("name"): field.get("value", "")
        for field in lxml.html.fromstring(page.text).xpath("//form[contains(@action, '/explanation')][1]//input")
    }
    assert browser.post(ONE, data=fields | {"text": "甲", "step": "save"}).status_code == 303
    second = browser.post(ONE, data=fields | {"text": "乙", "step": "save"})
    assert second.status_code == 409
    assert "乙" in second.text


def test_a_publisher_prints_without_what_other_organs_said_and_writes_no_texts(
    browser: TestClient, sqlite_world: World
) -> None:
    signed_in(browser, Role.PUBLISHER)
    page = browser.get(PAGE)
    assert "没有查阅部门意见的权限" in page.text
    assert TEXTS not in page.text
    book = openpyxl.load_workbook(io.BytesIO(press(browser, PAGE, "/summary", format="xlsx").content))
    assert [cell for row in book["部门意见"].iter_rows(values_only=True) for cell in row if cell][-1] == making.NOT_READ
    assert browser.get(TEXTS).status_code == 403


def test_the_page_costs_the_same_with_many_suggestions(browser: TestClient, sqlite_world: World) -> None:
    def cost() -> int:
        with statements(sqlite_world.database) as seen:
            browser.get(PAGE)
        return len(seen)

    approved_suggestion(sqlite_world)
    first = cost()
    for person in (2, 3):
        approved_suggestion(sqlite_world, people=(person,))
    assert cost() == first


@pytest.mark.parametrize("kind", list(PaperKind))
def test_the_texts_of_the_column_and_of_a_consultation_are_listed(browser: TestClient, kind: PaperKind) -> None:
    for query in ("", f"?consultation={SLUG}"):
        page = lxml.html.fromstring(browser.get(TEXTS + query).text)
        assert [link for link in page.xpath("//main//a/@href") if f"{TEXTS}/{kind}" in link]
    assert browser.get(f"{TEXTS}?consultation=nowhere").status_code == 404
