"""A submission on its way inward: everything of it in one record, its sender in plain under the bundle's seal alone."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bundles.file_format import Record
from app.bundles.kinds import table_of
from app.bundles.marks import AT_ONCE, Change, changed, known
from app.bundles.models import BundleArrival
from app.bundles.plain_rows import key_text, plain_row, valued_row
from app.bundles.refusals import BundleRefused
from app.kit.database import Model
from app.submissions import promises
from app.submissions import queries as submissions
from app.submissions.carried import token_of
from app.submissions.models import (
    DisplayedComment,
    QuarantinedSubmission,
    Submission,
    SubmissionClause,
    SubmissionFile,
    SubmissionOrigin,
    SubmitterIdentity,
)
from app.submissions.submitter import Guardian, Identity, Organisation
from app.submissions.vault import Vault
from app.transparency.commitments import commitment
from app.transparency.models import EntryKind, LogEntry

KIND = "submission"
WITHOUT = frozenset({"token", "access_code_hash", "revision", "allocated_to"})
"""What opens the receipt stays outside."""
NO_CODE = bytes(32)
PARTS: Mapping[str, type[Model]] = {
    "clauses": SubmissionClause,
    "files": SubmissionFile,
    "displayed": DisplayedComment,
    "quarantined": QuarantinedSubmission,
}
Rows = dict[str, list[dict[str, Any]]]


def changes(session: Session) -> Iterator[Change]:
    """Submissions that came by the form and that the other side doesn't have, in the order of their ids."""
    entered = select(SubmissionOrigin.submission_id)
    new = select(Submission.id).where(Submission.id.not_in(entered)).order_by(Submission.id)
    for ids in session.scalars(new, execution_options={"yield_per": AT_ONCE}).partitions(AT_ONCE):
        told = [Change(KIND, key_text([id]), KIND, {"kind": KIND, "id": str(id)}) for id in ids]
        yield from changed(known(session, KIND, told), told)


def said_of(session: Session, vault: Vault, id: uuid.UUID) -> Record:
    """The whole record. Raises Unreadable where the identity can't be opened."""
    row = session.get_one(Submission, id)
    parts = {name: _rows_of(session, model, id) for name, model in PARTS.items()}
    plain = {name: value for name, value in _row(row).items() if name not in WITHOUT}
    sealed = submissions.sealed_identity(session, id)
    entry = session.scalar(
        select(LogEntry).where(
            LogEntry.consultation_id == row.consultation_id, LogEntry.subject == id, LogEntry.kind == EntryKind.RECEIPT
        )
    )
    return {
        "kind": KIND,
        "row": plain,
        **parts,
        "sender": _sender(vault, sealed) if sealed is not None else None,
        "entry": _row(entry) if entry is not None and entry.salt is not None else None,
    }


def contents_of(record: Record) -> Sequence[str]:
    """SHA-256 of the files that go along."""
    return [file["sha256"] for file in record["files"]]


def _row(row: Model) -> dict[str, Any]:
    table = table_of(type(row))
    return plain_row(table, {column.name: getattr(row, column.name) for column in table.c})


def _rows_of(session: Session, model: type[Model], id: uuid.UUID) -> list[dict[str, Any]]:
    found = session.scalars(select(model).where(table_of(model).c["submission_id"] == id)).all()
    return [_row(row) for row in found]


def _sender(vault: Vault, sealed: SubmitterIdentity) -> Mapping[str, Any] | None:
    if vault.is_erased(sealed):
        return None
    return {**vault.open(sealed).values(), "index": sealed.person_index.hex()}


def store(session: Session, vault: Vault, record: Record, sequence: int) -> Submission | None:
    """Stores it with the number, the instant and the entry of the log that its sender's receipt has; None where it is
    there already. Raises BundleRefused where the entry was made of another comment than this one.
    """
    row = Submission(
        **valued_row(table_of(Submission), record["row"]),
        access_code_hash=NO_CODE,
        token=token_of(record["row"]["receipt_number"]),
    )
    if session.get(Submission, row.id) is not None:
        return None
    parts = {name: _models(model, record[name]) for name, model in PARTS.items()}
    entry = _entry(record, row, parts)
    session.add(row)
    session.flush()
    session.add_all([*(part for found in parts.values() for part in found), *_sealed(vault, record["sender"], row)])
    session.add(BundleArrival(submission_id=row.id, sequence=sequence))
    session.add_all([entry] if entry is not None else [])
    session.flush()
    return row


def _models(model: type[Model], rows: Sequence[Record]) -> list[Model]:
    return [model(**valued_row(table_of(model), row)) for row in rows]


def _entry(record: Record, row: Submission, parts: Mapping[str, Sequence[Any]]) -> LogEntry | None:
    if record["entry"] is None:
        return None
    entry = LogEntry(**valued_row(table_of(LogEntry), record["entry"]))
    fields = promises.fields_of(row, parts["clauses"], parts["files"])
    if commitment(entry.kind.value, entry.at, entry.salt or b"", fields) != entry.commitment:
        raise BundleRefused(f"the comment {row.receipt_number} is not the one that its receipt promises")
    return entry


def _sealed(vault: Vault, sender: Record | None, row: Submission) -> Sequence[Model]:
    """Sealed by this side's keys. Who gave no number is told apart as the other side tells them apart."""
    identity = _identity(sender or {"name": "", "phone": ""})
    sealed, key = vault.seal(identity, row.id, row.consultation_id)
    if sender is not None and identity.id_number is None and not _code(identity):
        sealed.person_index = bytes.fromhex(sender["index"])
    return sealed, key


def _code(identity: Identity) -> str:
    return identity.organisation.credit_code if identity.organisation is not None else ""


def _identity(said: Record) -> Identity:
    organisation, guardian = said.get("organisation_name"), said.get("guardian_name")
    return Identity(
        name=said["name"],
        id_number=said.get("id_number"),
        phone=said["phone"],
        email=said.get("email"),
        organisation=Organisation(organisation, said["credit_code"] or "") if organisation is not None else None,
        guardian=Guardian(guardian, said["guardian_relation"], said["guardian_phone"])
        if guardian is not None
        else None,
    )
