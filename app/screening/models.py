import uuid
from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.matching.kinds import Kind
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.referrals.lifecycle import ReferralClass
from app.screening.lifecycle import (
    Pointer,
    RemarkKind,
    SuggestionChange,
    SuggestionStage,
    SuggestionState,
    ThemeGroupState,
    UnsuitableClass,
)
from app.screening.second_look import SecondLookState
from app.submissions.lifecycle import ScreeningEvent


class ScreeningDecision(Model):
    """What a screener decided on a submission, and why; at most one of a submission stands.

    `told_at` is since when its sender may have been told, `gathered_at` when all that was accepted stood in suggestions
    or was settled for the first time. One that was undone stays: `undone_…` say when and by whom,
    `undone_for` why, where a reason was due.
    """

    __tablename__ = "screening_decisions"
    __table_args__ = (
        Index("ix_screening_decisions_day", "decided_at", "decided_by"),
        Index("ix_screening_decisions_gathered", "gathered_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), index=True)
    decision: Mapped[ScreeningEvent] = mapped_column(enum_of(ScreeningEvent))
    unsuitable_class: Mapped[UnsuitableClass | None] = mapped_column(enum_of(UnsuitableClass))
    reason: Mapped[str | None] = mapped_column(String(500))
    duplicate_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("submissions.id"))
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    pointer: Mapped[Pointer | None] = mapped_column(enum_of(Pointer))
    referral_class: Mapped[ReferralClass | None] = mapped_column(enum_of(ReferralClass))
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[str | None] = mapped_column(String(80))
    undone_for: Mapped[str | None] = mapped_column(String(500))
    gathered_at: Mapped[datetime | None] = mapped_column(Instant)


class ReasonTemplate(Model):
    """One version of a prepared reason (回复用语); the newest of a `template_id` holds, unless it is retired.

    It is for one kind of decision, in the whole column or in one consultation. Versions never change.
    """

    __tablename__ = "reason_templates"
    __table_args__ = (Index("ix_reason_templates_choice", "decision", "consultation_id"),)

    template_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(primary_key=True)
    decision: Mapped[ScreeningEvent] = mapped_column(enum_of(ScreeningEvent))
    consultation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consultations.id"))
    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(500))
    pointer: Mapped[Pointer | None] = mapped_column(enum_of(Pointer))
    retired: Mapped[bool] = mapped_column()
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)


class Passage(Model):
    """A piece of one submission's comment: code points `start` ≤ i < `end`."""

    __tablename__ = "passages"
    __table_args__ = (CheckConstraint("0 <= start_at AND start_at < end_at", name="order"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), index=True)
    start: Mapped[int] = mapped_column("start_at")
    end: Mapped[int] = mapped_column("end_at")


class Suggestion(Model):
    """One point that one or many people made (意见要点, counted in 条), in edited words.

    `distinct_persons` counts the senders of its passages by the blind index, `persons_without_number` those among them
    who gave neither ID number nor organisation's code. `theme` is the readable name of `theme_id`.
    `handed_over_at` is set when it is assigned; from then on it can't be edited. One that was merged into another
    (`merged_into_id`) has no passages any more and is kept so that its history and its address stay.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        Index("ix_suggestions_queue", "consultation_id", "state", "created_at", "id"),
        Index("ix_suggestions_theme", "theme_id", "state", "created_at", "id"),
        Index("ix_suggestions_stage", "consultation_id", "stage", "created_at", "id"),
        Index("ix_suggestions_due", "stage", "created_at", "id"),
        Index("ix_suggestions_approved", "approved_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    clause_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clauses.id"))
    theme: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    distinct_persons: Mapped[int] = mapped_column(default=0)
    state: Mapped[SuggestionState] = mapped_column(enum_of(SuggestionState), default=SuggestionState.EDITING)
    edited_by: Mapped[str] = mapped_column(String(80))
    approved_by: Mapped[str | None] = mapped_column(String(80))
    return_remark: Mapped[str | None] = mapped_column(String(500))
    handed_over_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column()
    persons_without_number: Mapped[int] = mapped_column(default=0, server_default="0")
    theme_id: Mapped[uuid.UUID | None]
    merged_into_id: Mapped[uuid.UUID | None]
    stage: Mapped[SuggestionStage | None] = mapped_column(
        enum_of(SuggestionStage), deferred=True, deferred_raiseload=True
    )
    """Written by the store itself, for lists to be found by; never read from a record that somebody holds."""
    approved_at: Mapped[datetime | None] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class SuggestionVersion(Model):
    """The words of a suggestion as they stood after one change: no version is ever altered or dropped.

    `number` counts from 1; the last one is what the suggestion says now.
    """

    __tablename__ = "suggestion_versions"

    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change: Mapped[SuggestionChange] = mapped_column(enum_of(SuggestionChange))
    text: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(String(100))
    clause_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clauses.id"))
    edited_by: Mapped[str] = mapped_column(String(80))
    edited_at: Mapped[datetime] = mapped_column(Instant)


class SuggestionRemark(Model):
    """What the second person remarked on returning a suggestion, and what the editor answered; round after round."""

    __tablename__ = "suggestion_remarks"
    __table_args__ = (Index("ix_suggestion_remarks_thread", "suggestion_id", "written_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"))
    kind: Mapped[RemarkKind] = mapped_column(enum_of(RemarkKind))
    words: Mapped[str] = mapped_column(String(500))
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)


class SuggestionEditor(Model):
    """Who had a hand in a suggestion's words or sources."""

    __tablename__ = "suggestion_editors"

    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(80), primary_key=True)


