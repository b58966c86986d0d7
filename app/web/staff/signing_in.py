"""Signing in and out: the password first, then what is owed besides, one page each."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import actions as accounts
from app.accounts import delays, passwords, signing_in
from app.kit.http import Now, WriteSession
from app.permissions import Actor, Permission
from app.web.forms import ReceivedForm
from app.web.i18n import gettext as _
from app.web.i18n import ngettext
from app.web.services import Services, Svc
from app.web.staff import halfway, passkey_questions
from app.web.staff.access import OwnForm, allowed, cookie_name, session_token
from app.web.templating import address, page

router = APIRouter(include_in_schema=False)


@router.get("/staff/sign-in", name="sign_in")
def ask(request: Request, services: Svc, next: str = "") -> Response:
    return asked(request, services, next, "", None, 200)


@router.post("/staff/sign-in", name="begin_session")
def begin(request: Request, services: Svc, received: ReceivedForm, now: Now) -> Response:
    halfway.refuse_foreign(request, received)
    form, entrance = received.form, services.entrance
    username, wanted = form.text("username"), form.get("next", "")
    network, device = halfway.network_key(request), halfway.known_device(request, username)
    counted = entrance.delays.counted(username, network, device)
    with services.database.writing() as session:
        wait = delays.attempt(session, counted, now)
        account = signing_in.find_account(session, username)
    if wait > timedelta(0):
        return too_early(asked(request, services, wanted, username, early_words(wait), 429), wait)
    fits = passwords.password_fits(account.password_hash, form.get("password", ""))
    with services.database.writing() as session:
        visit = halfway.visit_of(request)
        reached = signing_in.sign_in(session, now, account, fits, visit, entrance.requires_factor)
        if reached is not None:
            delays.forgive(session, counted, now)
    if reached is None:
        return asked(request, services, wanted, username, _("User name or password is wrong."), 422)
    return halfway.onward(request, reached, wanted, username)


@router.post("/staff/sign-out", name="sign_out")
def end(
    request: Request,
    services: Svc,
    form: OwnForm,
    actor: Annotated[Actor, allowed(Permission.USE_OWN_SESSION)],
    session: WriteSession,
    now: Now,
) -> Response:
    accounts.sign_out(session, actor, now, session_token(request))
    answer = RedirectResponse(address(request, "sign_in"), status_code=303)
    answer.delete_cookie(cookie_name(bool(services.settings.secure_cookies)), path="/")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def asked(request: Request, services: Services, wanted: str, username: str, error: str | None, status: int) -> Response:
    """The sign-in page, with the other ways in where there are any."""
    settings = services.settings
    context = {
        "error": error,
        "username": username,
        "next": wanted,
        "login_token": halfway.form_token(request),
        "provider": settings.staff_oidc_name if services.entrance.provider else "",
        "passkey": passkey_questions.to_sign_in(request),
    }
    return page(request, "staff/sign_in.html", context, status)


def too_early(answer: Response, wait: timedelta) -> Response:
    answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
    return answer


def early_words(wait: timedelta) -> str:
    """The same for names that exist and names that don't."""
    seconds = int(wait.total_seconds()) + 1
    if seconds <= 60:
        return ngettext(
            "Too many attempts failed. Please try again in %(num)s second.",
            "Too many attempts failed. Please try again in %(num)s seconds.",
            seconds,
        ) % {"num": seconds}
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many attempts failed. Please try again in %(num)s minute.",
        "Too many attempts failed. Please try again in %(num)s minutes.",
        minutes,
    ) % {"num": minutes}
