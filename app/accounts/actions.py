"""Accounts of staff and of departments' clients."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.accounts import keys, passwords, separation, sessions
from app.accounts.models import ApiClient, ApiKey, StaffRole, StaffUser
from app.departments.models import Department
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import CLIENT_SCOPES, DEPARTMENT_SCOPES, Actor, Permission, Role, require

OVERLAP = timedelta(days=7)
USERNAME = re.compile(r"[\w.-]{2,60}")
LONGEST_NAME = 60
LONGEST_CLIENT_NAME = 100
GIVEN_FOR = timedelta(days=7)
"""How long a password that somebody else gave opens (OWASP ASVS 5.0, 6.4.1)."""


def add_staff(  # noqa: PLR0913 - what one account is, each by its name
    session: Session,
    actor: Actor,
    at: datetime,
    username: str,
    display_name: str,
    roles: Iterable[Role],
    password: str,
    password_until: datetime | None = None,
    *,
    department_id: str | None = None,
) -> StaffUser:
    """Raises Conflict when the name is taken or the roles clash, Unprocessable when the password is refused.

    `department_id` makes it an account of that department's own staff, for good: NotFound, or Conflict for roles that
    are not theirs.

    With roles it needs GRANT_ROLES as well, which only the operator at the command line has besides.
    A password with an end, `password_until`, opens until then, and only to choose another.
    """
    require(actor, Permission.MANAGE_STAFF)
    held = sorted(set(roles))
    if held:
        require(actor, Permission.GRANT_ROLES)
    if separation.clash(held):
        raise Conflict("roles_must_be_separate")
    if not all(separation.fits(role, department_id) for role in held):
        raise Conflict("role_of_another_house")
    if department_id is not None and session.get(Department, department_id) is None:
        raise NotFound("no_such_department", department=department_id)
    if not USERNAME.fullmatch(username):
        raise Unprocessable("username_form")
    if not 0 < len(display_name) <= LONGEST_NAME:
        raise Unprocessable("display_name_form")
    if session.scalar(select(StaffUser.id).where(StaffUser.username == username)) is not None:
        raise Conflict("username_taken", username=username)
    user = StaffUser(
        username=username,
        display_name=display_name,
        password_hash=passwords.hash_chosen(password, (username, display_name)),
        password_until=password_until,
        created_at=at,
        department_id=department_id,
    )
    session.add(user)
    session.flush()
    session.add_all(StaffRole(user_id=user.id, role=role) for role in held)
    roles_held = [role.value for role in held]
    audit.record(session, actor, at, "staff.added", ("staff", user.id), roles=roles_held, department=department_id)
    return user


def disable_staff(session: Session, actor: Actor, at: datetime, user_id: uuid.UUID) -> None:
    """The account can't sign in any more, and its sessions end at once. Raises Conflict when it is disabled already."""
    require(actor, Permission.MANAGE_STAFF)
    user = _user(session, user_id)
    if user.disabled_at is not None:
        raise Conflict("disabled_already")
    user.disabled_at = at
    sessions.end_all(session, user)
    audit.record(session, actor, at, "staff.disabled", ("staff", user.id))


def reset_password(
    session: Session,
    actor: Actor,
    at: datetime,
    user_id: uuid.UUID,
    password: str,
    password_until: datetime | None = None,
) -> None:
    """Sets the password, ends all sessions and enables the account again. Second factors stay as they are.

    A password with an end opens until then, and only to choose another.
    """
    require(actor, Permission.MANAGE_STAFF)
    user = _user(session, user_id)
    user.password_hash = passwords.hash_chosen(password, (user.username, user.display_name))
    user.password_until = password_until
    user.disabled_at = None
    sessions.end_all(session, user)
    audit.record(session, actor, at, "staff.password_reset", ("staff", user.id))


def sign_out(session: Session, actor: Actor, at: datetime, token: str) -> None:
    require(actor, Permission.USE_OWN_SESSION)
    sessions.end(session, token)
    audit.record(session, actor, at, "staff.signed_out", ("staff", actor.id))


def add_client(
    session: Session,
    actor: Actor,
    at: datetime,
    department_id: str | None,
    name: str,
    scopes: Iterable[str],
    channel: str | None = None,
    terms: keys.Terms = keys.LASTING,
) -> keys.NewKey:
    """A client of one department, or of a trusted channel, with its first key.

    Raises NotFound for the department, Conflict for a taken name, Unprocessable for an empty or long name, an unknown
    scope, an end that has passed, or where a scope misses what it speaks of: a department, or a channel.
    """
    require(actor, Permission.MANAGE_CLIENTS)
    if department_id is not None and session.get(Department, department_id) is None:
        raise NotFound("no_such_department", department=department_id)
    if not 0 < len(name) <= LONGEST_CLIENT_NAME:
        raise Unprocessable("client_name_form")
    if session.scalar(select(ApiClient.id).where(ApiClient.name == name)) is not None:
        raise Conflict("client_name_taken", name=name)
    client = ApiClient(department_id=department_id, name=name, created_at=at, channel=channel)
    session.add(client)
    session.flush()
    key = _add_key(session, client, scopes, at, terms)
    audit.record(session, actor, at, "client.added", ("client", client.id), department=department_id, key=key.id)
    return key


