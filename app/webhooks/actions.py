"""What a department does with its own receivers. Another department's is answered as if it didn't exist."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import audit
from app.events.catalogue import KINDS
from app.kit.crypto import Sealer
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.permissions import Actor, Permission, require
from app.webhooks import guard, ledger, queries, signing
from app.webhooks.lifecycle import ENDPOINTS, DisabledBecause, EndpointEvent, MessageState
from app.webhooks.models import WebhookDelivery, WebhookEndpoint

MOST_ENDPOINTS = 10
DESCRIPTION_LIMIT = 200
OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)
TESTS_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Wanted:
    """Where to send, which kinds of events (none means all), and the department's own words for it.

    `contact` is written to when it is disabled without anybody wanting it; None leaves what there is, "" takes it away.
    """

    url: str
    kinds: tuple[str, ...] = ()
    description: str = ""
    contact: str | None = None


def create(session: Session, actor: Actor, at: datetime, sealer: Sealer, wanted: Wanted) -> WebhookEndpoint:
    """A new receiver, enabled, with a secret of its own, which `reveal` tells.

    Raises Unprocessable: `webhook_url_refused` with the guard's reason, `no_such_event_kind`, `contact_refused`,
    `too_many_webhooks`.
    """
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    department_id = _department(actor)
    _check(wanted)
    if len(queries.of_department(session, department_id)) >= MOST_ENDPOINTS:
        raise Unprocessable("too_many_webhooks", limit=MOST_ENDPOINTS)
    endpoint = WebhookEndpoint(
        id=new_id(),
        department_id=department_id,
        url=wanted.url,
        kinds=sorted(set(wanted.kinds)),
        description=wanted.description.strip(),
        created_at=at,
        contact_email=wanted.contact or None,
    )
    endpoint.sealed_secret = _sealed(sealer, endpoint.id, 1, signing.new_secret())
    session.add(endpoint)
    host = guard.target_of(wanted.url).host
    audit.record(session, actor, at, "webhook.created", ("webhook", endpoint.id), host=host, department=department_id)
    return endpoint


def change(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID, wanted: Wanted) -> None:
    """Another address, other kinds, other words; what waits goes to the new address. Raises as `create`, NotFound."""
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    _check(wanted)
    endpoint.url, endpoint.kinds = wanted.url, sorted(set(wanted.kinds))
    endpoint.description, endpoint.resting_until = wanted.description.strip(), None
    endpoint.contact_email = endpoint.contact_email if wanted.contact is None else wanted.contact or None
    host = guard.target_of(wanted.url).host
    audit.record(session, actor, at, "webhook.changed", ("webhook", endpoint.id), host=host)


def disable(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID) -> None:
    """Nothing is sent until it is enabled again. Raises NotFound, InvalidTransition."""
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    endpoint.state = ENDPOINTS.after(endpoint.state, EndpointEvent.DISABLE)
    endpoint.disabled_because, endpoint.disabled_at = DisabledBecause.BY_DEPARTMENT, at
    audit.record(session, actor, at, "webhook.disabled", ("webhook", endpoint.id))


def enable(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID) -> None:
    """What waited goes out at once; what happened meanwhile is in the feed only.

    Raises NotFound, InvalidTransition, Conflict("disabled_by_staff") for one that the column's staff disabled.
    """
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    if endpoint.disabled_because is DisabledBecause.BY_STAFF:
        raise Conflict("disabled_by_staff")
    endpoint.state = ENDPOINTS.after(endpoint.state, EndpointEvent.ENABLE)
    refresh(endpoint)
    audit.record(session, actor, at, "webhook.enabled", ("webhook", endpoint.id))


def remove(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID) -> None:
    """For good: its secrets are dropped, what waited is given up. Raises NotFound."""
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    endpoint.state = ENDPOINTS.after(endpoint.state, EndpointEvent.REMOVE)
    endpoint.sealed_secret = endpoint.sealed_previous = endpoint.sealed_signing_key = None
    endpoint.contact_email = None
    waiting = update(WebhookDelivery).where(
        WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.state == MessageState.PENDING
    )
    session.execute(waiting.values(state=MessageState.DEAD, settled_at=at, leased_until=None))
    audit.record(session, actor, at, "webhook.removed", ("webhook", endpoint.id))


def rotate(
    session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID, sealer: Sealer, overlap: timedelta = OVERLAP
) -> None:
    """A new secret. Until the overlap is over (7 days at most), messages carry a signature by each of the two.

    Raises NotFound.
    """
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    before = _opened(sealer, endpoint.id, 1, endpoint.sealed_secret)
    endpoint.sealed_previous = _sealed(sealer, endpoint.id, 2, before)
    endpoint.previous_until = at + min(overlap, LONGEST_OVERLAP)
    endpoint.sealed_secret = _sealed(sealer, endpoint.id, 1, signing.new_secret())
    hours = int(overlap.total_seconds() // 3600)
    audit.record(session, actor, at, "webhook.secret_rotated", ("webhook", endpoint.id), overlap_hours=hours)


def reveal(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID, sealer: Sealer) -> str:
    """The secret with which messages are signed. Raises NotFound."""
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    secret = _opened(sealer, endpoint.id, 1, endpoint.sealed_secret)
    audit.record(session, actor, at, "webhook.secret_revealed", ("webhook", endpoint.id))
    return secret


def make_key_pair(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID, sealer: Sealer) -> None:
    """Messages carry a signature by Ed25519 too from now on, which whoever has the public key can check.

    A pair that there was ends at once; the shared secret's signatures go on beside. Raises NotFound.
    """
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    private, endpoint.public_key = signing.new_pair()
    endpoint.sealed_signing_key = _sealed(sealer, endpoint.id, 3, private)
    audit.record(session, actor, at, "webhook.key_pair_made", ("webhook", endpoint.id))


def send_test(session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID) -> WebhookDelivery:
    """A message of the kind `webhook.test`, sent like any other. Raises NotFound, Conflict("webhook_disabled")."""
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    if not ENDPOINTS.allows(endpoint.state, EndpointEvent.DISABLE):
        raise Conflict("webhook_disabled")
    message = ledger.promise_test(session, endpoint.id, new_id(), at)
    endpoint.resting_until = None
    session.flush()
    audit.record(session, actor, at, "webhook.tested", ("webhook", endpoint.id), message=str(message.event_id))
    return message


def replay(
    session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID, delivery_id: uuid.UUID
) -> WebhookDelivery:
    """Sends a settled message again, under the same id. Raises NotFound, InvalidTransition for one on its way."""
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    message = ledger.promise_anew(session, endpoint.id, delivery_id, at)
    audit.record(session, actor, at, "webhook.replayed", ("webhook", endpoint.id), message=str(message.event_id))
    return message


def replay_dead(
    session: Session, actor: Actor, at: datetime, endpoint_id: uuid.UUID, since: datetime | None = None
) -> int:
    """Sends what was given up again, `ledger.REPLAYED_AT_ONCE` messages at most; how many. Raises NotFound."""
    require(actor, Permission.MANAGE_OWN_WEBHOOKS)
    endpoint = _own(session, actor, endpoint_id)
    number = ledger.promise_dead_anew(session, endpoint.id, at, since)
    audit.record(session, actor, at, "webhook.dead_replayed", ("webhook", endpoint.id), number=number)
    return number


def refresh(endpoint: WebhookEndpoint) -> None:
    """Forgets why it was disabled and how it failed."""
    endpoint.disabled_because, endpoint.disabled_at = None, None
    endpoint.failing_since, endpoint.resting_until = None, None


def _check(wanted: Wanted) -> None:
    try:
        guard.target_of(wanted.url)
    except guard.NoWay as refusal:
        raise Unprocessable("webhook_url_refused", reason=refusal.code) from None
    if len(wanted.description) > DESCRIPTION_LIMIT:
        raise Unprocessable("description_too_long", limit=DESCRIPTION_LIMIT)
    if wanted.contact:
        _check_contact(wanted.contact)
    unknown = sorted(set(wanted.kinds) - set(KINDS))
    if unknown:
        raise Unprocessable("no_such_event_kind", kind=unknown[0])


def _check_contact(address: str) -> None:
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise Unprocessable("contact_refused") from None


def _department(actor: Actor) -> str:
    if actor.department_id is None:
        raise NotFound("no_such_webhook")
    return actor.department_id


def _own(session: Session, actor: Actor, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    endpoint = queries.one(session, endpoint_id, _department(actor))
    session.refresh(endpoint, with_for_update=True)
    return endpoint


def _sealed(sealer: Sealer, endpoint_id: uuid.UUID, column: int, secret: str) -> bytes:
    return sealer.seal(secret, ledger.SEALED[0], ledger.SEALED[column], str(endpoint_id))


def _opened(sealer: Sealer, endpoint_id: uuid.UUID, column: int, sealed: bytes | None) -> str:
    if sealed is None:
        raise NotFound("no_such_webhook")
    return sealer.open(sealed, ledger.SEALED[0], ledger.SEALED[column], str(endpoint_id))
