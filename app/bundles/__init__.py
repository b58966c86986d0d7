"""Files that carry records between two networks that are kept apart, in both directions (docs/bundles.md)."""
