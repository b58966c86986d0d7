from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model

IN_FLIGHT = 0
"""The status of a request that has none yet."""


class AnsweredRequest(Model):
    """A write that has been carried out, and the answer it got; kept in the write's own transaction.

    One that is at work has the status IN_FLIGHT, and `answered_at` is when it began.
    """

    __tablename__ = "answered_requests"

    client_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime] = mapped_column(Instant, index=True)
