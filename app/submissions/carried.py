"""Submissions that came from the outer side of two networks: their receipts are opened there. Pure."""

from app.submissions.models import Submission

_MARK = "carried "


def token_of(receipt_number: str) -> str:
    """In the place of the form's own, which stays outside; no form's token has a space in it."""
    return f"{_MARK}{receipt_number}"


def is_carried(submission: Submission) -> bool:
    """Whether nothing but a bundle reaches its sender."""
    return submission.token.startswith(_MARK)
