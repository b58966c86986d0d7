"""Changing the directory of responsible units."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.departments.directory import DirectoryEntry
from app.departments.models import Department, DepartmentAlias
from app.permissions import Actor, Permission, require


def add_departments(session: Session, actor: Actor, at: datetime, entries: Iterable[DirectoryEntry]) -> int:
    """Adds the units whose ids are not in the directory yet, and leaves the others alone; answers how many."""
    require(actor, Permission.MANAGE_DEPARTMENTS)
    known = set(session.scalars(select(Department.id)))
    position = len(known)
    added = [entry for entry in entries if entry.id not in known]
    for offset, entry in enumerate(added):
        session.add(
            Department(
                id=entry.id,
                position=position + offset,
                name=entry.name,
                level=entry.level,
                relationship=entry.relationship,
                valid_from=entry.valid_from,
                valid_until=entry.valid_until,
            )
        )
    session.flush()
    for entry in added:
        session.add_all(
            DepartmentAlias(department_id=entry.id, position=place, alias=alias)
            for place, alias in enumerate(entry.aliases)
        )
    audit.record(session, actor, at, "departments.added", ("directory", "departments"), count=len(added))
    return len(added)
