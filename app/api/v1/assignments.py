"""A department's assignments: read, acknowledge (签收), begin, send back (退回), pass on (转办), answer (答复)."""

import uuid
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from sqlalchemy.orm import Session

from app.api.authentication import Reader, department_of
from app.api.receiving import DepartmentRoute
from app.api.repeating import Caller, WriteBody, Writing, check_version, etag, is_among, written_once
from app.api.v1 import requests
from app.api.v1.representations import Assignment, AssignmentPage, Sources, one_assignment, represented, sources_of
from app.api.v1.responses import READ_LIST, READ_ONE, READ_SOURCES, WRITE
from app.assignments import actions
from app.assignments import queries as assignments
from app.assignments.queries import Wanted
from app.consultations import queries as consultations
from app.departments import queries as departments
from app.departments.models import Department
from app.dispositions import actions as dispositions
from app.dispositions import files
from app.kit.errors import NotFound, Unprocessable
from app.kit.http import ReadSession
from app.kit.paging import read_cursor
from app.offices import answering

router = APIRouter(route_class=DepartmentRoute, tags=["assignments"])
AS_IT_IS_NOW = "The assignment as it is now"
AssignmentId = Annotated[uuid.UUID, Path(description="The assignment's `id`, from the list.")]


@router.get("/assignments", responses=READ_LIST, response_description="One page", operation_id="list_assignments")
def list_assignments(
    reader: Reader, session: ReadSession, query: Annotated[requests.ListQuery, Query()]
) -> AssignmentPage:
    """Your department's assignments, the one handed over first at the head.

    Follow `next_cursor` until it is null. An assignment that changes its state between two pages is neither skipped
    nor repeated, unless `state` or another filter narrows the list.
    """
    wanted = Wanted(
        consultation_id=_consultation_id(session, query.consultation),
        due_before=query.due_before,
        updated_since=query.updated_since,
    )
    page = assignments.inbox(
        session, department_of(reader), query.state, read_cursor(query.cursor), query.limit, wanted
    )
    return AssignmentPage(items=represented(session, page.items, _named(query.expand)), next_cursor=page.next_cursor)


@router.get(
    "/assignments/{assignment_id}",
    responses=READ_ONE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="get_assignment",
)
def get_assignment(
    request: Request,
    response: Response,
    reader: Reader,
    session: ReadSession,
    assignment_id: AssignmentId,
    query: Annotated[requests.OneQuery, Query()],
    if_none_match: Annotated[str | None, Header(max_length=255, description="An `ETag` that you have.")] = None,
) -> Assignment | Response:
    """One assignment. Another department's is answered as if it didn't exist.

    Its `ETag` goes into `If-Match` of a write, and into `If-None-Match` to be told with 304 that nothing changed.
    """
    found = one_assignment(session, department_of(reader), assignment_id, _named(query.expand))
    if if_none_match is not None and is_among(if_none_match, found.revision):
        return Response(status_code=304, headers={"ETag": etag(found.revision)})
    response.headers["ETag"] = etag(found.revision)
    return found


@router.get(
    "/assignments/{assignment_id}/sources",
    responses=READ_SOURCES,
    response_description="One page",
    operation_id="list_sources",
)
def list_sources(
    reader: Reader, session: ReadSession, assignment_id: AssignmentId, query: Annotated[requests.PageQuery, Query()]
) -> Sources:
    """What the senders wrote, in the order of arrival, with personal data covered and without their names."""
    held = assignments.one(session, department_of(reader), assignment_id)
    return sources_of(session, held, read_cursor(query.cursor), query.limit)


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

    def act(session: Session) -> None:
        actions.acknowledge(session, writing.actor, writing.at, assignment_id)

    return written(writing, assignment_id, "acknowledge", body or requests.AcknowledgeRequest(), act)


@router.post(
    "/assignments/{assignment_id}/begin",
    responses=WRITE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="begin_assignment",
)
def begin(writing: Writing, assignment_id: AssignmentId, body: requests.BeginRequest | None = None) -> Response:
    """Says that your department is at work on it (办理中). Possible while it is `delivered` or `acknowledged`."""

    def act(session: Session) -> None:
        actions.begin(session, writing.actor, writing.at, assignment_id)

    return written(writing, assignment_id, "begin", body or requests.BeginRequest(), act)


@router.post(
    "/assignments/{assignment_id}/progress",
    responses=WRITE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="note_progress",
)
def note_progress(writing: Writing, assignment_id: AssignmentId, body: requests.ProgressRequest) -> Response:
    """Tells the column's staff how far your department is. Possible until it is answered."""

    def act(session: Session) -> None:
        actions.note_progress(session, writing.actor, writing.at, assignment_id, body.text)

    return written(writing, assignment_id, "progress", body, act)


