"""What a message says: the event as the feed has it, in the frame of Standard Webhooks; ids and codes only. Pure."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from app.events.models import Event

MOST_BYTES = 20_000
TEST_KIND = "webhook.test"


def of_event(event: Event) -> dict[str, Any]:
    """An event as feed and messages show it."""
    return {
        "position": event.position,
        "id": str(event.id),
        "kind": event.kind,
        "happened_at": instant(event.happened_at),
        "record": {"kind": event.record_kind, "id": event.record_id},
        "detail": event.detail,
    }


def body(event: Event) -> str:
    """At most MOST_BYTES; a detail that is longer is left out, and its reader finds it in the record."""
    whole = _framed(of_event(event))
    return whole if len(whole) <= MOST_BYTES else _framed(of_event(event) | {"detail": {}})


def body_of_test(message_id: uuid.UUID, endpoint_id: uuid.UUID, at: datetime) -> str:
    """A message about nothing but the receiver itself; it has no position, as it is not in the feed."""
    said = {
        "position": None,
        "id": str(message_id),
        "kind": TEST_KIND,
        "happened_at": instant(at),
        "record": {"kind": "webhook", "id": str(endpoint_id)},
        "detail": {},
    }
    return _framed(said)


def instant(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _framed(data: dict[str, Any]) -> str:
    framed = {"type": data["kind"], "timestamp": data["happened_at"], "data": data}
    return json.dumps(framed, ensure_ascii=True, separators=(",", ":"))
