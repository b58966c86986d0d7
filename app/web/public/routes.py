"""All routes of the citizen's side."""

from fastapi import APIRouter

from app.web.public import captcha, changes, commenting, draft_file, pages, privacy, receipts

router = APIRouter()
for part in (pages, draft_file, changes, commenting, receipts, captcha, privacy):
    router.include_router(part.router)
