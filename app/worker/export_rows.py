"""What stands in a file of data: its headings, how many rows, and the rows a portion at a time.

Each portion is read in a transaction of its own that ends before its rows are written, so that nothing is held however
long the file becomes. All portions keep to the instant at which the file was asked for; the rest of a row is as it was
when its portion was read.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from app.assignments import extracting as assignments
from app.assignments.lifecycle import AssignmentState
from app.consultations.models import Consultation
from app.documents import queries as documents
from app.exports.lifecycle import ExportKind, IdentityColumn
from app.exports.models import ExportOrder
from app.exports.tabular import Cell
from app.kit.crypto import Unreadable
from app.kit.database import Database
from app.kit.paging import Key
from app.masking.anonymise import anonymise
from app.reporting.result_rows import ResultRow, result_rows
from app.submissions import extracting
from app.submissions import queries as submissions
from app.submissions.extracting import Extract
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import DisplayedComment, Submission, SubmitterIdentity
from app.submissions.vault import Vault
from app.worker import export_words as words

AT_ONCE = 1000
Row = Sequence[Cell]


@dataclass(frozen=True)
class Portion:
    """Some rows, and the submissions whose senders they name."""

    rows: Sequence[Row]
    about: Sequence[uuid.UUID] = ()


@dataclass(frozen=True)
class Source:
    """`portions` reads from the first row on each time it is called."""

    headings: Sequence[str]
    total: Callable[[Session], int]
    portions: Callable[[Database], Iterator[Portion]]


def source_of(order: ExportOrder, consultation: Consultation, vault: Vault) -> Source:
    """Of what the order asks for."""
    if order.kind is ExportKind.RESULTS:
        return results_of(order.consultation_id, vault)
    if order.kind is ExportKind.ASSIGNMENTS:
        return _assignments(order)
    if order.kind is ExportKind.IDENTITIES:
        return senders_of(order, vault)
    return _submissions(order, consultation)


def _submissions(order: ExportOrder, consultation: Consultation) -> Source:
    extract = _extract(order)
    keep = [contact for contact in (consultation.contact_phone, consultation.contact_email) if contact]

    def portions(database: Database) -> Iterator[Portion]:
        after, number = None, 0
        while True:
            with database.reading() as session:
                found = extracting.page(session, extract, after, AT_ONCE)
                shown = extracting.masked(session, [row.id for row in found])
                clauses = _clauses(session, found)
            yield Portion(
                [
                    _submission(number + place, row, shown.get(row.id), clauses[row.id], keep)
                    for place, row in enumerate(found, 1)
                ]
            )
            if len(found) < AT_ONCE:
                return
            number, after = number + len(found), Key(found[-1].received_at, found[-1].id)

    return Source(words.SUBMISSION_HEADINGS, lambda session: extracting.count(session, extract), portions)


def senders_of(order: ExportOrder, vault: Vault) -> Source:
    """Who sent what, in the columns of the order."""
    extract, columns = _extract(order), [IdentityColumn(name) for name in order.columns]
    headings = (*words.SENDER_HEADINGS, *(words.IDENTITY_HEADINGS[column] for column in columns))

    def portions(database: Database) -> Iterator[Portion]:
        after, number = None, 0
        while True:
            with database.reading() as session:
                found = extracting.page_with_senders(session, extract, after, AT_ONCE)
            rows = [
                (*_arrival(number + place, row), *_sender(sealed, vault, columns))
                for place, (row, sealed) in enumerate(found, 1)
            ]
            yield Portion(rows, [row.id for row, _ in found])
            if len(found) < AT_ONCE:
                return
            number, after = number + len(found), Key(found[-1][0].received_at, found[-1][0].id)

    return Source(headings, lambda session: extracting.count(session, extract), portions)


def results_of(consultation_id: uuid.UUID, vault: Vault) -> Source:
    """The rows of the results as they are in one state of the store, which is read to their end."""

    def portions(database: Database) -> Iterator[Portion]:
        with database.reading() as session:
            rows = result_rows(session, consultation_id, released_only=False, vault=vault)
            while chunk := list(islice(rows, AT_ONCE)):
                yield Portion([_result(row) for row in chunk])

    def total(session: Session) -> int:
        return sum(1 for _ in result_rows(session, consultation_id, released_only=False))

    return Source(words.RESULT_HEADINGS, total, portions)


def _assignments(order: ExportOrder) -> Source:
    extract = assignments.Extract(
        consultation_id=order.consultation_id,
        by=order.asked_at,
        since=order.since,
        until=order.until,
        state=AssignmentState(order.only_state) if order.only_state else None,
    )

    def portions(database: Database) -> Iterator[Portion]:
        after, number = None, 0
        while True:
            with database.reading() as session:
                found = assignments.page(session, extract, after, AT_ONCE)
            yield Portion([_assignment(number + place, row) for place, row in enumerate(found, 1)])
            if len(found) < AT_ONCE:
                return
            number, after = number + len(found), found[-1].assignment.id

    return Source(words.ASSIGNMENT_HEADINGS, lambda session: assignments.count(session, extract), portions)


def _extract(order: ExportOrder) -> Extract:
    return Extract(
        consultation_id=order.consultation_id,
        by=order.asked_at,
        since=order.since,
        until=order.until,
        state=SubmissionState(order.only_state) if order.only_state else None,
    )


def _clauses(session: Session, rows: Sequence[Submission]) -> dict[uuid.UUID, str]:
    chosen = submissions.clause_ids(session, [row.id for row in rows])
    labels = {
        clause.id: clause.label
        for clause in documents.clauses_by_id(session, {id for ids in chosen.values() for id in ids})
    }
    return {
        row.id: words.BETWEEN.join(labels[id] for id in chosen.get(row.id, ()) if id in labels) or words.WHOLE_DRAFT
        for row in rows
    }


def _arrival(number: int, row: Submission) -> tuple[Cell, ...]:
    return (number, row.receipt_number, row.received_at, words.CHANNELS[row.channel], words.STATES[row.state])


def _submission(
    number: int, row: Submission, shown: DisplayedComment | None, clauses: str, keep: Sequence[str]
) -> tuple[Cell, ...]:
    """In the words that were masked when it arrived or, where it isn't displayed, that are masked now."""
    title, text = (shown.title, shown.text) if shown else (row.title, row.comment)
    if shown is None:
        title, text = anonymise(title, keep).text, anonymise(text, keep).text
    kind = words.ORGANISATIONS[row.organisation_type] if row.organisation_type else row.occupation
    return (*_arrival(number, row), words.SUBMITTERS[row.submitter_kind], kind, clauses, title, text)


