"""The key with which receipts and heads are signed, and those that signed before it."""

from collections.abc import Sequence

from app.kit.crypto import derive
from app.kit.signing import Signer


def signer_of(seed: bytes | None, master: bytes) -> Signer:
    """The installation's own key of signatures where it has one, else one that follows from its master key.

    So every receipt is signed, in production as well; a key of its own is better, since it can outlive the other.
    """
    return Signer(seed or derive(master, "transparency-log"))


def trusted(signer: Signer, earlier: Sequence[str]) -> tuple[str, ...]:
    """The public keys in base64 by which a receipt or a head of this installation may be signed, today's first.

    An earlier key signs nothing any more; what it signed while it was in use still holds.
    """
    return tuple(dict.fromkeys((signer.public, *earlier)))
