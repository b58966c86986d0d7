"""What was read of the store, for all who need it within the same second; of one process."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

Read = TypeVar("Read")

MOST_KEPT = 64
LONGEST = 3


class KeptForASecond(Generic[Read]):
    """Values by name, each read anew in every second in which it is asked for, by one thread.

    The others get the one before meanwhile, if it is at most LONGEST seconds older: in a rush all would read at once,
    just when there is least time for it. What is kept is read by many threads at once: nobody may change it.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, Read]] = OrderedDict()
        self._sent_to_read: dict[str, int] = {}
        self._lock = Lock()

    def known(self, name: str, at: datetime) -> Read | None:
        """What is known without reading. None for the first who asks in a second, who is to call `of`, and where it is
        older than the others may get.
        """
        kept, second = self._kept.get(name), int(at.timestamp())
        if kept is None or kept[0] >= second:
            return kept and kept[1]
        is_first, self._sent_to_read[name] = self._sent_to_read.get(name) != second, second
        return None if is_first or kept[0] < second - LONGEST else kept[1]

    def of(self, name: str, at: datetime, read: Callable[[], Read]) -> Read | None:
        """The value of that second or a later one, or of one before while another thread reads it; None without any.

        `read` is called by that one thread; what it raises goes on, and nothing is kept then.
        """
        second = int(at.timestamp())
        known = self._kept.get(name)
        if known is not None and known[0] >= second:
            return known[1]
        if not self._lock.acquire(blocking=False):
            return known[1] if known is not None and known[0] >= second - LONGEST else None
        try:
            value = read()
            self._kept[name] = (second, value)
            self._kept.move_to_end(name)
            while len(self._kept) > MOST_KEPT:
                gone, _ = self._kept.popitem(last=False)
                self._sent_to_read.pop(gone, None)
            return value
        finally:
            self._lock.release()
