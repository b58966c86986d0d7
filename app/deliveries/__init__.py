"""Promised messages: written down in the transaction that owes them, sent by the worker, at least once."""
