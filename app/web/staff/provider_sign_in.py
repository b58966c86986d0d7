"""Signing in at the organisation's own OpenID Connect provider. Accounts are never made by it, only found.

As for citizens (`app/web/public/sign_in.py`), the way out is a link, the way back a redirect, and what is needed for
the way back travels in a sealed cookie. Which account a subject is, a security administrator has said before.
"""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import signing_in
from app.accounts.models import StaffUser
from app.kit.crypto import Unreadable
from app.kit.errors import NotFound
from app.kit.http import Now
from app.kit.openid import Departure, NotProven, ProviderGone
from app.web.services import Services, Svc
from app.web.staff import halfway
from app.web.templating import page

if TYPE_CHECKING:
    from app.kit.relying import RelyingParty

LEFT = "yanlu_staff_left"
AWAY_FOR = timedelta(minutes=15)
NO_REFERRER = {"Referrer-Policy": "no-referrer"}

router = APIRouter(include_in_schema=False)


@router.get("/staff/sign-in/provider", name="staff_provider")
def leave(request: Request, services: Svc, now: Now, next: str = "") -> Response:
    """Raises NotFound where no provider is set."""
    try:
        departure = _party(services).depart(_return_to(services), now)
    except ProviderGone:
        return _failed(request, is_gone=True)
    kept = json.dumps([departure.state, departure.nonce, departure.verifier, next])
    answer = RedirectResponse(departure.url, status_code=303, headers=NO_REFERRER)
    answer.set_cookie(
        LEFT,
        services.entrance.departures.seal(kept, LEFT, now + AWAY_FOR),
        max_age=int(AWAY_FOR.total_seconds()),
        path=_path(services),
        secure=bool(services.settings.secure_cookies),
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/staff/sign-in/return", name="staff_provider_return")
def come_back(request: Request, services: Svc, now: Now) -> Response:
    """Only the browser that left comes back, once and within AWAY_FOR."""
    party = _party(services)
    try:
        state, nonce, verifier, wanted = json.loads(
            services.entrance.departures.open(request.cookies.get(LEFT, ""), LEFT, now)
        )
        proven = party.arrive(request.query_params, Departure("", state, nonce, verifier), _return_to(services), now)
    except (Unreadable, NotProven):
        return _gone(services, _failed(request))
    except ProviderGone:
        return _gone(services, _failed(request, is_gone=True))
    issuer, entrance = services.settings.staff_oidc_issuer, services.entrance
    strong = bool(proven.ways & entrance.strong)
    with services.database.writing() as session:
        visit = halfway.visit_of(request)
        reached = signing_in.by_provider(session, now, issuer, proven.subject, strong, visit, entrance.requires_factor)
        username = ""
        if isinstance(reached, signing_in.Halfway):
            username = session.get_one(StaffUser, reached.user_id).username
    if reached is None:
        return _gone(services, _failed(request))
    answer = halfway.onward(request, reached, wanted, username)
    answer.headers.update(NO_REFERRER)
    return _gone(services, answer)


def _party(services: Services) -> "RelyingParty":
    if services.entrance.provider is None:
        raise NotFound
    return services.entrance.provider


def _return_to(services: Services) -> str:
    return f"{services.settings.staff_url}/sign-in/return"


def _path(services: Services) -> str:
    return f"{services.settings.base_path}{halfway.PATH}"


def _gone(services: Services, answer: Response) -> Response:
    answer.delete_cookie(LEFT, path=_path(services))
    return answer


def _failed(request: Request, *, is_gone: bool = False) -> Response:
    context = {"is_gone": is_gone, "provider": request.app.state.settings.staff_oidc_name}
    answer = page(request, "staff/sign_in_failed.html", context, 503 if is_gone else 422)
    answer.headers.update(NO_REFERRER)
    return answer
