"""The message with the receipt: owed with the comment itself, sent by a real mail server's ways, without the code."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.deliveries.channels import Encryption, FolderChannel, MailServer, SmtpChannel
from app.deliveries.lifecycle import DeliveryEvent, DeliveryState
from app.deliveries.models import Delivery
from app.kit.errors import Conflict
from app.submissions.intake import DirectIntake
from app.submissions.receipts import Receipt
from app.worker.delivering import Post, deliver_once
from tests.deliveries.mail_server import mail_server
from tests.support import journey
from tests.support.app import ENTRY, hidden, serving, words
from tests.support.dump import dump
from tests.support.journey import SLUG, START, StoppedClock, World
from tests.worker.sending import COLUMN, SENDER

FORM = f"/consultations/{SLUG}/comment"


@pytest.fixture
def telling(world: World) -> World:
    """Its intake owes a message for each comment."""
    object.__setattr__(world, "intake", DirectIntake(world.database, world.vault, world.receipts, owes_receipts=True))
    return world


def owed(world: World) -> list[Delivery]:
    with world.database.reading() as session:
        return list(session.scalars(select(Delivery)))


def assert_is_the_receipt(text: str, receipt: Receipt) -> None:
    text = text.replace(" \r\n", "").replace(" \n", "")
    assert " ".join(re.findall("....", receipt.number)) in text
    assert f"{COLUMN.receipts_url}/{receipt.number}" in text
    assert "2026年5月11日 09:30:00（北京时间）" in text
    assert "不代表采纳" in text
    assert receipt.access_code not in text.replace(" ", "")


def test_the_receipt_goes_out_over_smtp_without_the_code(telling: World) -> None:
    receipt = journey.submit(telling, person=1)
    (row,) = owed(telling)
    assert (row.template, row.state, row.detail) == ("receipt", DeliveryState.PENDING, {})
    with mail_server() as server:
        way = MailServer("127.0.0.1", server.port, Encryption.NONE, "", "", 5.0)
        post = Post(SmtpChannel(way, "example.cn"), SENDER, COLUMN, telling.vault)
        assert deliver_once(telling.database, StoppedClock(START), post) is DeliveryEvent.SEND
        post.channel.close()
        (message,) = server.accepted
    assert server.recipients == ["person1@example.com"]
    assert str(message["Subject"]) == f"意见回执：{telling.consultation.title}"
    text = message.get_content()
    assert_is_the_receipt(text, receipt)
    who = journey.identity(1)
    for secret in (who.name, who.phone, who.id_number or "", journey.COMMENT[:6], "关于助餐"):
        assert secret not in text


def test_the_receipt_goes_into_a_folder_where_that_is_the_way_out(telling: World, tmp_path: Path) -> None:
    receipt = journey.submit(telling, person=1)
    post = Post(FolderChannel(tmp_path / "mail"), SENDER, COLUMN, telling.vault)
    assert deliver_once(telling.database, StoppedClock(START), post) is DeliveryEvent.SEND
    (file,) = (tmp_path / "mail").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert_is_the_receipt(message.get_content(), receipt)


def test_a_comment_that_is_not_stored_owes_nothing(telling: World) -> None:
    with pytest.raises(Conflict):
        journey.submit(telling, at=telling.consultation.closes_at + timedelta(hours=1))
    assert owed(telling) == []


def test_the_same_form_again_owes_no_second_message(telling: World) -> None:
    for _ in range(2):
        journey.submit(telling, token="the same form")
    assert len(owed(telling)) == 1


def test_neither_address_nor_code_is_stored_with_the_promise(telling: World) -> None:
    receipt = journey.submit(telling, person=1)
    kept = str(dump(telling.database)["deliveries"])
    for secret in (receipt.access_code, receipt.number, journey.identity(1).email or "?"):
        assert secret not in kept


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock, tmp_path: Path) -> Iterator[TestClient]:
    with serving(world.database, clock, mail_folder=tmp_path / "mail", mail_from="yijian@example.cn") as client:
        yield client


def test_the_form_owes_it_and_the_page_says_so(browser: TestClient, world: World) -> None:
    answer = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY)
    assert [row.template for row in owed(world)] == ["receipt"]
    assert "现在会收到载有回执编号的邮件" in words(browser.get(answer.headers["location"]).text)


def test_where_no_mail_is_sent_nothing_is_owed_and_the_page_promises_nothing(world: World, clock: StoppedClock) -> None:
    with serving(world.database, clock) as browser:
        answer = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY)
        assert "邮件" not in words(browser.get(answer.headers["location"]).text)
    assert owed(world) == []
