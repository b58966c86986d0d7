"""The key with which receipts and heads are signed."""

from app.kit.crypto import derive
from app.kit.signing import Signer


def signer_of(seed: bytes | None, master: bytes) -> Signer:
    """The installation's own key of signatures where it has one, else one that follows from its master key.

    So every receipt is signed, in production as well; a key of its own is better, since it can outlive the other.
    """
    return Signer(seed or derive(master, "transparency-log"))
