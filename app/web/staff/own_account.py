"""One's own account: password, second factors, sessions. What changes a factor asks for a recent proof."""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import codes, factors, own, queries, sessions
from app.accounts.models import StaffUser
from app.accounts.sessions import SignedIn
from app.kit.errors import DomainError, NotFound, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.errors import words_of
from app.web.i18n import gettext as _
from app.web.services import Svc, services_of
from app.web.staff import passkey_questions
from app.web.staff.access import OwnForm, allowed, keep_token, session_token, show_as, signed_in
from app.web.staff.evidence import judge
from app.web.staff.proving import proven
from app.web.staff.signing_in_steps import chosen, enrolment, read_secret, recovery_page
from app.web.templating import address, page

Own = Annotated[Actor, allowed(Permission.USE_OWN_SESSION)]
Proven = Annotated[Actor, proven(Permission.USE_OWN_SESSION)]
Person = Annotated[SignedIn, Depends(signed_in)]

router = APIRouter(include_in_schema=False)


@router.get("/staff/account", name="own_account")
def show(request: Request, actor: Own, done: str = "") -> Response:
    return _page(request, actor, None, 200, done)


@router.post("/staff/account/password", name="own_password")
def change_password(request: Request, sent: OwnForm, actor: Own, person: Person, services: Svc, now: Now) -> Response:
    """Needs the present password, and ends all other sessions."""
    form = sent.form
    with services.database.reading() as session:
        user = session.get_one(StaffUser, uuid.UUID(actor.id))
    judged = judge(request, {"password": form.get("present", "")}, actor, now)
    if judged.token is None:
        return _page(request, actor, judged.error, 422)
    show_as(request, person, judged.token)
    try:
        hashed = chosen(form.get("password", ""), form.get("again", ""), user, services.settings.column_name)
    except DomainError as error:
        answer = _page(request, actor, words_of(error), 422, token=judged.token)
    else:
        with services.database.writing() as session:
            own.change_password(session, actor, now, hashed, judged.token)
        answer = _done(request, "password")
    keep_token(request, answer, judged.token)
    return answer


@router.get("/staff/account/authenticator", name="own_authenticator")
def set_up(request: Request, actor: Proven, person: Person, now: Now) -> Response:
    return page(
        request, "staff/authenticator.html", {"error": None} | enrolment(request, actor.id, person.username, now, None)
    )


@router.post("/staff/account/authenticator", name="own_set_authenticator")
def set_authenticator(
    request: Request, sent: OwnForm, actor: Proven, person: Person, services: Svc, now: Now
) -> Response:
    secret = read_secret(request, sent.form.get("secret", ""), actor.id, now)
    step = codes.step_of(secret, sent.form.get("code", ""), now, 0) if secret else None
    if secret is None or step is None:
        error = _("That was not the code of this moment. Please try again.")
        context = {"error": error} | enrolment(request, actor.id, person.username, now, secret)
        return page(request, "staff/authenticator.html", context, 422)
    with services.database.writing() as session:
        made = own.set_authenticator(session, actor, now, services.entrance.sealer, secret, step)
    return recovery_page(request, made, address(request, "own_account"))


@router.post("/staff/account/authenticator/remove", name="own_remove_authenticator")
def remove_authenticator(
    request: Request, sent: OwnForm, actor: Proven, services: Svc, session: WriteSession, now: Now
) -> Response:
    own.remove_authenticator(session, actor, now, services.entrance.requires_factor)
    return _done(request, "authenticator_removed")


@router.post("/staff/account/recovery-codes", name="own_recovery_codes")
def renew_codes(request: Request, sent: OwnForm, actor: Proven, session: WriteSession, now: Now) -> Response:
    made = own.renew_recovery_codes(session, actor, now)
    return recovery_page(request, made, address(request, "own_account"))


@router.get("/staff/account/passkeys/new", name="own_new_passkey")
def ask_passkey(request: Request, actor: Proven, person: Person, session: ReadSession) -> Response:
    known = [one.credential_id for one in queries.passkeys_of(session, uuid.UUID(actor.id))]
    asked = passkey_questions.to_create(request, actor.id, person.username, person.display_name, known)
    return page(request, "staff/new_passkey.html", {"passkey": asked})


@router.post("/staff/account/passkeys", name="own_add_passkey")
def add_passkey(request: Request, sent: OwnForm, actor: Proven, session: WriteSession, now: Now) -> Response:
    new = passkey_questions.created(request, actor.id, sent.form)
    if new is None:
        raise Unprocessable("passkey_not_made")
    own.add_passkey(session, actor, now, new, sent.form.get("name", ""))
    return _done(request, "passkey_added")


@router.post("/staff/account/passkeys/{id}/name", name="own_rename_passkey")
def rename_passkey(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Own, session: WriteSession, now: Now
) -> Response:
    own.rename_passkey(session, actor, now, id, sent.form.get("name", ""))
    return _done(request, "passkey_renamed")


@router.post("/staff/account/passkeys/{id}/remove", name="own_remove_passkey")
def remove_passkey(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Proven, services: Svc, session: WriteSession, now: Now
) -> Response:
    own.remove_passkey(session, actor, now, id, services.entrance.requires_factor)
    return _done(request, "passkey_removed")


@router.post("/staff/account/sessions/end", name="own_end_session")
def end_session(request: Request, sent: OwnForm, actor: Own, session: WriteSession, now: Now) -> Response:
    """One of them, or all but this one. Raises NotFound when the form names neither."""
    which = sent.form.get("session", "")
    if not which:
        raise NotFound("no_such_session")
    if which == "others":
        own.end_other_sessions(session, actor, now, session_token(request))
    else:
        own.end_own_session(session, actor, now, which)
    return _done(request, "session_ended")


def _done(request: Request, what: str) -> Response:
    return RedirectResponse(address(request, "own_account", done=what), status_code=303)


def _page(
    request: Request, actor: Actor, error: str | None, status: int, done: str = "", token: str | None = None
) -> Response:
    services, now, me = services_of(request), _now(request), uuid.UUID(actor.id)
    with services.database.reading() as session:
        context = {
            "error": error,
            "done": _told().get(done, ""),
            "held": factors.held_by(session, me),
            "passkeys": queries.passkeys_of(session, me),
            "sessions": queries.sessions_of(session, me, now, services.entrance.lasting),
            "this_session": sessions.name_of(token or session_token(request)),
            "requires_factor": services.entrance.requires_factor,
        }
    return page(request, "staff/own_account.html", context, status)


def _now(request: Request) -> datetime:
    return services_of(request).clock.now()


def _told() -> dict[str, str]:
    return {
        "password": _("Your password has been changed. All other sessions have ended."),
        "authenticator_removed": _("The authenticator app has been removed."),
        "passkey_added": _("The passkey has been added."),
        "passkey_renamed": _("The passkey has a new name."),
        "passkey_removed": _("The passkey has been removed."),
        "session_ended": _("The session has ended."),
    }
