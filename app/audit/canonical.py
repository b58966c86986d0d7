"""The one spelling of an entry in the chain, and the seal over it. Pure.

docs/audit.md describes both byte for byte, so that anybody can check a chain without this program.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = bytes(32)
"""What stands before the first seal."""


@dataclass(frozen=True)
class Sealable:
    """An entry as the chain knows it; `detail` holds words, whole numbers and lists of words."""

    id: str
    at: str
    actor_kind: str
    actor_id: str
    request_id: str | None
    source: str | None
    action: str
    record_kind: str
    record_id: str
    consultation_id: str | None
    result: str
    detail: Mapping[str, Any]

    def spelled(self, position: int) -> bytes:
        """JSON by RFC 8785 of all fields and the position, in UTF-8.

        A lone surrogate, which no text should hold, is spelled as its three bytes: one bad entry must not stop the
        chain.
        """
        fields = {**vars(self), "position": position}
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
            errors="surrogatepass"
        )

    def seal(self, before: bytes, position: int) -> bytes:
        """SHA-256 over the 32 bytes of the seal before and the spelling at that position."""
        return hashlib.sha256(before + self.spelled(position)).digest()


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, always with six digits of the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
