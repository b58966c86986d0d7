"""Messages on their way: promised as events come up in the feed, claimed under a lease, tried again for days.

At least once: a worker that dies between the receiver's answer and its own commit sends the same message again, under
the same id. Two messages to one receiver are never on their way at once from one worker, and no order is promised.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from app import audit
from app.deliveries import ledger as deliveries
from app.deliveries.lifecycle import DeliveryChannel
from app.events.ledger import emit
from app.events.models import Event, EventReader
from app.events.queries import last_position
from app.permissions import Actor, ActorKind
from app.webhooks import payload, queries, schedule
from app.webhooks.lifecycle import (
    ENDPOINTS,
    MESSAGES,
    DisabledBecause,
    EndpointEvent,
    EndpointState,
    MessageEvent,
    MessageState,
    Outcome,
)
from app.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

READER = "webhooks"
LEASE = timedelta(minutes=2)
SPREAD_AT_ONCE = 200
FORGOTTEN_AT_ONCE = 1000
SENDER = Actor(ActorKind.WORKER, "webhooks", frozenset())
REPLAYED_AT_ONCE = 500
CONTACT, DISABLED = "webhook_contact", "webhook_disabled"
"""The kind of recipient that an endpoint's contact is, and the letter's template."""
SEALED = ("webhook_endpoints", "sealed_secret", "sealed_previous", "sealed_signing_key")
"""The table and its columns, as sealed values are bound to them."""


@dataclass(frozen=True)
class Held:
    """A message that this worker holds for LEASE, with all that sending it needs.

    `sealed` are the secret, the one before, and the private key.
    """

    delivery_id: uuid.UUID
    endpoint_id: uuid.UUID
    message_id: str
    kind: str
    body: bytes
    claims: int
    url: str
    sealed: tuple[bytes | None, bytes | None, bytes | None]
    is_slow: bool


@dataclass(frozen=True)
class Tried:
    """What one attempt came to. `error` is a kind; `retry_after` is as the receiver sent it."""

    outcome: Outcome
    milliseconds: int
    status: int | None = None
    error: str | None = None
    excerpt: str = ""
    retry_after: str | None = None


def spread(session: Session, now: datetime, most: int = SPREAD_AT_ONCE) -> int:
    """Promises each event after the last one that was spread to every receiver that wants it; answers how many events.

    How far it came is kept in the same transaction: no event is promised twice or left out. 0 where another is at it.
    """
    reader = session.scalar(select(EventReader).where(EventReader.name == READER).with_for_update(skip_locked=True))
    if reader is None:
        return _begin(session)
    events = session.scalars(
        select(Event).where(Event.position > reader.position).order_by(Event.position).limit(most)
    ).all()
    if events:
        _promise(session, now, events)
        reader.position = events[-1].position or reader.position
    return len(events)


def _begin(session: Session) -> int:
    """Makes the reader's row where there is none; a second one that makes it meanwhile fails and comes again."""
    if session.get(EventReader, READER) is None:
        session.add(EventReader(name=READER, position=0))
    return 0


def is_behind(session: Session) -> bool:
    """Whether there are events that were not spread yet; two rows, whatever the number of events."""
    position = session.scalar(select(EventReader.position).where(EventReader.name == READER))
    return position is None or position < last_position(session)


def _promise(session: Session, now: datetime, events: Sequence[Event]) -> None:
    departments = {event.department_id for event in events}
    enabled = select(WebhookEndpoint).where(
        WebhookEndpoint.department_id.in_(departments), WebhookEndpoint.state == EndpointState.ENABLED
    )
    endpoints = session.scalars(enabled.order_by(WebhookEndpoint.id)).all()
    for event in events:
        for endpoint in endpoints:
            if endpoint.department_id == event.department_id and wants(endpoint, event.kind):
                session.add(_message(endpoint.id, event.id, event.kind, payload.body(event), now))


def wants(endpoint: WebhookEndpoint, kind: str) -> bool:
    """What tells of the receiver itself isn't sent to it; it is in the feed."""
    return kind.partition(".")[0] != "webhook" and (not endpoint.kinds or kind in endpoint.kinds)


