"""What staff work on together: a lease, a note or a flag stands on one of these. Pure."""

from enum import StrEnum


class RecordKind(StrEnum):
    SUBMISSION = "submission"
    SUGGESTION = "suggestion"
