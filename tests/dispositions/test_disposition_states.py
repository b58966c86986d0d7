"""The life of a disposition and of a release, step by step."""

import pytest

from app.dispositions.lifecycle import (
    LIFECYCLE,
    RELEASES,
    DispositionEvent,
    DispositionState,
    ReleaseEvent,
    ReleaseState,
)
from app.kit.errors import InvalidTransition

S, E = DispositionState, DispositionEvent
STEPS = {
    (S.RETURNED, E.ANSWER): S.ANSWERED,
    (S.ANSWERED, E.CONFIRM): S.CONFIRMED,
    (S.ANSWERED, E.RETURN): S.RETURNED,
    (S.CONFIRMED, E.RETURN): S.RETURNED,
    (S.CONFIRMED, E.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, E.TAKE_OUT): S.CONFIRMED,
    (S.SUBMITTED, E.RELEASE): S.RELEASED,
    (S.RELEASED, E.REVISE): S.RETURNED,
}


@pytest.mark.parametrize("event", DispositionEvent)
@pytest.mark.parametrize("state", DispositionState)
def test_a_disposition_goes_these_ways_and_no_other(state: DispositionState, event: DispositionEvent) -> None:
    if (state, event) in STEPS:
        assert LIFECYCLE.after(state, event) is STEPS[state, event]
    else:
        with pytest.raises(InvalidTransition):
            LIFECYCLE.after(state, event)


@pytest.mark.parametrize("event", ReleaseEvent)
@pytest.mark.parametrize("state", ReleaseState)
def test_a_release_is_approved_or_given_up_once(state: ReleaseState, event: ReleaseEvent) -> None:
    assert RELEASES.allows(state, event) is (state is ReleaseState.PREPARED)
