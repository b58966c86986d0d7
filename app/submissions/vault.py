"""The sealed identity of a submitter, and the blind index by which one person's submissions are counted together."""

import uuid
from dataclasses import dataclass

from app.kit.crypto import Sealer, derive, keyed_hash
from app.submissions.models import SubmitterIdentity

TABLE = SubmitterIdentity.__tablename__
INDEX_BYTES = 16


@dataclass(frozen=True)
class Identity:
    """Who wrote, in plain; lives only while a request needs it and appears in no log."""

    name: str
    id_number: str
    phone: str
    email: str

    def __repr__(self) -> str:
        return "Identity(…)"


class Vault:
    """Seals and opens identities; each value is bound to its table, column and row."""

    def __init__(self, sealer: Sealer, index_master: bytes) -> None:
        self._sealer = sealer
        self._index_key = derive(index_master, "person-index")
        self._fingerprint_key = derive(index_master, "fingerprint")

    def seal(self, identity: Identity, submission_id: uuid.UUID, consultation_id: uuid.UUID) -> SubmitterIdentity:
        row = str(submission_id)
        return SubmitterIdentity(
            submission_id=submission_id,
            consultation_id=consultation_id,
            person_index=self.person_index(consultation_id, identity.id_number),
            name=self._sealer.seal(identity.name, TABLE, "name", row),
            id_number=self._sealer.seal(identity.id_number, TABLE, "id_number", row),
            phone=self._sealer.seal(identity.phone, TABLE, "phone", row),
            email=self._sealer.seal(identity.email, TABLE, "email", row),
        )

    def open(self, sealed: SubmitterIdentity) -> Identity:
        """Raises Unreadable when a value was altered or its key isn't here."""
        row = str(sealed.submission_id)
        return Identity(
            name=self._sealer.open(sealed.name, TABLE, "name", row),
            id_number=self._sealer.open(sealed.id_number, TABLE, "id_number", row),
            phone=self._sealer.open(sealed.phone, TABLE, "phone", row),
            email=self._sealer.open(sealed.email, TABLE, "email", row),
        )

    def open_email(self, sealed: SubmitterIdentity) -> str:
        """Only the address to write to; the rest stays sealed. Raises Unreadable as `open` does."""
        return self._sealer.open(sealed.email, TABLE, "email", str(sealed.submission_id))

    def person_index(self, consultation_id: uuid.UUID, id_number: str) -> bytes:
        """The same for the same number within one consultation, and unlinkable across consultations."""
        return keyed_hash(self._index_key, "id|v1", str(consultation_id), id_number)[:INDEX_BYTES]

    def fingerprint(self, *parts: str) -> str:
        """A keyed hash in hex: a plain one would give an ID number among the parts away to a patient guesser."""
        return keyed_hash(self._fingerprint_key, *parts).hex()
