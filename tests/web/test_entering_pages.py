"""Entering a letter and a file of them in the browser, as a screener does."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.permissions import Role
from app.submissions.models import EntryBatch, Submission
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, StoppedClock, World

ENTER, BATCH = f"/staff/consultations/{SLUG}/enter", f"/staff/consultations/{SLUG}/batch"
LETTER = {"channel": "letter", "day": "2026-05-11", "comment": "建议延长送餐时间。"}
TABLE = (
    "渠道,日期,意见,姓名\n来信,2026-05-11,第一条意见,王晓\n来电,2026-05-11,第二条意见,\n飞鸽,2026-05-11,第三条意见,\n"
)


@pytest.fixture
def screener(sqlite_world: World) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock()) as browser:
        yield signed_in(browser, Role.SCREENER)


def stored(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def sent_table(browser: TestClient, table: str) -> str:
    """The address of the page with its rows."""
    fields = hidden(browser.get(BATCH).text)
    answer = browser.post(BATCH, data=fields, files={"file": ("意见.csv", table.encode("gb18030"), "text/csv")})
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


def test_a_letter_gets_a_receipt_that_can_be_handed_over(screener: TestClient, sqlite_world: World) -> None:
    answer = press(screener, ENTER, "/enter", **LETTER)
    assert answer.status_code == 303
    slip = screener.get(answer.headers["location"])
    assert re.search(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}\s?){4}\b", words(slip.text))
    assert stored(sqlite_world) == 1


def test_the_same_form_sent_twice_is_stored_once(screener: TestClient, sqlite_world: World) -> None:
    fields = hidden(screener.get(ENTER).text) | LETTER
    first, second = screener.post(ENTER, data=fields), screener.post(ENTER, data=fields)
    assert first.headers["location"] == second.headers["location"]
    assert stored(sqlite_world) == 1


def test_the_desk_shows_who_entered_it_and_what_it_lacks(screener: TestClient, sqlite_world: World) -> None:
    press(screener, ENTER, "/enter", **LETTER | {"remark": "收文12号"})
    with sqlite_world.database.reading() as session:
        (submission_id,) = session.scalars(select(Submission.id)).all()
    shown = words(screener.get(f"/staff/submissions/{submission_id}").text)
    assert "收文12号" in shown
    assert "缺：" in shown
    assert "身份证号码" in shown


def test_what_is_wrong_comes_back_with_everything_that_was_entered(screener: TestClient, sqlite_world: World) -> None:
    answer = press(screener, ENTER, "/enter", **LETTER | {"phone": "12345", "remark": "收文12号"})
    assert answer.status_code == 422
    assert "12345" in words(answer.text)
    assert 'value="收文12号"' in answer.text
    assert "建议延长送餐时间。" in answer.text
    assert 'href="#phone"' in answer.text
    assert stored(sqlite_world) == 0


def test_what_arrived_before_the_window_is_explained(screener: TestClient) -> None:
    answer = press(screener, ENTER, "/enter", **LETTER | {"day": "2020-01-01"})
    assert answer.status_code == 422
    assert "逾期" in words(answer.text)


def test_a_file_is_looked_through_and_entered_without_its_wrong_rows(screener: TestClient, sqlite_world: World) -> None:
    where = sent_table(screener, TABLE)
    shown = screener.get(where).text
    assert "第三条意见" in words(shown)
    assert stored(sqlite_world) == 0
    answer = press(screener, where, where.rpartition("/")[2])
    assert answer.status_code == 200
    assert stored(sqlite_world) == 2
    again = screener.post(where, data=hidden(screener.get(BATCH).text))
    assert again.status_code == 409
    assert stored(sqlite_world) == 2
    with sqlite_world.database.reading() as session:
        (batch,) = session.scalars(select(EntryBatch)).all()
        assert (batch.rows, batch.entered) == (b"", 2)


def test_the_rows_wait_sealed_and_for_whoever_sent_them_only(screener: TestClient, sqlite_world: World) -> None:
    where = sent_table(screener, TABLE)
    with sqlite_world.database.reading() as session:
        (batch,) = session.scalars(select(EntryBatch)).all()
        assert "意见".encode() not in batch.rows
    with serving(sqlite_world.database, StoppedClock()) as browser:
        assert signed_in(browser, Role.MANAGER).get(where).status_code == 404


def test_a_page_of_rows_asks_the_store_as_often_whatever_it_shows(screener: TestClient, sqlite_world: World) -> None:
    asked = []
    for table in ("渠道,日期,意见\n来信,2026-05-11,一\n", TABLE):
        where = sent_table(screener, table)
        with statements(sqlite_world.database) as sent:
            assert screener.get(where).status_code == 200
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_what_is_no_table_is_told(screener: TestClient) -> None:
    fields = hidden(screener.get(BATCH).text)
    answer = screener.post(BATCH, data=fields, files={"file": ("a.csv", b"a,b\n1,2", "text/csv")})
    assert answer.status_code == 422
    assert "渠道" in words(answer.text)


@pytest.mark.parametrize("path", [ENTER, BATCH])
def test_an_approver_may_not_enter(sqlite_world: World, path: str) -> None:
    with serving(sqlite_world.database, StoppedClock()) as browser:
        assert signed_in(browser, Role.APPROVER).get(path).status_code == 403
