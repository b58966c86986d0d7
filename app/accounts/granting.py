"""What security administrators do: roles, second factors, sessions, freezing. Never to themselves."""

import uuid
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import audit
from app.accounts import separation, sessions
from app.accounts.models import (
    Authenticator,
    Passkey,
    ProviderIdentity,
    RecoveryCode,
    ScopedRole,
    StaffRole,
    StaffUser,
)
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, Role, ScopeKind, require

LONGEST_SUBJECT = 255
Scope = tuple[ScopeKind, str]
"""Of what kind, and the id of the consultation or the department."""


def grant_role(
    session: Session, actor: Actor, at: datetime, user_id: uuid.UUID, role: Role, scope: Scope | None = None
) -> None:
    """Raises Conflict for one's own account, a role held already, or roles that one account must not hold together.

    Only a department's own staff hold its roles, and they hold no others.

    The person's sessions go on; the role counts from the next request.
    """
    require(actor, Permission.GRANT_ROLES)
    user = _another(session, actor, user_id)
    held = _roles(session, user.id)
    if separation.clash({*held, role}):
        raise Conflict("roles_must_be_separate")
    if not separation.fits(role, user.department_id):
        raise Conflict("role_of_another_house")
    if scope is not None and not separation.can_be_scoped(role):
        raise Unprocessable("role_holds_everywhere")
    row = _row(session, user.id, role, scope)
    if row is not None:
        raise Conflict("role_held_already")
    new = ScopedRole(user_id=user.id, role=role, scope=scope[0], scope_id=scope[1]) if scope else None
    session.add(new or StaffRole(user_id=user.id, role=role))
    audit.record(session, actor, at, "staff.role_granted", ("staff", user.id), role=role.value, scope=_told(scope))


def withdraw_role(
    session: Session, actor: Actor, at: datetime, user_id: uuid.UUID, role: Role, scope: Scope | None = None
) -> None:
    """Counts from the person's next request. Raises NotFound when the role isn't held there."""
    require(actor, Permission.GRANT_ROLES)
    user = _another(session, actor, user_id)
    row = _row(session, user.id, role, scope)
    if row is None:
        raise NotFound("no_such_role")
    session.delete(row)
    audit.record(session, actor, at, "staff.role_withdrawn", ("staff", user.id), role=role.value, scope=_told(scope))


def reset_factors(session: Session, actor: Actor, at: datetime, user_id: uuid.UUID) -> None:
    """For who lost the phone: all second factors and recovery codes go, all sessions end, the person is told next time.

    Whoever asks for it must be known by other means; the password stays and is still asked for.
    """
    require(actor, Permission.GUARD_ACCOUNTS)
    user = _another(session, actor, user_id)
    for kind in (Authenticator, Passkey, RecoveryCode):
        session.execute(delete(kind).where(kind.user_id == user.id))
    user.factors_reset_at = at
    sessions.end_all(session, user)
    audit.record(session, actor, at, "staff.factors_reset", ("staff", user.id))


def end_sessions(session: Session, actor: Actor, at: datetime, user_id: uuid.UUID) -> None:
    require(actor, Permission.GUARD_ACCOUNTS)
    user = _another(session, actor, user_id)
    sessions.end_all(session, user)
    audit.record(session, actor, at, "staff.sessions_ended", ("staff", user.id))


def freeze(session: Session, actor: Actor, at: datetime, user_id: uuid.UUID) -> None:
    """Nobody signs in with the account until it is let go again; its sessions end at once."""
    require(actor, Permission.GUARD_ACCOUNTS)
    user = _another(session, actor, user_id)
    if user.frozen_at is not None:
        raise Conflict("frozen_already")
    user.frozen_at = at
    sessions.end_all(session, user)
    audit.record(session, actor, at, "staff.frozen", ("staff", user.id))


def unfreeze(session: Session, actor: Actor, at: datetime, user_id: uuid.UUID) -> None:
    require(actor, Permission.GUARD_ACCOUNTS)
    user = _another(session, actor, user_id)
    if user.frozen_at is None:
        raise Conflict("not_frozen")
    user.frozen_at = None
    audit.record(session, actor, at, "staff.unfrozen", ("staff", user.id))


def link_identity(session: Session, actor: Actor, at: datetime, user_id: uuid.UUID, issuer: str, subject: str) -> None:
    """Whoever is this subject at the provider signs in as this person. Raises Conflict for a subject linked already."""
    require(actor, Permission.GUARD_ACCOUNTS)
    user = _another(session, actor, user_id)
    plain = subject.strip()
    if not issuer or not 0 < len(plain) <= LONGEST_SUBJECT:
        raise Unprocessable("subject_form")
    taken = select(ProviderIdentity).where(ProviderIdentity.issuer == issuer, ProviderIdentity.subject == plain)
    if session.scalar(taken) is not None:
        raise Conflict("subject_linked_already")
    session.merge(ProviderIdentity(user_id=user.id, issuer=issuer, subject=plain))
    audit.record(session, actor, at, "staff.identity_linked", ("staff", user.id), issuer=issuer)


def unlink_identity(session: Session, actor: Actor, at: datetime, user_id: uuid.UUID) -> None:
    """Sessions end as well: one of them may have been begun at the provider."""
    require(actor, Permission.GUARD_ACCOUNTS)
    user = _another(session, actor, user_id)
    row = session.get(ProviderIdentity, user.id)
    if row is None:
        raise NotFound("not_linked")
    session.delete(row)
    sessions.end_all(session, user)
    audit.record(session, actor, at, "staff.identity_unlinked", ("staff", user.id))


def _another(session: Session, actor: Actor, user_id: uuid.UUID) -> StaffUser:
    """Held until the end, so that two roles that clash aren't granted at once."""
    user = session.get(StaffUser, user_id, with_for_update=True)
    if user is None:
        raise NotFound("no_such_staff")
    if str(user.id) == actor.id:
        raise Conflict("own_account")
    return user


def _roles(session: Session, user_id: uuid.UUID) -> set[Role]:
    everywhere = session.scalars(select(StaffRole.role).where(StaffRole.user_id == user_id))
    scoped = session.scalars(select(ScopedRole.role).where(ScopedRole.user_id == user_id))
    return {*everywhere, *scoped}


def _row(session: Session, user_id: uuid.UUID, role: Role, scope: Scope | None) -> StaffRole | ScopedRole | None:
    if scope is None:
        return session.get(StaffRole, (user_id, role))
    return session.get(ScopedRole, (user_id, role, *scope))


def _told(scope: Scope | None) -> str | None:
    return f"{scope[0].value}:{scope[1]}" if scope else None
