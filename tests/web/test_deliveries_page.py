"""The desk shows how many messages went out and which didn't, and never to whom."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.audit import queries as audit
from app.deliveries import ledger
from app.deliveries.lifecycle import DeliveryChannel, DeliveryEvent, DeliveryState
from app.deliveries.models import Attempt, Delivery
from app.permissions import Role
from app.submissions import queries as submissions
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World

PAGE = f"/staff/consultations/{SLUG}/messages"


def settled(world: World, *people: int, event: DeliveryEvent, error: str | None = None) -> None:
    """Each of the people is owed a message, and that came of it."""
    for person in people:
        number = journey.submit(world, person=person).number
        with world.database.writing() as session:
            submission = submissions.by_number(session, number)
            assert submission is not None
            ledger.promise(
                session,
                START,
                channel=DeliveryChannel.EMAIL,
                recipient=("submission", submission.id),
                template="consultation_changed",
                about=("consultation", world.consultation.id),
            )
        with world.database.writing() as session:
            held = ledger.claim(session, START)
            assert held is not None
            ledger.settle(session, held, START, event, error)


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield signed_in(client, Role.MANAGER)


def states(world: World) -> list[DeliveryState]:
    with world.database.reading() as session:
        return sorted(session.scalars(select(Delivery.state)))


def test_counts_and_failures_are_shown_without_an_address(browser: TestClient, world: World) -> None:
    settled(world, 1, 2, event=DeliveryEvent.SEND)
    settled(world, 3, event=DeliveryEvent.REFUSE, error="recipient 550 5.1.1")
    page = browser.get(PAGE).text
    assert "已发送2" in words(page)
    assert "被拒收1" in words(page)
    assert "recipient 550 5.1.1" in page
    for person in (1, 2, 3):
        for personal in filter(None, vars(journey.identity(person)).values()):
            assert personal not in page


def test_a_failed_one_is_tried_again_by_hand_and_that_is_audited(browser: TestClient, world: World) -> None:
    settled(world, 3, event=DeliveryEvent.REFUSE, error="recipient 550 5.1.1")
    with world.database.reading() as session:
        delivery_id = session.scalars(select(Delivery.id)).one()
    assert press(browser, PAGE, f"{delivery_id}/retry").status_code == 303
    assert states(world) == [DeliveryState.PENDING]
    with world.database.reading() as session:
        trail = audit.of_record(session, "consultation", world.consultation.id)
        tried = session.scalars(select(Attempt.event).order_by(Attempt.id)).all()
    assert trail[-1].action == "delivery.retried"
    assert trail[-1].detail == {"delivery_id": str(delivery_id)}
    assert tried == [DeliveryEvent.REFUSE, DeliveryEvent.RETRY]


def test_what_was_sent_is_not_sent_again_by_hand(browser: TestClient, world: World) -> None:
    settled(world, 1, event=DeliveryEvent.SEND)
    settled(world, 2, event=DeliveryEvent.REFUSE)
    with world.database.reading() as session:
        sent = session.scalars(select(Delivery.id).where(Delivery.state == DeliveryState.SENT)).one()
        other = session.scalars(select(Delivery.id).where(Delivery.state != DeliveryState.SENT)).one()
    token = browser.get(PAGE).text.split('name="csrf_token" value="')[1].split('"')[0]
    refused = browser.post(f"{PAGE}/{sent}/retry", data={"csrf_token": token})
    assert refused.status_code == 409
    with world.database.writing() as session:
        elsewhere = journey.another_consultation(session, world.staff, slug="elsewhere")
    unknown = browser.post(f"/staff/consultations/{elsewhere.slug}/messages/{other}/retry", data={"csrf_token": token})
    assert unknown.status_code == 404
    assert states(world) == [DeliveryState.FAILED, DeliveryState.SENT]


def test_all_that_were_given_up_are_tried_again_at_once_but_not_the_refused(
    browser: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "RETRIED_AT_ONCE", 2)
    settled(world, 1, 2, 3, event=DeliveryEvent.GIVE_UP)
    settled(world, 4, event=DeliveryEvent.REFUSE)
    assert press(browser, PAGE, "messages/retry").status_code == 303
    assert states(world) == [DeliveryState.FAILED] + [DeliveryState.PENDING] * 3


def test_that_messages_wait_for_a_mail_server_is_said(browser: TestClient, world: World) -> None:
    assert "尚未配置邮件服务器" not in browser.get(PAGE).text
    settled(world, 1, event=DeliveryEvent.POSTPONE)
    assert "尚未配置邮件服务器" in browser.get(PAGE).text


def test_only_managers_see_it(world: World) -> None:
    with serving(world.database, StoppedClock()) as client:
        assert signed_in(client, Role.SCREENER).get(PAGE).status_code == 403


def test_the_page_asks_as_often_for_three_as_for_one(browser: TestClient, world: World) -> None:
    settled(world, 1, event=DeliveryEvent.REFUSE)
    with statements(world.database) as one:
        browser.get(PAGE)
    settled(world, 2, 3, event=DeliveryEvent.REFUSE)
    with statements(world.database) as three:
        browser.get(PAGE)
    assert len(three) == len(one)
