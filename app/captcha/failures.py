"""Telling of a part that failed: its kind and place, and never the message, which may hold what somebody entered."""

import traceback

import structlog

log = structlog.get_logger("yanlu.captcha")


def tell(part: str, error: Exception) -> None:
    """One line of the log."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames[-3:]]
    log.error("captcha_broken", part=part, kind=type(error).__name__, places=places)
