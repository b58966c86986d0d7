from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model


class RateCount(Model):
    """What one process has counted for one bucket in a stretch of time, until it counts no more.

    `bucket` is a keyed hash of what is counted and for whom: nobody without the key can tell an address from it.
    """

    __tablename__ = "rate_counts"

    bucket: Mapped[str] = mapped_column(String(32), primary_key=True)
    process: Mapped[str] = mapped_column(String(16), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(Instant, primary_key=True, index=True)
    number: Mapped[int]
