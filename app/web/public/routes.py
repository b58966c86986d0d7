"""All routes of the citizen's side."""

from fastapi import APIRouter

from app.web.public import (
    captcha,
    changes,
    commenting,
    draft_file,
    misuse,
    opinions,
    pages,
    privacy,
    receipts,
    released_files,
    rights,
)

router = APIRouter()
for part in (
    pages,
    opinions,
    draft_file,
    changes,
    commenting,
    receipts,
    rights,
    misuse,
    captcha,
    privacy,
    released_files,
):
    router.include_router(part.router)
