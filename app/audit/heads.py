"""Heads of the chain as they are kept outside of the store: one line of JSON each, signed where there is a key.

Whoever can write into the store can cut the chain's end and seal anew; a head that was taken away before tells.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from app.audit.canonical import instant
from app.audit.sealing import Head
from app.kit.signing import Signer, is_signed

VERSION = "yanlu audit head v1"


class BadHeads(ValueError):
    """A file that holds something else than heads; the message names the line."""


@dataclass(frozen=True)
class KeptHead:
    """A head that was exported; `at` in RFC 3339."""

    position: int
    seal: str
    at: str
    signature: str | None = None

    def is_signed_by(self, public: str) -> bool:
        """Whether the key in base64 has signed exactly this."""
        return is_signed(public, self.signature or "", _message(self))

    def line(self) -> str:
        said = {"position": self.position, "seal": self.seal, "at": self.at}
        return json.dumps(said | ({"signature": self.signature} if self.signature else {}))


def kept(head: Head, signer: Signer | None) -> KeptHead:
    """The head as it is exported."""
    plain = KeptHead(head.position, head.seal.hex(), instant(head.at) if head.at else "")
    if signer is None:
        return plain
    return KeptHead(plain.position, plain.seal, plain.at, signer.sign(_message(plain)))


def read(lines: Iterable[str]) -> list[KeptHead]:
    """The heads of a file. A last line that was cut off while it was written is left out. Raises BadHeads."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            head = KeptHead(int(said["position"]), str(said["seal"]), str(said["at"]), said.get("signature"))
            bytes.fromhex(head.seal)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if not line.endswith("\n"):
                break
            raise BadHeads(f"line {number} is no head") from error
        found.append(head)
    return found


def _message(head: KeptHead) -> bytes:
    return f"{VERSION}\n{head.position}\n{head.seal}\n{head.at}\n".encode()
