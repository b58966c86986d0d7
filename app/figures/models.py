import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.figures.measures import Measure, Stage
from app.kit.database import Instant, Model, enum_of

ANY_SIZE = BigInteger().with_variant(Integer, "sqlite")


class StageTime(Model):
    """How many steps of one kind ended on a day in Beijing, after how many working days: one cell of a histogram.

    `days` is the least number of working days of its bucket (`app/figures/buckets.py`), `longest` the most that
    occurred in it. `department_id` is empty for what the desk does. Made anew for a whole day at a time.
    """

    __tablename__ = "stage_times"
    __table_args__ = (Index("ix_stage_times_consultation", "consultation_id", "day"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    measure: Mapped[Measure] = mapped_column(enum_of(Measure), primary_key=True)
    department_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(ANY_SIZE)
    longest: Mapped[int]


class BacklogAge(Model):
    """How much waited at a stage when it was last counted, for `age` working days or more, up to the next class.

    `late`: how many of it are past their last day; of assignments alone.
    """

    __tablename__ = "backlog_ages"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(enum_of(Stage), primary_key=True)
    department_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    age: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(ANY_SIZE)
    late: Mapped[int] = mapped_column(ANY_SIZE)


class FiguresProgress(Model):
    """One row: up to which day the figures are whole, and when they were last brought up to date."""

    __tablename__ = "figures_progress"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folded_until: Mapped[date | None]
    counted_at: Mapped[datetime | None] = mapped_column(Instant)
