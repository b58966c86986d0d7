"""All routes of departments' offices. They stand on the staff's side: the same sign-in, the same sessions."""

from fastapi import APIRouter

from app.web.department import (
    amendments,
    answering,
    case,
    case_files,
    confirming,
    inbox,
    own_templates,
    together,
    together_scan,
    workbooks,
)

router = APIRouter()
for part in (
    inbox,
    case,
    case_files,
    answering,
    together,
    together_scan,
    workbooks,
    own_templates,
    confirming,
    amendments,
):
    router.routes.extend(part.router.routes)
