"""Names that documents used and nobody knows: what they are, as a person says."""

import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.departments import proposing, queries
from app.departments.lifecycle import ProposalState
from app.departments.models import DepartmentProposal
from app.documents import queries as documents
from app.documents.actions import VERSION_SOURCE
from app.kit.errors import DomainError, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.web.department_words import refusal
from app.web.staff.access import OwnForm, allowed
from app.web.staff.department_form import ids_named
from app.web.staff.fields import revision_of
from app.web.templating import address, page

PATH = "/staff/department-names/{id}"
PAGE_SIZE = 30
Manages = Annotated[Actor, allowed(Permission.MANAGE_DEPARTMENTS)]

router = APIRouter(include_in_schema=False)


@router.get("/staff/departments/names", name="staff_department_names")
def names(
    request: Request,
    actor: Manages,
    session: ReadSession,
    state: ProposalState = ProposalState.OPEN,
    after: str = "",
) -> Response:
    return _queue(request, session, state, after)


@router.post(PATH + "/alias", name="staff_name_is_alias")
def is_alias(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    try:
        named = ids_named(session, sent.form.get("department", ""))
        if not named:
            raise Unprocessable("no_such_department", department="")
        proposing.accept_as_alias(session, actor, now, id, revision_of(sent.form), named[0])
    except DomainError as error:
        return _queue(request, session, ProposalState.OPEN, "", error)
    return _back(request)


@router.post(PATH + "/reject", name="staff_name_is_none")
def is_none(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    proposing.reject(session, actor, now, id, revision_of(sent.form))
    return _back(request)


@router.post(PATH + "/reconsider", name="staff_name_again")
def look_again(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    proposing.reconsider(session, actor, now, id, revision_of(sent.form))
    return _back(request)


def _queue(
    request: Request, session: Session, state: ProposalState, after: str, error: DomainError | None = None
) -> Response:
    found = queries.proposals(session, state, read_cursor(after), PAGE_SIZE)
    following = found.next_cursor
    context = {
        "rows": found.items,
        "sources": _sources(session, found.items),
        "names": queries.names(session),
        "active": queries.active(session) if state is ProposalState.OPEN else [],
        "state": state,
        "states": list(ProposalState),
        "next_url": address(request, "staff_department_names", state=state, after=following) if following else None,
        "error": refusal(error) if error else None,
    }
    return page(request, "staff/departments/names.html", context, error.status if error else 200)


def _sources(session: Session, rows: Sequence[DepartmentProposal]) -> dict[uuid.UUID, str]:
    """Proposal id → the title of the document in which the name was first seen; empty where it isn't known."""
    versions = {row.id: _version(row.source) for row in rows}
    titles = documents.titles_of_versions(session, [version for version in versions.values() if version])
    return {id: titles.get(version, "") if version else "" for id, version in versions.items()}


def _version(source: str) -> uuid.UUID | None:
    kind, _, version = source.partition(" ")
    try:
        return uuid.UUID(version) if kind == VERSION_SOURCE else None
    except ValueError:
        return None


def _back(request: Request) -> Response:
    return RedirectResponse(address(request, "staff_department_names"), status_code=303)
