import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.papers.kinds import PaperKind


class PaperTemplate(Model):
    """One version of the text of a paper, in the language of `app/papers/language.py`; versions never change.

    The newest of a `template_id` holds. It is for the whole column or for one consultation; one of a consultation that
    is `retired` leaves the column's in force. `own_words_up_to`: of a suggestion gathered from at most so many
    submissions the senders' own words, masked, stand below the edited ones; 0 for never. `restored` is the number of
    the earlier version that this one brings back.
    """

    __tablename__ = "paper_templates"
    __table_args__ = (Index("ix_paper_templates_choice", "kind", "consultation_id"),)

    template_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[PaperKind] = mapped_column(enum_of(PaperKind))
    consultation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consultations.id"))
    text: Mapped[str] = mapped_column(Text)
    own_words_up_to: Mapped[int]
    restored: Mapped[int | None]
    retired: Mapped[bool]
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)
