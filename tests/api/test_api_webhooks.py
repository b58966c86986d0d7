"""A department keeps its own webhooks over HTTP: made, changed, tested, read, replayed; nobody else's."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.application import DepartmentApi, create_api
from app.kit.database import Database
from app.webhooks import supervising
from app.webhooks.lifecycle import EndpointState
from app.webhooks.models import WebhookEndpoint
from tests.api.conftest import Client
from tests.support import journey
from tests.support.journey import StoppedClock, World
from tests.webhooks.receiving import SEALER, URL, Post, Receiver


@pytest.fixture
def api(database: Database, clock: StoppedClock) -> DepartmentApi:
    return create_api(database, clock, sealer=SEALER)


@pytest.fixture
def post(database: Database, clock: StoppedClock) -> Post:
    return Post(database, clock, {"/in": Receiver()})


def written(client: TestClient, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(client: TestClient, path: str, **body: Any) -> tuple[int, str]:
    answer = client.post(path, json=body)
    return answer.status_code, answer.json()["code"]


def test_a_webhook_from_its_making_to_its_end(client: TestClient, post: Post) -> None:
    made = written(client, "/webhooks", url=URL, kinds=["assignment.delivered"], description="公文系统")
    path = f"/webhooks/{made['id']}"
    assert "secret" not in made
    assert client.get("/webhooks").json()["items"] == [client.get(path).json()]
    secret = written(client, f"{path}/reveal-secret")["secret"]
    assert secret.startswith("whsec_")
    test = written(client, f"{path}/test")
    assert (test["kind"], test["state"], test["attempts"]) == ("webhook.test", "pending", [])
    (id,) = post.tell()
    post.carry_all()
    log = client.get(f"{path}/deliveries", params={"state": "delivered"}).json()
    assert [one["event_id"] for one in log["items"]] == [id, test["event_id"]]
    (attempt,) = log["items"][0]["attempts"]
    assert (attempt["at"], attempt["outcome"], attempt["status"]) == ("2026-05-11T01:30:00Z", "accepted", 204)
    assert (attempt["error"], attempt["excerpt"]) == (None, "")
    again = written(client, f"{path}/deliveries/{log['items'][0]['id']}/replay")
    assert (again["state"], again["event_id"]) == ("pending", id)
    post.carry_all()
    assert post.receivers["/in"].ids.count(id) == 2
    changed = written(client, path, url=f"{URL}2")
    assert (changed["url"], changed["kinds"]) == (f"{URL}2", [])
    assert written(client, f"{path}/rotate-secret", overlap_hours=1)["previous_secret_until"] == "2026-05-11T02:30:00Z"
    assert written(client, f"{path}/reveal-secret")["secret"] != secret
    assert written(client, f"{path}/disable")["disabled_because"] == "by_department"
    assert refused(client, f"{path}/test") == (409, "webhook_disabled")
    assert written(client, f"{path}/enable")["state"] == "enabled"
    assert written(client, f"{path}/remove") == {"id": made["id"]}
    assert client.get(path).json()["code"] == "no_such_webhook"
    assert client.get("/webhooks").json() == {"items": []}


def test_another_departments_webhooks_are_not_there(client: TestClient, client_of: Client, post: Post) -> None:
    made = written(client, "/webhooks", url=URL)
    delivery = written(client, f"/webhooks/{made['id']}/test")["id"]
    path, other = f"/webhooks/{made['id']}", client_of("finance")
    assert other.get("/webhooks").json() == {"items": []}
    for read in (path, f"{path}/deliveries"):
        assert other.get(read).json()["code"] == "no_such_webhook"
    for verb in ("reveal-secret", "rotate-secret", "test", "enable", "disable", "remove"):
        assert refused(other, f"{path}/{verb}") == (404, "no_such_webhook")
    assert refused(other, path, url=URL) == (404, "no_such_webhook")
    assert refused(other, f"{path}/deliveries/{delivery}/replay") == (404, "no_such_webhook")
    mine = written(other, "/webhooks", url=URL)["id"]
    assert refused(other, f"/webhooks/{mine}/deliveries/{delivery}/replay") == (404, "no_such_delivery")


def test_it_takes_a_scope_of_its_own(client_of: Client) -> None:
    reading = client_of(scopes=["assignments:write", "events:read"])
    assert reading.get("/webhooks").status_code == 403
    assert refused(reading, "/webhooks", url=URL) == (403, "forbidden")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"url": "https://127.1/"}, "webhook_url_refused", "url"),
        ({"url": "https://name:word@hooks.example.cn/"}, "webhook_url_refused", "url"),
        ({"url": "ftp://hooks.example.cn/"}, "webhook_url_refused", "url"),
        ({"url": URL, "kinds": ["assignment.eaten"]}, "no_such_event_kind", "kinds"),
        ({"url": ""}, "invalid_fields", "url"),
        ({"kinds": []}, "invalid_fields", "url"),
        ({"url": URL, "secret": "mine"}, "invalid_fields", "secret"),
    ],
)
def test_what_can_not_be_a_webhook(client: TestClient, body: dict[str, Any], code: str, field: str) -> None:
    answer = client.post("/webhooks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_there_are_ten_at_most(client: TestClient) -> None:
    for _ in range(10):
        written(client, "/webhooks", url=URL)
    assert refused(client, "/webhooks", url=URL) == (422, "too_many_webhooks")


def test_a_repeated_write_is_carried_out_once_and_no_stored_answer_has_a_secret(client: TestClient) -> None:
    first, second = (written(client, "/webhooks", url=URL, idempotency_key="one") for _ in range(2))
    assert first == second
    assert len(client.get("/webhooks").json()["items"]) == 1
    path = f"/webhooks/{first['id']}/reveal-secret"
    answers = [client.post(path, json={"idempotency_key": "two"}) for _ in range(2)]
    assert all("Idempotent-Replayed" not in answer.headers for answer in answers)


def test_an_older_version_before_ones_eyes_is_refused(client: TestClient) -> None:
    made = written(client, "/webhooks", url=URL)
    path = f"/webhooks/{made['id']}"
    written(client, f"{path}/disable", expected_version=made["revision"])
    assert refused(client, f"{path}/enable", expected_version=made["revision"]) == (409, "version_mismatch")
    assert client.post(f"{path}/enable", headers={"If-Match": '"99"'}).status_code == 412


def test_what_staff_disabled_only_staff_enable(client: TestClient, world: World) -> None:
    made = written(client, "/webhooks", url=URL)
    with world.database.writing() as session:
        (row,) = session.query(WebhookEndpoint)
        supervising.stop(session, world.staff.administrator, row.created_at, row.id, "疑似误配。")
    assert refused(client, f"/webhooks/{made['id']}/enable") == (409, "disabled_by_staff")
    assert client.get(f"/webhooks/{made['id']}").json()["state"] == EndpointState.DISABLED


def test_without_keys_nothing_can_be_sealed(world: World, database: Database, clock: StoppedClock) -> None:
    bare = TestClient(create_api(database, clock), headers={"X-API-Key": journey.api_key(world)})
    assert refused(bare, "/webhooks", url=URL) == (503, "unavailable")
