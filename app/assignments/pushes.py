"""What of an assignment's events reached the department's receivers: apart from the assignment's own state."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments.models import Assignment
from app.events.models import Event
from app.kit.errors import NotFound
from app.webhooks import queries as webhooks
from app.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

SHOWN = 30


@dataclass(frozen=True)
class Push:
    """One event on its way to one receiver; `last` is the last attempt, None before the first."""

    message: WebhookDelivery
    endpoint: WebhookEndpoint
    last: WebhookAttempt | None


def of_assignment(session: Session, assignment: Assignment) -> Sequence[Push]:
    """The newest at the head, at most SHOWN; three queries, however many there are."""
    endpoints = {one.id: one for one in webhooks.of_department(session, assignment.department_id)}
    if not endpoints:
        return []
    own = select(Event.id).where(Event.record_kind == "assignment", Event.record_id == str(assignment.id))
    messages = select(WebhookDelivery).where(
        WebhookDelivery.endpoint_id.in_(endpoints), WebhookDelivery.event_id.in_(own)
    )
    rows = session.scalars(messages.order_by(WebhookDelivery.id.desc()).limit(SHOWN)).all()
    return [
        Push(one.message, endpoints[one.message.endpoint_id], one.attempts[-1] if one.attempts else None)
        for one in webhooks.with_attempts(session, rows)
    ]


def one_of(session: Session, assignment: Assignment, delivery_id: uuid.UUID) -> Push:
    """Raises NotFound for a message about anything else."""
    found = next((one for one in of_assignment(session, assignment) if one.message.id == delivery_id), None)
    if found is None:
        raise NotFound("no_such_delivery")
    return found