@router.post(
    "/assignments/{assignment_id}/send-back",
    responses=WRITE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="send_back_assignment",
)
def send_back(writing: Writing, assignment_id: AssignmentId, body: requests.SendBackRequest) -> Response:
    """Says that your department isn't the one (退回), and who is if you know; staff assign the suggestion anew.

    Possible until it is answered for good.
    """

    def act(session: Session) -> None:
        suggested = resolved(session, body.suggested_department)
        actions.send_back(session, writing.actor, writing.at, assignment_id, body.reason, suggested)

    return written(writing, assignment_id, "send-back", body, act)


@router.post(
    "/assignments/{assignment_id}/transfer",
    responses=WRITE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="transfer_assignment",
)
def transfer(writing: Writing, assignment_id: AssignmentId, body: requests.TransferRequest) -> Response:
    """Passes it on to another department (转办), which gets an assignment of its own in the same role.

    Refused where that department had it before, or it was passed on too often: send it back then.
    """

    def act(session: Session) -> None:
        to = resolved(session, body.to_department)
        actions.transfer(session, writing.actor, writing.at, assignment_id, to or body.to_department, body.reason)

    return written(writing, assignment_id, "transfer", body, act)


@router.post(
    "/assignments/{assignment_id}/answer",
    responses=WRITE,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="answer_assignment",
)
def answer(writing: Writing, assignment_id: AssignmentId, body: requests.AnswerRequest) -> Response:
    """Answers the suggestion (答复), or keeps a draft of the answer, which a later one replaces.

    Possible until it is answered for good. The lead department's final answer goes to the drafting department, which
    confirms or returns it; the people who made the suggestion are told of it after the column has released it.
    """

    def act(session: Session) -> None:
        if body.scan is not None:
            _check_scan(session, assignment_id, body.scan)
        _give(session, writing, assignment_id, body, body.scan)

    return written(writing, assignment_id, "answer", body, act)


@router.post(
    "/assignment-answers",
    responses=WRITE,
    response_description="All of them as they are now",
    response_model=AssignmentPage,
    operation_id="answer_assignments",
)
def answer_many(writing: Writing, body: requests.ManyAnswersRequest) -> Response:
    """Gives one answer to several assignments: every one of them gets it or, if one can't, none does."""

    def act(session: Session) -> AssignmentPage:
        department_id = department_of(writing.actor)
        for one in body.assignments:
            _give(session, writing, one, body)
        session.flush()
        return AssignmentPage(
            items=[one_assignment(session, department_id, one) for one in body.assignments], next_cursor=None
        )

    if body.expected_version is not None or writing.if_match is not None:
        raise Unprocessable("version_of_many")
    if len(set(body.assignments)) != len(body.assignments):
        raise Unprocessable("named_twice")
    return written_once(writing, "assignment-answers", body, act)


def _check_scan(session: Session, assignment_id: uuid.UUID, scan_id: uuid.UUID) -> None:
    """A body that names what isn't there is wrong in a field; only an address is `not found`."""
    try:
        files.of_own(session, assignment_id, scan_id)
    except NotFound as error:
        raise Unprocessable("no_such_scan") from error


def _give(
    session: Session,
    writing: Caller,
    assignment_id: uuid.UUID,
    body: requests.AnswerRequest | requests.ManyAnswersRequest,
    scan_id: uuid.UUID | None = None,
) -> None:
    if not body.draft:
        signed = answering.Signed(body.approver, body.dated_on, body.document_number)
        answering.check_signed(session, department_of(writing.actor), signed)
    dispositions.answer(
        session,
        writing.actor,
        writing.at,
        assignment_id,
        body.disposition,
        body.reason,
        body.draft,
        approver=body.approver,
        dated_on=body.dated_on,
        document_number=body.document_number,
        citizen_words=body.citizen_words,
        scan_id=scan_id,
    )


def written(
    writing: Caller, assignment_id: uuid.UUID, verb: str, body: WriteBody, act: Callable[[Session], None]
) -> Response:
    """One write to one assignment, and how it is afterwards. One that isn't of this department is not found first."""

    def acting(session: Session) -> Assignment:
        department_id = department_of(writing.actor)
        before = assignments.one(session, department_id, assignment_id)
        check_version(writing, body, before.assignment.revision)
        act(session)
        session.flush()
        return one_assignment(session, department_id, assignment_id)

    return written_once(writing, f"{assignment_id}/{verb}", body, acting)


def _named(expand: str | None) -> list[str]:
    return expand.split(",") if expand else []


def _consultation_id(session: Session, slug: str | None) -> uuid.UUID | None:
    """Raises Unprocessable for a slug that names none."""
    if slug is None:
        return None
    found = consultations.find(session, slug)
    if found is None:
        raise Unprocessable("no_such_consultation")
    return found.id


def resolved(session: Session, written: str | None) -> str | None:
    """The id of a department given by id or by any name that the directory knows. Raises Unprocessable."""
    if written is None or session.get(Department, written) is not None:
        return written
    found = departments.directory(session).lookup(written).department
    if found is None:
        raise Unprocessable("no_such_department", department=written)
    return found.id
