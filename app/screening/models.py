import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.matching.kinds import Kind
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.screening.lifecycle import SuggestionState, UnsuitableClass
from app.screening.second_look import SecondLookState
from app.submissions.lifecycle import ScreeningEvent


class ScreeningDecision(Model):
    """What a screener decided on a submission, and why."""

    __tablename__ = "screening_decisions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), index=True)
    decision: Mapped[ScreeningEvent] = mapped_column(enum_of(ScreeningEvent))
    unsuitable_class: Mapped[UnsuitableClass | None] = mapped_column(enum_of(UnsuitableClass))
    reason: Mapped[str | None] = mapped_column(String(500))
    duplicate_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("submissions.id"))
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Instant)


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

    `distinct_persons` counts the senders of its passages by the blind index. `handed_over_at` is set when it is
    assigned; from then on it can't be edited.
    """

    __tablename__ = "suggestions"
    __table_args__ = (Index("ix_suggestions_queue", "consultation_id", "state", "created_at", "id"),)

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

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


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
