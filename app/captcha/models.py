from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model


class BurnedChallenge(Model):
    """A challenge that has been answered, rightly or wrongly, and will not be accepted again."""

    __tablename__ = "burned_challenges"

    nonce: Mapped[str] = mapped_column(String(40), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
