"""Costly work a few at a time: a flood waits or is turned away, and the processor stays free for everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

PATIENCE_SECONDS = 5.0


class Busy(Exception):
    """Too many wait for their turn, or it didn't come in time."""


class Turns:
    """At most `at_once` at work and `waiting` in the queue; whoever comes on top of that is refused at once."""

    def __init__(self, at_once: int, waiting: int, patience: float = PATIENCE_SECONDS) -> None:
        self._places = BoundedSemaphore(at_once)
        self._most, self._patience = at_once + waiting, patience
        self._present = 0
        self._lock = Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Raises Busy."""
        self._enter()
        try:
            if not self._places.acquire(timeout=self._patience):
                raise Busy
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            if self._present >= self._most:
                raise Busy
            self._present += 1

    def _leave(self) -> None:
        with self._lock:
            self._present -= 1
