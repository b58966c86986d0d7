"""A department's own webhooks: where its events are sent, with which secret, and what became of each message."""

import uuid
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response, Security
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.api.authentication import Permitted, department_of, scope_of
from app.api.receiving import DepartmentRoute
from app.api.repeating import Act, Caller, IdempotencyKey, IfMatch, WriteBody, check_version, written_once
from app.api.v1 import webhook_shapes as shapes
from app.api.v1.responses import READ, READ_WEBHOOK, READ_WEBHOOK_LOG, WRITE_WEBHOOK
from app.api.v1.webhook_shapes import DeliveryPage, SecretShown, Webhook, WebhookDelivery, WebhookList
from app.kit.crypto import Sealer
from app.kit.errors import Unavailable
from app.kit.http import Now, ReadSession, database_of
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.webhooks import actions, queries
from app.webhooks.actions import Wanted

router = APIRouter(route_class=DepartmentRoute, tags=["webhooks"])
MANAGING = Permitted(Permission.MANAGE_OWN_WEBHOOKS)
Keeper = Annotated[Actor, Security(MANAGING, scopes=[scope_of(MANAGING.permission)])]
WebhookId = Annotated[uuid.UUID, Path(description="The webhook's `id`, from the list.")]
DeliveryId = Annotated[uuid.UUID, Path(description="The delivery's `id`, from the webhook's list of deliveries.")]
AS_IT_IS_NOW = "The webhook as it is now"


def _caller(
    request: Request,
    actor: Keeper,
    at: Now,
    key: Annotated[IdempotencyKey | None, Header(alias="Idempotency-Key")] = None,
    if_match: Annotated[IfMatch | None, Header(alias="If-Match")] = None,
) -> Caller:
    return Caller(database_of(request), actor, at, key, if_match)


def _sealer(request: Request) -> Sealer:
    """Raises Unavailable where this application has no keys to seal secrets with."""
    sealer: Sealer | None = request.app.state.sealer
    if sealer is None:
        raise Unavailable
    return sealer


Keeping = Annotated[Caller, Depends(_caller)]
Sealing = Annotated[Sealer, Depends(_sealer)]


@router.get("/webhooks", responses=READ, response_description="All of them", operation_id="list_webhooks")
def list_webhooks(keeper: Keeper, session: ReadSession) -> WebhookList:
    """Your department's webhooks, the first one first; there are ten at most."""
    return WebhookList(items=[shapes.webhook(row) for row in queries.of_department(session, department_of(keeper))])


@router.get(
    "/webhooks/{webhook_id}", responses=READ_WEBHOOK, response_description=AS_IT_IS_NOW, operation_id="get_webhook"
)
def get_webhook(keeper: Keeper, session: ReadSession, webhook_id: WebhookId) -> Webhook:
    """One webhook. Another department's is answered as if it didn't exist."""
    return shapes.webhook(queries.one(session, webhook_id, department_of(keeper)))


@router.post(
    "/webhooks",
    responses=WRITE_WEBHOOK,
    response_model=Webhook,
    response_description="The new webhook",
    operation_id="create_webhook",
)
def create_webhook(keeping: Keeping, sealing: Sealing, body: shapes.WebhookRequest) -> Response:
    """Adds a webhook. Its secret is told by `reveal-secret`, so that no stored answer holds it."""

    def act(session: Session) -> Webhook:
        made = actions.create(session, keeping.actor, keeping.at, sealing, _wanted(body))
        session.flush()
        return shapes.webhook(made)

    return written_once(keeping, "webhooks", body, act)


@router.post(
    "/webhooks/{webhook_id}",
    responses=WRITE_WEBHOOK,
    response_model=Webhook,
    response_description=AS_IT_IS_NOW,
    operation_id="change_webhook",
)
def change_webhook(keeping: Keeping, webhook_id: WebhookId, body: shapes.WebhookRequest) -> Response:
    """Replaces address, kinds and description. What waits goes to the new address."""

    def act(session: Session) -> Webhook:
        actions.change(session, keeping.actor, keeping.at, webhook_id, _wanted(body))
        return _now(session, keeping.actor, webhook_id)

    return _written(keeping, webhook_id, "", body, act)


