"""Keeping webhooks up: what was given up is sent again, a contact is written to, anybody checks signatures."""

from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi.testclient import TestClient
from sqlalchemy import select
from standardwebhooks import Webhook as StandardWebhook

from app.api.application import DepartmentApi, create_api
from app.deliveries.lifecycle import DeliveryEvent
from app.deliveries.models import Delivery
from app.kit.database import Database
from app.webhooks import ledger, schedule
from app.webhooks.lifecycle import MessageState
from app.webhooks.models import WebhookDelivery, WebhookEndpoint
from app.webhooks.sending import Answer
from app.worker import delivering
from tests.api.conftest import Client
from tests.support.journey import StoppedClock, World
from tests.webhooks.receiving import SEALER, URL, Post, Receiver
from tests.worker.sending import COLUMN, SENDER, Recorder

REFUSED, GONE, TAKEN = Answer(500, None, ""), Answer(410, None, ""), Answer(204, None, "")


@pytest.fixture
def api(database: Database, clock: StoppedClock) -> DepartmentApi:
    return create_api(database, clock, sealer=SEALER)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def post(database: Database, clock: StoppedClock, receiver: Receiver) -> Post:
    return Post(database, clock, {"/in": receiver})


def written(client: TestClient, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def given_up(post: Post, number: int) -> list[str]:
    """So many messages that were tried for days in vain; their ids."""
    ids = post.tell(number)
    with post.database.writing() as session:
        for message in session.scalars(select(WebhookDelivery)):
            message.state, message.settled_at, message.attempts = MessageState.DEAD, post.clock.at, 14
    return ids


def test_what_was_given_up_is_sent_again_in_order_and_in_bounded_steps(
    client: TestClient, client_of: Client, post: Post, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "REPLAYED_AT_ONCE", 2)
    path = f"/webhooks/{written(client, '/webhooks', url=URL)['id']}"
    ids = given_up(post, 3)
    other = client_of("finance").post(f"{path}/replay-dead")
    assert (other.status_code, other.json()["code"]) == (404, "no_such_webhook")
    later = (post.clock.at + timedelta(days=1)).isoformat()
    assert written(client, f"{path}/replay-dead", since=later) == {"number": 0}
    assert [written(client, f"{path}/replay-dead")["number"] for _ in range(3)] == [2, 1, 0]
    post.carry_all()
    assert sorted(receiver.ids) == sorted(ids)
    assert {message.state.value for message in post.messages()} == {"delivered"}


@pytest.mark.parametrize("answer", [GONE, REFUSED])
def test_the_contact_is_written_to_once_when_it_is_disabled(
    world: World, client: TestClient, post: Post, receiver: Receiver, answer: Answer
) -> None:
    made = written(client, "/webhooks", url=URL, contact_email="it@example.cn")
    assert made["contact_email"] == "it@example.cn"
    receiver.answers = [answer]
    with world.database.writing() as session:
        (row,) = session.scalars(select(WebhookEndpoint))
        row.failing_since = post.clock.at - schedule.FAILING_FOR
    post.tell(2)
    post.carry_all()
    assert client.get(f"/webhooks/{made['id']}").json()["state"] == "disabled"
    kept = Recorder()
    out = delivering.Post(kept, SENDER, COLUMN, world.vault)
    assert delivering.deliver_once(world.database, post.clock, out) is DeliveryEvent.SEND
    assert delivering.deliver_once(world.database, post.clock, out) is None
    (letter,) = kept.sent
    assert letter["To"] == "it@example.cn"
    assert "hooks.example.cn" in letter["Subject"]
    assert f"/webhooks/{made['id']}/enable" in letter.get_content()
    assert "/in" not in letter.get_content()


def test_without_a_contact_nobody_is_written_to(world: World, client: TestClient, post: Post) -> None:
    made = written(client, "/webhooks", url=URL, contact_email="it@example.cn")
    assert written(client, f"/webhooks/{made['id']}", url=URL)["contact_email"] == "it@example.cn"
    assert written(client, f"/webhooks/{made['id']}", url=URL, contact_email="")["contact_email"] is None
    post.receivers["/in"].answers = [GONE]
    post.tell()
    post.carry_all()
    with world.database.reading() as session:
        assert session.query(Delivery).filter_by(recipient_kind=ledger.CONTACT).all() == []
    refused = client.post("/webhooks", json={"url": URL, "contact_email": "nobody"})
    assert (refused.status_code, refused.json()["code"]) == (422, "contact_refused")
    assert refused.json()["errors"][0]["field"] == "contact_email"


def test_a_signature_by_a_key_pair_is_checked_with_the_public_key_alone(
    client: TestClient, post: Post, receiver: Receiver
) -> None:
    """The specification's `v1a`, checked by cryptography's Ed25519; `v1` beside it, by the specification's library."""
    path = f"/webhooks/{written(client, '/webhooks', url=URL)['id']}"
    assert client.get(path).json()["public_key"] is None
    public = written(client, f"{path}/key-pair")["public_key"]
    assert public.startswith("whpk_")
    post.tell()
    post.carry_all()
    ((headers, body),) = receiver.got
    scheme, signature = next(one.split(",") for one in headers["webhook-signature"].split() if one.startswith("v1a,"))
    assert scheme == "v1a"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = Ed25519PublicKey.from_public_bytes(b64decode(public.removeprefix("whpk_")))
    key.verify(b64decode(signature), signed)
    with pytest.raises(InvalidSignature):
        key.verify(b64decode(signature), signed + b" ")
    stamped = {**headers, "webhook-timestamp": headers["webhook-timestamp"]}
    secret = written(client, f"{path}/reveal-secret")["secret"]
    ours = StandardWebhook(secret).sign(headers["webhook-id"], post.clock.at, body.decode())
    assert ours in stamped["webhook-signature"].split()
    assert written(client, f"{path}/key-pair")["public_key"] != public
