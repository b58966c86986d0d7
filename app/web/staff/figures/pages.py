"""The managers' pages: how long things take, what waits, and each department's part in both."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.departments import queries as departments
from app.figures import queries
from app.figures.buckets import EXACT_UNTIL, FEWEST_TOLD
from app.kit.http import Now, ReadSession
from app.permissions import Actor, Permission
from app.web.staff.access import allowed
from app.web.staff.figures import asked as questions
from app.web.staff.figures import by_department, turnaround, waiting
from app.web.staff.figures.asked import Asked
from app.web.templating import page

PATH = "/staff/figures"
ViewsFigures = Annotated[Actor, allowed(Permission.VIEW_FIGURES)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_figures")
def steps(request: Request, actor: ViewsFigures, session: ReadSession, now: Now) -> Response:
    asked = questions.read(session, request.query_params, now)
    shown = turnaround.view(queries.measured(session, asked.period))
    return page(request, "staff/figures/turnaround.html", _context(session, asked) | {"f": shown})


@router.get(PATH + "/waiting", name="staff_figures_waiting")
def backlog(request: Request, actor: ViewsFigures, session: ReadSession, now: Now) -> Response:
    asked = questions.read(session, request.query_params, now)
    found = queries.backlog(session, asked.period.consultation_id)
    shown = waiting.view(request, found, asked.consultation)
    return page(request, "staff/figures/waiting.html", _context(session, asked) | {"f": shown})


@router.get(PATH + "/departments", name="staff_figures_departments")
def of_departments(request: Request, actor: ViewsFigures, session: ReadSession, now: Now) -> Response:
    asked = questions.read(session, request.query_params, now)
    found, measured = queries.backlog(session, asked.period.consultation_id), queries.measured(session, asked.period)
    shown = by_department.view(request, departments.in_order(session), found, measured, asked.consultation)
    return page(request, "staff/figures/departments.html", _context(session, asked) | {"f": shown})


def _context(session: ReadSession, asked: Asked) -> dict[str, Any]:
    progress = queries.progress(session)
    return {
        "asked": asked,
        "counted_at": progress.counted_at if progress else None,
        "fewest": FEWEST_TOLD,
        "exact_until": EXACT_UNTIL,
    }
