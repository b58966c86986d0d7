"""Every job by its name. A job runs in the transaction that finishes it, so that both are kept or lost together."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.worker import housekeeping

Work = Callable[[Session, datetime, dict[str, Any]], None]

JOBS: Mapping[str, Work] = {
    "housekeeping": housekeeping.forget,
}
RECURRING: Mapping[str, timedelta] = {
    "housekeeping": timedelta(minutes=10),
}
"""Jobs that promise themselves again when they are done, and how long after."""