@router.post(
    "/webhooks/{webhook_id}/rotate-secret",
    responses=WRITE_WEBHOOK,
    response_model=Webhook,
    response_description=AS_IT_IS_NOW,
    operation_id="rotate_webhook_secret",
)
def rotate_secret(
    keeping: Keeping, sealing: Sealing, webhook_id: WebhookId, body: shapes.RotateRequest | None = None
) -> Response:
    """Makes a new secret. Until the overlap is over each message is signed with both, so that nothing is refused."""
    asked = body or shapes.RotateRequest()

    def act(session: Session) -> Webhook:
        overlap = timedelta(hours=asked.overlap_hours)
        actions.rotate(session, keeping.actor, keeping.at, webhook_id, sealing, overlap)
        return _now(session, keeping.actor, webhook_id)

    return _written(keeping, webhook_id, "/rotate-secret", asked, act)


@router.post(
    "/webhooks/{webhook_id}/reveal-secret",
    responses=WRITE_WEBHOOK,
    response_model=SecretShown,
    response_description="The secret",
    operation_id="reveal_webhook_secret",
)
def reveal_secret(
    keeping: Keeping, sealing: Sealing, webhook_id: WebhookId, body: shapes.PlainRequest | None = None
) -> Response:
    """Tells the secret with which messages are signed. Each time is written down; the answer is not kept."""
    asked = body or shapes.PlainRequest()
    with keeping.database.writing() as session:
        held = queries.one(session, webhook_id, department_of(keeping.actor))
        check_version(keeping, asked, held.revision)
        secret = actions.reveal(session, keeping.actor, keeping.at, webhook_id, sealing)
    return JSONResponse(SecretShown(secret=secret).model_dump())


@router.post(
    "/webhooks/{webhook_id}/key-pair",
    responses=WRITE_WEBHOOK,
    response_model=Webhook,
    response_description=AS_IT_IS_NOW,
    operation_id="make_webhook_key_pair",
)
def make_key_pair(
    keeping: Keeping, sealing: Sealing, webhook_id: WebhookId, body: shapes.PlainRequest | None = None
) -> Response:
    """Signs each message with an Ed25519 key, too (`v1a`), which `public_key` checks and nothing else can make.

    A second time makes a new pair; the one before ends at once. Signatures with the secret (`v1`) go on beside.
    """

    def act(session: Session) -> Webhook:
        actions.make_key_pair(session, keeping.actor, keeping.at, webhook_id, sealing)
        return _now(session, keeping.actor, webhook_id)

    return _written(keeping, webhook_id, "/key-pair", body or shapes.PlainRequest(), act)


@router.post(
    "/webhooks/{webhook_id}/enable",
    responses=WRITE_WEBHOOK,
    response_model=Webhook,
    response_description=AS_IT_IS_NOW,
    operation_id="enable_webhook",
)
def enable_webhook(keeping: Keeping, webhook_id: WebhookId, body: shapes.PlainRequest | None = None) -> Response:
    """What waited is sent; what happened while it was disabled is in the feed only."""

    def act(session: Session) -> Webhook:
        actions.enable(session, keeping.actor, keeping.at, webhook_id)
        return _now(session, keeping.actor, webhook_id)

    return _written(keeping, webhook_id, "/enable", body or shapes.PlainRequest(), act)


@router.post(
    "/webhooks/{webhook_id}/disable",
    responses=WRITE_WEBHOOK,
    response_model=Webhook,
    response_description=AS_IT_IS_NOW,
    operation_id="disable_webhook",
)
def disable_webhook(keeping: Keeping, webhook_id: WebhookId, body: shapes.PlainRequest | None = None) -> Response:
    """Sends nothing more until it is enabled again."""

    def act(session: Session) -> Webhook:
        actions.disable(session, keeping.actor, keeping.at, webhook_id)
        return _now(session, keeping.actor, webhook_id)

    return _written(keeping, webhook_id, "/disable", body or shapes.PlainRequest(), act)


