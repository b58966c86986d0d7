"""How often somebody may try something, counted in this process, and in the others where they are told."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import Protocol

MOST_KEYS = 10_000
STRETCHES = 6
"""Parts of a span in which requests are counted together, and in which counts are exchanged."""


class Sharing(Protocol):
    """Counts that several processes tell each other; `app.throttles.sharing` says how."""

    def note(self, name: str, key: str, span: timedelta, now: datetime, number: int | None = None) -> None: ...

    def others(self, name: str, key: str, now: datetime) -> tuple[int, datetime | None]: ...


class Throttle:
    """At most `most` failures for one key within `span`; memory is bounded, the key seen longest ago is forgotten.

    With `sharing` those of other processes count as well, under the throttle's `name`.
    """

    def __init__(self, most: int, span: timedelta, name: str = "", sharing: Sharing | None = None) -> None:
        self._most, self._span, self._name, self._sharing = most, span, name, sharing
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def is_over(self, key: str, now: datetime) -> bool:
        """Whether as many failures as are allowed lie within the span before now."""
        return self.free_at(key, now) is not None

    def free_at(self, key: str, now: datetime) -> datetime | None:
        """The instant from which the key may try again; None when it may now."""
        elsewhere, ends_at = self._sharing.others(self._name, key, now) if self._sharing else (0, None)
        with self._lock:
            failures = self._failures.get(key, deque())
            while failures and failures[0] <= now - self._span:
                failures.popleft()
            if len(failures) >= self._most:
                return failures[0] + self._span
            return ends_at if len(failures) + elsewhere >= self._most else None

    def note(self, key: str, now: datetime) -> None:
        """Counts a failure."""
        if self._sharing:
            self._sharing.note(self._name, key, self._span, now)
        with self._lock:
            failures = self._failures.setdefault(key, deque(maxlen=self._most))
            failures.append(now)
            self._failures.move_to_end(key)
            while len(self._failures) > MOST_KEYS:
                self._failures.popitem(last=False)


class Rate:
    """At most `most` requests for one key within `span`, counted by stretches: cheap, and up to a stretch lenient.

    With `sharing` the other processes are told of a key from a quarter of what it may on, and not before.
    """

    def __init__(self, most: int, span: timedelta, name: str = "", sharing: Sharing | None = None) -> None:
        self._most, self._span, self._name, self._sharing = most, span, name, sharing
        self._stretch = span.total_seconds() / STRETCHES
        self._told_from = max(1, most // 4)
        self._counts: OrderedDict[str, tuple[int, dict[int, int]]] = OrderedDict()
        self._lock = Lock()

    def free_at(self, key: str, now: datetime) -> datetime | None:
        """Counts a request. None when it is within the limit, else the instant from which there is room again."""
        stretch = int(now.timestamp() // self._stretch)
        with self._lock:
            total, by_stretch = self._counts.get(key) or (0, {})
            if stretch not in by_stretch:
                by_stretch = {one: number for one, number in by_stretch.items() if one > stretch - STRETCHES}
                total = sum(by_stretch.values())
                by_stretch[stretch] = 0
            if total < self._most:
                total, by_stretch[stretch] = total + 1, by_stretch[stretch] + 1
                is_over = False
            else:
                is_over = True
            self._counts[key] = (total, by_stretch)
            self._counts.move_to_end(key)
            if len(self._counts) > MOST_KEYS:
                self._counts.popitem(last=False)
        if is_over:
            return now + timedelta(seconds=(min(by_stretch) + STRETCHES) * self._stretch - now.timestamp())
        if self._sharing is None or total < self._told_from:
            return None
        self._sharing.note(self._name, key, self._span, now, by_stretch[stretch])
        elsewhere, ends_at = self._sharing.others(self._name, key, now)
        return ends_at if total + elsewhere > self._most else None


@lru_cache(maxsize=MOST_KEYS)
def of_address(address: str | None) -> str:
    """The key of a client: its address, or the /64 that an IPv6 customer has for itself."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
