import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import ApiClient, ApiKey, StaffRole, StaffUser
from app.departments.models import Department
from app.permissions import Permission, Role, of_roles


@dataclass(frozen=True)
class Person:
    id: uuid.UUID
    username: str
    display_name: str
    roles: tuple[Role, ...]
    disabled_at: datetime | None


@dataclass(frozen=True)
class Client:
    """A client and the ids of its keys that still open."""

    id: uuid.UUID
    name: str
    department: str
    created_at: datetime
    revoked_at: datetime | None
    keys: tuple[str, ...]


def people(session: Session) -> Sequence[Person]:
    """All staff, by user name."""
    roles: dict[uuid.UUID, list[Role]] = defaultdict(list)
    for row in session.scalars(select(StaffRole)):
        roles[row.user_id].append(row.role)
    users = session.scalars(select(StaffUser).order_by(StaffUser.username))
    return [
        Person(user.id, user.username, user.display_name, tuple(roles[user.id]), user.disabled_at) for user in users
    ]


def screeners(session: Session) -> Sequence[Person]:
    """Who may screen and has an account that isn't disabled, by user name."""
    return [person for person in people(session) if person.disabled_at is None and _may_screen(person)]


def _may_screen(person: Person) -> bool:
    return Permission.SCREEN in of_roles(person.roles)


def user_named(session: Session, username: str) -> StaffUser | None:
    return session.scalar(select(StaffUser).where(StaffUser.username == username))


def password_hash_of(session: Session, user_id: str) -> str | None:
    return session.scalar(select(StaffUser.password_hash).where(StaffUser.id == uuid.UUID(user_id)))


def clients(session: Session, now: datetime) -> Sequence[Client]:
    """All API clients, by name."""
    live: dict[uuid.UUID, list[str]] = defaultdict(list)
    for key in session.scalars(select(ApiKey).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.created_at)):
        if key.expires_at is None or key.expires_at > now:
            live[key.client_id].append(key.id)
    rows = session.execute(
        select(ApiClient, Department.name)
        .join(Department, Department.id == ApiClient.department_id)
        .order_by(ApiClient.name)
    )
    return [
        Client(client.id, client.name, department, client.created_at, client.revoked_at, tuple(live[client.id]))
        for client, department in rows
    ]


def client_named(session: Session, name: str) -> ApiClient | None:
    return session.scalar(select(ApiClient).where(ApiClient.name == name))


def names_of(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Staff id → display name, for the ids that are staff."""
    known = []
    for text in set(ids):
        try:
            known.append(uuid.UUID(text))
        except ValueError:
            continue
    rows = session.execute(select(StaffUser.id, StaffUser.display_name).where(StaffUser.id.in_(known)))
    return {str(row.id): row.display_name for row in rows}


def client_names(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Client id → its name, for the ids that are clients'."""
    known = [uuid.UUID(text) for text in set(ids) if _is_id(text)]
    if not known:
        return {}
    rows = session.execute(select(ApiClient.id, ApiClient.name).where(ApiClient.id.in_(known)))
    return {str(row.id): row.name for row in rows}


def ids_called(session: Session, name: str) -> list[str]:
    """Ids of staff and clients with that user name, display name or name."""
    staff = session.scalars(
        select(StaffUser.id).where(or_(StaffUser.username == name, StaffUser.display_name == name))
    ).all()
    return [*map(str, staff), *map(str, session.scalars(select(ApiClient.id).where(ApiClient.name == name)))]


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
