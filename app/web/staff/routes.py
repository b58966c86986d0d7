"""All routes of the staff's side."""

from fastapi import APIRouter

from app.web.staff import management, queue, signing_in, submission, suggestion

router = APIRouter()
for part in (signing_in, queue, submission, suggestion, management):
    router.include_router(part.router)
