import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.referrals.lifecycle import HandoverWay, ReferralClass, ReferralState


class ReferralCase(Model):
    """One submission that goes to another body, from the decision to its end.

    `contact` is who sees to it here, by name. `due_at`: handed over by then. `evidence` holds the SHA-256 of the text
    and of each file as they were when it was referred: `{"text": …, "files": [[name, sha256], …]}`.
    """

    __tablename__ = "referral_cases"
    __table_args__ = (
        Index("ix_referral_cases_queue", "state", "due_at", "id"),
        Index("ix_referral_cases_submission", "submission_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"))
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    referral_class: Mapped[ReferralClass] = mapped_column(enum_of(ReferralClass))
    state: Mapped[ReferralState] = mapped_column(enum_of(ReferralState), default=ReferralState.OPEN)
    note: Mapped[str | None] = mapped_column(String(500))
    contact: Mapped[str | None] = mapped_column(String(120))
    due_at: Mapped[datetime] = mapped_column(Instant)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ending: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class Handover(Model):
    """To whom a case went, by which way, under which number of the letter; one case may go to several bodies."""

    __tablename__ = "referral_handovers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral_cases.id"), index=True)
    receiver: Mapped[str] = mapped_column(String(200))
    way: Mapped[HandoverWay] = mapped_column(enum_of(HandoverWay))
    letter_number: Mapped[str | None] = mapped_column(String(80))
    remark: Mapped[str | None] = mapped_column(String(500))
    handed_over_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
