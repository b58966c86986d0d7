"""The message that a sender is owed for the submission itself."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.deliveries import ledger
from app.deliveries.lifecycle import DeliveryChannel

RECEIPT = "receipt"
"""The message with the receipt number; it never holds the access code."""


def owe_receipt(session: Session, at: datetime, submission_id: uuid.UUID, consultation_id: uuid.UUID) -> None:
    """For a sender who gave an e-mail address; kept or lost with the caller's transaction.

    Not for a submission in quarantine: whoever fails at the captcha could have strangers written to. Its sender has the
    receipt's page.
    """
    ledger.promise(
        session,
        at,
        channel=DeliveryChannel.EMAIL,
        recipient=("submission", submission_id),
        template=RECEIPT,
        about=("consultation", consultation_id),
    )
