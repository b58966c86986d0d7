import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.submissions.lifecycle import Channel, SubmissionState


class Submission(Model):
    """What one person sent at one time (意见, counted in 份).

    Everything but `state` and `revision` stays as it arrived. `token` is the form's own, unique: the same form can't be
    stored twice; `fingerprint` tells whether it was sent again with other content. The access code is kept only as a
    keyed hash.
    """

    __tablename__ = "submissions"
    __table_args__ = (Index("ix_submissions_queue", "consultation_id", "state", "received_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"))
    channel: Mapped[Channel] = mapped_column(enum_of(Channel))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    receipt_number: Mapped[str] = mapped_column(String(20), unique=True)
    access_code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    received_at: Mapped[datetime] = mapped_column(Instant)
    title: Mapped[str] = mapped_column(String(200))
    comment: Mapped[str] = mapped_column(Text)
    occupation: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[SubmissionState] = mapped_column(enum_of(SubmissionState), default=SubmissionState.RECEIVED)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class SubmitterIdentity(Model):
    """Who wrote, sealed field by field. `person_index` is the blind index of the ID number within one consultation."""

    __tablename__ = "submitter_identities"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    person_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    id_number: Mapped[bytes] = mapped_column(LargeBinary)
    phone: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_submitter_identities_person", "consultation_id", "person_index"),)


class LateSubmission(Model):
    """A submission that came after the window had ended, and the code that let it in (逾期凭码提交)."""

    __tablename__ = "late_submissions"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    late_code_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("late_codes.id"), unique=True)


class SubmissionClause(Model):
    """A clause that the sender chose, bound to the text that it had then."""

    __tablename__ = "submission_clauses"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    clause_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clauses.id"), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64))


class DisplayedComment(Model):
    """The public, masked form of a submission under instant display (即时展示), until it is taken down."""

    __tablename__ = "displayed_comments"
    __table_args__ = (Index("ix_displayed_comments_list", "consultation_id", "displayed_at", "submission_id"),)

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    displayed_at: Mapped[datetime] = mapped_column(Instant)
    masked_name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    taken_down_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_down_reason: Mapped[str | None] = mapped_column(String(500))
