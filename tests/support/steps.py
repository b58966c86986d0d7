"""Walks every (state, event) of a life cycle's table through the actions themselves."""

from collections.abc import Callable, Iterable

import pytest
from sqlalchemy.orm import Session

from app.kit.database import Database
from app.kit.errors import InvalidTransition
from app.kit.lifecycle import Event, Lifecycle, State
from tests.support.dump import dump


def walk(
    database: Database,
    lifecycle: Lifecycle[State, Event],
    state: State,
    events: Iterable[Event],
    act: Callable[[Session, Event], object],
    state_now: Callable[[Session], State],
) -> None:
    """Every event leads from `state` where the table says, or is refused and changes nothing in the whole store.

    `act` does the event to one record that stands in `state`; what it did is rolled back.
    """
    before = dump(database)
    for event in events:
        if lifecycle.allows(state, event):
            with database.writing() as session:
                act(session, event)
                session.flush()
                assert state_now(session) is lifecycle.transitions[state, event]
                session.rollback()
        else:
            with pytest.raises(InvalidTransition) as refused, database.writing() as session:
                act(session, event)
            assert refused.value.details == {"state": state.value, "event": event.value}
        assert dump(database) == before, event
