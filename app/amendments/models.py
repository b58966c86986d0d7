import uuid
from datetime import date, datetime

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.amendments.lifecycle import Because, LinkState
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id

REMARK_LENGTH = 300
LABEL_LENGTH = 200


class AmendmentLink(Model):
    """A suggestion beside one change between two versions of the draft that it was on (修改关联).

    `change` names the change within its comparison (`app/amendments/changes.py`); `draft_label` and `final_label` are
    its clauses, empty where it has none; `text` is the later clause's wording as it stood when the link was made.
    `words` are those of the suggestion that were found in what was put in, `score` (0 to 1) orders proposals. `shown`
    is the suggestion in the words in which it may be public, written down when the link was confirmed. `letter_…` name
    the paper by which the drafting department decided, where somebody else recorded that.
    """

    __tablename__ = "amendment_links"
    __table_args__ = (
        UniqueConstraint("comparison_id", "suggestion_id", "change"),
        Index("ix_amendment_links_change", "consultation_id", "comparison_id", "change", "score", "id"),
        Index("ix_amendment_links_suggestion", "suggestion_id"),
        Index("ix_amendment_links_state", "consultation_id", "state", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    comparison_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("comparisons.id"))
    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"))
    change: Mapped[str] = mapped_column(String(32))
    draft_label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    final_label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[LinkState] = mapped_column(enum_of(LinkState), default=LinkState.PROPOSED)
    because: Mapped[Because] = mapped_column(enum_of(Because))
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    score: Mapped[float] = mapped_column(Float)
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    shown: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(String(REMARK_LENGTH), default="")
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    letter_number: Mapped[str | None] = mapped_column(String(200))
    letter_dated_on: Mapped[date | None]
    letter_signed_by: Mapped[str | None] = mapped_column(String(80))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class AmendmentSearch(Model):
    """That the links of a consultation were looked for, and on what: while `basis` is the same there is nothing new."""

    __tablename__ = "amendment_searches"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    basis: Mapped[str] = mapped_column(String(200))
    searched_at: Mapped[datetime] = mapped_column(Instant)
