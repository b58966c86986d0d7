"""The administrator's page of webhooks: every department's receivers, what became of messages, open ranges."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.departments import queries as departments
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.web.hook_words import HOOK_ERRORS, HOOK_HISTORY
from app.web.i18n import gettext
from app.web.staff.access import OwnForm, allowed
from app.web.staff.history import of_record
from app.web.templating import address, page
from app.webhooks import queries, supervising
from app.webhooks.lifecycle import EndpointState, MessageState
from app.webhooks.models import WebhookEndpoint
from app.webhooks.queries import Waiting
from app.webhooks.supervising import NewAllowance

PAGE_SIZE = 20
Supervises = Annotated[Actor, allowed(Permission.MANAGE_WEBHOOKS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Shown:
    """One receiver with its department's name and what waits for it."""

    row: WebhookEndpoint
    department: str
    waiting: Waiting


@router.get("/staff/webhooks", name="staff_webhooks")
def webhooks(request: Request, actor: Supervises, session: ReadSession) -> Response:
    waiting, names = queries.waiting(session), departments.names(session)
    shown = [_shown(row, names, waiting) for row in queries.everywhere(session)]
    context = {"webhooks": shown, "allowances": queries.allowances(session)}
    return page(request, "staff/webhooks.html", context)


@router.get("/staff/webhooks/{id}", name="staff_webhook")
def webhook(request: Request, id: uuid.UUID, actor: Supervises, session: ReadSession, before: str = "") -> Response:
    row = queries.one(session, id)
    found = queries.log(session, id, read_cursor(before), PAGE_SIZE)
    context = {
        "webhook": _shown(row, departments.names(session), queries.waiting(session)),
        "in_use": row.state is EndpointState.ENABLED,
        "messages": found.items,
        "pending": MessageState.PENDING,
        "errors": {code: gettext(words) for code, words in HOOK_ERRORS.items()},
        "history": of_record(session, "webhook", id, HOOK_HISTORY),
        "next_url": address(request, "staff_webhook", id=id, before=found.next_cursor) if found.next_cursor else None,
    }
    return page(request, "staff/webhook.html", context)


@router.post("/staff/webhooks/{id}/stop", name="staff_stop_webhook")
def stop(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now
) -> Response:
    supervising.stop(session, actor, now, id, sent.form.get("reason", ""))
    return _to(request, id)


@router.post("/staff/webhooks/{id}/resume", name="staff_resume_webhook")
def resume(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now
) -> Response:
    supervising.resume(session, actor, now, id)
    return _to(request, id)


@router.post("/staff/webhooks/{id}/messages/{message_id}/replay", name="staff_replay_webhook")
def replay(
    request: Request,
    id: uuid.UUID,
    message_id: uuid.UUID,
    sent: OwnForm,
    actor: Supervises,
    session: WriteSession,
    now: Now,
) -> Response:
    supervising.replay_for(session, actor, now, id, message_id)
    return _to(request, id)


@router.post("/staff/webhooks/{id}/replay-dead", name="staff_replay_dead_webhook")
def replay_dead(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now
) -> Response:
    supervising.replay_dead_for(session, actor, now, id)
    return _to(request, id)


@router.post("/staff/webhook-ranges", name="staff_allow_range")
def allow(request: Request, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now) -> Response:
    form = sent.form
    new = NewAllowance(
        network=form.get("network", ""),
        name=form.get("name", ""),
        reason=form.get("reason", ""),
        is_plain=form.get("plain", "") == "yes",
        authorities=form.get("authorities", ""),
    )
    supervising.allow(session, actor, now, new)
    return RedirectResponse(address(request, "staff_webhooks"), status_code=303)


@router.post("/staff/webhook-ranges/{id}/close", name="staff_close_range")
def close(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now
) -> Response:
    supervising.end_allowance(session, actor, now, id)
    return RedirectResponse(address(request, "staff_webhooks"), status_code=303)


def _shown(row: WebhookEndpoint, names: Mapping[str, str], waiting: Mapping[uuid.UUID, Waiting]) -> Shown:
    return Shown(row, names[row.department_id], waiting.get(row.id, Waiting()))


def _to(request: Request, id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_webhook", id=id), status_code=303)
