"""The promise on a receipt: that its commitment will stand in the log. Pure but for the signature."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.kit.signing import Signer, is_signed, key_id
from app.transparency.commitments import instant

VERSION = "yanlu promise v1"


@dataclass(frozen=True)
class Promise:
    """`commitment` (hex), entered at `at`, will stand in the log of that key not later than `by`; both in RFC 3339."""

    log: str
    number: str
    commitment: str
    at: str
    by: str
    signature: str = ""

    def message(self) -> bytes:
        """What is signed."""
        return f"{VERSION}\n{self.log}\n{self.number}\n{self.commitment}\n{self.at}\n{self.by}\n".encode()

    def is_signed_by(self, public: str) -> bool:
        """Whether the key in base64 has signed exactly this, under its own id."""
        return self.log == key_id(public) and is_signed(public, self.signature, self.message())


def promised(signer: Signer, number: str, commitment: bytes, at: datetime, within: timedelta) -> Promise:
    """Signed; the same whenever it is asked for."""
    unsigned = Promise(signer.key_id, number, commitment.hex(), instant(at), instant(at + within))
    return replace(unsigned, signature=signer.sign(unsigned.message()))
