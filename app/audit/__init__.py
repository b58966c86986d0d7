"""Who did what to which record, written in the action's own transaction."""

from app.audit.ledger import record

__all__ = ["record"]
