"""What the administrator does about every department's receivers, and which private addresses are open."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from ssl import PROTOCOL_TLS_CLIENT, SSLContext, SSLError

from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.webhooks import guard, ledger, queries
from app.webhooks.actions import refresh
from app.webhooks.lifecycle import ENDPOINTS, DisabledBecause, EndpointEvent
from app.webhooks.models import WebhookAllowance

NAME_LIMIT = 80
AUTHORITIES_LIMIT = 50_000


@dataclass(frozen=True)
class NewAllowance:
    """A range (`10.20.0.0/16`), whose it is, whether TLS may be left out there, and certificates in PEM."""

    network: str
    name: str
    reason: str
    is_plain: bool = False
    authorities: str = ""


def allow(session: Session, actor: Actor, at: datetime, new: NewAllowance) -> WebhookAllowance:
    """Opens a range of addresses to every department's receivers.

    Raises Unprocessable: `network_refused` with the guard's reason, `name_required`, `reason_required`,
    `authorities_unreadable`. What is never reached stays closed whatever the range.
    """
    require(actor, Permission.MANAGE_WEBHOOKS)
    network, name, reason = _network(new.network), due(new.name, "name_required")[:NAME_LIMIT], due(new.reason)
    authorities = _authorities(new.authorities)
    allowance = WebhookAllowance(
        id=new_id(),
        network=network,
        name=name,
        reason=reason,
        is_plain=new.is_plain,
        authorities=authorities,
        allowed_at=at,
    )
    session.add(allowance)
    audit.record(
        session,
        actor,
        at,
        "webhook.network_allowed",
        ("webhook_allowance", allowance.id),
        network=network,
        name=name,
        reason=reason,
        without_tls=int(new.is_plain),
        own_authorities=int(authorities is not None),
    )
    return allowance


def end_allowance(session: Session, actor: Actor, at: datetime, allowance_id: uuid.UUID) -> None:
    """Closes the range again, for the next attempt on. Raises NotFound, Conflict("ended_already")."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    allowance = session.get(WebhookAllowance, allowance_id, with_for_update=True)
    if allowance is None:
        raise NotFound("no_such_allowance")
    if allowance.ended_at is not None:
        raise Conflict("ended_already")
    allowance.ended_at = at
    on = ("webhook_allowance", allowance.id)
    audit.record(session, actor, at, "webhook.network_closed", on, network=allowance.network)


def stop(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID, reason: str) -> None:
    """Disables a department's receiver, which only staff can enable again. Raises NotFound, InvalidTransition."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    words, endpoint = due(reason), queries.one(session, endpoint_id)
    endpoint.state = ENDPOINTS.after(endpoint.state, EndpointEvent.DISABLE)
    endpoint.disabled_because, endpoint.disabled_at = DisabledBecause.BY_STAFF, at
    audit.record(session, actor, at, "webhook.stopped", ("webhook", endpoint.id), reason=words)


def resume(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID) -> None:
    """Enables a receiver, whoever disabled it; what waited goes out. Raises NotFound, InvalidTransition."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = queries.one(session, endpoint_id)
    endpoint.state = ENDPOINTS.after(endpoint.state, EndpointEvent.ENABLE)
    refresh(endpoint)
    audit.record(session, actor, at, "webhook.resumed", ("webhook", endpoint.id))


def replay_for(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> None:
    """Sends a settled message again, under the same id. Raises NotFound, InvalidTransition for one on its way."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = queries.one(session, endpoint_id)
    message = ledger.promise_anew(session, endpoint.id, delivery_id, at)
    audit.record(session, actor, at, "webhook.replayed", ("webhook", endpoint.id), message=str(message.event_id))


def replay_dead_for(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID) -> int:
    """Sends what was given up again, `ledger.REPLAYED_AT_ONCE` messages at most; how many. Raises NotFound."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = queries.one(session, endpoint_id)
    number = ledger.promise_dead_anew(session, endpoint.id, at)
    audit.record(session, actor, at, "webhook.dead_replayed", ("webhook", endpoint.id), number=number)
    return number


def _network(text: str) -> str:
    try:
        return str(guard.network_of(text))
    except guard.NoWay as refusal:
        raise Unprocessable("network_refused", reason=refusal.code) from None


def _authorities(text: str) -> str | None:
    """The certificates as they were entered, once the TLS library has read at least one of them."""
    if not text.strip():
        return None
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=text.strip())
    except (SSLError, ValueError):
        raise Unprocessable("authorities_unreadable") from None
    if len(text) > AUTHORITIES_LIMIT or not context.get_ca_certs():
        raise Unprocessable("authorities_unreadable")
    return text.strip()
