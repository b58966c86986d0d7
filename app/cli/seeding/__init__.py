"""Filling a store with many submissions that look like real ones, to see how the desk stands it (docs/queues.md)."""
