"""Copies of the whole installation that nobody can read who can only write them (docs/backup.md)."""
