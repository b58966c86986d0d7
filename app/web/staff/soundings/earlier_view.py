"""Earlier versions of letters, replies and opinions, in words."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.documents.queries import clauses_by_id
from app.soundings import queries
from app.soundings.handling import CHANGED_HANDLING
from app.soundings.lifecycle import Adoption, Disagreement, EarlierKind, OrganState
from app.web import labels, words
from app.web.i18n import N_
from app.web.i18n import gettext as _

NAMES = {
    "due_on": N_("Due day"),
    "state": N_("Reply"),
    "replied_on": N_("Day of the reply"),
    "document_number": N_("Document number"),
    "signer": N_("Signed by"),
    "clause_id": N_("Clause"),
    "words": N_("Opinion"),
    "proposed": N_("Proposed wording"),
    "adoption": N_("Made of it"),
    "reason": N_("Reason"),
    "disagreement": N_("Disagreement"),
    "coordination": N_("Result of the coordination"),
    "entered_by": N_("Entered by"),
    "handled_by": N_("Dealt with by"),
}
PEOPLE = ("entered_by", "handled_by")
KINDS = {"state": OrganState, "adoption": Adoption, "disagreement": Disagreement}


@dataclass(frozen=True)
class EarlierView:
    """`said` are names and values of what was changed; `file_id` is the scan of that version."""

    replaced_at: datetime
    replaced_by: str
    reason: str
    said: Sequence[tuple[str, str]]
    file_id: str | None


def of_record(session: Session, kind: EarlierKind, record_id: uuid.UUID) -> list[EarlierView]:
    """The newest first; three queries at most, whatever their number."""
    found = queries.earlier_versions(session, kind, record_id)
    if not found:
        return []
    people = {row.replaced_by for row in found} | {row.content.get(name) for row in found for name in PEOPLE}
    names = accounts.names_of(session, sorted(filter(None, people)))
    clauses = clause_words(session, (row.content.get("clause_id") for row in found))
    return [
        EarlierView(
            replaced_at=row.replaced_at,
            replaced_by=names.get(row.replaced_by, row.replaced_by),
            reason=_("Dealt with anew") if row.reason == CHANGED_HANDLING else row.reason,
            said=[
                (_(NAMES[name]), _value(name, value, names, clauses))
                for name, value in row.content.items()
                if name in NAMES and value not in (None, Disagreement.NONE.value)
            ],
            file_id=row.content.get("file_id"),
        )
        for row in found
    ]


def clause_words(session: Session, ids: Iterable[str | uuid.UUID | None]) -> dict[str, str]:
    """Clause id → number and heading, as people call it."""
    wanted = {uuid.UUID(str(each)) for each in ids if each}
    if not wanted:
        return {}
    return {
        str(clause.id): f"{clause.number} {clause.heading}".strip() or clause.label
        for clause in clauses_by_id(session, wanted)
    }


def _value(name: str, value: Any, people: Mapping[str, str], clauses: Mapping[str, str]) -> str:
    if name in KINDS:
        return labels.label(KINDS[name](value))
    if name in ("due_on", "replied_on"):
        return words.day(date.fromisoformat(value))
    if name in PEOPLE:
        return people.get(value, value)
    return clauses.get(value, value) if name == "clause_id" else str(value)
