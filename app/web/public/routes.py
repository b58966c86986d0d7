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
# Routes are tried in their order: in the last hours comments come faster than pages are asked for.
for part in (
    commenting,
    pages,
    opinions,
    feed,
    published_files,
    statistics,
    draft_file,
    changes,
    results,
    report_files,
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
    router.routes.extend(part.router.routes)
