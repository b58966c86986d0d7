"""The reviewers' queue, read only."""
