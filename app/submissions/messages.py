"""The message that a sender is owed for the submission itself."""

import uuid
from datetime import datetime

from app.deliveries import ledger
from app.deliveries.lifecycle import DeliveryChannel
from app.deliveries.models import Delivery

RECEIPT = "receipt"
"""The message with the receipt number; it never holds the access code."""


def receipt_message(at: datetime, submission_id: uuid.UUID, consultation_id: uuid.UUID) -> Delivery:
    """For a sender who gave an e-mail address; stored with the submission.

    Not for a submission in quarantine: whoever fails at the captcha could have strangers written to. Its sender has the
    receipt's page.
    """
    return ledger.owed(
        at,
        channel=DeliveryChannel.EMAIL,
        recipient=("submission", submission_id),
        template=RECEIPT,
        about=("consultation", consultation_id),
    )
