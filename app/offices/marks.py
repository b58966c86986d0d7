"""What binds a row of a workbook to its assignment: whose it is, which, and in which edition. Pure."""

import hmac
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from app.kit.crypto import keyed_hash

BEGINS = "yl1"
CHARACTERS = 32
"""Of the keyed hash in base64: 192 bits."""
LONGEST_EDITION = 9


@dataclass(frozen=True)
class Mark:
    assignment_id: uuid.UUID
    edition: int


def mark(key: bytes, department_id: str, row: Mark) -> str:
    """`yl1.<id>.<edition>.<hash>`; the hash is over department, id and edition (HMAC-SHA256)."""
    said = (row.assignment_id.hex, str(row.edition))
    digest = urlsafe_b64encode(keyed_hash(key, department_id, *said)).decode()[:CHARACTERS]
    return ".".join((BEGINS, *said, digest))


def read_mark(key: bytes, department_id: str, text: str) -> Mark | None:
    """None for what was not made here for this department, or was altered."""
    parts = text.strip().split(".")
    if len(parts) != 4 or parts[0] != BEGINS:
        return None
    try:
        found = Mark(uuid.UUID(hex=parts[1]), int(parts[2][:LONGEST_EDITION]))
    except ValueError:
        return None
    whole = hmac.compare_digest(mark(key, department_id, found).encode(), text.strip().encode())
    return found if whole else None
