"""One opinion, held for whoever records something about it."""

import uuid

from sqlalchemy.orm import Session

from app.kit.errors import Conflict
from app.permissions import Actor, Permission, require
from app.soundings import queries
from app.soundings.models import OrganOpinion, Sounding


def opinion_at(session: Session, actor: Actor, opinion_id: uuid.UUID, revision: int) -> tuple[Sounding, OrganOpinion]:
    """The opinion as the actor saw it, with its letter, until the transaction ends.

    Raises NotFound, Forbidden, Conflict("changed_meanwhile"), Conflict("opinion_withdrawn").
    """
    letter, opinion = queries.held_opinion(session, opinion_id)
    require(actor, Permission.MANAGE_SOUNDINGS, within=letter.consultation_id)
    if opinion.revision != revision:
        raise Conflict("changed_meanwhile")
    if opinion.withdrawn_at is not None:
        raise Conflict("opinion_withdrawn")
    return letter, opinion
