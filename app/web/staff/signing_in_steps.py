"""What is owed after the password: a second factor, a password of one's own, setting up a second factor.

None of these pages opens anything else: until the last step there is no session. Each step is one form; who takes
longer than ten minutes begins again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import codes, delays, factors, own, passwords, signing_in
from app.accounts.models import StaffUser
from app.accounts.signing_in import Due, Halfway
from app.kit.crypto import Unreadable
from app.kit.errors import DomainError, Unprocessable
from app.kit.http import Now
from app.web.errors import words_of
from app.web.forms import Received, ReceivedForm
from app.web.i18n import gettext as _
from app.web.public.qr_code import qr_code
from app.web.services import Svc, services_of
from app.web.staff import halfway, passkey_questions
from app.web.staff.signing_in import early_words, too_early
from app.web.templating import address, page

SECRET = "authenticator"  # noqa: S105 what a token is about
PAGES = {
    Due.FACTOR: "staff/sign_in_code.html",
    Due.NEW_PASSWORD: "staff/sign_in_password.html",
    Due.ENROLMENT: "staff/sign_in_enrol.html",
}
Shown = Callable[[Session, StaffUser], bool]

router = APIRouter(include_in_schema=False)


@router.get("/staff/sign-in/step", name="sign_in_step")
def step(request: Request) -> Response:
    return _step(request, None, 200)


@router.post("/staff/sign-in/code", name="sign_in_code")
def give_code(request: Request, services: Svc, received: ReceivedForm, now: Now) -> Response:
    """A code of the app, or one of the recovery codes."""
    code, sealer = received.form.get("code", ""), services.entrance.sealer

    def shown(session: Session, user: StaffUser) -> bool:
        by_app = factors.use_code(session, sealer, user.id, code, now)
        return by_app or factors.use_recovery_code(session, user.id, code, now)

    return _factor(request, received, now, shown)


@router.post("/staff/sign-in/passkey", name="sign_in_passkey")
def give_passkey(request: Request, services: Svc, received: ReceivedForm, now: Now) -> Response:
    """A passkey by itself signs in; no name is asked, for the device knows it."""
    halfway.refuse_foreign(request, received)
    with services.database.writing() as session:
        user_id = passkey_questions.who_answered(request, session, received.form)
        token = signing_in.by_passkey(session, now, user_id, halfway.visit_of(request))
        user = session.get(StaffUser, user_id) if user_id else None
        username = user.username if user else ""
    if token is None:
        return RedirectResponse(address(request, "sign_in", failed="passkey"), status_code=303)
    return halfway.onward(request, token, received.form.get("next", ""), username)


@router.post("/staff/sign-in/new-password", name="sign_in_new_password")
def choose_password(request: Request, services: Svc, received: ReceivedForm, now: Now) -> Response:
    halfway.refuse_foreign(request, received)
    found, form = halfway.kept(request), received.form
    if found is None:
        return _again(request)
    with services.database.reading() as session:
        user = session.get_one(StaffUser, found[0].user_id)
    try:
        hashed = chosen(form.get("password", ""), form.get("again", ""), user, services.settings.column_name)
    except DomainError as error:
        return _step(request, words_of(error), 422)
    with services.database.writing() as session:
        held = signing_in.resume(session, found[0])
        if held is None or _due(request, session, held, found[0]) is not Due.NEW_PASSWORD:
            return _again(request)
        own.change_password(session, signing_in.halfway_actor(held, halfway.visit_of(request)), now, hashed)
        reached = _onward(request, session, held, found[0], now)
    return halfway.onward(request, reached, found[1], user.username)


@router.post("/staff/sign-in/authenticator", name="sign_in_authenticator")
def enrol(request: Request, services: Svc, received: ReceivedForm, now: Now) -> Response:
    """The app is set up, and the person is in; the recovery codes are shown once."""
    halfway.refuse_foreign(request, received)
    found, form = halfway.kept(request), received.form
    if found is None:
        return _again(request)
    secret = read_secret(request, form.get("secret", ""), str(found[0].user_id), now)
    reached_step = codes.step_of(secret, form.get("code", ""), now, 0) if secret else None
    if secret is None or reached_step is None:
        return _step(request, _("That was not the code of this moment. Please try again."), 422, secret)
    with services.database.writing() as session:
        user = signing_in.resume(session, found[0])
        if user is None or _due(request, session, user, found[0]) is not Due.ENROLMENT:
            return _again(request)
        acting = signing_in.halfway_actor(user, halfway.visit_of(request))
        made = own.set_authenticator(session, acting, now, services.entrance.sealer, secret, reached_step)
        reached = _onward(request, session, user, found[0].with_factor(), now)
        username = user.username
    answer = recovery_page(request, made, halfway.inside(request, found[1], username))
    if isinstance(reached, str):
        halfway.let_in(request, answer, reached, username)
    return answer


def recovery_page(request: Request, made: Sequence[str], onward: str) -> Response:
    """Shown once; the codes are kept as hashes alone."""
    return page(request, "staff/recovery_codes.html", {"codes": made, "onward": onward})


def chosen(password: str, again: str, user: StaffUser, column: str) -> str:
    """The hash of a password that a person chose. Raises Unprocessable for one that is refused."""
    if password != again:
        raise Unprocessable("passwords_differ")
    return passwords.hash_chosen(password, (user.username, user.display_name, column))


def seal_secret(request: Request, secret: str, user_id: str, now: datetime) -> str:
    return services_of(request).entrance.secrets.seal(secret, SECRET + user_id, now + halfway.LASTS)


def read_secret(request: Request, sealed: str, user_id: str, now: datetime) -> str | None:
    """The secret that this person was shown; None when it was too long ago."""
    try:
        return services_of(request).entrance.secrets.open(sealed, SECRET + user_id, now)
    except Unreadable:
        return None


def enrolment(request: Request, user_id: str, username: str, now: datetime, secret: str | None) -> dict[str, object]:
    """What the page of setting up an app shows: the same secret again after a wrong code."""
    secret = secret or codes.new_secret()
    issuer = services_of(request).settings.column_name
    return {
        "secret": seal_secret(request, secret, user_id, now),
        "secret_text": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "qr": qr_code(codes.enrolment_address(secret, username, issuer)),
    }


def _factor(request: Request, received: Received, now: datetime, shown: Shown) -> Response:
    halfway.refuse_foreign(request, received)
    found, services = halfway.kept(request), services_of(request)
    if found is None:
        return _again(request)
    counted = services.entrance.delays.of_factor(str(found[0].user_id))
    with services.database.writing() as session:
        wait = delays.attempt(session, counted, now)
    if wait > timedelta(0):
        return too_early(_step(request, early_words(wait), 429), wait)
    with services.database.writing() as session:
        user = signing_in.resume(session, found[0])
        if user is None:
            return _again(request)
        fits, username = shown(session, user), user.username
        if fits:
            delays.forgive(session, counted, now)
            reached = _onward(request, session, user, found[0].with_factor(), now)
        else:
            signing_in.factor_failed(session, now, user, halfway.visit_of(request))
    if not fits:
        return _step(request, _("That was not right. Please try again."), 422)
    return halfway.onward(request, reached, found[1], username)


def _onward(request: Request, session: Session, user: StaffUser, so_far: Halfway, now: datetime) -> str | Halfway:
    required = services_of(request).entrance.requires_factor
    return signing_in.go_on(session, now, user, so_far, halfway.visit_of(request), required)


def _due(request: Request, session: Session, user: StaffUser, so_far: Halfway) -> Due | None:
    return signing_in.due(session, user, so_far, services_of(request).entrance.requires_factor)


def _step(request: Request, error: str | None, status: int, secret: str | None = None) -> Response:
    found, services = halfway.kept(request), services_of(request)
    if found is None:
        return _again(request)
    with services.database.reading() as session:
        user = session.get(StaffUser, found[0].user_id)
        due = _due(request, session, user, found[0]) if user else None
        has_passkey = bool(user and factors.held_by(session, user.id).passkeys)
    if user is None or due is None:
        return _again(request)
    context: dict[str, object] = {"error": error, "login_token": halfway.form_token(request), "next": found[1]}
    if due is Due.ENROLMENT:
        now = request.app.state.clock.now()
        context |= enrolment(request, str(user.id), user.username, now, secret) | {"reset_at": user.factors_reset_at}
    if due is Due.FACTOR:
        context["passkey"] = passkey_questions.to_sign_in(request) if has_passkey else None
    return page(request, PAGES[due], context, status)


def _again(request: Request) -> Response:
    return RedirectResponse(address(request, "sign_in"), status_code=303)