def promise_test(session: Session, endpoint_id: uuid.UUID, message_id: uuid.UUID, at: datetime) -> WebhookDelivery:
    body = payload.body_of_test(message_id, endpoint_id, at)
    message = _message(endpoint_id, message_id, payload.TEST_KIND, body, at)
    session.add(message)
    return message


def promise_anew(session: Session, endpoint_id: uuid.UUID, delivery_id: uuid.UUID, at: datetime) -> WebhookDelivery:
    """Sends a settled message again, for a caller who asked for the permission; its earlier attempts stay on record.

    Raises NotFound for one that is not of that receiver, InvalidTransition for one on its way.
    """
    message = queries.message(session, endpoint_id, delivery_id)
    _renew(message, at)
    return message


def promise_dead_anew(session: Session, endpoint_id: uuid.UUID, at: datetime, since: datetime | None = None) -> int:
    """Sends what was given up again, the oldest first, REPLAYED_AT_ONCE at most; how many messages that are.

    For a caller who asked for the permission. With `since` only what was promised at that instant or later.
    """
    dead = select(WebhookDelivery).where(
        WebhookDelivery.state == MessageState.DEAD, WebhookDelivery.endpoint_id == endpoint_id
    )
    if since is not None:
        dead = dead.where(WebhookDelivery.promised_at >= since)
    rows = session.scalars(dead.order_by(WebhookDelivery.id).limit(REPLAYED_AT_ONCE).with_for_update()).all()
    for message in rows:
        _renew(message, at)
    return len(rows)


def _renew(message: WebhookDelivery, at: datetime) -> None:
    message.state = MESSAGES.after(message.state, MessageEvent.REPLAY)
    message.attempts, message.settled_at, message.due_at = 0, None, at


def _message(endpoint_id: uuid.UUID, event_id: uuid.UUID, kind: str, body: str, at: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint_id=endpoint_id,
        event_id=event_id,
        kind=kind,
        body=body,
        promised_at=at,
        due_at=at,
        attempts=0,
        claims=0,
    )


def is_due(session: Session, now: datetime, busy: Collection[uuid.UUID] = (), slow_too: bool = True) -> bool:
    """Whether there is anything to `claim`; asks without taking a lock."""
    return session.scalar(_turns(now, busy, slow_too).limit(1)) is not None


def claim(session: Session, now: datetime, busy: Collection[uuid.UUID] = (), slow_too: bool = True) -> Held | None:
    """The oldest due message of the receiver that was tried longest ago; None when nothing is due.

    `busy` are receivers that have a message on its way; without `slow_too` those that are failing are left out.
    """
    turn = _turns(now, busy, slow_too).order_by(WebhookEndpoint.attempted_at.asc().nulls_first(), WebhookEndpoint.id)
    endpoint = session.scalar(turn.limit(1).with_for_update(skip_locked=True, of=WebhookEndpoint))
    if endpoint is None:
        return None
    oldest = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id, *_due(now))
    message = session.scalar(oldest.order_by(WebhookDelivery.due_at).limit(1).with_for_update(skip_locked=True))
    return None if message is None else _hold(session, now, endpoint, message)


def _turns(now: datetime, busy: Collection[uuid.UUID], slow_too: bool) -> Select[WebhookEndpoint]:
    """Receivers that can be sent to and have something due."""
    rested = or_(WebhookEndpoint.resting_until.is_(None), WebhookEndpoint.resting_until <= now)
    waiting = select(WebhookEndpoint).where(
        WebhookEndpoint.state == EndpointState.ENABLED,
        WebhookEndpoint.id.not_in(busy),
        rested,
        exists().where(WebhookDelivery.endpoint_id == WebhookEndpoint.id, *_due(now)),
    )
    return waiting if slow_too else waiting.where(WebhookEndpoint.failing_since.is_(None))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    free = or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until <= now)
    return WebhookDelivery.state == MessageState.PENDING, WebhookDelivery.due_at <= now, free


def _hold(session: Session, now: datetime, endpoint: WebhookEndpoint, message: WebhookDelivery) -> Held:
    message.leased_until, message.claims = now + LEASE, message.claims + 1
    # Beside the row's revision: it is no change that its owner could collide with.
    mark = update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint.id).values(attempted_at=now)
    session.execute(mark, execution_options={"synchronize_session": False})
    has_previous = endpoint.previous_until is not None and endpoint.previous_until > now
    return Held(
        delivery_id=message.id,
        endpoint_id=endpoint.id,
        message_id=str(message.event_id),
        kind=message.kind,
        body=message.body.encode(),
        claims=message.claims,
        url=endpoint.url,
        sealed=(
            endpoint.sealed_secret,
            endpoint.sealed_previous if has_previous else None,
            endpoint.sealed_signing_key,
        ),
        is_slow=endpoint.failing_since is not None,
    )


