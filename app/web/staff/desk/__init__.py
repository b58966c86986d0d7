"""The reviewers' desk: views with counts, a list, and the chosen item beside it."""
