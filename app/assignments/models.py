import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id


class Assignment(Model):
    """One suggestion in the hands of one department. `why` is the reason that was shown when it was proposed."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_inbox", "department_id", "state", "assigned_at", "id"),
        Index("ix_assignments_all", "department_id", "assigned_at", "id"),
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

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012
