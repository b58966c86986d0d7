"""Erasing again what a restored backup brought back."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.permissions import Actor, Permission, require
from app.rights import effects, queries
from app.submissions.models import Submission
from app.submissions.vault import Vault


def erase_again(session: Session, actor: Actor, at: datetime, vault: Vault, ids: Iterable[uuid.UUID]) -> int:
    """Erases the personal data of those submissions that the store has and that aren't erased in it; how many.

    Who calls it knows that the erasure was decided before; nothing is decided here.
    """
    require(actor, Permission.ANSWER_RIGHTS_REQUESTS)
    number = 0
    for id in ids:
        submission = session.get(Submission, id)
        if submission is not None and not queries.is_erased(session, id):
            effects.erase(session, at, vault, submission)
            number += 1
    audit.record(session, actor, at, "rights.erased_again", ("store", "restored"), number=number)
    return number
