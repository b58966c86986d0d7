"""The administrator sees every department's webhooks, what became of messages, and opens or closes ranges."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.permissions import Role
from app.webhooks.lifecycle import EndpointState
from app.webhooks.models import WebhookAllowance
from app.webhooks.sending import Answer
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import StoppedClock, World
from tests.webhooks.receiving import Post

PAGE = "/staff/webhooks"


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def post(world: World) -> Post:
    return Post(world.database)


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        signed_in(client, Role.ADMINISTRATOR)
        yield client


def refused_message(post: Post) -> uuid.UUID:
    endpoint = post.endpoint()
    post.receivers["/in"].answers = [Answer(500, None, "out of order <b>")]
    post.tell()
    post.carry_all()
    return endpoint


def test_nothing_is_there_at_first(browser: TestClient) -> None:
    page = words(browser.get(PAGE).text)
    assert "目前没有单位设置推送地址" in page


def test_a_receiver_is_shown_with_its_department_and_what_waits(browser: TestClient, post: Post) -> None:
    endpoint = refused_message(post)
    page = words(browser.get(PAGE).text)
    for said in ("省民政厅", "https://hooks.example.cn/in", "推送失败"):
        assert said in page
    shown = browser.get(f"{PAGE}/{endpoint}").text
    for said in ("assignment.delivered", "未被接收", "500", "out of order &lt;b&gt;", "待推送"):
        assert said in shown


def test_its_list_costs_the_same_however_many_there_are(browser: TestClient, world: World, post: Post) -> None:
    def cost() -> int:
        with statements(world.database) as found:
            browser.get(PAGE)
        return len(found)

    post.endpoint("/a")
    once = cost()
    for place in ("/b", "/c"):
        post.endpoint(place)
    assert cost() == once


def test_a_receiver_is_stopped_with_a_reason_and_let_go_on(browser: TestClient, post: Post) -> None:
    endpoint = post.endpoint()
    assert press(browser, f"{PAGE}/{endpoint}", f"{PAGE}/{endpoint}/stop", reason=" ").status_code == 422
    assert press(browser, f"{PAGE}/{endpoint}", f"{PAGE}/{endpoint}/stop", reason="疑似误配。").status_code == 303
    assert post.row(endpoint).state is EndpointState.DISABLED
    page = browser.get(f"{PAGE}/{endpoint}")
    assert "由专栏管理员停用" in page.text
    assert "疑似误配。" in page.text
    press(browser, f"{PAGE}/{endpoint}", f"{PAGE}/{endpoint}/resume")
    assert post.row(endpoint).state is EndpointState.ENABLED


def test_a_settled_message_is_sent_again(browser: TestClient, post: Post) -> None:
    endpoint = post.endpoint()
    post.tell()
    post.carry_all()
    (message,) = post.messages()
    press(browser, f"{PAGE}/{endpoint}", f"{PAGE}/{endpoint}/messages/{message.id}/replay")
    post.carry_all()
    assert len(set(post.receivers["/in"].ids)) == 1
    assert len(post.receivers["/in"].ids) == 2


def test_a_range_is_allowed_and_closed(browser: TestClient, world: World) -> None:
    said = {"network": "10.20.0.0/16", "name": "政务外网", "reason": "部门系统在此网段。"}
    assert press(browser, PAGE, "/staff/webhook-ranges", **{**said, "network": "127.0.0.0/8"}).status_code == 422
    assert press(browser, PAGE, "/staff/webhook-ranges", **said, plain="yes").status_code == 303
    with world.database.reading() as session:
        (row,) = session.scalars(select(WebhookAllowance))
    assert (row.network, row.is_plain, row.ended_at) == ("10.20.0.0/16", True, None)
    assert "政务外网" in browser.get(PAGE).text
    press(browser, PAGE, f"/staff/webhook-ranges/{row.id}/close")
    with world.database.reading() as session:
        assert session.get_one(WebhookAllowance, row.id).ended_at is not None


def test_nobody_else_sees_it(world: World) -> None:
    with serving(world.database, StoppedClock()) as client:
        signed_in(client, Role.MANAGER)
        assert client.get(PAGE).status_code == 403
