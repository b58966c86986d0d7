import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.consultations.effects import NoteKind
from app.consultations.lifecycle import ConsultationState, DisplayRegime, Kind, LegalNature
from app.consultations.preparation import PreparationState, TextPart
from app.consultations.terms import SECOND_LOOK_PERCENT
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.permissions import ActorKind


class Consultation(Model):
    """A call for comments (意见征集) with a window: `opens_at` ≤ t < `closes_at`.

    The drafting department (起草单位) owns general opinions. `deadline_as_printed` is what the notice says, even where
    it is damaged; `closes_at` is the instant that counts.

    `prepared_by` and `opened_by` are two people's ids, unless the command line did it. `short_window_reason` is public:
    why the window is shorter than the law asks where it allows that. Where it doesn't, `override_by` took it upon
    themselves for `override_reason`.
    """

    __tablename__ = "consultations"
    __table_args__ = (Index("ix_consultations_window", "state", "closes_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[Kind] = mapped_column(enum_of(Kind))
    display_regime: Mapped[DisplayRegime] = mapped_column(enum_of(DisplayRegime))
    legal_nature: Mapped[LegalNature] = mapped_column(enum_of(LegalNature))
    drafting_department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"))
    issuing_body: Mapped[str] = mapped_column(String(120))
    published_on: Mapped[date | None]
    notice_title: Mapped[str] = mapped_column(String(300))
    notice: Mapped[str] = mapped_column(Text)
    explanation_title: Mapped[str] = mapped_column(String(300))
    explanation: Mapped[str] = mapped_column(Text)
    contact_phone: Mapped[str | None] = mapped_column(String(60))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    deadline_as_printed: Mapped[str | None] = mapped_column(String(120))
    opens_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[ConsultationState] = mapped_column(enum_of(ConsultationState))
    created_at: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column()
    prepared_by: Mapped[str | None] = mapped_column(String(80))
    opened_by: Mapped[str | None] = mapped_column(String(80))
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    short_window_reason: Mapped[str | None] = mapped_column(String(500))
    override_reason: Mapped[str | None] = mapped_column(String(500))
    override_by: Mapped[str | None] = mapped_column(String(80))
    concluded_at: Mapped[datetime | None] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class ConsultationNote(Model):
    """What happened to a consultation after its opening, as the public is told: `text` is public, who acted is not.

    `closes_before` and `closes_after` are equal where the window did not change; `opens_…` and `version_…` are set only
    where the opening or the text did.
    """

    __tablename__ = "consultation_notes"
    __table_args__ = (Index("ix_consultation_notes_order", "consultation_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    kind: Mapped[NoteKind] = mapped_column(enum_of(NoteKind))
    at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_of(ActorKind))
    actor_id: Mapped[str] = mapped_column(String(80))
    opens_before: Mapped[datetime | None] = mapped_column(Instant)
    opens_after: Mapped[datetime | None] = mapped_column(Instant)
    closes_before: Mapped[datetime] = mapped_column(Instant)
    closes_after: Mapped[datetime] = mapped_column(Instant)
    version_before: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document_versions.id"))
    version_after: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document_versions.id"))


class ConsultationTerms(Model):
    """What one consultation decides about its form and its display; without a row the column's defaults hold."""

    __tablename__ = "consultation_terms"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    asks_id_number: Mapped[bool]
    asks_email: Mapped[bool]
    takes_organisations: Mapped[bool]
    takes_sign_in: Mapped[bool]
    takes_files: Mapped[bool]
    checks_answers: Mapped[bool]
    shows_names: Mapped[bool]
    reviews_first: Mapped[bool]
    totals_while_open: Mapped[bool]
    feed_while_open: Mapped[bool]
    downloads_while_open: Mapped[bool]
    statistics_while_open: Mapped[bool]
    keeps_days: Mapped[int]
    second_look_percent: Mapped[int] = mapped_column(
        default=SECOND_LOOK_PERCENT, server_default=str(SECOND_LOOK_PERCENT)
    )
    replies_together: Mapped[bool] = mapped_column(default=False, server_default=false())
    texts_outcomes: Mapped[bool] = mapped_column(default=False, server_default=false())


class ColumnRule(Model):
    """One section of the column's rules (友情提示); of one consultation, or of the whole column where that is null."""

    __tablename__ = "column_rules"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    ordinal: Mapped[int]
    heading: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)


class LateCode(Model):
    """Lets one person send one comment after the window has ended. Of the code only a keyed hash is kept.

    `reason` tells for what it was issued, without personal data.
    """

    __tablename__ = "late_codes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    reason: Mapped[str] = mapped_column(String(500))
    issued_by: Mapped[str] = mapped_column(String(80))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    valid_until: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class ConsultationRound(Model):
    """A further round on the same draft; a consultation without one of these is the first. At most one follows each."""

    __tablename__ = "consultation_rounds"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    previous_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), unique=True)
    number: Mapped[int]


class Preparation(Model):
    """What was read from uploaded files, what people corrected and chose, until a second person opens it.

    `found` is the extraction as it was read and is never changed; `corrections` are laid over it. The consultation is
    made when it is handed over.
    """

    __tablename__ = "preparations"
    __table_args__ = (Index("ix_preparations_state", "state", "changed_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[PreparationState] = mapped_column(enum_of(PreparationState))
    title: Mapped[str] = mapped_column(String(300))
    prepared_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    found: Mapped[dict[str, Any]] = mapped_column(JSON)
    corrections: Mapped[dict[str, Any]] = mapped_column(JSON)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    handed_over_by: Mapped[str | None] = mapped_column(String(80))
    handed_over_at: Mapped[datetime | None] = mapped_column(Instant)
    remark: Mapped[str | None] = mapped_column(String(500))
    consultation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consultations.id"), unique=True)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class PreparationText(Model):
    """The text of one uploaded file, as it was read; the file itself is not kept."""

    __tablename__ = "preparation_texts"

    preparation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("preparations.id"), primary_key=True)
    part: Mapped[TextPart] = mapped_column(enum_of(TextPart), primary_key=True)
    source_name: Mapped[str] = mapped_column(String(200))
    source_hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class WatchedWord(Model):
    """A word that staff want to be told of before a text is public; `remark` is shown with the warning."""

    __tablename__ = "watched_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    remark: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(Instant)
