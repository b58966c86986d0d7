"""Clients that wait for something to happen: how many at once, and how they learn of it without asking the store each.

A waiting client holds no transaction and no thread. All of them share one look at the store per pause.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import anyio

from app.api.limiting import TooManyRequests

PAUSE_SECONDS = 0.5
MOST_WAITING = 200
MOST_WAITING_EACH = 4
LONGEST_WAIT = 25
"""Seconds; gateways end what is silent for 30."""


class Waiters:
    """Of one application, in this process."""

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()
        self._seen: tuple[float, int] = (float("-inf"), 0)
        self._looking = anyio.Lock()

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        """A place to wait at. Raises TooManyRequests where all are taken, or the client has its share already."""
        if self._waiting.total() >= MOST_WAITING or self._waiting[client] >= MOST_WAITING_EACH:
            raise TooManyRequests(seconds=5)
        self._waiting[client] += 1
        try:
            yield
        finally:
            self._waiting[client] -= 1
            if not self._waiting[client]:
                del self._waiting[client]

    async def last(self, look: Callable[[], Awaitable[int]]) -> int:
        """The last position, no older than a pause; one of those who wait looks, and the others take what it saw."""
        async with self._looking:
            at, position = self._seen
            if anyio.current_time() - at >= PAUSE_SECONDS:
                position = await look()
                self._seen = (anyio.current_time(), position)
            return position
