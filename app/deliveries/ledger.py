"""Promises of messages: written in the caller's transaction, claimed under a lease, tried again with growing pauses.

At least once: a worker that dies between the mail server's "accepted" and its own commit sends the same message again,
under the same Message-ID. What was settled is never sent again by itself.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from app.deliveries.lifecycle import LIFECYCLE, DeliveryChannel, DeliveryEvent, DeliveryState
from app.deliveries.models import Attempt, Delivery
from app.kit.errors import NotFound

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
RETRIED_AT_ONCE = 500


def promise(
    session: Session,
    at: datetime,
    *,
    channel: DeliveryChannel,
    recipient: tuple[str, object],
    template: str,
    about: tuple[str, object] | None = None,
    once: str | None = None,
    **detail: str | int,
) -> Delivery | None:
    """Owes the recipient a message; the promise is kept or lost with the caller's transaction.

    `recipient` and `about` are kinds and ids of records; without `about` the message is about the recipient. None when
    something was promised under the same `once` before; two transactions that promise it at once can't both commit.
    """
    if once is not None and session.scalar(select(Delivery.id).where(Delivery.once == once)) is not None:
        return None
    delivery = owed(at, channel=channel, recipient=recipient, template=template, about=about, once=once, **detail)
    session.add(delivery)
    return delivery


def owed(
    at: datetime,
    *,
    channel: DeliveryChannel,
    recipient: tuple[str, object],
    template: str,
    about: tuple[str, object] | None = None,
    once: str | None = None,
    **detail: str | int,
) -> Delivery:
    """The promise as a row, to be inserted with what it follows from."""
    about = about or recipient
    return Delivery(
        channel=channel,
        recipient_kind=recipient[0],
        recipient_id=str(recipient[1]),
        about_kind=about[0],
        about_id=str(about[1]),
        template=template,
        detail=detail,
        once=once,
        state=DeliveryState.PENDING,
        promised_at=at,
        due_at=at,
    )


def promised_under(session: Session, once: str) -> Delivery | None:
    """What was promised under that key, whatever became of it."""
    return session.scalar(select(Delivery).where(Delivery.once == once))


def is_due(session: Session, now: datetime) -> bool:
    """Whether anything can be claimed; asks without taking a lock."""
    return session.scalar(_due(now).limit(1)) is not None


def claim(session: Session, now: datetime) -> Delivery | None:
    """The message that has been due longest, now held by the caller for LEASE; None when nothing is due.

    No message goes to two workers at once, but to a second one when the first has let its lease end.
    """
    due = _due(now).order_by(Delivery.due_at).limit(1).with_for_update(skip_locked=True)
    claimed = (
        update(Delivery)
        .where(Delivery.id == due.scalar_subquery())
        .values(leased_until=now + LEASE, claims=Delivery.claims + 1)
        .returning(Delivery)
    )
    return session.scalars(claimed, execution_options={"synchronize_session": False}).one_or_none()


def _due(now: datetime) -> Select[uuid.UUID]:
    free = or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
    return select(Delivery.id).where(Delivery.state == DeliveryState.PENDING, Delivery.due_at <= now, free)


def settle(session: Session, held: Delivery, now: datetime, event: DeliveryEvent, error: str | None = None) -> bool:
    """Writes down what an attempt came to. False, and nothing is written, when the lease has passed to another.

    POSTPONE turns into GIVE_UP after MOST_ATTEMPTS.
    """
    delivery = session.get(Delivery, held.id, with_for_update=True, populate_existing=True)
    if delivery is None or delivery.claims != held.claims or delivery.leased_until is None:
        return False
    if event is DeliveryEvent.POSTPONE and delivery.attempts + 1 >= MOST_ATTEMPTS:
        event = DeliveryEvent.GIVE_UP
    delivery.state = LIFECYCLE.after(delivery.state, event)
    delivery.attempts += 1
    delivery.leased_until = None
    delivery.last_error = error
    if delivery.state is DeliveryState.PENDING:
        delivery.due_at = now + min(FIRST_PAUSE * 2 ** (delivery.attempts - 1), LONGEST_PAUSE)
    else:
        delivery.settled_at = now
    session.add(Attempt(delivery_id=delivery.id, at=now, event=event, error=error))
    return True


def retry(session: Session, at: datetime, delivery_id: uuid.UUID, about: tuple[str, object]) -> Delivery:
    """Promises anew what failed, for a caller who asked for the permission. Its earlier attempts stay on record.

    Raises NotFound when there is none with that id about that record, InvalidTransition for one that didn't fail.
    """
    delivery = session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None or (delivery.about_kind, delivery.about_id) != (about[0], str(about[1])):
        raise NotFound("no_such_delivery")
    _promise_anew(session, delivery, at)
    return delivery


def retry_given_up(session: Session, at: datetime, about: tuple[str, object]) -> int:
    """Promises everything about one record anew that was given up, for a caller who asked for the permission.

    Answers how many. What was refused for good, or has nobody to go to, is left as it is.
    """
    given_up = select(Delivery).where(
        Delivery.about_kind == about[0], Delivery.about_id == str(about[1]), Delivery.state == DeliveryState.DEAD
    )
    number = 0
    while batch := session.scalars(given_up.limit(RETRIED_AT_ONCE).with_for_update()).all():
        for delivery in batch:
            _promise_anew(session, delivery, at)
        session.flush()
        number += len(batch)
    return number


def note_bounce(session: Session, at: datetime, delivery_id: uuid.UUID, status: str) -> bool:
    """A message that had gone out reached nobody: it counts as failed, with the far server's code (RFC 3463).

    False, and nothing is written, for one that isn't ours or isn't out: a second report changes nothing.
    """
    delivery = session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None or not LIFECYCLE.allows(delivery.state, DeliveryEvent.BOUNCE):
        return False
    delivery.state = LIFECYCLE.after(delivery.state, DeliveryEvent.BOUNCE)
    delivery.last_error, delivery.settled_at = f"bounced {status}".strip(), at
    session.add(Attempt(delivery_id=delivery.id, at=at, event=DeliveryEvent.BOUNCE, error=delivery.last_error))
    return True


def _promise_anew(session: Session, delivery: Delivery, at: datetime) -> None:
    delivery.state = LIFECYCLE.after(delivery.state, DeliveryEvent.RETRY)
    delivery.due_at, delivery.attempts, delivery.settled_at, delivery.last_error = at, 0, None, None
    session.add(Attempt(delivery_id=delivery.id, at=at, event=DeliveryEvent.RETRY))


def detail_id(delivery: Delivery, name: str) -> uuid.UUID:
    """An id that was promised as part of the detail. Raises KeyError, ValueError when it isn't there or is none."""
    value: Any = delivery.detail[name]
    return uuid.UUID(str(value))
