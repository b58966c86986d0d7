"""What may be kept and logged of a failure."""

import traceback
from pathlib import Path


def place_of(error: Exception) -> str:
    """What went wrong and where, without the message: that may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where
