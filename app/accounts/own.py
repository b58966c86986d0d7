"""What people do with their own account. What they show is checked before, outside the transaction."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import audit
from app.accounts import codes, sessions
from app.accounts.factors import AUTHENTICATOR
from app.accounts.models import Authenticator, Passkey, RecoveryCode, StaffSession, StaffUser
from app.accounts.passkeys import NewPasskey
from app.kit.crypto import Sealer
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, require

LONGEST_NAME = 60
MOST_PASSKEYS = 10


def prove_again(session: Session, actor: Actor, at: datetime, token: str, fits: bool) -> str | None:
    """The session's new token, None when what was shown doesn't fit. Either is audited."""
    require(actor, Permission.USE_OWN_SESSION)
    renewed = sessions.renew(session, token, at) if fits else None
    audit.record(session, actor, at, "staff.proven" if fits else "staff.proof_failed", ("staff", actor.id))
    return renewed


def change_password(session: Session, actor: Actor, at: datetime, password_hash: str, token: str = "") -> None:
    """All other sessions end: whoever knew the old password is out (OWASP ASVS 5.0, 7.4.3)."""
    require(actor, Permission.USE_OWN_SESSION)
    user = _me(session, actor)
    user.password_hash, user.password_until = password_hash, None
    sessions.end_all(session, user, but_token=token)
    audit.record(session, actor, at, "staff.password_changed", ("staff", user.id))


def set_authenticator(
    session: Session, actor: Actor, at: datetime, sealer: Sealer, secret: str, step: int
) -> Sequence[str]:
    """An app whose code of that step was shown takes the place of any earlier one; answers new recovery codes."""
    require(actor, Permission.USE_OWN_SESSION)
    user = _me(session, actor)
    user.factors_reset_at = None
    session.merge(
        Authenticator(
            user_id=user.id,
            secret=sealer.seal(secret, *AUTHENTICATOR, str(user.id)),
            last_step=step,
            confirmed_at=at,
        )
    )
    made = _new_codes(session, user.id)
    audit.record(session, actor, at, "staff.authenticator_set", ("staff", user.id))
    return made


def remove_authenticator(session: Session, actor: Actor, at: datetime, second_factor_required: bool) -> None:
    """Raises Conflict when nothing would be left where a second factor is required, NotFound when there is none."""
    require(actor, Permission.USE_OWN_SESSION)
    user = _me(session, actor)
    row = session.get(Authenticator, user.id)
    if row is None:
        raise NotFound("no_such_factor")
    if second_factor_required and not _passkeys(session, user.id):
        raise Conflict("last_factor")
    session.delete(row)
    audit.record(session, actor, at, "staff.authenticator_removed", ("staff", user.id))


def renew_recovery_codes(session: Session, actor: Actor, at: datetime) -> Sequence[str]:
    """The earlier ones are worthless from here on. Raises Conflict where there is no factor that they stand in for."""
    require(actor, Permission.USE_OWN_SESSION)
    user = _me(session, actor)
    if session.get(Authenticator, user.id) is None and not _passkeys(session, user.id):
        raise Conflict("no_such_factor")
    made = _new_codes(session, user.id)
    audit.record(session, actor, at, "staff.recovery_codes_made", ("staff", user.id))
    return made


def add_passkey(session: Session, actor: Actor, at: datetime, new: NewPasskey, name: str) -> Passkey:
    """Raises Conflict for one that is known already or one too many, Unprocessable for an empty or long name."""
    require(actor, Permission.USE_OWN_SESSION)
    user = _me(session, actor)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == new.credential_id)) is not None:
        raise Conflict("passkey_known")
    if len(_passkeys(session, user.id)) >= MOST_PASSKEYS:
        raise Conflict("passkeys_enough")
    user.factors_reset_at = None
    passkey = Passkey(
        user_id=user.id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        name=_named(name),
        created_at=at,
    )
    session.add(passkey)
    session.flush()
    audit.record(session, actor, at, "staff.passkey_added", ("staff", user.id), passkey=str(passkey.id))
    return passkey


def rename_passkey(session: Session, actor: Actor, at: datetime, passkey_id: uuid.UUID, name: str) -> None:
    require(actor, Permission.USE_OWN_SESSION)
    passkey = _own_passkey(session, actor, passkey_id)
    passkey.name = _named(name)
    audit.record(session, actor, at, "staff.passkey_renamed", ("staff", actor.id), passkey=str(passkey_id))


def remove_passkey(
    session: Session, actor: Actor, at: datetime, passkey_id: uuid.UUID, second_factor_required: bool
) -> None:
    """Raises Conflict when nothing would be left where a second factor is required."""
    require(actor, Permission.USE_OWN_SESSION)
    passkey = _own_passkey(session, actor, passkey_id)
    is_last = len(_passkeys(session, passkey.user_id)) == 1 and session.get(Authenticator, passkey.user_id) is None
    if second_factor_required and is_last:
        raise Conflict("last_factor")
    session.delete(passkey)
    audit.record(session, actor, at, "staff.passkey_removed", ("staff", actor.id), passkey=str(passkey_id))


def end_own_session(session: Session, actor: Actor, at: datetime, name: str) -> None:
    """Ends the session that a list names so. Raises NotFound for another person's or none."""
    require(actor, Permission.USE_OWN_SESSION)
    row = session.get(StaffSession, sessions.hash_named(name))
    if row is None or str(row.user_id) != actor.id:
        raise NotFound("no_such_session")
    session.delete(row)
    audit.record(session, actor, at, "staff.session_ended", ("staff", actor.id))


def end_other_sessions(session: Session, actor: Actor, at: datetime, token: str) -> None:
    """All but the one with that token."""
    require(actor, Permission.USE_OWN_SESSION)
    sessions.end_all(session, _me(session, actor), but_token=token)
    audit.record(session, actor, at, "staff.sessions_ended", ("staff", actor.id))


def _me(session: Session, actor: Actor) -> StaffUser:
    return session.get_one(StaffUser, uuid.UUID(actor.id), with_for_update=True)


def _own_passkey(session: Session, actor: Actor, passkey_id: uuid.UUID) -> Passkey:
    # The person's row is held first: of two passkeys removed at once, one would go unnoticed as the last.
    _me(session, actor)
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or str(passkey.user_id) != actor.id:
        raise NotFound("no_such_passkey")
    return passkey


def _passkeys(session: Session, user_id: uuid.UUID) -> Sequence[uuid.UUID]:
    return session.scalars(select(Passkey.id).where(Passkey.user_id == user_id)).all()


def _new_codes(session: Session, user_id: uuid.UUID) -> Sequence[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    made = codes.new_recovery_codes()
    session.add_all(RecoveryCode(user_id=user_id, code_hash=codes.recovery_hash(code)) for code in made)
    return made


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not 0 < len(plain) <= LONGEST_NAME:
        raise Unprocessable("passkey_name_form")
    return plain
