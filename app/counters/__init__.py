"""Lists and counts that the store keeps itself, so that no page ever counts rows; no domain word (docs/queues.md)."""
