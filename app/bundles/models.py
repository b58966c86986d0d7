import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.bundles.directions import Direction
from app.kit.database import Instant, Model, enum_of


class Bundle(Model):
    """A bundle that this side has made or taken in; `sequence` counts from 1 in each direction.

    `sha256` is that of the whole file, `previous` that of the file before, `made_at` the maker's instant. Of one that
    was made here `acknowledged_at` tells since when the other side is known to have taken it in. Of one that is taken
    in `done` counts the records that are in the store, and `finished_at` tells when the last of them came.
    `acknowledges` is up to where its maker had taken in the other direction.
    """

    __tablename__ = "bundles"

    direction: Mapped[Direction] = mapped_column(enum_of(Direction), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    records: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
    acknowledges: Mapped[int]
    done: Mapped[int]
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)


class BundleMark(Model):
    """What the other side was last told of a record of this side: the digest of it, and by which bundle."""

    __tablename__ = "bundle_marks"
    __table_args__ = (Index("ix_bundle_marks_sequence", "sequence"),)

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int]


class BundleArrival(Model):
    """A submission that came by a bundle, and by which: its sender's receipt is the other side's."""

    __tablename__ = "bundle_arrivals"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    sequence: Mapped[int]
