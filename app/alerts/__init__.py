"""Noticing that far more comes in than usual, or far more about one thing."""
