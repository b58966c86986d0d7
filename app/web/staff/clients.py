"""Administrators' pages of programs: clients of departments and trusted channels, their keys, what they asked."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import actions, asked, queries
from app.accounts.keys import NewKey, Terms
from app.departments import queries as departments
from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import CLIENT_SCOPES, DEPARTMENT_SCOPES, Actor, Permission
from app.submissions.lifecycle import Channel
from app.web import labels
from app.web.audit_words import WORDS
from app.web.i18n import N_
from app.web.staff.access import OwnForm, allowed
from app.web.staff.history import of_record
from app.web.staff.proving import proven
from app.web.templating import address, page

Manages = Annotated[Actor, allowed(Permission.MANAGE_CLIENTS)]
ManagesProven = Annotated[Actor, proven(Permission.MANAGE_CLIENTS)]
TRUSTED = (Channel.HOTLINE, Channel.MINI_PROGRAM)
REQUESTS_SHOWN = 20
LONGEST_DAYS = 3650
SCOPES = {
    "assignments:read": N_("Read its assignments"),
    "assignments:write": N_("Read and answer its assignments"),
    "events:read": N_("Read its events"),
    "webhooks:write": N_("Manage its webhooks"),
    "submissions:write": N_("Send comments in"),
}

router = APIRouter(include_in_schema=False)


@router.get("/staff/clients", name="staff_clients")
def all_clients(request: Request, actor: Manages, session: ReadSession, now: Now) -> Response:
    return page(
        request,
        "staff/clients/list.html",
        {"clients": queries.clients(session, now), "channel_words": _channel_words()},
    )


@router.get("/staff/clients/new", name="staff_new_client")
def ask_new(request: Request, actor: Manages, session: ReadSession) -> Response:
    names = [(row.id, row.name) for row in departments.assignable(session)]
    return page(request, "staff/clients/new.html", {"departments": names, "channels": TRUSTED})


@router.post("/staff/clients", name="staff_add_client")
def add(request: Request, sent: OwnForm, actor: ManagesProven, session: WriteSession, now: Now) -> Response:
    """The key is shown once. What the client may follows from what it is of; a key that may less is added later."""
    department, channel = sent.form.get("department", "") or None, _channel(sent.form.get("channel", ""))
    scopes = [*(DEPARTMENT_SCOPES if department else ()), *(["submissions:write"] if channel else ())]
    if not scopes:
        raise Unprocessable("client_of_nobody")
    name = sent.form.text("name")
    key = actions.add_client(session, actor, now, department, name, scopes, channel)
    return _given(request, name, key)


@router.get("/staff/clients/{id}", name="staff_client")
def show(request: Request, id: uuid.UUID, actor: Manages, session: ReadSession, now: Now) -> Response:
    client = queries.client(session, id, now)
    possible = [scope for scope in CLIENT_SCOPES if _fits(client, scope)]
    context = {
        "client": client,
        "scopes": [(scope, SCOPES.get(scope, scope)) for scope in possible],
        "scope_words": SCOPES,
        "channel_words": _channel_words(),
        "requests": asked.of_client(session, str(id), None, REQUESTS_SHOWN).items,
        "history": of_record(session, "client", id, WORDS),
    }
    return page(request, "staff/clients/client.html", context)


@router.post("/staff/clients/{id}/keys", name="staff_add_key")
def add_key(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: ManagesProven, session: WriteSession, now: Now
) -> Response:
    terms = Terms(_end(sent.form.get("days", ""), now), sent.form.get("mode", "") == "test")
    key = actions.add_key(session, actor, now, id, sent.form.all("scope"), terms)
    return _given(request, queries.client(session, id, now).name, key, id)


@router.post("/staff/clients/{id}/rotate", name="staff_rotate_key")
def rotate(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: ManagesProven, session: WriteSession, now: Now
) -> Response:
    """The earlier keys go on for some days, so that nothing stops meanwhile."""
    key = actions.rotate_key(session, actor, now, id, _end(sent.form.get("days", ""), now))
    return _given(request, queries.client(session, id, now).name, key, id)


@router.post("/staff/clients/{id}/keys/{key}/revoke", name="staff_revoke_key")
def revoke_key(
    request: Request, id: uuid.UUID, key: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    actions.revoke_key(session, actor, now, id, key)
    return RedirectResponse(address(request, "staff_client", id=id), status_code=303)


def _fits(client: queries.Client, scope: str) -> bool:
    return client.department is not None if scope in DEPARTMENT_SCOPES else client.channel is not None


def _channel_words() -> dict[str, str]:
    return {channel.value: labels.label(channel) for channel in TRUSTED}


def _channel(word: str) -> str | None:
    """Raises Unprocessable for a channel that has no programs."""
    if word and word not in TRUSTED:
        raise Unprocessable("client_of_nobody")
    return word or None


def _end(days: str, now: datetime) -> datetime | None:
    """After so many days; none given, no end. Raises Unprocessable for what is no number of days."""
    given = days.strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(LONGEST_DAYS))):
        raise Unprocessable("key_days_form")
    return now + timedelta(days=min(int(given), LONGEST_DAYS))


def _given(request: Request, name: str, key: NewKey, client_id: uuid.UUID | None = None) -> Response:
    context = {"name": name, "key": key.text, "id": client_id, "overlap": actions.OVERLAP.days}
    return page(request, "staff/clients/given.html", context)
