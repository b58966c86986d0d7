"""The directory of departments: list, look, add, edit, retire, merge, reinstate."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.departments import actions, proposing, queries
from app.departments.actions import Ending
from app.departments.lifecycle import DepartmentState
from app.departments.models import Department, DepartmentProposal
from app.departments.queries import Filters
from app.departments.tabular import read_day
from app.departments.units import Level, Relationship
from app.kit.errors import DomainError
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.department_words import refusal
from app.web.staff import history
from app.web.staff.access import OwnForm, allowed
from app.web.staff.department_form import Typed, card_from, ids_named, typed, typed_of
from app.web.staff.fields import number_of, optional_id, revision_of
from app.web.templating import address, page

PATH = "/staff/department/{id}"
Manages = Annotated[Actor, allowed(Permission.MANAGE_DEPARTMENTS)]
Choice = TypeVar("Choice", bound=StrEnum)
CHOICES = {"levels": list(Level), "relationships": list(Relationship), "states": list(DepartmentState)}

router = APIRouter(include_in_schema=False)


@router.get("/staff/departments", name="staff_departments")
def all_departments(
    request: Request,
    actor: Manages,
    session: ReadSession,
    words: str = "",
    level: str = "",
    relationship: str = "",
    state: str = "",
    after: str = "",
) -> Response:
    asked = {"words": words.strip()[:60], "level": level, "relationship": relationship, "state": state}
    filters = Filters(
        asked["words"], _choice(Level, level), _choice(Relationship, relationship), _choice(DepartmentState, state)
    )
    rows, following = queries.search(session, filters, number_of(after, 0) if after else None)
    context = {
        "rows": rows,
        "asked": asked,
        "next_url": address(request, "staff_departments", **asked, after=following) if following is not None else None,
        "waiting": queries.open_proposals(session),
    }
    return page(request, "staff/departments/list.html", context | CHOICES)


@router.get("/staff/departments/new", name="staff_new_department")
def new_department(request: Request, actor: Manages, session: ReadSession, proposal: str = "") -> Response:
    """An empty form or, for a name from the queue, one that holds it."""
    proposal_id = optional_id(proposal)
    found = proposing.find(session, proposal_id) if proposal_id else None
    return _new(request, Typed(name=found.written if found else ""), found)


@router.post("/staff/departments/new", name="staff_add_department")
def add_department(request: Request, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    fields = typed(sent.form)
    proposal_id = optional_id(sent.form.get("proposal", ""))
    found = proposing.find(session, proposal_id) if proposal_id else None
    department_id = fields.id.strip()
    try:
        card = card_from(fields)
        if found is None:
            actions.add(session, actor, now, department_id, card)
        else:
            revision = revision_of(sent.form)
            proposing.accept_as_new(session, actor, now, found.id, revision, department_id, card)
    except DomainError as error:
        return _new(request, fields, found, error)
    return _to(request, department_id)


@router.get(PATH, name="staff_department")
def show_department(request: Request, id: str, actor: Manages, session: ReadSession) -> Response:
    return _one(request, session, queries.find(session, id))


@router.post(PATH + "/edit", name="staff_edit_department")
def edit_department(
    request: Request, id: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    fields = typed(sent.form)
    return _tried(
        request,
        session,
        id,
        lambda: actions.edit(session, actor, now, id, revision_of(sent.form), card_from(fields)),
        fields,
    )


@router.post(PATH + "/retire", name="staff_retire_department")
def retire_department(
    request: Request, id: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    form = sent.form
    return _tried(
        request,
        session,
        id,
        lambda: actions.retire(
            session, actor, now, id, revision_of(form), _ending(form), ids_named(session, form.get("successors", ""))
        ),
    )


@router.post(PATH + "/merge", name="staff_merge_department")
def merge_department(
    request: Request, id: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    form = sent.form

    def merge() -> None:
        named = ids_named(session, form.get("into", ""))
        actions.merge(session, actor, now, id, revision_of(form), _ending(form), named[0] if named else "")

    return _tried(request, session, id, merge)


@router.post(PATH + "/reinstate", name="staff_reinstate_department")
def reinstate_department(
    request: Request, id: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    form = sent.form
    return _tried(
        request,
        session,
        id,
        lambda: actions.reinstate(session, actor, now, id, revision_of(form), form.get("reason", "")),
    )


def _tried(
    request: Request, session: Session, id: str, act: Callable[[], object], fields: Typed | None = None
) -> Response:
    """Does it, or shows the page again with the refusal and what was typed; a refused action has changed nothing."""
    try:
        act()
    except DomainError as error:
        if error.code == "changed_meanwhile":
            raise  # the form as it was typed must not go over what the other person stored
        return _one(request, session, queries.find(session, id), fields, error)
    return _to(request, id)


def _one(
    request: Request,
    session: Session,
    department: Department,
    fields: Typed | None = None,
    error: DomainError | None = None,
) -> Response:
    context: dict[str, Any] = {
        "department": department,
        "typed": fields or typed_of(queries.entry(session, department)),
        "successors": queries.successors_of(session, department.id),
        "predecessors": queries.predecessors_of(session, department.id),
        "active": [one for one in queries.active(session) if one.id != department.id],
        "history": history.of_record(session, "department", department.id),
        "error": refusal(error) if error else None,
    }
    return page(request, "staff/departments/one.html", context | CHOICES, error.status if error else 200)


def _new(
    request: Request, fields: Typed, proposal: DepartmentProposal | None, error: DomainError | None = None
) -> Response:
    context: dict[str, Any] = {"typed": fields, "proposal": proposal, "error": refusal(error) if error else None}
    return page(request, "staff/departments/new.html", context | CHOICES, error.status if error else 200)


def _ending(form: Form) -> Ending:
    return Ending(form.get("reason", ""), read_day(form.text("on")))


def _choice(kind: type[Choice], text: str) -> Choice | None:
    """None for a filter that is empty or names nothing."""
    return kind(text) if text in {member.value for member in kind} else None


def _to(request: Request, department_id: str) -> Response:
    return RedirectResponse(address(request, "staff_department", id=department_id), status_code=303)
