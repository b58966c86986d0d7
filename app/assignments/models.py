import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.assignments.ladder import Step, Tone
from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id

SECONDS = BigInteger().with_variant(Integer, "sqlite")


class Assignment(Model):
    """One suggestion in the hands of one department. `why` is the reason that was shown when it was proposed.

    `due_at` is the end of the last day: 24:00 in China, so that it is late from that instant on. `runs_out_at` is the
    same while its time runs, and None while the clock is stopped or nothing is awaited; `next_reminder_at` goes with
    it. `escalation` is the highest level of its reminders. `returned_at` and `return_remark` are the last return's.
    `recall_reason` is None in one that ended by itself, when the lead's answer was confirmed. `transferred_to` is a
    department, `came_from_id` the assignment that was passed on to become this one.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_inbox", "department_id", "state", "assigned_at", "id"),
        Index("ix_assignments_all", "department_id", "assigned_at", "id"),
        Index("ix_assignments_running", "runs_out_at", "id"),
        Index("ix_assignments_department_running", "department_id", "runs_out_at", "id"),
        Index("ix_assignments_consultation_running", "consultation_id", "runs_out_at", "id"),
        Index("ix_assignments_changed", "department_id", "changed_at", "id"),
        Index("ix_assignments_reminding", "next_reminder_at"),
        Index("ix_assignments_question", "question_id"),
        Index("ix_assignments_assigned", "assigned_at"),
        Index("ix_assignments_acknowledged", "acknowledged_at"),
        Index("ix_assignments_closed", "closed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    role: Mapped[AssignmentRole] = mapped_column(enum_of(AssignmentRole))
    state: Mapped[AssignmentState] = mapped_column(enum_of(AssignmentState), default=AssignmentState.DELIVERED)
    why: Mapped[str] = mapped_column(String(300))
    assigned_by: Mapped[str] = mapped_column(String(80))
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    send_back_reason: Mapped[str | None] = mapped_column(String(1000))
    suggested_department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    revision: Mapped[int] = mapped_column()
    consultation_id: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    due_reason: Mapped[str | None] = mapped_column(String(500))
    runs_out_at: Mapped[datetime | None] = mapped_column(Instant)
    next_reminder_at: Mapped[datetime | None] = mapped_column(Instant)
    escalation: Mapped[int] = mapped_column(default=0, server_default="0")
    clock_stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    seconds_stopped: Mapped[int] = mapped_column(SECONDS, default=0, server_default="0")
    question_id: Mapped[uuid.UUID | None]
    in_progress_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    return_remark: Mapped[str | None] = mapped_column(String(1000))
    recalled_at: Mapped[datetime | None] = mapped_column(Instant)
    recall_reason: Mapped[str | None] = mapped_column(String(1000))
    transferred_to: Mapped[str | None] = mapped_column(String(64))
    transfer_reason: Mapped[str | None] = mapped_column(String(1000))
    came_from_id: Mapped[uuid.UUID | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class AssignmentReminder(Model):
    """A reminder that a department was sent, by the ladder or by a person (`sent_by`), for the deadline `due_at`.

    `once` is unique: a step of the ladder is taken once for one deadline.
    """

    __tablename__ = "assignment_reminders"
    __table_args__ = (
        Index("ix_assignment_reminders_order", "assignment_id", "sent_at"),
        Index("ix_assignment_reminders_sent", "sent_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"))
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    step: Mapped[Step] = mapped_column(enum_of(Step))
    tone: Mapped[Tone] = mapped_column(enum_of(Tone))
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    sent_by: Mapped[str | None] = mapped_column(String(80))
    words: Mapped[str | None] = mapped_column(String(500))


class ProgressNote(Model):
    """What a department says of how far it is; internal, never told to the sender."""

    __tablename__ = "progress_notes"
    __table_args__ = (Index("ix_progress_notes_order", "assignment_id", "written_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"))
    text: Mapped[str] = mapped_column(String(1000))
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)


class AssignmentQuestion(Model):
    """That a question to a sender was asked about an assignment."""

    __tablename__ = "assignment_questions"

    clarification_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clarifications.id"), primary_key=True)
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"), index=True)


class AssignmentTerms(Model):
    """How many working days departments have in one consultation; without a row the column's defaults hold."""

    __tablename__ = "assignment_terms"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    lead_days: Mapped[int]
    cooperating_days: Mapped[int]
    set_by: Mapped[str] = mapped_column(String(80))
    set_at: Mapped[datetime] = mapped_column(Instant)
