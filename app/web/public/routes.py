"""All routes of the citizen's side."""

from fastapi import APIRouter

from app.web.public import captcha, commenting, pages, receipts

router = APIRouter()
for part in (pages, commenting, receipts, captcha):
    router.include_router(part.router)
