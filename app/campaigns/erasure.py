"""Letting go of who a campaign's members are, called by whoever has decided that personal data has to go."""

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.campaigns.models import CampaignMember


def mark_sender(session: Session, submission_id: uuid.UUID, mark: bytes) -> None:
    """Puts the mark in the place of the sender's blind index; one that had none gets none."""
    mine = (CampaignMember.submission_id == submission_id, CampaignMember.person_index.is_not(None))
    session.execute(update(CampaignMember).where(*mine).values(person_index=mark))
