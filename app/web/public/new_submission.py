"""A right form as the submission that the intake takes."""

from datetime import datetime

from app.consultations.lifecycle import DisplayRegime, Phase
from app.submissions.composing import Composed
from app.submissions.intake import ChosenClause, NewSubmission
from app.submissions.lifecycle import Channel, HoldReason
from app.web.public.attempt import Attempt
from app.web.public.form_pages import Call
from app.web.public.views import ClauseView


def submission_of(call: Call, attempt: Attempt, at: datetime, request_id: str | None) -> NewSubmission:
    """Raises AssertionError for a form that isn't right."""
    entry, composed = attempt.entry, attempt.composed
    assert entry is not None
    assert composed is not None
    row = call.row
    by_code = attempt.late if call.phase is Phase.CLOSED and not attempt.in_time else None
    return NewSubmission(
        token=attempt.token,
        consultation_id=row.id,
        version_id=call.version_id,
        channel=Channel.WEB,
        received_at=at,
        title=entry.title,
        comment=composed.comment,
        occupation=entry.occupation,
        clauses=[_chosen(block.clause, composed) for block in attempt.blocks],
        identity=entry.identity,
        submitter_kind=entry.submitter_kind,
        organisation_type=entry.organisation_type,
        display=row.display_regime is DisplayRegime.INSTANT,
        keep=[contact for contact in (row.contact_phone, row.contact_email) if contact],
        challenge=attempt.challenge,
        request_id=request_id,
        late=attempt.in_time or by_code is not None,
        late_code_id=by_code.code_id if by_code else None,
        quarantine=attempt.quarantine,
        files=attempt.files,
        hold_for=frozenset({HoldReason.UNDER_14} if entry.identity.guardian else ()),
    )


def _chosen(clause: ClauseView, composed: Composed) -> ChosenClause:
    places = next((places for places in composed.places if places.clause_id == clause.id), None)
    return ChosenClause(clause.id, clause.text_hash, places)
