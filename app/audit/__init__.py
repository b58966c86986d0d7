"""Who did what to which record, written in the action's own transaction, and sealed into a chain afterwards."""

from app.audit.ledger import record
from app.audit.models import Result

__all__ = ["Result", "record"]
