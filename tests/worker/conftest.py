"""Two people who are owed a message, and a way out for it."""

import pytest

from app.worker.delivering import Post
from tests.support import journey
from tests.support.journey import START, StoppedClock, World
from tests.worker.sending import COLUMN, SENDER, Recorder
from tests.worker.test_telling import HOUR, noted, promised, work


@pytest.fixture
def out() -> Recorder:
    return Recorder()


@pytest.fixture
def post(world: World, out: Recorder) -> Post:
    return Post(out, SENDER, COLUMN, world.vault)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START + HOUR)


@pytest.fixture
def owing(world: World) -> World:
    """Two people are owed a message on an extension."""
    for person in (1, 2):
        journey.submit(world, person=person)
    promised(world, "tell_affected", note_id=noted(world))
    work(world)
    return world
