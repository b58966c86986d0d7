from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.departments.directory import Directory, DirectoryEntry, Level
from app.departments.models import Department, DepartmentAlias


def directory(session: Session) -> Directory:
    """The whole directory, indexed for looking printed names up."""
    aliases: dict[str, list[str]] = defaultdict(list)
    for row in session.scalars(select(DepartmentAlias).order_by(DepartmentAlias.position)):
        aliases[row.department_id].append(row.alias)
    departments = session.scalars(select(Department).order_by(Department.position))
    return Directory(
        DirectoryEntry(
            id=department.id,
            name=department.name,
            aliases=tuple(aliases[department.id]),
            level=department.level,
            relationship=department.relationship,
            valid_from=department.valid_from,
            valid_until=department.valid_until,
        )
        for department in departments
    )


def assignable(session: Session) -> Sequence[Department]:
    """The departments that a suggestion can be assigned to, in the directory's order."""
    return session.scalars(
        select(Department).where(Department.level != Level.STANDING_SCOPE).order_by(Department.position)
    ).all()


def names(session: Session) -> dict[str, str]:
    """Department id → canonical name."""
    return {row.id: row.name for row in session.execute(select(Department.id, Department.name))}
