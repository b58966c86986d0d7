import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.soundings.lifecycle import Adoption, Disagreement, EarlierKind, OrganState, SoundingState
from app.submissions.file_kinds import LONGEST_NAME, FileKind, ScanState

TITLE_LENGTH = 200
NUMBER_LENGTH = 80
ORGAN_LENGTH = 120
SIGNER_LENGTH = 80


class Sounding(Model):
    """A letter that asks other organs for their opinions on one version of a draft (书面征求意见函).

    `silence_counts`: the letter says that no reply by the due day means no opinions (逾期视为无意见).
    """

    __tablename__ = "soundings"
    __table_args__ = (
        Index("ix_soundings_list", "created_at", "id"),
        Index("ix_soundings_of_consultation", "consultation_id", "created_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    document_number: Mapped[str | None] = mapped_column(String(NUMBER_LENGTH))
    issued_on: Mapped[date | None]
    due_on: Mapped[date]
    silence_counts: Mapped[bool]
    state: Mapped[SoundingState] = mapped_column(enum_of(SoundingState), default=SoundingState.DRAFTED)
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class SoundedOrgan(Model):
    """An organ that a letter asks, and its reply as it stands now. `department_id` is null outside the directory.

    `name` is what the organ was called when it was invited; a directory that changes later doesn't change the letter.
    """

    __tablename__ = "sounded_organs"
    __table_args__ = (UniqueConstraint("sounding_id", "name"), Index("ix_sounded_organs_order", "sounding_id", "place"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    sounding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("soundings.id"))
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    place: Mapped[int]
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[str] = mapped_column(String(ORGAN_LENGTH))
    invited_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[OrganState] = mapped_column(enum_of(OrganState), default=OrganState.WAITING)
    replied_on: Mapped[date | None]
    document_number: Mapped[str | None] = mapped_column(String(NUMBER_LENGTH))
    signer: Mapped[str | None] = mapped_column(String(SIGNER_LENGTH))
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sounding_files.id"))
    entered_by: Mapped[str | None] = mapped_column(String(80))
    entered_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class SoundingFile(Model):
    """The scan of a reply, kept as the files of comments are: examined, looked into by the scanner, under its SHA-256.

    A corrected reply may bring another one; the earlier version still refers to its own.
    """

    __tablename__ = "sounding_files"
    __table_args__ = (Index("ix_sounding_files_content", "sha256"), Index("ix_sounding_files_scan", "scan", "id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[FileKind] = mapped_column(enum_of(FileKind))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    scan: Mapped[ScanState] = mapped_column(enum_of(ScanState))
    scanned_at: Mapped[datetime | None] = mapped_column(Instant)
    finding: Mapped[str | None] = mapped_column(String(200))


class OrganOpinion(Model):
    """One opinion of an organ (一条意见), and what the drafting department made of it.

    `words` are the organ's own, `proposed` the wording that it wants. Null `clause_id`: about the draft as a whole.
    A correction of the words takes the handling off: it was about other words.
    """

    __tablename__ = "organ_opinions"
    __table_args__ = (
        UniqueConstraint("organ_id", "place"),
        Index("ix_organ_opinions_of_letter", "sounding_id", "organ_id", "place"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organ_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sounded_organs.id"))
    sounding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("soundings.id"))
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    place: Mapped[int]
    clause_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clauses.id"))
    words: Mapped[str] = mapped_column(Text)
    proposed: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    adoption: Mapped[Adoption | None] = mapped_column(enum_of(Adoption))
    reason: Mapped[str | None] = mapped_column(Text)
    handled_by: Mapped[str | None] = mapped_column(String(80))
    handled_at: Mapped[datetime | None] = mapped_column(Instant)
    disagreement: Mapped[Disagreement] = mapped_column(enum_of(Disagreement), default=Disagreement.NONE)
    coordination: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class SoundingReminder(Model):
    """That an organ was reminded in writing (催复函)."""

    __tablename__ = "sounding_reminders"
    __table_args__ = (Index("ix_sounding_reminders_of_organ", "organ_id", "sent_on"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organ_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sounded_organs.id"))
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    sent_on: Mapped[date]
    document_number: Mapped[str | None] = mapped_column(String(NUMBER_LENGTH))
    remark: Mapped[str | None] = mapped_column(String(500))
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class SoundingEarlier(Model):
    """What a letter, a reply or an opinion said before it was changed: `content` by the names of its columns.

    Never altered. `number` is the revision that it was, `reason` why it was changed.
    """

    __tablename__ = "sounding_earlier"
    __table_args__ = (UniqueConstraint("record_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    kind: Mapped[EarlierKind] = mapped_column(enum_of(EarlierKind))
    record_id: Mapped[uuid.UUID]
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    replaced_by: Mapped[str] = mapped_column(String(80))
    replaced_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(500))
