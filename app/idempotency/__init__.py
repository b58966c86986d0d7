"""Repeating a write safely: the same key and the same request give the answer that was given the first time."""
