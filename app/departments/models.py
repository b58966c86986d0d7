from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Model


class Department(Model):
    """A responsible unit (责任单位), under its canonical name.

    `standing` units (各市政府, 各有关部门) are named by documents as a scope; they are shown, never assigned by themselves.
    `subordinate` tells whether the column's government may instruct it (交办) or only write to it (函商).
    """

    __tablename__ = "departments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    level: Mapped[str] = mapped_column(String(40))
    subordinate: Mapped[bool]
    standing: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class DepartmentAlias(Model):
    """Another written form of a department's name, as documents use it."""

    __tablename__ = "department_aliases"

    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    alias: Mapped[str] = mapped_column(String(120), primary_key=True)
