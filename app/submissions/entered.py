"""What was entered and accepted, as a submission that can be stored."""

import uuid
from collections.abc import Sequence

from app.submissions.entering import EnteredSubmission
from app.submissions.intake import ChosenClause, NewSubmission, Origin


def as_submission(
    consultation: tuple[uuid.UUID, uuid.UUID],
    checked: EnteredSubmission,
    token: str,
    origin: Origin,
    request_id: str | None,
    clauses: Sequence[ChosenClause] = (),
) -> NewSubmission:
    """Not displayed by itself: who wrote a letter has not been told that it would be.

    `consultation` is its id and that of the version under comment.
    """
    return NewSubmission(
        token=token,
        consultation_id=consultation[0],
        version_id=consultation[1],
        channel=checked.channel,
        received_at=checked.received_at,
        title=checked.title,
        comment=checked.comment,
        occupation=checked.occupation,
        clauses=clauses,
        identity=checked.identity,
        submitter_kind=checked.submitter_kind,
        organisation_type=checked.organisation_type,
        display=False,
        keep=(),
        challenge=None,
        request_id=request_id,
        origin=origin,
    )
