"""Screening: accept or close what came in; gather passages into suggestions, edit them, and have them approved."""
