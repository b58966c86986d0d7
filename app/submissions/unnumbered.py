"""Who can't be told apart: senders of whom neither an ID number nor an organisation's code is known."""

from sqlalchemy import ColumnElement, String, cast, exists

from app.submissions.models import SubmissionOrigin, SubmitterIdentity

LACKS_CODE = '%"credit_code"%'
"""Within the list of what an entry came without, as JSON."""


def has_code() -> ColumnElement[bool]:
    """Whether an organisation's code is known; a condition on SubmitterIdentity.

    A code that staff didn't know is sealed as an empty one, which only the vault can tell from a real one. The entry's
    own list of what is missing says it.
    """
    lacking = exists().where(
        SubmissionOrigin.submission_id == SubmitterIdentity.submission_id,
        cast(SubmissionOrigin.missing, String).like(LACKS_CODE),
    )
    return SubmitterIdentity.credit_code.is_not(None) & ~lacking


def is_unnumbered() -> ColumnElement[bool]:
    """Whether neither is known; a condition on SubmitterIdentity."""
    return SubmitterIdentity.id_number.is_(None) & ~has_code()
