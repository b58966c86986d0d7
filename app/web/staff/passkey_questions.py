"""What a page asks a passkey to sign, and reading its answer. Each question is new, ours, and short-lived.

The questions are kept nowhere: the form carries them signed, with the instant at which they were asked, and an answer
to anything asked before the passkey's last use is refused. So one answer never counts twice.
"""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import Request
from sqlalchemy.orm import Session

from app.accounts import factors, passkeys
from app.accounts.passkeys import NewPasskey
from app.kit.crypto import Unreadable
from app.kit.http import now_of
from app.web.services import services_of

LASTS = timedelta(minutes=5)
SIGN_IN, CREATE = "passkey-sign-in", "passkey-create"


@dataclass(frozen=True)
class Question:
    """`options` for the browser as JSON; `token` comes back with the answer."""

    options: str
    token: str


def to_sign_in(request: Request) -> Question:
    challenge, token = _asked(request, SIGN_IN)
    return Question(passkeys.to_get(services_of(request).entrance.place, challenge), token)


def to_create(request: Request, user_id: str, username: str, display_name: str, known: list[bytes]) -> Question:
    challenge, token = _asked(request, CREATE + user_id)
    place, handle = services_of(request).entrance.place, uuid.UUID(user_id).bytes
    return Question(passkeys.to_create(place, challenge, handle, username, display_name, known), token)


def who_answered(request: Request, session: Session, form: Mapping[str, str]) -> uuid.UUID | None:
    """Whose passkey it was; None when nobody's. The answer is used up."""
    asked = _question(request, SIGN_IN, form)
    if asked is None:
        return None
    place = services_of(request).entrance.place
    return factors.use_passkey(session, place, *asked, form.get("passkey", ""), now_of(request))


def created(request: Request, user_id: str, form: Mapping[str, str]) -> NewPasskey | None:
    asked = _question(request, CREATE + user_id, form)
    if asked is None:
        return None
    return passkeys.created(services_of(request).entrance.place, asked[0], form.get("passkey", ""))


def _asked(request: Request, context: str) -> tuple[bytes, str]:
    now, challenge = now_of(request), secrets.token_bytes(32)
    said = f"{int(now.timestamp() * 1_000_000)}.{challenge.hex()}"
    return challenge, services_of(request).entrance.challenges.sign(said, context, now + LASTS)


def _question(request: Request, context: str, form: Mapping[str, str]) -> tuple[bytes, datetime] | None:
    """The challenge, and when it was made."""
    try:
        said = services_of(request).entrance.challenges.read(form.get("passkey_token", ""), context, now_of(request))
    except Unreadable:
        return None
    at, challenge = said.split(".")
    return bytes.fromhex(challenge), datetime.fromtimestamp(int(at) / 1_000_000, UTC)
