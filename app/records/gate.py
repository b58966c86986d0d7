"""What is missing before a consultation can be concluded: by the counts that the store keeps, never by counting."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation, LateCode
from app.counters import ledger as counters
from app.counters.ledger import Wanted
from app.dispositions import queries as dispositions
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition
from app.kit.paging import Key, Page, page_of
from app.screening.lifecycle import SuggestionStage
from app.screening.models import Suggestion
from app.submissions.lifecycle import SubmissionState


class Missing(StrEnum):
    """What stands in the way, in the order of the work. Every rejected comment has its reason by the way in which it
    was decided; what waits for a second look isn't finally rejected."""

    WINDOW = "window"
    LATE_CODES = "late_codes"
    UNSCREENED = "unscreened"
    QUARANTINED = "quarantined"
    SECOND_LOOK = "second_look"
    TO_GATHER = "to_gather"
    TO_APPROVE = "to_approve"
    TO_ASSIGN = "to_assign"
    SENT_BACK = "sent_back"
    UNANSWERED = "unanswered"
    TO_CONFIRM = "to_confirm"
    TO_RELEASE = "to_release"
    IN_RELEASE = "in_release"


@dataclass(frozen=True)
class Gap:
    """One kind of thing that is missing, and how many of them; of the window 1."""

    kind: Missing
    number: int


def gaps(session: Session, consultation: Consultation, at: datetime) -> list[Gap]:
    """Everything that is missing; empty where the consultation can be concluded. Five queries, however much there is.

    Once the window is over and nobody can send any more, what is missing only becomes less, but for what staff enter.
    """
    by_submission, by_stage = _counted(session, consultation.id), _stages(session, consultation.id)
    by_disposition = dispositions.state_counts(session, consultation.id)
    waits = by_disposition[DispositionState.ANSWERED]
    confirmed, submitted = by_disposition[DispositionState.CONFIRMED], by_disposition[DispositionState.SUBMITTED]
    released = by_disposition[DispositionState.RELEASED]
    numbers = {
        Missing.WINDOW: int(consultations.phase(consultation, at) not in (Phase.CLOSED, Phase.WITHDRAWN)),
        Missing.LATE_CODES: _late_codes(session, consultation.id, at),
        **by_submission,
        Missing.TO_APPROVE: sum(by_stage.get(stage, 0) for stage in BEFORE_APPROVAL),
        Missing.TO_ASSIGN: by_stage.get(SuggestionStage.TO_ASSIGN, 0),
        Missing.SENT_BACK: by_stage.get(SuggestionStage.SENT_BACK, 0),
        Missing.UNANSWERED: by_stage.get(SuggestionStage.HANDED_OVER, 0) - waits - confirmed - submitted - released,
        Missing.TO_CONFIRM: waits,
        Missing.TO_RELEASE: confirmed,
        Missing.IN_RELEASE: submitted,
    }
    return [Gap(kind, numbers[kind]) for kind in Missing if numbers[kind] > 0]


BEFORE_APPROVAL = (SuggestionStage.EDITING, SuggestionStage.RETURNED, SuggestionStage.AWAITING_APPROVAL)


def unanswered(session: Session, consultation_id: uuid.UUID, after: Key | None, limit: int) -> Page[Suggestion]:
    """What departments have and no answer of theirs is on its way, oldest first."""
    on_its_way = select(Disposition.suggestion_id).where(
        Disposition.suggestion_id == Suggestion.id, Disposition.state != DispositionState.RETURNED
    )
    query = select(Suggestion).where(
        Suggestion.consultation_id == consultation_id,
        Suggestion.stage == SuggestionStage.HANDED_OVER,
        ~on_its_way.exists(),
    )
    if after:
        query = query.where(tuple_(Suggestion.created_at, Suggestion.id) > tuple_(after.at, after.id))
    rows = session.scalars(query.order_by(Suggestion.created_at, Suggestion.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.created_at, row.id))


def _counted(session: Session, consultation_id: uuid.UUID) -> Mapping[Missing, int]:
    place = consultation_id.hex
    channel, second_look, to_gather = counters.by_state(
        session,
        [
            Wanted("submissions.channel", scope=place),
            Wanted("submissions.second_look", value=place),
            Wanted("submissions.to_gather", value=place),
        ],
    )
    return {
        Missing.UNSCREENED: channel.get(SubmissionState.RECEIVED, 0),
        Missing.QUARANTINED: channel.get(SubmissionState.QUARANTINED, 0),
        Missing.SECOND_LOOK: sum(second_look.values()),
        Missing.TO_GATHER: sum(to_gather.values()),
    }


def _stages(session: Session, consultation_id: uuid.UUID) -> dict[str, int]:
    (stages,) = counters.by_state(session, [Wanted("suggestions", scope=consultation_id.hex)])
    return stages


def _late_codes(session: Session, consultation_id: uuid.UUID, at: datetime) -> int:
    still_good = (LateCode.used_at.is_(None), LateCode.revoked_at.is_(None), LateCode.valid_until > at)
    found = session.scalars(
        select(LateCode.id).where(LateCode.consultation_id == consultation_id, *still_good).limit(100)
    )
    return len(found.all())
