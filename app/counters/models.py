import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model

ANY_SIZE = BigInteger().with_variant(Integer, "sqlite")


class Posting(Model):
    """That a record stands in a list: the list's name and value, the record's state and instant.

    Written by triggers of the store alone (migration 0024), in the order in which lists are read.
    """

    __tablename__ = "postings"
    __table_args__ = (Index("ix_postings_record", "record_id", "list"),)

    list: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(80), primary_key=True)
    state: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Counter(Model):
    """How many records `name` counts in a scope, by a value and a state, up to the changes folded into it."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    scope: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(80), primary_key=True)
    state: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class CounterChange(Model):
    """A change of a count that is not yet folded into it: appended, so that no two writers wait for one row."""

    __tablename__ = "counter_changes"

    id: Mapped[int] = mapped_column(ANY_SIZE, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(40))
    n: Mapped[int] = mapped_column(BigInteger)
