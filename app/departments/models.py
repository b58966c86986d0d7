import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.departments.lifecycle import DepartmentState, ProposalState
from app.departments.units import WORDING, HandingOver, Level, Relationship, is_assignable
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id

NAME_LENGTH = 120


class Department(Model):
    """A responsible unit (责任单位), under its canonical name.

    `position` is its place in the directory; where two units claim one written form, the earlier keeps it.
    `valid_from` and `valid_until` are the days on which the body began and ended, None unless `source` tells them.
    """

    __tablename__ = "departments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    level: Mapped[Level] = mapped_column(enum_of(Level))
    relationship: Mapped[Relationship] = mapped_column(enum_of(Relationship))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    state: Mapped[DepartmentState] = mapped_column(enum_of(DepartmentState), default=DepartmentState.ACTIVE)
    ended_reason: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str | None] = mapped_column(String(300))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012

    @property
    def assignable(self) -> bool:
        """False for what has ended, and for 各市政府 and the like, which documents name as a scope."""
        return is_assignable(self.level, self.state)

    @property
    def handing_over(self) -> HandingOver:
        """Whether suggestions are assigned to it (交办) or it is asked by letter (函商)."""
        return WORDING[self.relationship]


class DepartmentAlias(Model):
    """Another written form of a department's name, as documents use it; the first is the usual short form."""

    __tablename__ = "department_aliases"

    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(String(NAME_LENGTH))


class DepartmentFormerName(Model):
    """What the same body was called before; days are None unless sourced."""

    __tablename__ = "department_former_names"

    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class DepartmentSuccession(Model):
    """One body took over from another, on the day `since`, which is None unless sourced.

    A merged department has exactly one successor, a retired one none, one or several.
    """

    __tablename__ = "department_successions"

    predecessor_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    successor_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), primary_key=True, index=True)
    since: Mapped[date | None]


class DepartmentProposal(Model):
    """A name that a document used and nobody knows, for a person to decide.

    `key` is the name as it is compared, so that widths and blanks make no second proposal. `source` names what it was
    first seen in. `department_id` is the unit that it turned out to be.
    """

    __tablename__ = "department_proposals"
    __table_args__ = (Index("ix_department_proposals_queue", "state", "first_seen_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    written: Mapped[str] = mapped_column(String(NAME_LENGTH))
    key: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    source: Mapped[str] = mapped_column(String(120))
    times_seen: Mapped[int] = mapped_column(default=1)
    first_seen_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[ProposalState] = mapped_column(enum_of(ProposalState), default=ProposalState.OPEN)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012
