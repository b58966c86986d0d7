"""Holding what a signed-in person shows against the account: password, code or passkey, each attempt counted."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from app.accounts import delays, factors, own, passwords, queries
from app.permissions import Actor
from app.web.i18n import gettext as _
from app.web.services import services_of
from app.web.staff import passkey_questions
from app.web.staff.access import session_token
from app.web.staff.signing_in import early_words


@dataclass(frozen=True)
class Judged:
    """`token` is the session's new one where what was shown fits; else `error` says why not."""

    token: str | None
    error: str | None = None


def judge(request: Request, form: Mapping[str, str], actor: Actor, now: datetime) -> Judged:
    """Whichever of the three the form brings. Nothing shown is no attempt."""
    password, code, passkey = (form.get(name, "") for name in ("password", "code", "passkey"))
    if not (password or code or passkey):
        return Judged(None, _("Enter your password or a code."))
    services = services_of(request)
    counted = services.entrance.delays.of_factor(actor.id)
    with services.database.writing() as session:
        wait = delays.attempt(session, counted, now)
        password_hash = queries.password_hash_of(session, actor.id)
    if wait > timedelta(0):
        return Judged(None, early_words(wait))
    fits = bool(password) and passwords.password_fits(password_hash, password)
    with services.database.writing() as session:
        if code and not password:
            fits = factors.use_code(session, services.entrance.sealer, uuid.UUID(actor.id), code, now)
        elif passkey and not password:
            fits = str(passkey_questions.who_answered(request, session, form)) == actor.id
        token = own.prove_again(session, actor, now, session_token(request), fits)
        if token is not None:
            delays.forgive(session, counted, now)
    return Judged(token, None if token else _("That was not right. Please try again."))
