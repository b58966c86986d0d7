"""Whether the wall stands in this store, for whoever connects as the service does."""

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from app.walls.belongings import BELONGINGS

ROLE = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
OPEN = text(
    """SELECT relname FROM pg_class
    WHERE oid IN (SELECT to_regclass(name) FROM unnest(CAST(:tables AS text[])) AS name)
    AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname"""
).bindparams(bindparam("tables", list(BELONGINGS)))


def is_walked_past(connection: Connection) -> bool:
    """Whether the role is one that row-level security never binds: a superuser, or one with BYPASSRLS."""
    return connection.scalar(ROLE) is True


def open_tables(connection: Connection) -> list[str]:
    """Tables that hold departments' rows and don't stand behind the wall, though they are there."""
    return list(connection.scalars(OPEN))
