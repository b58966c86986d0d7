import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model
from app.kit.identifiers import new_id


class Job(Model):
    """A promise to run the function that the worker knows by `name`.

    A worker that takes a job holds a lease on it; when the worker dies, the lease ends and another takes the job.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "dead_at", "due_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due_at: Mapped[datetime] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    dead_at: Mapped[datetime | None] = mapped_column(Instant)
