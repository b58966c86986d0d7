"""One message for one person: which submissions one letter answers, found where addresses are opened for sending."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.deliveries.channels import NotDelivered
from app.deliveries.lifecycle import DeliveryChannel
from app.deliveries.models import Delivery
from app.kit.crypto import Unreadable
from app.publication import queries as publication
from app.submissions import queries as submissions
from app.submissions.models import Submission, SubmitterIdentity
from app.submissions.vault import Vault
from app.worker.letters import ToldOf

TOGETHER = frozenset({"outcome"})
"""Templates of which several to one person are one message."""


class ToldElsewhere(NotDelivered):
    """Another message to the same address says it."""

    def __init__(self) -> None:
        super().__init__("told together")


def told_together(session: Session, vault: Vault, held: Delivery, submission: Submission) -> Sequence[ToldOf]:
    """What the message on this submission tells: all that the same person sent, is answered and has the same address.

    The same person by the blind index of the number that was entered, which nobody has verified: only where the address
    is the same, too, is one told of the other. Raises ToldElsewhere for all of them but the first.
    """
    told = publication.outcome_of(session, submission)
    if not told.is_answered:
        return [(submission, told)]
    own = _address(session, vault, held, submission)
    theirs = [
        (each, outcome)
        for each, outcome in publication.of_person(session, submission)
        if each.id == submission.id or (outcome.is_answered and _address(session, vault, held, each) == own)
    ]
    if theirs[0][0].id != submission.id:
        raise ToldElsewhere
    return theirs


def address_of(vault: Vault, sealed: SubmitterIdentity, channel: DeliveryChannel) -> str | None:
    """Where the channel writes to. Raises Unreadable."""
    return vault.open_phone(sealed) if channel is DeliveryChannel.SMS else vault.open_email(sealed)


def _address(session: Session, vault: Vault, held: Delivery, submission: Submission) -> str | None:
    sealed = submissions.sealed_identity(session, submission.id)
    try:
        return address_of(vault, sealed, held.channel) if sealed is not None else None
    except Unreadable:
        return None
