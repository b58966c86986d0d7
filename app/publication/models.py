import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model


class PublishedSuggestion(Model):
    """An approved suggestion that somebody decided to make public, in its edited and masked words."""

    __tablename__ = "published_suggestions"
    __table_args__ = (Index("ix_published_suggestions_list", "consultation_id", "published_at", "suggestion_id"),)

    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    text: Mapped[str] = mapped_column(Text)
    published_by: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime] = mapped_column(Instant)
    retracted_at: Mapped[datetime | None] = mapped_column(Instant)
    retraction_reason: Mapped[str | None] = mapped_column(String(500))


class ComparisonRelease(Model):
    """The comparison of two versions that the public may see, because the drafting department confirmed it.

    `rows` are what was confirmed, whatever a later comparison of the same versions says. `reference` names its letter
    (文号) or other confirmation, of `confirmed_on` by `confirmed_by`; these stay internal. A withdrawn release stays
    until another one takes its place; all of them are in the audit trail.
    """

    __tablename__ = "comparison_releases"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    comparison_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("comparisons.id"))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reference: Mapped[str] = mapped_column(String(200))
    confirmed_on: Mapped[date]
    confirmed_by: Mapped[str] = mapped_column(String(80))
    released_by: Mapped[str] = mapped_column(String(80))
    released_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawal_reason: Mapped[str | None] = mapped_column(String(500))
