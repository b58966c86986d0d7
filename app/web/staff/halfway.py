"""Between the password and the session: what was shown travels in a sealed cookie, and opens nothing by itself.

Also what each step of signing in needs: that its form is ours, and where the person comes from.
"""

import json
import secrets
import uuid
from datetime import timedelta

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import queries as accounts
from app.accounts.sessions import Place
from app.accounts.signing_in import Halfway, Visit, Way
from app.captcha.networks import network_of
from app.kit.crypto import Unreadable, content_hash
from app.kit.errors import Forbidden
from app.kit.http import now_of, request_id_of, source_of
from app.kit.throttle import of_address
from app.web.forms import Received
from app.web.services import services_of
from app.web.staff.access import is_same_origin, keep_token
from app.web.staff.browsers import browser_of
from app.web.templating import address

COOKIE = "yanlu_signing_in"
CONTEXT = "sign-in"
LASTS = timedelta(minutes=10)
FORM_LASTS = timedelta(hours=1)
DEVICE = "yanlu_device"
DEVICE_LASTS = timedelta(days=180)
PATH = "/staff/sign-in"


def visit_of(request: Request) -> Visit:
    source = source_of(request)
    place = Place(network_of(source), browser_of(request.headers.get("user-agent", "")))
    return Visit(request_id_of(request), source, place)


def form_token(request: Request) -> str:
    """What the forms before a session carry: they were made here, lately."""
    return services_of(request).logins.sign("sign-in", CONTEXT, now_of(request) + FORM_LASTS)


def refuse_foreign(request: Request, received: Received) -> None:
    """Raises Forbidden for a form that isn't from our own page."""
    try:
        services_of(request).logins.read(received.form.get("csrf_token", ""), CONTEXT, now_of(request))
    except Unreadable as error:
        raise Forbidden("csrf") from error
    if not is_same_origin(request):
        raise Forbidden("csrf")


def keep(request: Request, answer: Response, halfway: Halfway, wanted: str) -> None:
    said = json.dumps([str(halfway.user_id), halfway.account, halfway.way.value, halfway.factor_shown, wanted])
    sealed = services_of(request).entrance.halfway.seal(said, CONTEXT, now_of(request) + LASTS)
    _set(request, answer, COOKIE, sealed, LASTS)


def kept(request: Request) -> tuple[Halfway, str] | None:
    """Who is halfway in this browser, and where to go afterwards; None when it took too long."""
    try:
        said = services_of(request).entrance.halfway.open(request.cookies.get(COOKIE, ""), CONTEXT, now_of(request))
    except Unreadable:
        return None
    user_id, account, way, factor_shown, wanted = json.loads(said)
    return Halfway(uuid.UUID(user_id), account, Way(way), factor_shown), wanted


def onward(request: Request, reached: str | Halfway, wanted: str, username: str) -> Response:
    """To the next step, or in: the browser gets its session and is known as this person's from now on."""
    if isinstance(reached, Halfway):
        answer = RedirectResponse(address(request, "sign_in_step"), status_code=303)
        keep(request, answer, reached, wanted)
        return answer
    answer = RedirectResponse(inside(request, wanted, username), status_code=303)
    let_in(request, answer, reached, username)
    return answer


def let_in(request: Request, answer: Response, token: str, username: str) -> None:
    keep_token(request, answer, token)
    answer.delete_cookie(COOKIE, path=_path(request))
    device = known_device(request, username) or secrets.token_hex(16)
    signed = services_of(request).entrance.devices.sign(device, username.casefold(), now_of(request) + DEVICE_LASTS)
    _set(request, answer, _device_cookie(username), signed, DEVICE_LASTS)


def known_device(request: Request, username: str) -> str | None:
    """The name of this browser, where this person has signed in from it before."""
    held = request.cookies.get(_device_cookie(username), "")
    try:
        return services_of(request).entrance.devices.read(held, username.casefold(), now_of(request))
    except Unreadable:
        return None


def network_key(request: Request) -> str:
    return of_address(source_of(request))


def inside(request: Request, wanted: str, username: str) -> str:
    """Where to go after signing in: a page of the desk or of a department's office, never another site.

    Without such a wish each goes where they work.
    """
    places = [address(request, name) for name in ("desk", "office")]
    is_inside = wanted.startswith(tuple(f"{place}{mark}" for place in places for mark in "/?"))
    if is_inside and not set("\\\r\n") & set(wanted):
        return wanted
    with services_of(request).database.reading() as session:
        user = accounts.user_named(session, username)
    return places[user is not None and user.department_id is not None]


def _device_cookie(username: str) -> str:
    return f"{DEVICE}_{content_hash(username.casefold())[:12]}"


def _path(request: Request) -> str:
    return f"{services_of(request).settings.base_path}{PATH}"


def _set(request: Request, answer: Response, name: str, value: str, lasts: timedelta) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path=_path(request),
        secure=bool(services_of(request).settings.secure_cookies),
        httponly=True,
        samesite="lax",
    )
