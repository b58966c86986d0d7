"""Mails in the browser: looked through and taken in from files, sorted by a person; who sent one is never shown."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.mail.lifecycle import MailState
from app.mail.models import Mail, MailImport
from app.permissions import Role
from app.submissions.models import Submission
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import StoppedClock, World
from tests.support.mails import SENDER, raw

LIST, IMPORT = "/staff/mails", "/staff/mail-imports"
RIGHT, UNCLEAR = raw(), raw("建议增加菜品。", "意见", message_id="<2@example.com>")
AWAY = raw(subject="自动回复：休假", message_id="<3@example.com>")


@pytest.fixture
def screener(sqlite_world: World, tmp_path: Path) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock(), var_dir=tmp_path) as browser:
        yield signed_in(browser, Role.SCREENER)


def stored(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def sent(browser: TestClient, *mails: bytes) -> str:
    """The address of the page on which they are looked through."""
    fields = hidden(browser.get(IMPORT).text)
    files = [("mails", (f"{place}.eml", mail, "message/rfc822")) for place, mail in enumerate(mails, 1)]
    answer = browser.post(IMPORT, data=fields, files=files)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


def taken(browser: TestClient, *mails: bytes) -> str:
    where = sent(browser, *mails)
    answer = press(browser, where, where.rpartition("/")[2])
    assert answer.status_code == 303, words(answer.text)
    return where


def mails(world: World) -> Sequence[Mail]:
    with world.database.reading() as session:
        return session.scalars(select(Mail).order_by(Mail.place)).all()


def test_mails_are_looked_through_before_anything_is_taken_in(screener: TestClient, sqlite_world: World) -> None:
    where = sent(screener, RIGHT, UNCLEAR, AWAY, RIGHT)
    shown = words(screener.get(where).text)
    assert "建议增加菜品" in shown
    assert "主题未指明意见征集事项" in shown
    assert "自动回复" in shown
    assert SENDER not in shown
    assert stored(sqlite_world) == 0
    assert not mails(sqlite_world)


def test_taking_them_in_says_what_became_of_each_and_happens_once(screener: TestClient, sqlite_world: World) -> None:
    where = taken(screener, RIGHT, UNCLEAR, AWAY, RIGHT)
    assert [mail.state for mail in mails(sqlite_world)] == [MailState.TAKEN, MailState.WAITING, MailState.IGNORED]
    shown = words(screener.get(where).text)
    assert "关于推进社区老年助餐服务" in shown
    assert screener.post(where, data=hidden(screener.get(IMPORT).text)).status_code == 409
    taken(screener, RIGHT)
    assert stored(sqlite_world) == 1


def test_an_mbox_is_as_good_as_many_files(screener: TestClient, sqlite_world: World) -> None:
    taken(screener, b"".join(b"From a@example.com Mon May 11 09:00:00 2026\n" + one + b"\n" for one in (RIGHT, AWAY)))
    assert len(mails(sqlite_world)) == 2


def test_what_waits_is_chosen_by_a_person(screener: TestClient, sqlite_world: World) -> None:
    taken(screener, UNCLEAR)
    assert "建议增加菜品" in words(screener.get(LIST).text)
    (mail,) = mails(sqlite_world)
    here = f"{LIST}/{mail.id}"
    shown = screener.get(here).text
    assert SENDER not in shown
    answer = press(screener, here, "/choose", consultation=str(sqlite_world.consultation.id), reason="")
    assert answer.status_code == 303
    assert stored(sqlite_world) == 1
    after = words(screener.get(here).text)
    assert "作为意见收录" in after
    assert "选择" not in after


def test_what_is_set_aside_needs_a_reason_and_is_listed_with_it(screener: TestClient, sqlite_world: World) -> None:
    taken(screener, UNCLEAR)
    here = f"{LIST}/{mails(sqlite_world)[0].id}"
    assert press(screener, here, "/set-aside", reason=" ").status_code == 422
    assert press(screener, here, "/set-aside", reason="属于广告").status_code == 303
    assert "属于广告" in words(screener.get(f"{LIST}?state=set_aside").text)
    assert stored(sqlite_world) == 0


def test_another_page_of_the_mails_asks_the_store_as_often(screener: TestClient) -> None:
    asked = []
    taken(screener, UNCLEAR)
    for place in (1, 2):
        with statements(screener.app.state.services.database) as run:  # type: ignore[attr-defined]
            assert screener.get(LIST).status_code == 200
        asked.append(len(run))
        if place == 1:
            taken(screener, *(raw(f"第{number}条。", "意见", message_id=f"<x{number}@a.cn>") for number in range(2)))
    assert asked[0] == asked[1]


def test_what_was_sent_waits_sealed_and_for_its_sender_only(
    screener: TestClient, sqlite_world: World, tmp_path: Path
) -> None:
    where = sent(screener, RIGHT)
    contents = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and len(path.name) == 62]
    assert contents
    assert not any(SENDER.encode() in content for content in contents)
    with serving(sqlite_world.database, StoppedClock(), var_dir=tmp_path) as browser:
        assert signed_in(browser, Role.MANAGER).get(where).status_code == 404
    with sqlite_world.database.reading() as session:
        assert session.scalars(select(MailImport.mails)).all() == [1]


def test_what_is_no_mail_is_told(screener: TestClient) -> None:
    fields = hidden(screener.get(IMPORT).text)
    answer = screener.post(IMPORT, data=fields, files={"mails": ("a.zip", b"PK\x03\x04", "application/zip")})
    assert answer.status_code == 422
    assert ".eml" in words(answer.text)


@pytest.mark.parametrize("path", [LIST, IMPORT])
def test_an_approver_sees_no_mails(sqlite_world: World, path: str) -> None:
    with serving(sqlite_world.database, StoppedClock()) as browser:
        assert signed_in(browser, Role.APPROVER).get(path).status_code == 403
