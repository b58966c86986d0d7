"""Reads: receivers, what became of messages to them, and which addresses are open here."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.webhooks.guard import Allowed
from app.webhooks.lifecycle import EndpointState, MessageState
from app.webhooks.models import WebhookAllowance, WebhookAttempt, WebhookDelivery, WebhookEndpoint


@dataclass(frozen=True)
class Logged:
    """One message with every attempt that was made, the first one first."""

    message: WebhookDelivery
    attempts: Sequence[WebhookAttempt]


@dataclass(frozen=True)
class Waiting:
    """How many messages wait for a receiver, and how many were given up."""

    pending: int = 0
    dead: int = 0


def of_department(session: Session, department_id: str) -> Sequence[WebhookEndpoint]:
    """A department's receivers that weren't removed, the first one first."""
    return session.scalars(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.department_id == department_id, WebhookEndpoint.state != EndpointState.REMOVED)
        .order_by(WebhookEndpoint.id)
    ).all()


def everywhere(session: Session) -> Sequence[WebhookEndpoint]:
    """Every department's receivers that weren't removed; the failing and disabled ones first."""
    failing = (WebhookEndpoint.state.asc(), WebhookEndpoint.failing_since.asc().nulls_last(), WebhookEndpoint.id)
    present = select(WebhookEndpoint).where(WebhookEndpoint.state != EndpointState.REMOVED)
    return session.scalars(present.order_by(*failing)).all()


def one(session: Session, endpoint_id: uuid.UUID, department_id: str | None = None) -> WebhookEndpoint:
    """Raises NotFound for a removed one, and for another department's where a department asks."""
    found = session.get(WebhookEndpoint, endpoint_id)
    is_other = found is not None and department_id is not None and found.department_id != department_id
    if found is None or is_other or found.state is EndpointState.REMOVED:
        raise NotFound("no_such_webhook")
    return found


def waiting(session: Session) -> Mapping[uuid.UUID, Waiting]:
    """By receiver; a receiver without any isn't there."""
    counted = (
        select(WebhookDelivery.endpoint_id, WebhookDelivery.state, func.count())
        .where(WebhookDelivery.state.in_((MessageState.PENDING, MessageState.DEAD)))
        .group_by(WebhookDelivery.endpoint_id, WebhookDelivery.state)
    )
    numbers: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for endpoint_id, state, number in session.execute(counted):
        numbers[endpoint_id][state.value] = number
    return {endpoint_id: Waiting(**found) for endpoint_id, found in numbers.items()}


def log(
    session: Session, endpoint_id: uuid.UUID, after: Key | None, limit: int, state: MessageState | None = None
) -> Page[Logged]:
    """Messages to one receiver, the newest first, with their attempts; two queries, however many there are."""
    messages = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if state is not None:
        messages = messages.where(WebhookDelivery.state == state)
    if after is not None:
        messages = messages.where(WebhookDelivery.id < after.id)
    rows = session.scalars(messages.order_by(WebhookDelivery.id.desc()).limit(limit + 1)).all()
    page = page_of(rows, limit, lambda row: Key(row.promised_at, row.id))
    return Page(with_attempts(session, page.items), page.next_cursor)


def with_attempts(session: Session, messages: Sequence[WebhookDelivery]) -> list[Logged]:
    made: dict[uuid.UUID, list[WebhookAttempt]] = defaultdict(list)
    of_these = WebhookAttempt.delivery_id.in_([message.id for message in messages])
    for attempt in session.scalars(select(WebhookAttempt).where(of_these).order_by(WebhookAttempt.id)):
        made[attempt.delivery_id].append(attempt)
    return [Logged(message, made[message.id]) for message in messages]


def message(session: Session, endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> WebhookDelivery:
    """Raises NotFound for one that is not of that receiver."""
    found = session.get(WebhookDelivery, delivery_id)
    if found is None or found.endpoint_id != endpoint_id:
        raise NotFound("no_such_delivery")
    return found


def allowances(session: Session) -> Sequence[WebhookAllowance]:
    """What an administrator has opened, ended ones too, the newest first."""
    return session.scalars(select(WebhookAllowance).order_by(WebhookAllowance.id.desc())).all()


def allowed(session: Session) -> tuple[Allowed, ...]:
    """What is open now, the narrowest range first: its rules are the ones that hold in it."""
    rows = session.scalars(select(WebhookAllowance).where(WebhookAllowance.ended_at.is_(None))).all()
    ranges = [Allowed(ip_network(row.network), row.is_plain, row.authorities) for row in rows]
    return tuple(sorted(ranges, key=lambda one: -one.network.prefixlen))
