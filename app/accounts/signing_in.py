"""Who is it? The two questions that come before any permission: a password, and an API key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.accounts import keys, sessions
from app.accounts.models import ApiClient, ApiKey, StaffUser
from app.kit.errors import Unauthenticated
from app.permissions import Actor, ActorKind, of_scopes


@dataclass(frozen=True)
class Account:
    """An account as it was when the password was checked."""

    user: StaffUser | None
    password_hash: str | None


def find_account(session: Session, username: str) -> Account:
    user = session.scalar(select(StaffUser).where(StaffUser.username == username, StaffUser.disabled_at.is_(None)))
    return Account(user, user.password_hash if user else None)


def sign_in(
    session: Session, at: datetime, account: Account, password_fits: bool, request_id: str | None
) -> str | None:
    """The token of a new session; None when the account or the password is wrong. Either is audited.

    The password is checked before, outside the transaction: it takes long, and must hold no lock. An account that was
    disabled or given another password meanwhile is not opened.
    """
    if account.user is None:
        return None
    user = session.get_one(StaffUser, account.user.id, with_for_update=True)
    actor = Actor(ActorKind.STAFF, str(user.id), frozenset(), request_id=request_id)
    if not password_fits or user.disabled_at is not None or user.password_hash != account.password_hash:
        audit.record(session, actor, at, "staff.sign_in_failed", ("staff", user.id))
        return None
    audit.record(session, actor, at, "staff.signed_in", ("staff", user.id))
    return sessions.begin(session, user, at)


def client_of_key(session: Session, text: str, now: datetime, request_id: str | None) -> Actor:
    """The client that the key belongs to. Raises Unauthenticated for an unknown, expired or revoked key."""
    parts = keys.split(text)
    row = None
    if parts is not None:
        row = session.execute(
            select(ApiKey, ApiClient).join(ApiClient, ApiClient.id == ApiKey.client_id).where(ApiKey.id == parts[0])
        ).one_or_none()
    if parts is None or row is None:
        raise Unauthenticated("wrong_key")
    key, client = row
    ended = key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)
    if not keys.secret_fits(key.secret_hash, parts[1]) or ended:
        raise Unauthenticated("wrong_key")
    return Actor(ActorKind.CLIENT, str(client.id), of_scopes(key.scopes), client.department_id, request_id)
