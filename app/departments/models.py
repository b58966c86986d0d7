from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.departments.directory import Level, Relationship
from app.kit.database import Model, enum_of


class Department(Model):
    """A responsible unit (责任单位), under its canonical name.

    `position` is its place in the directory; where two units claim one written form, the earlier keeps it.
    """

    __tablename__ = "departments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    level: Mapped[Level] = mapped_column(enum_of(Level))
    relationship: Mapped[Relationship] = mapped_column(enum_of(Relationship))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    @property
    def assignable(self) -> bool:
        """False for 各市政府 and the like: documents name them as a scope; they are shown, never assigned."""
        return self.level is not Level.STANDING_SCOPE


class DepartmentAlias(Model):
    """Another written form of a department's name, as documents use it; the first is the usual short form."""

    __tablename__ = "department_aliases"

    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(String(120))
