"""The pages of assignments: the board, one assignment, and the suggestion's part."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.assignments import actions, queries, working_time
from app.assignments.ladder import Tone
from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.departments.models import Department
from app.departments.units import Relationship
from app.events.models import Event
from app.permissions import Actor, ActorKind, Role, of_scopes
from app.webhooks.lifecycle import EndpointState, MessageState, Outcome
from app.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from app.worker import reminding
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import DRAFTING, START, StoppedClock, World

FINANCE, MARKET = "finance", "market-regulation"
BOARD = "/staff/assignments"
ENGLISH = {"accept-language": "en"}


def program(department: str = DRAFTING) -> Actor:
    return Actor(ActorKind.CLIENT, f"{department}'s program", of_scopes(["assignments:write"]), department)


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def client(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as browser:
        browser.headers |= ENGLISH
        yield signed_in(browser, Role.APPROVER)


def row(world: World, id: uuid.UUID) -> Assignment:
    with world.database.reading() as session:
        return session.get_one(Assignment, id)


def send_back(world: World, id: uuid.UUID, suggested: str | None = None) -> None:
    with world.database.writing() as session:
        actions.send_back(session, program(), START, id, "选址不归我厅管。", suggested)


def test_the_board_lists_what_presses_first_and_who_is_late(
    world: World, client: TestClient, clock: StoppedClock
) -> None:
    ids = journey.assigned(world, journey.approved_suggestion(world), cooperating=[FINANCE])
    clock.at = START + timedelta(days=10)  # the cooperating department's 7 working days are over, the lead's 10 aren't
    signed_in(client, Role.APPROVER)
    shown = client.get(BOARD)
    assert shown.status_code == 200
    links = lxml.html.fromstring(shown.text).xpath("//main//ol//a/@href")
    assert [link.rsplit("/", 1)[-1] for link in links] == [str(ids[FINANCE]), str(ids[DRAFTING])]
    late = words(client.get(BOARD + "?late=1").text)
    assert "辽宁省财政厅" in late
    assert "working day late" in late
    assert client.get(BOARD + "?stage=nonsense&consultation=x").status_code == 200


def test_the_board_costs_the_same_however_much_is_on_it(world: World, client: TestClient) -> None:
    counted = []
    for people in ((0,), (1, 2)):
        for person in people:
            journey.assigned(world, journey.approved_suggestion(world, people=(person,)), cooperating=[FINANCE])
        client.get(BOARD)
        with statements(world.database) as sent:
            assert client.get(BOARD).status_code == 200
        counted.append(len(sent))
    assert counted[0] == counted[1]


def test_the_working_days_of_a_consultation_are_set_on_its_board(world: World, client: TestClient) -> None:
    board = f"{BOARD}?consultation={world.consultation.id}"
    answer = press(client, board, "/terms/", lead_days="5", cooperating_days="3")
    assert answer.status_code == 303
    with world.database.reading() as session:
        assert queries.terms(session, world.consultation.id) == (5, 3)


def test_an_assignment_is_reminded_of_given_another_day_and_recalled(
    world: World, client: TestClient, clock: StoppedClock
) -> None:
    id = journey.assignment(world)
    one = f"{BOARD}/{id}"
    assert press(client, one, "/remind", tone="remind", words="请抓紧办理。").status_code == 303
    day = (START + timedelta(days=30)).date()
    assert press(client, one, "/due", due_on=day.isoformat(), reason="须会商两次。").status_code == 303
    assert working_time.due_day(row(world, id).due_at or START) == day
    shown = words(client.get(one).text)
    assert "请抓紧办理。" in shown
    assert "须会商两次。" in shown
    assert press(client, one, "/recall", reason="交办有误。").status_code == 303
    assert row(world, id).state is AssignmentState.RECALLED
    assert "交办有误。" in words(client.get(one).text)


def test_a_consulted_body_is_asked_politely_on_the_page(world: World, client: TestClient, clock: StoppedClock) -> None:
    with world.database.writing() as session:
        session.get_one(Department, DRAFTING).relationship = Relationship.NOT_SUBORDINATE
    id = journey.assignment(world)
    shown = client.get(f"{BOARD}/{id}").text
    assert lxml.html.fromstring(shown).xpath("//select[@name='tone']/option/@value") == [Tone.REQUEST.value]
    assert "never supervised" in words(shown)


def test_what_was_sent_back_is_proposed_anew_with_its_history(world: World, client: TestClient) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id)
    send_back(world, ids[DRAFTING], MARKET)
    page = f"/staff/suggestions/{suggestion_id}"
    shown = client.get(page).text
    (chosen,) = lxml.html.fromstring(shown).xpath("//select[@name='lead']/option[@selected]/@value")
    assert chosen == MARKET
    assert "选址不归我厅管。" in words(shown)
    assert "Suggested by the department that sent it back." in words(shown)
    day = (START + timedelta(days=20)).date()
    answer = press(client, page, "/assign", lead=MARKET, due_on=day.isoformat(), due_reason="首次交办已延误。")
    assert answer.status_code == 303
    with world.database.reading() as session:
        (made,) = session.scalars(select(Assignment).where(Assignment.department_id == MARKET))
    assert (made.why, working_time.due_day(made.due_at or START)) == ("suggested_on_sending_back", day)
    assert press(client, page, "/cooperating", department=FINANCE).status_code == 303
    assert "辽宁省财政厅" in words(client.get(page).text)


def test_another_last_day_needs_its_reason(world: World, client: TestClient) -> None:
    suggestion_id = journey.approved_suggestion(world)
    page, day = f"/staff/suggestions/{suggestion_id}", (START + timedelta(days=20)).date()
    answer = press(client, page, "/assign", lead=DRAFTING, due_on=day.isoformat())
    assert answer.status_code == 422


def test_the_page_shows_what_the_departments_receiver_answered_and_sends_again(
    world: World, client: TestClient
) -> None:
    id = journey.assignment(world)
    delivery_id = pushed(world, id, START)
    shown = words(client.get(f"{BOARD}/{id}").text)
    assert "hooks.example.gov.cn" in shown
    assert "Answered with 503" in shown
    assert press(client, f"{BOARD}/{id}", f"/pushes/{delivery_id}").status_code == 303
    with world.database.reading() as session:
        assert session.get_one(WebhookDelivery, delivery_id).state is MessageState.PENDING


def pushed(world: World, assignment_id: uuid.UUID, at: datetime) -> uuid.UUID:
    """A message about the assignment that was given up after the receiver had answered 503."""
    with world.database.writing() as session:
        event = session.scalars(select(Event).where(Event.record_id == str(assignment_id))).one()
        endpoint = WebhookEndpoint(
            department_id=DRAFTING,
            url="https://hooks.example.gov.cn/in",
            description="",
            kinds=[],
            state=EndpointState.ENABLED,
            created_at=at,
        )
        session.add(endpoint)
        session.flush()
        message = WebhookDelivery(
            endpoint_id=endpoint.id,
            event_id=event.id,
            kind=event.kind,
            body="{}",
            state=MessageState.DEAD,
            promised_at=at,
            due_at=at,
            attempts=1,
        )
        session.add(message)
        session.flush()
        session.add(
            WebhookAttempt(
                delivery_id=message.id, at=at, outcome=Outcome.THROTTLED, status=503, excerpt="busy", milliseconds=9
            )
        )
        return message.id


def test_who_only_looks_sees_no_way_to_act(world: World, client: TestClient) -> None:
    id = journey.assignment(world)
    signed_in(client, Role.EDITOR)
    shown = client.get(f"{BOARD}/{id}")
    assert shown.status_code == 200
    assert not lxml.html.fromstring(shown.text).xpath(f"//main//form[contains(@action, '{id}')]")
    assert client.get(f"{BOARD}/{uuid.uuid4()}").status_code == 404


def test_the_workers_reminders_stand_on_the_page(world: World, client: TestClient, clock: StoppedClock) -> None:
    id = journey.assignment(world)
    clock.at = START + timedelta(days=20)
    with world.database.writing() as session:
        reminding.keep(session, clock.at, {})
    signed_in(client, Role.APPROVER)
    assert "Supervision" in words(client.get(f"{BOARD}/{id}").text)
