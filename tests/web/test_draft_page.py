"""The draft's page: its tools, its text as a file, and several clauses at once."""

from collections.abc import Iterator

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from tests.support.app import serving, words
from tests.support.journey import SLUG, StoppedClock, World

PAGE = f"/consultations/{SLUG}"


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def test_the_file_has_every_clause_with_its_departments(browser: TestClient, world: World) -> None:
    answer = browser.get(f"{PAGE}/versions/1/text")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[0] == world.consultation.title
    assert f"http://testserver{PAGE}" in lines
    assert any("2026年6月10日 09:30（北京时间）" in line for line in lines)
    text = "\n".join(lines)
    for clause in world.clauses:
        assert clause.number in text
        assert all(line.strip() in text for line in clause.text.splitlines())
        assert all(unit.name in text for unit in clause.units)


def test_the_page_offers_the_file_that_it_shows(browser: TestClient) -> None:
    page = lxml.html.fromstring(browser.get(PAGE).text)
    (link,) = page.xpath("//a[@download]/@href")
    assert browser.get(link).status_code == 200


@pytest.mark.parametrize("number", ["2", "0", "x", "99999999999999999999"])
def test_a_text_that_was_not_put_out_has_no_file(browser: TestClient, number: str) -> None:
    assert browser.get(f"{PAGE}/versions/{number}/text").status_code == 404


def test_the_file_of_a_withdrawn_draft_says_so(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Consultation, world.consultation.id).state = ConsultationState.WITHDRAWN
    assert "本征求意见稿已撤回。" in browser.get(f"{PAGE}/versions/1/text").text


def test_clauses_are_chosen_in_one_form(browser: TestClient, world: World) -> None:
    page = lxml.html.fromstring(browser.get(PAGE).text)
    (form,) = page.xpath("//form[@method='get' and contains(@class, 'choosing')]")
    labels = form.xpath(".//input[@name='clause']/@value")
    assert labels == [clause.label for clause in world.clauses if clause.text]
    answer = browser.get(form.get("action"), params={"clause": labels[:2]})
    assert answer.status_code == 200


def test_nothing_is_chosen_once_it_is_over(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Consultation, world.consultation.id).state = ConsultationState.WITHDRAWN
    page = browser.get(PAGE).text
    assert not lxml.html.fromstring(page).xpath("//input[@name='clause']")
    assert "下载草案全文" in words(page), "it can still be read and saved"