class SuggestionPassage(Model):
    """Which passages a suggestion gathers; many to many."""

    __tablename__ = "suggestion_passages"

    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), primary_key=True)
    passage_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("passages.id"), primary_key=True, index=True)


class SubmissionMatch(Model):
    """What kind of comment the machine takes a submission for, once it has looked; a person decides."""

    __tablename__ = "submission_matches"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(enum_of(Kind))
    matched_at: Mapped[datetime] = mapped_column(Instant)


class ClauseProposal(Model):
    """A clause that a submission may be about, `rank` 1 the best. `score` and `why`: app/documents/matching."""

    __tablename__ = "clause_proposals"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clauses.id"))
    score: Mapped[float] = mapped_column(Float)
    why: Mapped[str] = mapped_column(String(300))


class SecondLook(Model):
    """A rejection that another reviewer looks at again without knowing it, and what came of that.

    `decision`, `unsuitable_class` and `reason` are the second reviewer's own; the first ones stand in the decision.
    """

    __tablename__ = "second_looks"
    __table_args__ = (
        Index("ix_second_looks_queue", "state", "consultation_id", "drawn_at", "decision_id"),
        Index("ix_second_looks_submission", "submission_id"),
        Index("ix_second_looks_looked", "looked_at"),
    )

    decision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("screening_decisions.id"), primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"))
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    state: Mapped[SecondLookState] = mapped_column(enum_of(SecondLookState))
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    decision: Mapped[ScreeningEvent | None] = mapped_column(enum_of(ScreeningEvent))
    unsuitable_class: Mapped[UnsuitableClass | None] = mapped_column(enum_of(UnsuitableClass))
    reason: Mapped[str | None] = mapped_column(String(500))
    looked_by: Mapped[str | None] = mapped_column(String(80))
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str | None] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class Coverage(Model):
    """How much of an accepted submission stands in suggestions (整理情况); one row for each that was accepted.

    `uncovered` is the number of its passages of which something stands in no suggestion; None until it was counted.
    `settled_…` say who declared that there is nothing further to gather, when and why. `is_open`: something is left
    that nobody has settled.
    """

    __tablename__ = "coverages"
    __table_args__ = (
        Index("ix_coverages_open", "is_open", "received_at", "submission_id"),
        Index("ix_coverages_consultation", "consultation_id", "is_open", "received_at", "submission_id"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    received_at: Mapped[datetime] = mapped_column(Instant)
    uncovered: Mapped[int | None]
    is_open: Mapped[bool] = mapped_column(default=True)
    settled_by: Mapped[str | None] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    remark: Mapped[str | None] = mapped_column(String(500))


class Theme(Model):
    """A matter that people named (主题), within one consultation. One that was merged leads to the other."""

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("consultation_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    name: Mapped[str] = mapped_column(String(100))
    named_by: Mapped[str] = mapped_column(String(80))
    named_at: Mapped[datetime] = mapped_column(Instant)
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("themes.id"))


class ThemeGroup(Model):
    """Submissions that the machine finds alike: proposed until a person names or dismisses it.

    `words` are typical of it, `centre` is the mean of its members' vectors and `method` says how those were made; only
    vectors of one method can be compared.
    """

    __tablename__ = "theme_groups"
    __table_args__ = (Index("ix_theme_groups_list", "consultation_id", "state", "members", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    state: Mapped[ThemeGroupState] = mapped_column(enum_of(ThemeGroupState), default=ThemeGroupState.PROPOSED)
    theme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("themes.id"))
    words: Mapped[list[str]] = mapped_column(JSON)
    members: Mapped[int] = mapped_column()
    centre: Mapped[bytes] = mapped_column(LargeBinary)
    method: Mapped[str] = mapped_column(String(40))
    found_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class SubmissionTheme(Model):
    """Which group a submission is in, and the theme that this proposes for it; a row once the machine has looked.

    `vector` is kept only while it is in no group; `likeness` is to the group's centre, 0 to 1.
    """

    __tablename__ = "submission_themes"
    __table_args__ = (
        Index("ix_submission_themes_theme", "theme_id", "submission_id"),
        Index("ix_submission_themes_group", "consultation_id", "group_id", "likeness"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    group_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("theme_groups.id"))
    theme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("themes.id"))
    likeness: Mapped[float | None] = mapped_column(Float)
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    method: Mapped[str] = mapped_column(String(40))
