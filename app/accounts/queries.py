import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import (
    ApiClient,
    ApiKey,
    Passkey,
    ProviderIdentity,
    ScopedRole,
    StaffRole,
    StaffSession,
    StaffUser,
)
from app.accounts.sessions import Held, Lasting
from app.departments.models import Department
from app.kit.errors import NotFound
from app.permissions import Permission, Role, of_roles


@dataclass(frozen=True)
class Person:
    id: uuid.UUID
    username: str
    display_name: str
    roles: tuple[Role, ...]
    disabled_at: datetime | None
    frozen_at: datetime | None = None
    password_until: datetime | None = None
    scoped: tuple[Held, ...] = ()
    department_id: str | None = None

    @property
    def all_roles(self) -> frozenset[Role]:
        """Those that hold everywhere and those that hold somewhere."""
        return frozenset(self.roles) | {held.role for held in self.scoped}


@dataclass(frozen=True)
class SessionLine:
    """A session that goes on. `name` is what it is ended by."""

    name: str
    network: str
    browser: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class Key:
    """A key that still opens; what it is called, never what it is."""

    id: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    test: bool


@dataclass(frozen=True)
class Client:
    """A client and its keys that still open, oldest first. It has a department, a channel, or both."""

    id: uuid.UUID
    name: str
    department: str | None
    created_at: datetime
    revoked_at: datetime | None
    keys: tuple[Key, ...]
    channel: str | None = None


def people(session: Session) -> Sequence[Person]:
    """All staff, by user name."""
    return _people(session)


def person(session: Session, user_id: uuid.UUID) -> Person:
    """Raises NotFound."""
    found = _people(session, StaffUser.id == user_id)
    if not found:
        raise NotFound("no_such_staff")
    return found[0]


def _people(session: Session, *which: ColumnElement[bool]) -> Sequence[Person]:
    chosen = select(StaffUser.id).where(*which)
    roles: dict[uuid.UUID, list[Role]] = defaultdict(list)
    for row in session.scalars(select(StaffRole).where(StaffRole.user_id.in_(chosen))):
        roles[row.user_id].append(row.role)
    scoped: dict[uuid.UUID, list[Held]] = defaultdict(list)
    for one in session.scalars(select(ScopedRole).where(ScopedRole.user_id.in_(chosen))):
        scoped[one.user_id].append(Held(one.role, one.scope, one.scope_id))
    return [
        Person(
            user.id,
            user.username,
            user.display_name,
            tuple(roles[user.id]),
            user.disabled_at,
            user.frozen_at,
            user.password_until,
            tuple(sorted(scoped[user.id], key=lambda held: (held.role, held.scope, held.scope_id))),
            user.department_id,
        )
        for user in session.scalars(select(StaffUser).where(*which).order_by(StaffUser.username))
    ]


def sessions_of(session: Session, user_id: uuid.UUID, now: datetime, lasting: Lasting) -> Sequence[SessionLine]:
    """The sessions of a person that go on, the one used last first."""
    rows = session.scalars(
        select(StaffSession)
        .where(
            StaffSession.user_id == user_id,
            StaffSession.last_seen_at > now - lasting.idle,
            StaffSession.created_at > now - lasting.absolute,
        )
        .order_by(StaffSession.last_seen_at.desc(), StaffSession.token_hash)
    )
    return [
        SessionLine(row.token_hash.hex(), row.network or "", row.browser or "", row.created_at, row.last_seen_at)
        for row in rows
    ]


def passkeys_of(session: Session, user_id: uuid.UUID) -> Sequence[Passkey]:
    """Oldest first."""
    return session.scalars(
        select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.created_at, Passkey.id)
    ).all()


def linked_subject(session: Session, user_id: uuid.UUID) -> str | None:
    """What the person is called at the organisation's provider."""
    return session.scalar(select(ProviderIdentity.subject).where(ProviderIdentity.user_id == user_id))


def screeners(session: Session) -> Sequence[Person]:
    """Who may screen and has an account that isn't disabled, by user name."""
    return [person for person in people(session) if person.disabled_at is None and _may_screen(person)]


def _may_screen(person: Person) -> bool:
    return Permission.SCREEN in of_roles(person.all_roles)


def user_named(session: Session, username: str) -> StaffUser | None:
    return session.scalar(select(StaffUser).where(StaffUser.username == username))


def password_hash_of(session: Session, user_id: str) -> str | None:
    return session.scalar(select(StaffUser.password_hash).where(StaffUser.id == uuid.UUID(user_id)))


def clients(session: Session, now: datetime) -> Sequence[Client]:
    """All API clients, by name."""
    return _clients(session, now)


def client(session: Session, client_id: uuid.UUID, now: datetime) -> Client:
    """Raises NotFound."""
    found = _clients(session, now, ApiClient.id == client_id)
    if not found:
        raise NotFound("no_such_client")
    return found[0]


def _clients(session: Session, now: datetime, *which: ColumnElement[bool]) -> Sequence[Client]:
    live: dict[uuid.UUID, list[Key]] = defaultdict(list)
    chosen = select(ApiClient.id).where(*which)
    opening = select(ApiKey).where(
        ApiKey.client_id.in_(chosen),
        ApiKey.revoked_at.is_(None),
        or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now),
    )
    for key in session.scalars(opening.order_by(ApiKey.created_at, ApiKey.id)):
        live[key.client_id].append(
            Key(key.id, tuple(key.scopes), key.created_at, key.expires_at, key.last_used_at, key.test)
        )
    rows = session.execute(
        select(ApiClient, Department.name)
        .outerjoin(Department, Department.id == ApiClient.department_id)
        .where(*which)
        .order_by(ApiClient.name)
    )
    return [
        Client(
            client.id,
            client.name,
            department,
            client.created_at,
            client.revoked_at,
            tuple(live[client.id]),
            client.channel,
        )
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


def of_department(session: Session, department_id: str) -> dict[str, str]:
    """Staff id → display name of a department's own staff, of those with disabled accounts, too."""
    rows = session.execute(select(StaffUser.id, StaffUser.display_name).where(StaffUser.department_id == department_id))
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
