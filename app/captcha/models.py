from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model


class BurnedChallenge(Model):
    """A challenge that has been answered, rightly or wrongly, and will not be accepted again."""

    __tablename__ = "burned_challenges"

    nonce: Mapped[str] = mapped_column(String(40), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class CaptchaBucket(Model):
    """Who passed without a script lately: of the whole site, or of one network, which is named by a keyed hash only.

    `passes` holds [nonce of the challenge, seconds since 1970] of each, oldest first.
    """

    __tablename__ = "captcha_buckets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    passes: Mapped[list[tuple[str, float]]] = mapped_column(JSON)
    forget_at: Mapped[datetime] = mapped_column(Instant, index=True)
