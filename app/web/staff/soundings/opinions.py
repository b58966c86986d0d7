"""One opinion of an organ: put right, taken out, dealt with, and the disagreement about it."""

import uuid
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.kit.errors import BadRequest, DomainError
from app.kit.forms import Form
from app.kit.http import Now, ReadSession
from app.permissions import Actor, Permission
from app.soundings import handling, queries, replying
from app.soundings.lifecycle import Adoption, DisputeEvent
from app.web.errors import words_of
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import revision_of
from app.web.staff.soundings import organs_view
from app.web.staff.soundings.entered import carried_out, wording_of
from app.web.templating import address, page

ONE = "/staff/organ-opinions/{id}"
KEPT = ("words", "proposed", "reason", "coordination", "adoption", "why")
Reads = Annotated[Actor, allowed(Permission.READ_SOUNDINGS)]
Manages = Annotated[Actor, allowed(Permission.MANAGE_SOUNDINGS)]

router = APIRouter(include_in_schema=False)


@router.get(ONE, name="staff_organ_opinion")
def opinion(request: Request, id: uuid.UUID, actor: Reads, session: ReadSession) -> Response:
    return _opinion(request, session, actor, id)


@router.post(ONE + "/correct", name="staff_correct_opinion")
def correct(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    revision, why = revision_of(sent.form), sent.form.get("why", "")
    return _step(
        request,
        id,
        sent.form,
        actor,
        lambda s: replying.correct_opinion(s, actor, now, id, revision, wording_of(sent.form), why),
    )


@router.post(ONE + "/withdraw", name="staff_withdraw_opinion")
def withdraw(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    revision, why = revision_of(sent.form), sent.form.get("why", "")
    return _step(request, id, sent.form, actor, lambda s: replying.withdraw_opinion(s, actor, now, id, revision, why))


@router.post(ONE + "/handle", name="staff_handle_opinion")
def handle(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    revision, reason = revision_of(sent.form), sent.form.get("reason", "")
    try:
        adoption = Adoption(sent.form.get("adoption", ""))
    except ValueError as error:
        raise BadRequest("bad_form") from error
    return _step(
        request, id, sent.form, actor, lambda s: handling.handle(s, actor, now, id, revision, adoption, reason)
    )


@router.post(ONE + "/dispute/{event}", name="staff_dispute_opinion")
def dispute(request: Request, id: uuid.UUID, event: DisputeEvent, sent: OwnForm, actor: Manages, now: Now) -> Response:
    revision, words = revision_of(sent.form), sent.form.get("coordination", "")
    return _step(request, id, sent.form, actor, lambda s: handling.dispute(s, actor, now, id, revision, event, words))


def _step(request: Request, id: uuid.UUID, form: Form, actor: Actor, act: Callable[[Session], object]) -> Response:
    """Back to the opinion; as it stands now, with what was entered, where it is refused."""

    def again(session: Session, problem: DomainError) -> Response:
        return _opinion(request, session, actor, id, form, problem)

    return carried_out(request, act, again, lambda: address(request, "staff_organ_opinion", id=id))


def _opinion(
    request: Request,
    session: Session,
    actor: Actor,
    id: uuid.UUID,
    form: Form | None = None,
    problem: DomainError | None = None,
) -> Response:
    context = organs_view.opinion(session, actor, queries.opinion(session, id))
    context |= {
        "entered": {name: form.get(name) for name in KEPT} if form else dict.fromkeys(KEPT),
        "problem_words": words_of(problem) if problem else "",
        "was_changed": problem is not None and problem.code == "changed_meanwhile",
    }
    return page(request, "staff/soundings/opinion.html", context, problem.status if problem else 200)
