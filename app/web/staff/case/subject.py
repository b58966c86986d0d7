"""What every part of the page of one submission is told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.permissions import Actor
from app.submissions.models import Submission
from app.web.services import Services


@dataclass(frozen=True)
class Case:
    """One submission before one reader at one instant."""

    session: Session
    services: Services
    actor: Actor
    now: datetime
    submission: Submission
    consultation: Consultation
