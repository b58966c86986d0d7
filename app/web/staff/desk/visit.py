"""Who looks at the desk, by what means, and when."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session

from app.permissions import Actor
from app.web.services import Services


@dataclass(frozen=True)
class Visit:
    """One request for a page of the desk."""

    request: Request
    session: Session
    services: Services
    actor: Actor
    now: datetime