def _sender(sealed: SubmitterIdentity, vault: Vault, columns: Sequence[IdentityColumn]) -> tuple[Cell, ...]:
    if vault.is_erased(sealed):
        return tuple(words.ERASED for _ in columns)
    try:
        who = vault.open(sealed)
    except Unreadable:
        return tuple(words.UNREADABLE for _ in columns)
    values: dict[IdentityColumn, str | None] = {
        IdentityColumn.NAME: who.name,
        IdentityColumn.ORGANISATION: who.organisation.name if who.organisation else None,
        IdentityColumn.PHONE: who.phone,
        IdentityColumn.EMAIL: who.email,
        IdentityColumn.ID_NUMBER: who.id_number,
    }
    return tuple(values[column] for column in columns)


def _result(row: ResultRow) -> tuple[Cell, ...]:
    return (
        *(row.number, row.clause_label or words.WHOLE_DRAFT, row.theme, row.text, row.merged, row.submissions),
        *(row.persons, words.BETWEEN.join((*row.organisations, *_persons(row)))),
        words.DISPOSITIONS[row.disposition] if row.disposition else "",
        *(row.reason, row.words, row.department, "、".join(row.cooperating), "\n".join(row.amended)),
    )


def _persons(row: ResultRow) -> tuple[str, ...]:
    return tuple(name for name in row.proposers if name not in row.organisations)


def _assignment(number: int, row: assignments.Extracted) -> tuple[Cell, ...]:
    held = row.assignment
    times: tuple[datetime | None, ...] = (held.answered_at, held.confirmed_at)
    return (
        *(number, row.clause or words.WHOLE_DRAFT, row.theme, row.text, row.department, words.ROLES[held.role]),
        *(words.ASSIGNMENT_STATES[held.state], held.assigned_at, held.acknowledged_at, held.due_at, *times),
        held.send_back_reason,
    )
