"""All routes of the citizen's side."""

from fastapi import APIRouter

from app.web.public import (
    answering,
    captcha,
    changes,
    commenting,
    draft_file,
    feed,
    misuse,
    opinions,
    pages,
    privacy,
    published_files,
    receipts,
    released_files,
    report_files,
    results,
    rights,
    sign_in,
    statistics,
    verifying,
)

router = APIRouter()
for part in (
    pages,
    opinions,
    feed,
    published_files,
    statistics,
    draft_file,
    changes,
    results,
    report_files,
    commenting,
    receipts,
    rights,
    answering,
    misuse,
    captcha,
    privacy,
    released_files,
    sign_in,
    verifying,
):
    router.include_router(part.router)
