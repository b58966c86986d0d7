"""What a person writes in a request, and how to reach them, sealed as an identity is."""

import uuid
from dataclasses import dataclass

from app.kit.crypto import Sealer
from app.rights.models import RightsRequest

TABLE = RightsRequest.__tablename__


@dataclass(frozen=True)
class Contact:
    """How the person who asks can be reached, or wants to be from now on; None for what they left out."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None

    def __repr__(self) -> str:
        return "Contact(…)"


class Letters:
    """Seals and opens what stands in requests; each value is bound to its table, column and row."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def seal(self, request_id: uuid.UUID, column: str, value: str) -> bytes:
        return self._sealer.seal(value, TABLE, column, str(request_id))

    def seal_if_there(self, request_id: uuid.UUID, column: str, value: str | None) -> bytes | None:
        return None if value is None else self.seal(request_id, column, value)

    def words(self, request: RightsRequest) -> str:
        """Raises Unreadable when it was altered or its key isn't here."""
        return self._sealer.open(request.words, TABLE, "words", str(request.id))

    def contact(self, request: RightsRequest) -> Contact:
        """Empty once the request is decided. Raises Unreadable as `words` does."""
        return Contact(
            *(
                None if sealed is None else self._sealer.open(sealed, TABLE, column, str(request.id))
                for column, sealed in (("name", request.name), ("phone", request.phone), ("email", request.email))
            )
        )
