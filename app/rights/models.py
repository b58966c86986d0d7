import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.rights.lifecycle import RequestKind, RequestState


class RightsRequest(Model):
    """What a person asked about their own data. What they wrote and how to reach them is sealed.

    `number` may be said on the telephone. `submission_id` is the submission that it is about; null where somebody
    reports the misuse of their number, because they hold no receipt. `answer` is told to the person. Once it is
    decided, the sealed contact is forgotten.
    """

    __tablename__ = "rights_requests"
    __table_args__ = (
        Index("ix_rights_requests_order", "state", "received_at", "id"),
        Index("ix_rights_requests_submission", "submission_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[RequestKind] = mapped_column(enum_of(RequestKind))
    state: Mapped[RequestState] = mapped_column(enum_of(RequestState))
    submission_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("submissions.id"))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    answer: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class ReportedSubmission(Model):
    """A submission under a number that somebody reported as misused; its display is frozen until that is decided."""

    __tablename__ = "reported_submissions"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rights_requests.id"), primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)


class ErasedIdentity(Model):
    """Whose personal fields were erased on request; that they were is kept, what they were is not."""

    __tablename__ = "erased_identities"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(Instant)
