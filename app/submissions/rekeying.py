"""Wrapping data keys of identities by the newest key, and giving one to those sealed before there were any."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.kit.crypto import Sealer
from app.kit.data_keys import DataKey, is_of_data_key
from app.kit.database import Database, rows_changed
from app.submissions.models import SubmissionKey, SubmitterIdentity
from app.submissions.vault import TABLE, Vault

KEYS, DIRECT = SubmissionKey.__tablename__, f"{TABLE}, without a data key"
SEALED = (
    *("name", "id_number", "phone", "email", "organisation_name", "credit_code"),
    *("guardian_name", "guardian_relation", "guardian_phone"),
)
PORTION = 1000
Moved = Mapping[tuple[str, str], int]


def used(session: Session) -> Moved:
    """(where, key id) → how many."""
    wrapped = select(SubmissionKey.key_id, func.count()).group_by(SubmissionKey.key_id)
    found = Counter({(KEYS, key_id): number for key_id, number in session.execute(wrapped)})
    after: uuid.UUID | None = None
    while rows := _identities(session, after, PORTION):
        found.update((DIRECT, named(value)) for row in rows for _, value in direct(row))
        after = rows[-1].submission_id
        session.expunge_all()
    return found


def rekeyed(database: Database, vault: Vault, sealer: Sealer, portion: int) -> Iterator[Moved]:
    """One transaction each time; ends when both tables were walked through. Raises Unreadable, OSError."""
    after: uuid.UUID | None = None
    while True:
        with database.reading() as session:
            ids = _after(session, after, portion)
        if not ids:
            return
        with database.writing() as session:
            moved = _wrapped_anew(session, vault, sealer, ids) + _resealed(session, vault, sealer, ids)
        yield moved
        after = ids[-1]


def direct(row: SubmitterIdentity) -> Iterator[tuple[str, bytes]]:
    """The row's values that the installation's own keys sealed, by column."""
    for column in SEALED:
        value: bytes | None = getattr(row, column)
        if value and not is_of_data_key(value):
            yield column, value


def named(sealed: bytes) -> str:
    return sealed[2 : 2 + sealed[1]].decode(errors="replace")


def _after(session: Session, after: uuid.UUID | None, portion: int) -> Sequence[uuid.UUID]:
    ids = select(SubmitterIdentity.submission_id).order_by(SubmitterIdentity.submission_id).limit(portion)
    return session.scalars(ids if after is None else ids.where(SubmitterIdentity.submission_id > after)).all()


def _identities(session: Session, after: uuid.UUID | None, portion: int) -> Sequence[SubmitterIdentity]:
    ids = _after(session, after, portion)
    rows = select(SubmitterIdentity).where(SubmitterIdentity.submission_id.in_(ids))
    return session.scalars(rows.order_by(SubmitterIdentity.submission_id)).all()


def _wrapped_anew(session: Session, vault: Vault, sealer: Sealer, ids: Sequence[uuid.UUID]) -> Counter[tuple[str, str]]:
    newest = sealer.wrapper.key_id
    old = select(SubmissionKey).where(SubmissionKey.submission_id.in_(ids), SubmissionKey.key_id != newest)
    done: Counter[tuple[str, str]] = Counter()
    for key in session.scalars(old):
        anew = vault.kept_key(vault.data_key(key.wrapped, key.submission_id), key.submission_id)
        # An erasure that came in between has removed the row: it must not come back.
        same = (SubmissionKey.submission_id == key.submission_id, SubmissionKey.wrapped == key.wrapped)
        values = {"key_id": anew.key_id, "wrapped": anew.wrapped}
        done[KEYS, key.key_id] += rows_changed(session, update(SubmissionKey).where(*same).values(values))
    return done


def _resealed(session: Session, vault: Vault, sealer: Sealer, ids: Sequence[uuid.UUID]) -> Counter[tuple[str, str]]:
    rows = select(SubmitterIdentity).where(SubmitterIdentity.submission_id.in_(ids))
    done: Counter[tuple[str, str]] = Counter()
    waiting = [row.submission_id for row in session.scalars(rows) if any(direct(row))]
    if not waiting:
        return done
    locked = select(SubmitterIdentity).where(SubmitterIdentity.submission_id.in_(waiting))
    for row in session.scalars(locked.with_for_update(), execution_options={"populate_existing": True}):
        values, id = dict(direct(row)), row.submission_id
        if not values:
            continue
        key = DataKey.new(sealer.suite) if row.wrapped_key is None else vault.data_key(row.wrapped_key, id)
        if row.wrapped_key is None:
            session.add(vault.kept_key(key, id))
        for column, value in values.items():
            setattr(row, column, key.seal(sealer.open(value, TABLE, column, str(id)), TABLE, column, str(id)))
            done[DIRECT, named(value)] += 1
    return done
