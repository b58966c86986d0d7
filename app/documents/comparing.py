"""Working out what two stored versions say differently."""

import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.documents import versions
from app.documents.compared import kept_form
from app.documents.comparison import compare_clauses
from app.documents.models import Clause

FEW_CLAUSES = 400
"""In both versions together: as many are compared in well under a second, so that a person can wait for it."""
JOB = "compare_versions"


def rows_between(session: Session, draft_version_id: uuid.UUID, final_version_id: uuid.UUID) -> list[dict[str, Any]]:
    """Every row in the form in which it is kept; renames are those that the directory knows of now."""
    draft, final = (versions.found_clauses(session, one) for one in (draft_version_id, final_version_id))
    return kept_form(compare_clauses(draft, final, departments.directory(session).successor_ids))


def is_quick(session: Session, draft_version_id: uuid.UUID, final_version_id: uuid.UUID) -> bool:
    """Whether a person can wait for it; else the worker is to do it."""
    both = select(func.count()).where(Clause.version_id.in_((draft_version_id, final_version_id)))
    return (session.scalar(both) or 0) <= FEW_CLAUSES
