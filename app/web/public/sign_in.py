"""Signing in at the installation's provider before a comment is written, instead of giving an ID number.

The way out is a link and the way back a redirect, both before anything is typed; what is needed for the way back
travels in a sealed cookie. From the form on, the proof is a sealed value that only that form can use.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.consultations import queries as consultations
from app.kit.crypto import Unreadable
from app.kit.errors import NotFound
from app.kit.http import Now
from app.kit.openid import Departure, NotProven, ProviderGone
from app.web.public.attempt import Attempt, Setting, SignedIn
from app.web.services import Services, Svc
from app.web.templating import address, page

if TYPE_CHECKING:
    from app.kit.relying import RelyingParty

LEFT = "yanlu_left_to_sign_in"
CAME_BACK = "yanlu_signed_in"
AWAY_FOR = timedelta(minutes=15)
PICKED_UP_WITHIN = timedelta(minutes=15)
MOST_CLAUSES_CARRIED = 20
NO_REFERRER = {"Referrer-Policy": "no-referrer"}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class SignInView:
    """What the form says about it. `leave` leads to the provider, `without` back to the form of who didn't sign in."""

    provider: str
    signed_in: bool
    leave: str
    without: str


@dataclass(frozen=True)
class Away:
    """Where somebody left from, and what proves on return that it is the same browser."""

    slug: str
    clauses: list[str]
    departure: Departure


@router.get("/consultations/{slug}/sign-in", name="leave_to_sign_in")
def leave(request: Request, slug: str, services: Svc, now: Now) -> Response:
    """Raises NotFound where this consultation takes no sign-in."""
    party = _party(services)
    with services.database.reading() as session:
        row = consultations.public_consultation(session, slug)
        if not consultations.form_terms(session, row.id).takes_sign_in:
            raise NotFound
    try:
        departure = party.depart(_return_to(services), now)
    except ProviderGone:
        return _failed(request, slug, is_gone=True)
    clauses = request.query_params.getlist("clause")[:MOST_CLAUSES_CARRIED]
    kept = [slug, clauses, departure.state, departure.nonce, departure.verifier]
    answer = RedirectResponse(departure.url, status_code=303, headers=NO_REFERRER)
    sealed = services.departures.seal(json.dumps(kept), LEFT, now + AWAY_FOR)
    _set(services, answer, LEFT, sealed, "/sign-in", AWAY_FOR)
    return answer


@router.get("/sign-in/return", name="sign_in_return")
def come_back(request: Request, services: Svc, now: Now) -> Response:
    """Only the browser that left comes back, once and within AWAY_FOR."""
    party, away = _party(services), _away(services, request, now)
    if away is None:
        return _failed(request, None)
    try:
        proven = party.arrive(request.query_params, away.departure, _return_to(services), now)
    except NotProven:
        answer = _failed(request, away.slug)
    except ProviderGone:
        answer = _failed(request, away.slug, is_gone=True)
    else:
        answer = _to_form(request, away)
        issuer = services.settings.oidc_issuer
        kept = json.dumps([f"{issuer}|{proven.subject}", proven.name])
        sealed = services.proofs.seal(kept, away.slug, now + PICKED_UP_WITHIN)
        _set(services, answer, CAME_BACK, sealed, _form_path(away.slug), PICKED_UP_WITHIN)
    answer.delete_cookie(LEFT, path=f"{services.settings.base_path}/sign-in")
    return answer


def is_offered(setting: Setting, attempt: Attempt) -> bool:
    """A form that a late code opened would be lost on the way."""
    return setting.services.sign_in is not None and setting.terms.takes_sign_in and attempt.late is None


def pick_up(request: Request, setting: Setting, attempt: Attempt, slug: str) -> None:
    """Gives a new form the proof with which this browser has just come back."""
    if not is_offered(setting, attempt) or request.query_params.get("sign_in") == "no":
        return
    try:
        kept = setting.services.proofs.open(request.cookies.get(CAME_BACK, ""), slug, setting.at)
    except Unreadable:
        return
    subject, name = json.loads(kept)
    attempt.signed_in = SignedIn(subject)
    attempt.values["name"] = name


def forget(request: Request, services: Services, answer: Response, slug: str) -> None:
    """Whoever sits down at this computer next is nobody known."""
    if CAME_BACK in request.cookies:
        answer.delete_cookie(CAME_BACK, path=services.settings.base_path + _form_path(slug))


def view(request: Request, setting: Setting, attempt: Attempt, slug: str) -> SignInView | None:
    """None where nobody can sign in."""
    if not is_offered(setting, attempt):
        return None
    clauses = [block.clause.label for block in attempt.blocks]
    return SignInView(
        provider=setting.services.settings.oidc_name,
        signed_in=attempt.signed_in is not None,
        leave=address(request, "leave_to_sign_in", slug=slug, clause=clauses),
        without=address(request, "comment", slug=slug, clause=clauses, sign_in="no"),
    )


def _party(services: Services) -> "RelyingParty":
    if services.sign_in is None:
        raise NotFound
    return services.sign_in


def _return_to(services: Services) -> str:
    return f"{services.settings.public_url}/sign-in/return"


def _away(services: Services, request: Request, now: datetime) -> Away | None:
    try:
        slug, clauses, *secrets = json.loads(services.departures.open(request.cookies.get(LEFT, ""), LEFT, now))
    except Unreadable:
        return None
    return Away(slug, clauses, Departure("", *secrets))


def _form_path(slug: str) -> str:
    return f"/consultations/{slug}/comment"


def _to_form(request: Request, away: Away) -> Response:
    where = address(request, "comment", slug=away.slug, clause=away.clauses)
    return RedirectResponse(where, status_code=303, headers=NO_REFERRER)


def _failed(request: Request, slug: str | None, *, is_gone: bool = False) -> Response:
    """What happened, and the ways on: nothing was typed yet, so that nothing is lost."""
    context = {"slug": slug, "is_gone": is_gone, "provider": request.app.state.settings.oidc_name}
    answer = page(request, "public/sign_in_failed.html", context, 503 if is_gone else 422)
    answer.headers.update(NO_REFERRER)
    return answer


def _set(services: Services, answer: Response, name: str, value: str, path: str, lasts: timedelta) -> None:
    """Lax: it has to come along when the provider's page leads back here."""
    answer.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path=services.settings.base_path + path,
        secure=bool(services.settings.secure_cookies),
        httponly=True,
        samesite="lax",
    )
