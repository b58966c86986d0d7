"""The six dispositions, everywhere the same. Pure."""

from enum import StrEnum


class DispositionKind(StrEnum):
    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    ALREADY_PROVIDED = "already_provided"
    NOTED = "noted"
    OUT_OF_SCOPE = "out_of_scope"


def needs_reason(kind: DispositionKind) -> bool:
    """Every disposition but adoption owes the person a reason."""
    return kind is not DispositionKind.ADOPTED
