"""Which tables go into a package for the archive, and their rows as lines of JSON, a page at a time.

A row belongs to a consultation by its own `consultation_id`, or by a foreign key that leads to a row that does. Nothing
that is sealed or hashed goes along, nor what only serves the work of a day.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, LargeBinary, Select, Table, select, tuple_

from app.kit.database import Database
from app.tables import metadata

AT_ONCE = 1000
ROOT = "consultations"
ARCHIVED = (
    *("column_rules", "coding_rules", "comparison_releases", "conclusions", "consultation_notes"),
    *("consultation_rounds", "consultation_terms", "coverages", "late_codes", "legal_holds", "paper_templates"),
    *("submissions", "submission_clauses", "submission_files", "submission_origins", "bundle_arrivals"),
    *("late_submissions", "quarantined_submissions", "displayed_comments", "display_objections", "clause_proposals"),
    "erased_identities",
    *("campaigns", "campaign_decisions", "campaign_members", "screening_decisions", "second_looks", "clarifications"),
    *("passages", "themes", "suggestions", "suggestion_editors", "suggestion_passages", "suggestion_remarks"),
    *("suggestion_versions", "published_suggestions", "amendment_links"),
    *("assignments", "assignment_questions", "assignment_reminders", "assignment_terms", "progress_notes"),
    *("answers", "answer_versions", "answer_files", "dispositions", "outcome_releases", "released_outcomes"),
    *("soundings", "sounded_organs", "sounding_earlier", "sounding_files", "sounding_reminders", "organ_opinions"),
    *("referral_cases", "referral_handovers", "report_editions", "report_lines", "result_reports", "audit_entries"),
)
LEFT_OUT = {
    "counts and marks that are made anew from the rest": (
        *("alerts", "amendment_searches", "backlog_ages", "campaign_bands", "campaign_progress", "flags"),
        *("campaign_signatures", "hourly_counts", "search_places", "stage_times", "submission_matches"),
        *("submission_themes", "theme_groups"),
    ),
    "what names people, or where it is kept": (
        *("entry_batches", "identity_unlocks", "mails", "reported_submissions", "rights_requests"),
        *("submitter_identities", "submission_keys"),
    ),
    "packages themselves": ("archives", "export_orders", "export_pieces", "ordered_records"),
    "drafts of the work before the opening": ("preparations", "preparation_texts", "reason_templates"),
    "proven by itself": ("log_entries",),
}
HIDDEN = {
    "submissions": ("token", "fingerprint"),
    "audit_entries": ("source", "request_id"),
    "consultations": (),
}
"""Columns that go nowhere; columns of bytes never go."""


def names() -> list[str]:
    return [ROOT, *ARCHIVED]


def lines(database: Database, name: str, consultation_id: uuid.UUID) -> Iterator[bytes]:
    """The table's rows that belong to the consultation, in the order of their keys: one JSON object a line."""
    table, after = metadata.tables[name], None
    shown = [column for column in table.columns if _is_shown(column)]
    key = list(table.primary_key.columns)
    while True:
        query = select(*shown, *(column.label(f"key_{column.name}") for column in key)).where(
            _within(table, consultation_id)
        )
        if after is not None:
            query = query.where(tuple_(*key) > tuple_(*after))
        with database.reading() as session:
            found = session.execute(query.order_by(*key).limit(AT_ONCE)).all()
        for row in found:
            yield line(dict(zip((column.name for column in shown), row, strict=False)))
        if len(found) < AT_ONCE:
            return
        after = [found[-1]._mapping[f"key_{column.name}"] for column in key]


def line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, default=_plain).encode() + b"\n"


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _is_shown(column: Column[Any]) -> bool:
    return not isinstance(column.type, LargeBinary) and column.name not in HIDDEN.get(column.table.name, ())


def _within(table: Table, consultation_id: uuid.UUID) -> Any:
    if table.name == ROOT:
        return table.c.id == consultation_id
    if "consultation_id" in table.c:
        return table.c.consultation_id == consultation_id
    return _reference(table).in_(_ids(_reference(table), consultation_id))


def _ids(column: Column[Any], consultation_id: uuid.UUID) -> Select[Any]:
    (key,) = column.foreign_keys
    return select(key.column).where(_within(key.column.table, consultation_id))


def _reference(table: Table) -> Column[Any]:
    """The first column that leads to a row of a consultation."""
    for column in table.columns:
        for key in column.foreign_keys:
            if not column.nullable and key.column.table.name in ARCHIVED:
                return column
    raise LookupError(table.name)
