"""The file of an order as it is kept: in pieces, each sealed and bound to its order and its place."""

import uuid
from collections.abc import Iterator, Sequence

from app.exports.models import ExportPiece
from app.exports.running import Piece
from app.kit.blobs import BlobStore, DamagedBlob, NoSuchBlob
from app.kit.crypto import Sealer, Unreadable

PIECE = 1024 * 1024
TABLE, COLUMN = "export_pieces", "content"


class Lost(Exception):
    """A piece of the file is missing, altered, or sealed with a key that isn't here."""


class Keeper:
    """Puts the pieces of files away and gets them back; one at a time is in memory."""

    def __init__(self, blobs: BlobStore, sealer: Sealer) -> None:
        self._blobs = blobs
        self._sealer = sealer

    @property
    def blobs(self) -> BlobStore:
        """Where it keeps them, and where other contents are."""
        return self._blobs

    def put(self, order_id: uuid.UUID, place: int, content: bytes) -> Piece:
        """Durable when it returns; nobody but this installation can read it, and only in this place. Raises OSError."""
        sealed = self._sealer.seal_bytes(content, TABLE, COLUMN, _row(order_id, place))
        return Piece(place, self._blobs.put(sealed), len(content))

    def get(self, piece: ExportPiece) -> bytes:
        """Raises Lost, OSError."""
        try:
            return self._sealer.open_bytes(
                self._blobs.get(piece.sha256), TABLE, COLUMN, _row(piece.order_id, piece.place)
            )
        except (NoSuchBlob, DamagedBlob, Unreadable) as error:
            raise Lost from error

    def content(self, pieces: Sequence[ExportPiece]) -> Iterator[bytes]:
        """The file from its first byte to its last. Raises Lost, OSError."""
        return map(self.get, pieces)

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._blobs.delete(key)


def _row(order_id: uuid.UUID, place: int) -> str:
    return f"{order_id}/{place}"
