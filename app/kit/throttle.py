"""How often somebody may try something, counted in this process alone; nothing of it is stored."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

MOST_KEYS = 10_000


class Throttle:
    """At most `most` failures for one key within `span`; memory is bounded, the key seen longest ago is forgotten."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most, self._span = most, span
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def is_over(self, key: str, now: datetime) -> bool:
        """Whether as many failures as are allowed lie within the span before now."""
        return self.free_at(key, now) is not None

    def free_at(self, key: str, now: datetime) -> datetime | None:
        """The instant from which the key may try again; None when it may now."""
        with self._lock:
            failures = self._failures.get(key, deque())
            while failures and failures[0] <= now - self._span:
                failures.popleft()
            return failures[0] + self._span if len(failures) >= self._most else None

    def note(self, key: str, now: datetime) -> None:
        """Counts a failure."""
        with self._lock:
            failures = self._failures.setdefault(key, deque(maxlen=self._most))
            failures.append(now)
            self._failures.move_to_end(key)
            while len(self._failures) > MOST_KEYS:
                self._failures.popitem(last=False)


def of_address(address: str | None) -> str:
    """The key of a client: its address, or the /64 that an IPv6 customer has for itself."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
