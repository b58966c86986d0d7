import uuid
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState, ReleaseState
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.submissions.file_kinds import FileKind, ScanState


class Answer(Model):
    """What one department answers to its assignment now; `number` is its version, and earlier ones are kept apart.

    `reason` is official, `citizen_words` say the same to the person who wrote, where they are to be other words.
    `approver`, `dated_on`, `document_number` and the scan (签批件) say who signed the final answer.
    """

    __tablename__ = "answers"

    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    kind: Mapped[DispositionKind] = mapped_column(enum_of(DispositionKind))
    reason: Mapped[str] = mapped_column(Text)
    draft: Mapped[bool]
    answered_by: Mapped[str] = mapped_column(String(80))
    answered_at: Mapped[datetime] = mapped_column(Instant)
    citizen_words: Mapped[str] = mapped_column(Text, default="", server_default="")
    approver: Mapped[str] = mapped_column(String(80), default="", server_default="")
    dated_on: Mapped[date | None]
    document_number: Mapped[str] = mapped_column(String(200), default="", server_default="")
    scan_id: Mapped[uuid.UUID | None]
    number: Mapped[int] = mapped_column(default=1, server_default="1")


class AnswerVersion(Model):
    """An answer as it was given, draft or final: none is ever altered or dropped. `number` counts from 1.

    `confirmed_at` is when the drafting department confirmed a lead's; `return_…` say when, by whom and with which
    remark it returned it.
    """

    __tablename__ = "answer_versions"
    __table_args__ = (
        Index("ix_answer_versions_answered", "answered_at"),
        Index("ix_answer_versions_confirmed", "confirmed_at"),
        Index("ix_answer_versions_returned", "returned_at"),
    )

    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[DispositionKind] = mapped_column(enum_of(DispositionKind))
    reason: Mapped[str] = mapped_column(Text)
    draft: Mapped[bool]
    citizen_words: Mapped[str] = mapped_column(Text, default="", server_default="")
    approver: Mapped[str] = mapped_column(String(80), default="", server_default="")
    dated_on: Mapped[date | None]
    document_number: Mapped[str] = mapped_column(String(200), default="", server_default="")
    scan_id: Mapped[uuid.UUID | None]
    answered_by: Mapped[str] = mapped_column(String(80))
    answered_at: Mapped[datetime] = mapped_column(Instant)
    returned_by: Mapped[str | None] = mapped_column(String(80))
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    return_remark: Mapped[str | None] = mapped_column(String(1000))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class AnswerFile(Model):
    """A file that a department laid with its answer, a signed scan (签批件) above all; internal, never public.

    Its content is kept apart, under its SHA-256.
    """

    __tablename__ = "answer_files"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[FileKind] = mapped_column(enum_of(FileKind))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    scan: Mapped[ScanState] = mapped_column(enum_of(ScanState))
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Instant)


class Disposition(Model):
    """What became of a suggestion: the lead department's final answer, on its way to the person. One for each.

    `decided_at` is when the lead answered. What the public and the senders read is never this row but the
    ReleasedOutcome that `released_number` names. `letter_…` name the paper by which the drafting department confirmed,
    where somebody else recorded that. `release_id` is the release that it lies in, or that it was told by.
    """

    __tablename__ = "dispositions"
    __table_args__ = (
        Index("ix_dispositions_state", "consultation_id", "state", "decided_at", "suggestion_id"),
        Index("ix_dispositions_release", "release_id", "suggestion_id"),
        Index("ix_dispositions_confirmed", "consultation_id", "confirmed_at"),
    )

    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[DispositionKind] = mapped_column(enum_of(DispositionKind))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(Instant)
    consultation_id: Mapped[uuid.UUID | None]
    assignment_id: Mapped[uuid.UUID | None]
    state: Mapped[DispositionState] = mapped_column(
        enum_of(DispositionState), default=DispositionState.ANSWERED, server_default=DispositionState.ANSWERED.value
    )
    citizen_words: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_by: Mapped[str] = mapped_column(String(80), default="", server_default="")
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    letter_number: Mapped[str | None] = mapped_column(String(200))
    letter_dated_on: Mapped[date | None]
    letter_signed_by: Mapped[str | None] = mapped_column(String(80))
    return_remark: Mapped[str | None] = mapped_column(String(1000))
    release_id: Mapped[uuid.UUID | None]
    released_number: Mapped[int | None]
    revision: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class OutcomeRelease(Model):
    """Confirmed dispositions of one consultation that are released together (呈批件), the `number`-th of it.

    `counts` holds DispositionKind → how many lie in it, and under "senders" how many comments led to them. `approver`
    and `document_number` are those of the signed paper.
    """

    __tablename__ = "outcome_releases"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    number: Mapped[int]
    state: Mapped[ReleaseState] = mapped_column(enum_of(ReleaseState), default=ReleaseState.PREPARED)
    title: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(1000))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    prepared_by: Mapped[str] = mapped_column(String(80))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    released_by: Mapped[str | None] = mapped_column(String(80))
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    approver: Mapped[str] = mapped_column(String(80), default="")
    document_number: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawal_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class ReleasedOutcome(Model):
    """What was told about a suggestion, the `number`-th time: none is ever altered or dropped.

    `words` are those that people read: the citizen wording, or the reason where there is none of its own.
    """

    __tablename__ = "released_outcomes"
    __table_args__ = (Index("ix_released_outcomes_release", "release_id", "suggestion_id"),)

    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[DispositionKind] = mapped_column(enum_of(DispositionKind))
    reason: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(Instant)
    released_at: Mapped[datetime] = mapped_column(Instant)
    release_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("outcome_releases.id"))