def add_key(
    session: Session,
    actor: Actor,
    at: datetime,
    client_id: uuid.UUID,
    scopes: Iterable[str],
    terms: keys.Terms = keys.LASTING,
) -> keys.NewKey:
    """One more key beside those there are: for another machine, with fewer scopes, or for the sandbox."""
    require(actor, Permission.MANAGE_CLIENTS)
    client = _live_client(session, client_id)
    key = _add_key(session, client, scopes, at, terms)
    audit.record(session, actor, at, "client.key_added", ("client", client.id), key=key.id)
    return key


def rotate_key(
    session: Session, actor: Actor, at: datetime, client_id: uuid.UUID, expires_at: datetime | None = None
) -> keys.NewKey:
    """A new key with the scopes of the newest; the earlier keys go on for OVERLAP, so that nothing stops meanwhile.

    Keys of the sandbox stay as they are.
    """
    require(actor, Permission.MANAGE_CLIENTS)
    client = _live_client(session, client_id)
    earlier = session.scalars(
        select(ApiKey)
        .where(ApiKey.client_id == client.id, ApiKey.revoked_at.is_(None), ApiKey.test.is_(False))
        .order_by(ApiKey.created_at, ApiKey.id)
    ).all()
    for key in earlier:
        key.expires_at = min(key.expires_at or at + OVERLAP, at + OVERLAP)
    scopes = earlier[-1].scopes if earlier else sorted(_usual_scopes(client))
    new = _add_key(session, client, scopes, at, keys.Terms(expires_at))
    audit.record(session, actor, at, "client.key_rotated", ("client", client.id), key=new.id)
    return new


def revoke_key(session: Session, actor: Actor, at: datetime, client_id: uuid.UUID, key_id: str) -> None:
    """One key stops at once. Raises NotFound, Conflict when it is revoked already."""
    require(actor, Permission.MANAGE_CLIENTS)
    client = _client(session, client_id)
    key = session.get(ApiKey, key_id)
    if key is None or key.client_id != client.id:
        raise NotFound("no_such_key")
    if key.revoked_at is not None:
        raise Conflict("key_revoked")
    key.revoked_at = at
    audit.record(session, actor, at, "client.key_revoked", ("client", client.id), key=key.id)


def revoke_client(session: Session, actor: Actor, at: datetime, client_id: uuid.UUID) -> None:
    """All keys of the client stop at once. Raises Conflict when it is revoked already."""
    require(actor, Permission.MANAGE_CLIENTS)
    client = _live_client(session, client_id)
    client.revoked_at = at
    for key in session.scalars(select(ApiKey).where(ApiKey.client_id == client.id, ApiKey.revoked_at.is_(None))):
        key.revoked_at = at
    audit.record(session, actor, at, "client.revoked", ("client", client.id))


def _add_key(
    session: Session, client: ApiClient, scopes: Iterable[str], at: datetime, terms: keys.Terms
) -> keys.NewKey:
    chosen = sorted(set(scopes))
    _refuse_scopes(client, chosen)
    if terms.expires_at is not None and terms.expires_at <= at:
        raise Unprocessable("key_ended")
    key = keys.new_key(test=terms.test)
    session.add(
        ApiKey(
            id=key.id,
            client_id=client.id,
            secret_hash=key.secret_hash,
            scopes=chosen,
            created_at=at,
            expires_at=terms.expires_at,
            test=terms.test,
        )
    )
    return key


def _refuse_scopes(client: ApiClient, scopes: Iterable[str]) -> None:
    """A scope that speaks of a department's own needs a department; sending comments in needs a channel."""
    for scope in scopes:
        if scope not in CLIENT_SCOPES:
            raise Unprocessable("no_such_key_scope", scope=scope)
        if scope in DEPARTMENT_SCOPES and client.department_id is None:
            raise Unprocessable("scope_needs_department", scope=scope)
        if scope not in DEPARTMENT_SCOPES and client.channel is None:
            raise Unprocessable("scope_needs_channel", scope=scope)


def _usual_scopes(client: ApiClient) -> Iterable[str]:
    return DEPARTMENT_SCOPES if client.department_id is not None else set(CLIENT_SCOPES) - set(DEPARTMENT_SCOPES)


def _user(session: Session, user_id: uuid.UUID) -> StaffUser:
    user = session.get(StaffUser, user_id)
    if user is None:
        raise NotFound("no_such_staff")
    return user


def _live_client(session: Session, client_id: uuid.UUID) -> ApiClient:
    client = _client(session, client_id)
    if client.revoked_at is not None:
        raise Conflict("client_revoked")
    return client


def _client(session: Session, client_id: uuid.UUID) -> ApiClient:
    # Held until the end: a key made while another revokes the client would outlive it.
    client = session.get(ApiClient, client_id, with_for_update=True)
    if client is None:
        raise NotFound("no_such_client")
    return client