@router.post(
    "/webhooks/{webhook_id}/remove",
    responses=WRITE_WEBHOOK,
    response_model=shapes.Removed,
    response_description="It is gone",
    operation_id="remove_webhook",
)
def remove_webhook(keeping: Keeping, webhook_id: WebhookId, body: shapes.PlainRequest | None = None) -> Response:
    """Removes it for good, and gives up what waited for it."""

    def act(session: Session) -> shapes.Removed:
        actions.remove(session, keeping.actor, keeping.at, webhook_id)
        return shapes.Removed(id=webhook_id)

    return _written(keeping, webhook_id, "/remove", body or shapes.PlainRequest(), act)


@router.post(
    "/webhooks/{webhook_id}/test",
    responses=WRITE_WEBHOOK,
    response_model=WebhookDelivery,
    response_description="The message; its attempts are in the list of deliveries shortly after",
    operation_id="test_webhook",
)
def send_test(keeping: Keeping, webhook_id: WebhookId, body: shapes.PlainRequest | None = None) -> Response:
    """Sends a message of the kind `webhook.test`, signed and tried like any other; it isn't in the feed."""

    def act(session: Session) -> WebhookDelivery:
        message = actions.send_test(session, keeping.actor, keeping.at, webhook_id)
        return shapes.delivery(queries.with_attempts(session, [message])[0])

    return _written(keeping, webhook_id, "/test", body or shapes.PlainRequest(), act)


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    responses=READ_WEBHOOK_LOG,
    response_description="One page",
    operation_id="list_webhook_deliveries",
)
def list_deliveries(
    keeper: Keeper, session: ReadSession, webhook_id: WebhookId, query: Annotated[shapes.LogQuery, Query()]
) -> DeliveryPage:
    """Messages to one webhook, the newest first, each with every attempt and the beginning of what was answered."""
    queries.one(session, webhook_id, department_of(keeper))
    page = queries.log(session, webhook_id, read_cursor(query.cursor), query.limit, query.state)
    return DeliveryPage(items=[shapes.delivery(one) for one in page.items], next_cursor=page.next_cursor)


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    responses=WRITE_WEBHOOK,
    response_model=WebhookDelivery,
    response_description="The message, due again",
    operation_id="replay_webhook_delivery",
)
def replay_delivery(
    keeping: Keeping, webhook_id: WebhookId, delivery_id: DeliveryId, body: shapes.PlainRequest | None = None
) -> Response:
    """Sends a settled message again, under the same `webhook-id`."""

    def act(session: Session) -> WebhookDelivery:
        message = actions.replay(session, keeping.actor, keeping.at, webhook_id, delivery_id)
        session.flush()
        return shapes.delivery(queries.with_attempts(session, [message])[0])

    return _written(keeping, webhook_id, f"/deliveries/{delivery_id}/replay", body or shapes.PlainRequest(), act)


@router.post(
    "/webhooks/{webhook_id}/replay-dead",
    responses=WRITE_WEBHOOK,
    response_model=shapes.Replayed,
    response_description="How many are due again",
    operation_id="replay_dead_webhook_deliveries",
)
def replay_dead(keeping: Keeping, webhook_id: WebhookId, body: shapes.ReplayDeadRequest | None = None) -> Response:
    """Sends every message again that was given up, the oldest first, 500 at a time, each under its `webhook-id`."""
    asked = body or shapes.ReplayDeadRequest()

    def act(session: Session) -> shapes.Replayed:
        number = actions.replay_dead(session, keeping.actor, keeping.at, webhook_id, asked.since)
        return shapes.Replayed(number=number)

    return _written(keeping, webhook_id, "/replay-dead", asked, act)


def _written(keeping: Caller, webhook_id: uuid.UUID, verb: str, body: WriteBody, act: Act) -> Response:
    """One write on one webhook, refused where the caller had an older version before its eyes."""

    def checked(session: Session) -> BaseModel:
        held = queries.one(session, webhook_id, department_of(keeping.actor))
        check_version(keeping, body, held.revision)
        return act(session)

    return written_once(keeping, f"webhooks/{webhook_id}{verb}", body, checked)


def _wanted(body: shapes.WebhookRequest) -> Wanted:
    return Wanted(body.url, tuple(body.kinds), body.description, body.contact_email)


def _now(session: Session, actor: Actor, webhook_id: uuid.UUID) -> Webhook:
    session.flush()
    return shapes.webhook(queries.one(session, webhook_id, department_of(actor)))
