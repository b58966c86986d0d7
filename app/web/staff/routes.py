"""All routes of the staff's side."""

from fastapi import APIRouter

from app.web.staff import (
    comparison,
    consultation,
    deliveries,
    department_names,
    department_tables,
    departments,
    keeping,
    late_codes,
    management,
    opening,
    preparing,
    preparing_choices,
    queue,
    rounds,
    signing_in,
    submission,
    suggestion,
    whereabouts,
)

router = APIRouter()
for part in (
    signing_in,
    whereabouts,
    queue,
    submission,
    suggestion,
    preparing,
    preparing_choices,
    departments,
    department_names,
    department_tables,
    management,
    consultation,
    opening,
    keeping,
    comparison,
    deliveries,
    late_codes,
    rounds,
):
    router.include_router(part.router)
