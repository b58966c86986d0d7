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

    def fields(self, position: int | None) -> dict[str, Any]:
        """What is sealed, under the names that stand in an export."""
        return {**vars(self), "position": position}

    def spelled(self, position: int) -> bytes:
        """JSON by RFC 8785 of all fields and the position, in UTF-8.

        A lone surrogate, which no text should hold, is spelled as its three bytes: one bad entry must not stop the
        chain.
        """
        return _json(self.fields(position)).encode(errors="surrogatepass")

    def seal(self, before: bytes, position: int) -> bytes:
        """SHA-256 over the 32 bytes of the seal before and the spelling at that position."""
        return hashlib.sha256(before + self.spelled(position)).digest()


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, always with six digits of the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def line(entry: Sealable, position: int | None, seal: bytes | None) -> bytes:
    """One line of an export or an archive; position and seal are null for an entry that still waits."""
    said = {"entry": entry.fields(position), "seal": seal.hex() if seal else None}
    return (_json(said) + "\n").encode(errors="surrogatepass")


def read_line(data: bytes) -> tuple[Sealable, int, bytes]:
    """The entry, its position and its seal. Raises ValueError for anything else."""
    try:
        said = json.loads(data.decode(errors="surrogatepass"))
        fields = dict(said["entry"])
        position, seal = int(fields.pop("position")), bytes.fromhex(said["seal"])
        return Sealable(**fields), position, seal
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a line of an export") from error


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
