"""What asks for a recent proof of who it is: leaving with data, unlocking an identity, changing a factor.

A route says `Annotated[Actor, proven(Permission.X)]` in place of `allowed(Permission.X)`. Whoever proved it within
PROVEN_FOR goes through; anybody else is asked for password, code or passkey and led back, with what was typed.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.kit.crypto import Unreadable
from app.kit.errors import DomainError, Unauthenticated
from app.kit.forms import parse_form
from app.kit.http import now_of
from app.permissions import Actor, Permission
from app.web.forms import REPEATABLE
from app.web.services import services_of
from app.web.staff import passkey_questions
from app.web.staff.access import admitted, signed_in
from app.web.templating import address, page

KEPT_FOR = timedelta(minutes=30)
MOST_KEPT = 96 * 1024
"""Bytes of a form that are carried over the question; of a longer one only its address is."""
Pairs = Sequence[tuple[str, str]]


class ProofDue(Unauthenticated):
    """Who it is was not proven lately. `kept` is the sealed form that was sent, empty where there was none."""

    code = "proof_due"

    def __init__(self, kept: str = "") -> None:
        super().__init__()
        self.kept = kept


@dataclass(frozen=True)
class KeptForm:
    """A form that waits for its proof, and where it goes."""

    path: str
    pairs: Pairs


def proven(permission: Permission) -> Any:
    """The dependency of a route that needs this permission and a recent proof; gives the actor.

    Raises Unauthenticated, Forbidden, and ProofDue, which leads to the question and back again.
    """

    async def actor(request: Request, person: Annotated[SignedIn, Depends(signed_in)]) -> Actor:
        return admitted(request, person, permission)

    async def recent(
        request: Request,
        acting: Annotated[Actor, Depends(actor)],
        person: Annotated[SignedIn, Depends(signed_in)],
    ) -> Actor:
        if not person.is_proven(now_of(request)):
            raise ProofDue(await _keep(request, acting))
        return acting

    checked: Callable[..., Any] = recent
    checked.permission = permission  # type: ignore[attr-defined]
    return Depends(checked)


async def ask(request: Request, error: Exception) -> Response:
    """Instead of an error page: to the question, with the way back."""
    assert isinstance(error, ProofDue)
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        wanted = str(request.scope["path"]) + query
        return RedirectResponse(address(request, "staff_confirm", next=wanted), status_code=303)
    return question(request, "", error.kept, None, 401)


def question(request: Request, wanted: str, kept: str, error: str | None, status: int) -> Response:
    """The page that asks for a proof; `wanted` is where a GET was to go, `kept` the form of a POST."""
    context = {"next": wanted, "kept": kept, "error": error, "passkey": passkey_questions.to_sign_in(request)}
    return page(request, "staff/confirm.html", context, status)


def kept_form(request: Request, kept: str, user_id: str) -> KeptForm | None:
    """The form that this person sent before; None when there was none, or it waited too long."""
    try:
        path, pairs = json.loads(services_of(request).kept_forms.open(kept, user_id, now_of(request)))
    except Unreadable:
        return None
    return KeptForm(path, [(name, value) for name, value in pairs])


async def _keep(request: Request, actor: Actor) -> str:
    if request.method == "GET":
        return ""
    body = await request.body()
    if len(body) > MOST_KEPT or "urlencoded" not in request.headers.get("content-type", ""):
        return ""
    try:
        form = parse_form(body, REPEATABLE)
    except DomainError:
        return ""
    pairs = [(name, value) for name in form for value in form.all(name) if name != "csrf_token"]
    said = json.dumps([str(request.scope["path"]), pairs])
    return services_of(request).kept_forms.seal(said, actor.id, now_of(request) + KEPT_FOR)
