"""Heads of the public log, signed, as they are shown and kept outside of the store.

A head covers every leaf before it. Whoever keeps one can ask at any later time for a proof that the log has only grown.
The instant of a head is that of its last leaf, so that one size has one head, whenever it is asked for.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.signing import Signer, is_signed, key_id
from app.transparency import nodes
from app.transparency.commitments import instant
from app.transparency.models import LogBatch

VERSION = "yanlu log head v1"


class BadHeads(ValueError):
    """A file that holds something else than heads; the message names the line."""


@dataclass(frozen=True)
class SignedHead:
    """The log's first `size` leaves under `root` (hex); `at` in RFC 3339; `log` is the id of the key that signed."""

    log: str
    size: int
    root: str
    at: str
    signature: str

    def message(self) -> bytes:
        """What is signed."""
        return f"{VERSION}\n{self.log}\n{self.size}\n{self.root}\n{self.at}\n".encode()

    def is_signed_by(self, public: str) -> bool:
        """Whether the key in base64 has signed exactly this, under its own id."""
        return self.log == key_id(public) and is_signed(public, self.signature, self.message())

    def line(self) -> str:
        return json.dumps(vars(self))


def newest(session: Session, signer: Signer) -> SignedHead | None:
    """None where nothing was ever sealed."""
    return of_size(session, signer, nodes.size(session))


def of_size(session: Session, signer: Signer, size: int) -> SignedHead | None:
    """None for a size that the log doesn't have, or before its first leaf."""
    at = session.scalar(select(LogBatch.sealed_at).where(LogBatch.number == size - 1))
    if at is None:
        return None
    root = nodes.over(session)(0, size).hex()
    unsigned = SignedHead(signer.key_id, size, root, instant(at), "")
    return SignedHead(unsigned.log, size, root, unsigned.at, signer.sign(unsigned.message()))


def read(lines: Iterable[str]) -> list[SignedHead]:
    """The heads of a file. A last line that was cut off while it was written is left out. Raises BadHeads."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            head = SignedHead(
                *(str(said["log"]), int(said["size"]), str(said["root"]), str(said["at"]), str(said["signature"]))
            )
            bytes.fromhex(head.root)
        except (ValueError, KeyError, TypeError) as error:
            if not line.endswith("\n"):
                break
            raise BadHeads(f"line {number} is no head") from error
        found.append(head)
    return found
