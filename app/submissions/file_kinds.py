"""What may be attached to a comment, as the bounds and states that forms and pages show. Pure."""

from enum import StrEnum

MOST_FILES = 5
LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of one file."""
LARGEST_TOGETHER = 20 * 1024 * 1024
"""Bytes of all files of one comment."""
LONGEST_NAME = 120
"""Code points of the name that people see."""


class FileKind(StrEnum):
    """What a file is by its content; the value is the ending that it is handed out under."""

    PDF = "pdf"
    WORD = "docx"
    JPEG = "jpg"
    PNG = "png"

    @property
    def is_picture(self) -> bool:
        return self in (FileKind.JPEG, FileKind.PNG)


class ScanState(StrEnum):
    """Whether somebody has looked for harmful programs in a file.

    `not_asked`: the installation has no scanner. `waiting`: the scanner could not be reached; nobody gets the file
    before it was. `lost`: the content was not there, or not as it was sent, when it was to be scanned.
    """

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    LOST = "lost"

    @property
    def may_be_opened(self) -> bool:
        return self in (ScanState.NOT_ASKED, ScanState.CLEAN)
