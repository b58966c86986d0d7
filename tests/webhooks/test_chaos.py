"""Whatever is killed, slow or sent twice: every event is in the feed exactly once and at the hook at least once."""

import contextlib
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal

import pytest
from sqlalchemy import func, select

from app.events import numbering, queries
from app.events.ledger import emit
from app.events.models import Event
from app.kit.database import Database
from app.webhooks import ledger
from app.webhooks.sending import Answer, NotSent, TimedOut
from app.worker import events, hooks
from app.worker.hooks import AT_ONCE, SLOW_AT_ONCE, Room
from tests.support.journey import DRAFTING, World
from tests.webhooks.receiving import DELIVERED, KIND, Post

TROUBLES: list[Answer | Exception] = [
    Answer(500, None, ""),
    Answer(503, "1", ""),
    TimedOut("timed_out"),
    NotSent("unreachable"),
    DELIVERED,
]


class Killed(Exception):
    """The process ended here: what its transaction did is lost."""


class Chaos:
    """One step after another, each of which may be killed before it has committed."""

    def __init__(self, post: Post, seed: int) -> None:
        self.post, self.random = post, random.Random(seed)
        self.told: set[str] = set()

    def step(self) -> None:
        acts = [self.tell, self.tell, self.number, self.spread, self.carry, self.carry, self.answer_and_die]
        with contextlib.suppress(Killed):
            self.random.choice(acts)()
        self.post.later(timedelta(seconds=self.random.choice([1, 40, 400])))

    def _perhaps_die(self) -> None:
        if self.random.random() < 0.4:
            raise Killed

    def tell(self) -> None:
        record = str(uuid.UUID(int=self.random.getrandbits(128)))
        with self.post.database.writing() as session:
            emit(session, self.post.clock.at, DRAFTING, KIND, ("assignment", record))
            session.flush()
            self._perhaps_die()
        self.told.add(record)

    def number(self) -> None:
        with self.post.database.writing() as session:
            numbering.number(session, 2)
            self._perhaps_die()

    def spread(self) -> None:
        with self.post.database.writing() as session:
            ledger.spread(session, self.post.clock.at, 2)
            self._perhaps_die()

    def carry(self) -> None:
        self.post.receivers["/in"].answers = [self.random.choice(TROUBLES)]
        self.post.carry()

    def answer_and_die(self) -> None:
        """The receiver has taken it, and nobody wrote that down."""
        with self.post.database.writing() as session:
            held = ledger.claim(session, self.post.clock.at)
        if held is not None:
            hooks.attempt(self.post.database, self.post.clock, self.post.hooks, held)


def read_whole_feed(database: Database) -> list[Event]:
    with database.reading() as session:
        return list(queries.after(session, DRAFTING, 0, 1000))


@pytest.mark.parametrize("seed", [2])
def test_nothing_is_lost_or_told_twice_in_the_feed_and_everything_arrives(world: World, seed: int) -> None:
    post = Post(world.database)
    post.endpoint()
    with world.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Event)) or 0
    chaos = Chaos(post, seed)
    for _ in range(70):
        chaos.step()
    post.receivers["/in"].answers = [DELIVERED]
    events.put_in_order(post.database, post.clock)
    post.over(timedelta(days=1), timedelta(hours=4))
    feed = read_whole_feed(post.database)
    assert [event.position for event in feed] == list(range(1, len(feed) + 1))
    mine = feed[before:]
    assert len(mine) >= 5
    assert sorted(event.record_id for event in mine) == sorted(chaos.told)
    assert {str(event.id) for event in mine} <= set(post.receivers["/in"].ids)
    assert {message.state.value for message in post.messages()} == {"delivered"}


def test_slow_receivers_hold_up_nobody_else(sqlite_world: World) -> None:
    """Six receivers say nothing until the end; the others get everything meanwhile."""
    post, free = Post(sqlite_world.database), Signal()
    places = [f"/slow-{number}" for number in range(6)] + ["/quick-1", "/quick-2"]
    for place in places:
        post.endpoint(place)
        if place.startswith("/slow"):
            post.receivers[place].answers = [TimedOut("timed_out")]
    ids = post.tell(1)
    post.carry_all()  # from now on those six are known to fail
    post.later(timedelta(hours=1))
    plain = post.hooks.post

    def waits(target: object, way: object, headers: dict[str, str], body: bytes) -> Answer:
        if target.place.startswith("/slow"):  # type: ignore[attr-defined]
            free.wait(30)
        return plain(target, way, headers, body)  # type: ignore[arg-type]

    room = Room(post.database, post.clock, hooks.Hooks(post.hooks.sealer, resolve=post.hooks.resolve, post=waits))
    ids += post.tell(3)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while any(len(post.receivers[place].got) < 4 for place in ("/quick-1", "/quick-2")):
            room.hand_out(pool)
        busy = sum(1 for place in room.busy().values() if place)
        free.set()
    assert busy <= SLOW_AT_ONCE
    for place in ("/quick-1", "/quick-2"):
        assert sorted(post.receivers[place].ids) == sorted(ids)
