"""All routes of the staff's side."""

from fastapi import APIRouter

from app.web.staff import (
    comparison,
    confirming,
    consultation,
    deliveries,
    department_names,
    department_tables,
    departments,
    display,
    files,
    keeping,
    late_codes,
    management,
    opening,
    preparing,
    preparing_choices,
    queue,
    rights,
    rounds,
    search,
    signing_in,
    submission,
    suggestion,
    terms,
    whereabouts,
)

router = APIRouter()
for part in (
    signing_in,
    confirming,
    whereabouts,
    queue,
    search,
    submission,
    display,
    files,
    suggestion,
    preparing,
    preparing_choices,
    departments,
    department_names,
    department_tables,
    management,
    consultation,
    terms,
    opening,
    keeping,
    comparison,
    deliveries,
    late_codes,
    rounds,
    rights,
):
    router.include_router(part.router)
