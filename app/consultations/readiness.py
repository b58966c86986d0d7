"""Whether a prepared consultation may be opened as far as its preparation goes."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Preparation
from app.consultations.preparation import PreparationState
from app.kit.errors import Conflict


def refuse_unready(session: Session, consultation_id: uuid.UUID) -> None:
    """Raises Conflict while what it was made from is being corrected. Whoever returns it waits until this one ends."""
    state = session.scalar(
        select(Preparation.state).where(Preparation.consultation_id == consultation_id).with_for_update()
    )
    if state is not None and state is not PreparationState.HANDED_OVER:
        raise Conflict("returned_to_preparer")
