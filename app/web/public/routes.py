"""All routes of the citizen's side."""

from fastapi import APIRouter

from app.web.public import captcha, changes, commenting, pages, receipts

router = APIRouter()
for part in (pages, changes, commenting, receipts, captcha):
    router.include_router(part.router)
