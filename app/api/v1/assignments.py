"""A department's assignments: list, read, acknowledge (签收), send back (退回), answer (答复)."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from app.api.authentication import Reader, department_of
from app.api.receiving import DepartmentRoute
from app.api.repeating import Writing, written_once
from app.api.v1 import requests
from app.api.v1.representations import Assignment, AssignmentPage, one_assignment, represented
from app.api.v1.responses import READ_LIST, READ_ONE, WRITE
from app.assignments import actions
from app.assignments import queries as assignments
from app.departments import queries as departments
from app.departments.models import Department
from app.dispositions import actions as dispositions
from app.kit.errors import Unprocessable
from app.kit.http import ReadSession
from app.kit.paging import read_cursor

router = APIRouter(route_class=DepartmentRoute, tags=["assignments"])
AS_IT_IS_NOW = "The assignment as it is now"
AssignmentId = Annotated[uuid.UUID, Path(description="The assignment's `id`, from the list.")]


@router.get("/assignments", responses=READ_LIST, response_description="One page", operation_id="list_assignments")
def list_assignments(
    reader: Reader, session: ReadSession, query: Annotated[requests.ListQuery, Query()]
) -> AssignmentPage:
    """Your department's assignments, the one handed over first at the head.

    Follow `next_cursor` until it is null. An assignment that changes its state between two pages is neither skipped
    nor repeated, unless `state` filters for it.
    """
    page = assignments.inbox(session, department_of(reader), query.state, read_cursor(query.cursor), query.limit)
    return AssignmentPage(items=represented(session, page.items), next_cursor=page.next_cursor)


@router.get(
    "/assignments/{assignment_id}", responses=READ_ONE, response_description=AS_IT_IS_NOW, operation_id="get_assignment"
)
def get_assignment(reader: Reader, session: ReadSession, assignment_id: AssignmentId) -> Assignment:
    """One assignment. Another department's is answered as if it didn't exist."""
    return one_assignment(session, department_of(reader), assignment_id)


@router.post(
    "/assignments/{assignment_id}/acknowledge",
    responses=WRITE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="acknowledge_assignment",
)
def acknowledge(
    writing: Writing, assignment_id: AssignmentId, body: requests.AcknowledgeRequest | None = None
) -> Response:
    """Confirms that your department has it (签收). Possible once, while it is `delivered`."""

    def act(session: Session) -> Assignment:
        actions.acknowledge(session, writing.actor, writing.at, assignment_id)
        return one_assignment(session, department_of(writing.actor), assignment_id)

    return written_once(writing, f"{assignment_id}/acknowledge", body or requests.AcknowledgeRequest(), act)


@router.post(
    "/assignments/{assignment_id}/send-back",
    responses=WRITE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="send_back_assignment",
)
def send_back(writing: Writing, assignment_id: AssignmentId, body: requests.SendBackRequest) -> Response:
    """Says that your department isn't the one (退回), why, and who is, if you know. The suggestion is assigned anew.

    Possible while it is `delivered` or `acknowledged`; nothing more can be done with it afterwards.
    """

    def act(session: Session) -> Assignment:
        suggested = _resolved(session, body.suggested_department)
        actions.send_back(session, writing.actor, writing.at, assignment_id, body.reason, suggested)
        return one_assignment(session, department_of(writing.actor), assignment_id)

    return written_once(writing, f"{assignment_id}/send-back", body, act)


@router.post(
    "/assignments/{assignment_id}/answer",
    responses=WRITE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="answer_assignment",
)
def answer(writing: Writing, assignment_id: AssignmentId, body: requests.AnswerRequest) -> Response:
    """Answers the suggestion (答复), or keeps a draft of the answer, which a later one replaces.

    Possible while it is `delivered` or `acknowledged`. The final answer of the lead department decides the suggestion
    and is told to the people who made it.
    """

    def act(session: Session) -> Assignment:
        dispositions.answer(
            session, writing.actor, writing.at, assignment_id, body.disposition, body.reason, body.draft
        )
        return one_assignment(session, department_of(writing.actor), assignment_id)

    return written_once(writing, f"{assignment_id}/answer", body, act)


def _resolved(session: Session, written: str | None) -> str | None:
    """The id of a department given by id or by any name that the directory knows. Raises Unprocessable."""
    if written is None or session.get(Department, written) is not None:
        return written
    found = departments.directory(session).lookup(written).department
    if found is None:
        raise Unprocessable("no_such_department", department=written)
    return found.id
