"""One thread that writes what many ask for: whatever has queued while it was busy becomes its next group."""

import math
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from app.kit.clock import stopwatch
from app.kit.errors import Unavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST_OF_A_GROUP = 256
IDLE_SECONDS = 5.0
GATHERING_SECONDS = 0.02
"""For how long more is waited for where the group before held more than one: the next ones are on their way then."""
LONGEST_WAIT = 10.0
"""Seconds that somebody may be let wait; whoever would wait longer is sent away at once."""
RATE_OF_THE_PAST = 0.8
"""How much of the estimate the groups before the last one make up."""


class Busy(Unavailable):
    """The queue is full, or too slow. `seconds` tells when it is worth coming back."""

    code = "busy"

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


class Gatherer(Generic[Item, Answer]):
    """Hands groups of at most MOST_OF_A_GROUP items to `write`, one group after the other, in the order of arrival.

    `write` answers for each item, in their order, its answer or the error that it gets; what it raises all of the group
    get, and so they do where it answers for more or fewer. At most `most_waiting` items wait. After a group of more
    than one, the next is gathered for `gathering` seconds. The thread is there while there is anything to do, and a
    moment longer.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[Item]], Sequence[Answer | Exception]],
        most_waiting: int,
        timer: Callable[[], float] = stopwatch,
        idle: float = IDLE_SECONDS,
        gathering: float = GATHERING_SECONDS,
    ) -> None:
        self._name, self._write, self._timer = name, write, timer
        self._idle, self._gathering = idle, gathering
        self._waiting: queue.Queue[tuple[Item, Future[Answer]] | None] = queue.Queue(most_waiting)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._closing = threading.Event()
        self._is_rush = False
        self._seconds_of_one = 0.0
        self._busy_since: float | None = None

    def put(self, item: Item) -> "Future[Answer]":
        """Its answer, to come. Raises Busy where it would wait too long; it isn't written then."""
        answer: Future[Answer] = Future()
        wait = max(self._seconds_of_one * self._waiting.qsize(), self._busy_for())
        if wait > LONGEST_WAIT:
            raise Busy(math.ceil(wait))
        with self._lock:
            if self._closed:
                raise Busy(math.ceil(LONGEST_WAIT))
            self._begin()
            try:
                self._waiting.put_nowait((item, answer))
            except queue.Full:
                raise Busy(math.ceil(max(wait, 1))) from None
        return answer

    def close(self) -> None:
        """Returns when everything that was taken has been written and answered; nothing is taken any more."""
        with self._lock:
            was_closed, self._closed = self._closed, True
            self._closing.set()
            thread = self._thread
        if thread is not None and not was_closed:
            self._waiting.put(None)
            thread.join()

    def _busy_for(self) -> float:
        """How long the present group has been writing: one that stands still tells before it has ended."""
        since = self._busy_since
        return 0.0 if since is None else self._timer() - since

    def _begin(self) -> None:
        if self._thread is None:
            # A process that is told to end closes its gatherers first; one that crashes has promised nothing.
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (group := self._next()) is not None:
            began = self._busy_since = self._timer()
            self._answer(group)
            self._is_rush = len(group) > 1
            spent = (self._timer() - began) / len(group)
            self._seconds_of_one = RATE_OF_THE_PAST * self._seconds_of_one + (1 - RATE_OF_THE_PAST) * spent

    def _next(self) -> list[tuple[Item, "Future[Answer]"]] | None:
        """Waits for one item and takes those that are there besides; None at the end, or where nothing comes."""
        try:
            first = self._waiting.get(timeout=self._idle)
        except queue.Empty:
            return self._rest()
        if first is None:
            return None
        group = [first]
        if self._is_rush:
            self._closing.wait(self._gathering)
        while len(group) < MOST_OF_A_GROUP:
            try:
                further = self._waiting.get_nowait()
            except queue.Empty:
                break
            if further is None:
                self._waiting.put(None)
                break
            group.append(further)
        return group

    def _rest(self) -> list[tuple[Item, "Future[Answer]"]] | None:
        """Nothing came: the thread ends, unless something comes at this very moment."""
        with self._lock:
            if self._waiting.empty():
                self._thread, self._is_rush = None, False
                return None
        return self._next()

    def _answer(self, group: Sequence[tuple[Item, "Future[Answer]"]]) -> None:
        # An answer that nobody waits for any more was withdrawn by cancelling; its item is written all the same.
        try:
            answered = list(zip(group, self._write([item for item, _ in group]), strict=True))
        except Exception as error:  # they wait: each has to be told
            answered = [(one, error) for one in group]
        finally:
            self._busy_since = None
        for (_, future), answer in answered:
            if not future.set_running_or_notify_cancel():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
