"""The sealed identity of a submitter, and the blind index by which one person's submissions are counted together."""

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.kit.crypto import Sealer, Unreadable, derive, keyed_hash
from app.kit.data_keys import DataKey, is_of_data_key
from app.submissions.identity import mask_name
from app.submissions.models import SubmissionKey, SubmitterIdentity
from app.submissions.submitter import Guardian, Identity, Organisation

TABLE = SubmitterIdentity.__tablename__
INDEX_BYTES = 16
ERASED = b""
"""Stands where a value has to; nothing opens it."""
MAY_BE_MISSING = (
    *("id_number", "email", "organisation_name", "credit_code"),
    *("guardian_name", "guardian_relation", "guardian_phone"),
)


class Vault:
    """Seals and opens identities; each value is bound to its table, column and row.

    `index_hash` is the hash of the blind index, "sha256" or "sm3": under another one nobody is found again.
    """

    def __init__(self, sealer: Sealer, index_master: bytes, index_hash: str) -> None:
        self._sealer, self._index_hash = sealer, index_hash
        self._index_key = derive(index_master, "person-index")
        self._fingerprint_key = derive(index_master, "fingerprint")

    @property
    def has_own_keys(self) -> bool:
        """Whether sealing asks no key store."""
        return self._sealer.wraps_itself

    def seal(
        self, identity: Identity, submission_id: uuid.UUID, consultation_id: uuid.UUID
    ) -> tuple[SubmitterIdentity, SubmissionKey]:
        """All rows that hold the sealed identity; whoever stores the submission stores every one of them.

        Raises OSError where the site's key management can't be reached.
        """
        row, key = str(submission_id), DataKey.new(self._sealer.suite)
        kept = self.kept_key(key, submission_id)
        sealed = SubmitterIdentity(
            submission_id=submission_id,
            consultation_id=consultation_id,
            person_index=self._index_of(identity, submission_id, consultation_id),
            **{
                column: None if value is None else key.seal(value, TABLE, column, row)
                for column, value in identity.values().items()
            },
            wrapped_key=kept.wrapped,
        )
        return sealed, kept

    def kept_key(self, key: DataKey, submission_id: uuid.UUID) -> SubmissionKey:
        """The key, wrapped by what wraps now. Raises OSError as `seal` does."""
        wrapper = self._sealer.wrapper
        return SubmissionKey(
            submission_id=submission_id,
            key_id=wrapper.key_id,
            suite=self._sealer.suite,
            wrapped=wrapper.wrap(key.content, str(submission_id)),
        )

    def data_key(self, wrapped: bytes, submission_id: uuid.UUID) -> DataKey:
        """Raises Unreadable when it was altered, moved, or wrapped by a key that isn't here; OSError as `seal`."""
        return DataKey(self._sealer.unwrap_any(wrapped, str(submission_id)))

    def open(self, sealed: SubmitterIdentity) -> Identity:
        """Raises Unreadable when a value was altered or its key isn't here."""
        return Identity(
            name=self._opened(sealed, "name"),
            id_number=self._opened_if_there(sealed, "id_number"),
            phone=self._opened(sealed, "phone"),
            email=self._opened_if_there(sealed, "email"),
            organisation=self._organisation(sealed),
            guardian=self._guardian(sealed),
        )

    def open_email(self, sealed: SubmitterIdentity) -> str | None:
        """Only the address to write to, None where none was asked. Raises Unreadable as `open` does."""
        return self._opened_if_there(sealed, "email") if sealed.email else None

    def open_phone(self, sealed: SubmitterIdentity) -> str | None:
        """Only the telephone number, None where nothing is left of it. Raises Unreadable as `open` does."""
        return self._opened_if_there(sealed, "phone") if sealed.phone else None

    def public_name(self, sealed: SubmitterIdentity) -> str:
        """Only an organisation's name as it was given, of a person the masked one; empty where it was erased. Raises
        Unreadable as `open` does."""
        if self.is_erased(sealed):
            return ""
        if sealed.organisation_name is not None:
            return self._opened(sealed, "organisation_name")
        return mask_name(self._opened(sealed, "name"))

    def replace_contact(self, sealed: SubmitterIdentity, phone: str | None, email: str | None) -> None:
        """Puts another telephone or address in the place of the sealed one; what is None stays as it is."""
        row = str(sealed.submission_id)
        key = self._key_of(sealed)
        for column, value in (("phone", phone), ("email", email)):
            if value is not None:
                setattr(sealed, column, (key or self._sealer).seal(value, TABLE, column, row))

    def erase(self, session: Session, sealed: SubmitterIdentity) -> None:
        """Nothing of the person is left, and no copy of the sealed values elsewhere can be opened without a copy of the
        key; the submission counts as one person's, told apart from everybody."""
        sealed.name = sealed.phone = ERASED
        for column in MAY_BE_MISSING:
            setattr(sealed, column, None)
        sealed.person_index = self._index("apart|v1", sealed.consultation_id, str(sealed.submission_id))
        _destroy_key(session, sealed)

    def is_erased(self, sealed: SubmitterIdentity) -> bool:
        """Whether the person's fields were erased at their own request."""
        return sealed.name == ERASED

    def person_index(self, consultation_id: uuid.UUID, id_number: str) -> bytes:
        """The same for the same number within one consultation, and unlinkable across consultations."""
        return self._index("id|v1", consultation_id, id_number)

    def organisation_index(self, consultation_id: uuid.UUID, credit_code: str) -> bytes:
        """As `person_index`, for the code of an organisation; the two never meet."""
        return self._index("uscc|v1", consultation_id, credit_code)

    def index_mark(self) -> str:
        """32 hex digits that only the same key and hash of the index make; nothing follows from them."""
        return keyed_hash(self._index_key, "mark|v1", algorithm=self._index_hash)[:INDEX_BYTES].hex()

    def fingerprint(self, *parts: str) -> str:
        """A keyed hash in hex: a plain one would give an ID number among the parts away to a patient guesser."""
        return keyed_hash(self._fingerprint_key, *parts).hex()

    def _index_of(self, identity: Identity, submission_id: uuid.UUID, consultation_id: uuid.UUID) -> bytes:
        """Who gave neither number nor code is told apart from everybody, from themselves too: each counts as one."""
        if identity.organisation is not None and identity.organisation.credit_code:
            return self.organisation_index(consultation_id, identity.organisation.credit_code)
        if identity.subject is not None:
            return self._index("openid|v1", consultation_id, identity.subject)
        if identity.id_number is not None:
            return self.person_index(consultation_id, identity.id_number)
        return self._index("apart|v1", consultation_id, str(submission_id))

    def _index(self, kind: str, consultation_id: uuid.UUID, value: str) -> bytes:
        said = kind, str(consultation_id), value
        return keyed_hash(self._index_key, *said, algorithm=self._index_hash)[:INDEX_BYTES]

    def _organisation(self, sealed: SubmitterIdentity) -> Organisation | None:
        if sealed.organisation_name is None:
            return None
        return Organisation(self._opened(sealed, "organisation_name"), self._opened(sealed, "credit_code"))

    def _guardian(self, sealed: SubmitterIdentity) -> Guardian | None:
        if sealed.guardian_name is None:
            return None
        return Guardian(*(self._opened(sealed, f"guardian_{part}") for part in ("name", "relation", "phone")))

    def _opened(self, sealed: SubmitterIdentity, column: str) -> str:
        value = self._opened_if_there(sealed, column)
        if value is None:
            raise Unreadable("not there")
        return value

    def _opened_if_there(self, sealed: SubmitterIdentity, column: str) -> str | None:
        value: bytes | None = getattr(sealed, column)
        if value is None:
            return None
        key = self._key_of(sealed) if is_of_data_key(value) else self._sealer
        if key is None:
            raise Unreadable("its data key is gone")
        return key.open(value, TABLE, column, str(sealed.submission_id))

    def _key_of(self, sealed: SubmitterIdentity) -> DataKey | None:
        """None where the identity was sealed before there were data keys, or its key was destroyed."""
        wrapped = sealed.wrapped_key
        return None if wrapped is None else self.data_key(wrapped, sealed.submission_id)


def destroy(session: Session, sealed: SubmitterIdentity, mark: bytes) -> None:
    """Nothing of the person is left but which fields there were, and `mark` in the place of the blind index: what
    was counted before comes out the same afterwards."""
    for column in ("name", "phone", *MAY_BE_MISSING):
        if getattr(sealed, column) is not None:
            setattr(sealed, column, ERASED)
    sealed.person_index = mark
    _destroy_key(session, sealed)


def _destroy_key(session: Session, sealed: SubmitterIdentity) -> None:
    """The identity's row is locked first: whoever rotates keys holds it while making a data key for it."""
    session.flush()
    session.execute(delete(SubmissionKey).where(SubmissionKey.submission_id == sealed.submission_id))
