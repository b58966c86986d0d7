"""All routes of the staff's side."""

from fastapi import APIRouter

from app.web.staff import deliveries, management, queue, signing_in, submission, suggestion

router = APIRouter()
for part in (signing_in, queue, submission, suggestion, management, deliveries):
    router.include_router(part.router)
