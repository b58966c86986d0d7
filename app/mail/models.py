import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.mail.lifecycle import MailReason, MailSource, MailState


class MailImport(Model):
    """Mails of a file that somebody looks through before they are taken in; sealed, and forgotten when they are."""

    __tablename__ = "mail_imports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    blob_key: Mapped[str | None] = mapped_column(String(64), index=True)
    mails: Mapped[int] = mapped_column()
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Mail(Model):
    """A mail as it arrived (来信邮件), and what became of it.

    `content_hash` and `message_hash` are keyed hashes, each unique: the same mail is kept once, whichever way it comes.
    `message_hash` is empty where there is no Message-ID, or one that another mail has. `summary` is sealed and says
    what staff need for sorting it; `blob_key` names the sealed whole. Both are gone once the sender's data was erased.
    `received_at` is when the mail server had it, empty where nothing tells. `consultation_id` is the one that its
    subject names, or that a person chose.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_state", "state", "kept_at", "id"),
        Index("ix_mails_import", "import_id", "place"),
        Index("ix_mails_submission", "submission_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    source: Mapped[MailSource] = mapped_column(enum_of(MailSource))
    state: Mapped[MailState] = mapped_column(enum_of(MailState))
    reason: Mapped[MailReason | None] = mapped_column(enum_of(MailReason))
    kept_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    size: Mapped[int] = mapped_column()
    content_hash: Mapped[str] = mapped_column(String(64), unique=True)
    message_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    blob_key: Mapped[str | None] = mapped_column(String(64), index=True)
    summary: Mapped[bytes] = mapped_column(LargeBinary)
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mail_imports.id"))
    place: Mapped[int] = mapped_column()
    consultation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consultations.id"))
    submission_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("submissions.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012
