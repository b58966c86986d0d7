"""How a consultation's work can end, and in which steps its results are made public. Pure."""

from enum import StrEnum


class ResultStage(StrEnum):
    """INTAKE (征集情况): what came in, soon after closing. ADOPTION (采纳情况): what became of it, at the end."""

    INTAKE = "intake"
    ADOPTION = "adoption"


class ConclusionKind(StrEnum):
    """COMPLETED: everything was answered. TERMINATED (终止): the draft isn't pursued. SHELVED (暂不出台): not now."""

    COMPLETED = "completed"
    TERMINATED = "terminated"
    SHELVED = "shelved"
