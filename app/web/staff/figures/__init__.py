"""The managers' figures: how long things take, what waits, and the numbers of a year."""
