"""How much work a proof costs now: the installation's own measure, doubled step by step under load."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

SPAN = timedelta(minutes=1)
CALM = 30
"""Accepted proofs in a minute, of this process, up to which the work stays as it is."""
STEPS = 3


class Load:
    """Counts accepted proofs of the last minute, in this process alone."""

    def __init__(self, base_work: int) -> None:
        self._base = base_work
        self._accepted: deque[datetime] = deque(maxlen=CALM << STEPS)
        self._lock = Lock()

    def note(self, now: datetime) -> None:
        with self._lock:
            self._accepted.append(now)

    def work(self, now: datetime) -> int:
        """Hashes on average: doubled above CALM a minute, again above twice that, at most STEPS times."""
        with self._lock:
            while self._accepted and self._accepted[0] <= now - SPAN:
                self._accepted.popleft()
            number = len(self._accepted)
        doublings = sum(number > CALM << step for step in range(STEPS))
        return self._base << doublings