def settle(session: Session, held: Held, now: datetime, tried: Tried, chance: float) -> bool:
    """Writes down what an attempt came to. False, and nothing is written, when the lease has passed to another.

    `chance` in [0, 1) spreads the pause before the next attempt.
    """
    endpoint = session.get_one(WebhookEndpoint, held.endpoint_id, with_for_update=True)
    message = session.get_one(WebhookDelivery, held.delivery_id, with_for_update=True)
    if message.claims != held.claims or message.leased_until is None:
        return False
    message.attempts += 1
    message.leased_until = None
    pause = schedule.pause(message.attempts, chance)
    message.state = MESSAGES.after(message.state, _event(tried.outcome, pause))
    rest = schedule.rest(tried.outcome, tried.retry_after, now)
    if message.state is MessageState.PENDING:
        message.due_at = now + max(pause or rest, rest if tried.outcome is Outcome.THROTTLED else timedelta())
    else:
        message.settled_at = now
    session.add(_attempt(held, now, tried))
    _judge(session, endpoint, now, tried.outcome, rest)
    return True


def _event(outcome: Outcome, pause: timedelta | None) -> MessageEvent:
    if outcome is Outcome.ACCEPTED:
        return MessageEvent.DELIVER
    return MessageEvent.POSTPONE if pause is not None else MessageEvent.GIVE_UP


def _attempt(held: Held, now: datetime, tried: Tried) -> WebhookAttempt:
    return WebhookAttempt(
        delivery_id=held.delivery_id,
        at=now,
        outcome=tried.outcome,
        status=tried.status,
        error=tried.error,
        excerpt=tried.excerpt,
        milliseconds=tried.milliseconds,
    )


def _judge(session: Session, endpoint: WebhookEndpoint, now: datetime, outcome: Outcome, rest: timedelta) -> None:
    """What an attempt says of the receiver; a test counts like any other message."""
    if outcome is Outcome.ACCEPTED:
        endpoint.failing_since, endpoint.resting_until = None, None
        return
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.resting_until = now + rest
    if endpoint.state is not EndpointState.ENABLED:
        return
    if outcome is Outcome.GONE:
        _disable(session, endpoint, now, DisabledBecause.GONE)
    elif now - endpoint.failing_since >= schedule.FAILING_FOR:
        _disable(session, endpoint, now, DisabledBecause.FAILING)


def _disable(session: Session, endpoint: WebhookEndpoint, now: datetime, because: DisabledBecause) -> None:
    """Its department finds the event in the feed, and the column's staff the receiver on their page; the contact that
    the department named is written to.
    """
    endpoint.state = ENDPOINTS.after(endpoint.state, EndpointEvent.DISABLE)
    endpoint.disabled_because, endpoint.disabled_at = because, now
    emit(session, now, endpoint.department_id, "webhook.disabled", ("webhook", endpoint.id), because=because.value)
    audit.record(session, SENDER, now, "webhook.disabled", ("webhook", endpoint.id), because=because.value)
    if endpoint.contact_email:
        deliveries.promise(
            session,
            now,
            channel=DeliveryChannel.EMAIL,
            recipient=(CONTACT, endpoint.id),
            template=DISABLED,
            once=f"{DISABLED}:{endpoint.id.hex}:{int(now.timestamp())}",
        )


def forget(session: Session, before: datetime, most: int = FORGOTTEN_AT_ONCE) -> int:
    """Drops at most so many settled messages with their attempts; answers how many."""
    old = select(WebhookDelivery.id).where(WebhookDelivery.settled_at < before).limit(most)
    ids = session.scalars(old).all()
    if ids:
        session.execute(delete(WebhookAttempt).where(WebhookAttempt.delivery_id.in_(ids)))
        session.execute(delete(WebhookDelivery).where(WebhookDelivery.id.in_(ids)))
    return len(ids)
