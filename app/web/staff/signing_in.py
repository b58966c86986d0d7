"""Signing in and out."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import actions as accounts
from app.accounts import passwords, signing_in
from app.kit.crypto import Unreadable
from app.kit.errors import Forbidden
from app.kit.http import Now, RequestId, WriteSession
from app.permissions import Actor, Permission
from app.web.forms import ReceivedForm
from app.web.i18n import gettext as _
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm, allowed, cookie_name, is_same_origin, keep_token, session_token
from app.web.templating import address, page

LOGIN_LIFETIME = timedelta(hours=1)
CONTEXT = "sign-in"

router = APIRouter(include_in_schema=False)


@router.get("/staff/sign-in", name="sign_in")
def ask(request: Request, services: Svc, now: Now, next: str = "") -> Response:
    return _ask(request, services, now, next, "", None, 200)


@router.post("/staff/sign-in", name="begin_session")
def begin(request: Request, services: Svc, received: ReceivedForm, now: Now, request_id: RequestId) -> Response:
    form = received.form
    _refuse_foreign(request, services, form.get("csrf_token", ""), now)
    username = form.text("username")
    with services.database.reading() as session:
        account = signing_in.find_account(session, username)
    fits = passwords.password_fits(account.password_hash, form.get("password", ""))
    with services.database.writing() as session:
        token = signing_in.sign_in(session, now, account, fits, request_id)
    if token is None:
        error = _("User name or password is wrong.")
        return _ask(request, services, now, form.get("next", ""), username, error, 422)
    answer = RedirectResponse(inside(request, form.get("next", "")), status_code=303)
    keep_token(request, answer, token)
    return answer


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


def _ask(
    request: Request, services: Services, now: Now, next_page: str, username: str, error: str | None, status: int
) -> Response:
    context = {
        "error": error,
        "username": username,
        "next": next_page,
        "login_token": services.logins.sign("sign-in", CONTEXT, now + LOGIN_LIFETIME),
    }
    return page(request, "staff/sign_in.html", context, status)


def _refuse_foreign(request: Request, services: Services, token: str, now: Now) -> None:
    try:
        services.logins.read(token, CONTEXT, now)
    except Unreadable as error:
        raise Forbidden("csrf") from error
    if not is_same_origin(request):
        raise Forbidden("csrf")


def inside(request: Request, wanted: str) -> str:
    """Where to go after signing in: a page of the desk, never another site."""
    desk = address(request, "desk")
    inside = wanted == desk or wanted.startswith((f"{desk}/", f"{desk}?"))
    return wanted if inside and not set("\\\r\n") & set(wanted) else desk
