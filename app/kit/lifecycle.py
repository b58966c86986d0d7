"""Life cycles as data: a table of (state, event) → state, and nothing else."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from app.kit.errors import InvalidTransition

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


class Lifecycle(Generic[State, Event]):
    """The whole life of one kind of record; pure."""

    def __init__(self, transitions: Mapping[tuple[State, Event], State]) -> None:
        self.transitions = dict(transitions)

    def after(self, state: State, event: Event) -> State:
        """The state that follows. Raises InvalidTransition when the table has no such step."""
        try:
            return self.transitions[state, event]
        except KeyError:
            raise InvalidTransition(state=state.value, event=event.value) from None

    def allows(self, state: State, event: Event) -> bool:
        return (state, event) in self.transitions
