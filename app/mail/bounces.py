"""What a report says of a message of ours that reached nobody (RFC 3464). Pure; raises nothing."""

import re
import uuid
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from app.mail.automatic import head
from app.mail.parts import MOST_PARTS
from app.mail.words import decoded

_OURS = re.compile(
    r"Message-ID:\s*<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^>\s]+>", re.IGNORECASE
)
_FAILED = re.compile(r"^Action:\s*failed", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^Action:\s*\w+", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^Status:\s*(5\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Bounce:
    """The id of the delivery that did not arrive, and the server's code for it, where it gave one."""

    delivery_id: uuid.UUID
    status: str


def bounce_of(raw: bytes) -> Bounce | None:
    """None for a report about another message, and for one that says that it is still being tried."""
    try:
        message = message_from_bytes(raw)
        said = "\n".join(_machine_words(part) for part in list(message.walk())[:MOST_PARTS])
    except Exception:  # a report that can't be read tells nothing
        return None
    found, failed = _OURS.search(said), _FAILED.search(said)
    if found is None or (failed is None and _ACTION.search(said)):
        return None
    status = _STATUS.search(said)
    return Bounce(uuid.UUID(found[1]), status[1] if status else "")


def _machine_words(part: Message) -> str:
    """The report's own fields, and the head of the message that it returns."""
    if part.is_multipart():
        inner = f"Message-ID: {head(part, 'message-id')}" if "message-id" in part else ""
        return f"{_own_fields(part)}\n{inner}"
    return f"{_own_fields(part)}\n{_text(part)}"


def _own_fields(part: Message) -> str:
    return "\n".join(f"{name}: {head(part, name)}" for name in ("action", "status", "message-id") if name in part)


def _text(part: Message) -> str:
    if part.get_content_maintype() not in ("text", "message"):
        return ""
    content = part.get_payload(decode=True)
    return decoded(content[:65536], None) if isinstance(content, bytes) else ""
