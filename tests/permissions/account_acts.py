"""The acts of people on their own account, and of the administrators who watch over accounts."""

import uuid
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import codes, granting, own, sessions
from app.accounts.factors import AUTHENTICATOR
from app.accounts.models import Authenticator, Passkey, ProviderIdentity, StaffUser
from app.accounts.passkeys import NewPasskey
from app.accounts.passwords import new_password
from app.kit.crypto import Sealer
from app.permissions import Actor, Role
from tests.permissions.conftest import Scene
from tests.support.journey import START

Act = Callable[[Session, Actor, Scene], object]
EVERYBODY = {role.value for role in Role}
SECURITY = {"security_administrator"}
SEALER = Sealer({"test": b"s" * 32}, "test")
NEW = NewPasskey(b"credential", b"key", 0)


def _user(session: Session) -> StaffUser:
    return session.scalars(select(StaffUser).where(StaffUser.username == "editor")).one()


def _own(act: Callable[..., object], *words: object) -> Act:
    """By whoever acts, on an account that is made theirs."""
    return lambda session, actor, _: act(session, replace(actor, id=str(_user(session).id)), START, *words)


def _on_passkey(act: Callable[..., object], *words: object) -> Act:
    def run(session: Session, actor: Actor, scene: Scene) -> None:
        passkey = Passkey(
            user_id=_user(session).id,
            credential_id=b"another",
            public_key=b"key",
            sign_count=0,
            name="办公室电脑",
            created_at=START,
        )
        session.add(passkey)
        session.flush()
        _own(act, passkey.id, *words)(session, actor, scene)

    return run


def _with_authenticator(act: Callable[..., object], *words: object) -> Act:
    def run(session: Session, actor: Actor, scene: Scene) -> None:
        user = _user(session)
        secret = SEALER.seal(codes.new_secret(), *AUTHENTICATOR, str(user.id))
        session.add(Authenticator(user_id=user.id, secret=secret, confirmed_at=START))
        session.flush()
        _own(act, *words)(session, actor, scene)

    return run


def _end_session(session: Session, actor: Actor, scene: Scene) -> None:
    token = sessions.begin(session, _user(session), START)
    session.flush()
    _own(own.end_own_session, sessions.name_of(token))(session, actor, scene)


def _on(act: Callable[..., object], *words: object) -> Act:
    return lambda session, actor, _: act(session, actor, START, _user(session).id, *words)


def _unfreeze(session: Session, actor: Actor, scene: Scene) -> None:
    _user(session).frozen_at = START
    _on(granting.unfreeze)(session, actor, scene)


def _unlink(session: Session, actor: Actor, scene: Scene) -> None:
    session.add(ProviderIdentity(user_id=_user(session).id, issuer="i", subject=uuid.uuid4().hex))
    session.flush()
    _on(granting.unlink_identity)(session, actor, scene)


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    own.prove_again: (EVERYBODY, _own(own.prove_again, "token", True)),
    own.change_password: (EVERYBODY, _own(own.change_password, new_password())),
    own.set_authenticator: (EVERYBODY, _own(own.set_authenticator, SEALER, codes.new_secret(), 1)),
    own.remove_authenticator: (EVERYBODY, _with_authenticator(own.remove_authenticator, False)),
    own.renew_recovery_codes: (EVERYBODY, _with_authenticator(own.renew_recovery_codes)),
    own.add_passkey: (EVERYBODY, _own(own.add_passkey, NEW, "手机")),
    own.rename_passkey: (EVERYBODY, _on_passkey(own.rename_passkey, "手机")),
    own.remove_passkey: (EVERYBODY, _on_passkey(own.remove_passkey, False)),
    own.end_own_session: (EVERYBODY, _end_session),
    own.end_other_sessions: (EVERYBODY, _own(own.end_other_sessions, "token")),
    granting.grant_role: (SECURITY, _on(granting.grant_role, Role.APPROVER)),
    granting.withdraw_role: (SECURITY, _on(granting.withdraw_role, Role.EDITOR)),
    granting.reset_factors: (SECURITY, _on(granting.reset_factors)),
    granting.end_sessions: (SECURITY, _on(granting.end_sessions)),
    granting.freeze: (SECURITY, _on(granting.freeze)),
    granting.unfreeze: (SECURITY, _unfreeze),
    granting.link_identity: (SECURITY, _on(granting.link_identity, "https://issuer.example", "subject")),
    granting.unlink_identity: (SECURITY, _unlink),
}
