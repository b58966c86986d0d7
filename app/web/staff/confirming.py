"""Proving again who it is, and going on where the question came up."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.kit.http import Now
from app.permissions import Actor, Permission
from app.web.staff.access import OwnForm, allowed, keep_token, show_as, signed_in
from app.web.staff.evidence import judge
from app.web.staff.halfway import inside
from app.web.staff.proving import kept_form, question
from app.web.templating import page

OwnSession = Annotated[Actor, allowed(Permission.USE_OWN_SESSION)]

router = APIRouter(include_in_schema=False)


@router.get("/staff/confirm", name="staff_confirm")
def ask(request: Request, actor: OwnSession, next: str = "") -> Response:
    return question(request, next, "", None, 200)


@router.post("/staff/confirm", name="staff_prove")
def prove(
    request: Request,
    sent: OwnForm,
    actor: OwnSession,
    person: Annotated[SignedIn, Depends(signed_in)],
    now: Now,
) -> Response:
    form, wanted, waiting = sent.form, sent.form.get("next", ""), sent.form.get("kept", "")
    judged = judge(request, form, actor, now)
    if judged.token is None:
        return question(request, wanted, waiting, judged.error, 422)
    kept = kept_form(request, waiting, actor.id)
    show_as(request, person, judged.token)
    if kept is None:
        answer: Response = RedirectResponse(inside(request, wanted, person.username), status_code=303)
    else:
        answer = page(request, "staff/confirmed.html", {"kept": kept})
    keep_token(request, answer, judged.token)
    return answer
