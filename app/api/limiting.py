"""How often a program may ask: a bucket of tokens for each client and process, and a limit over all processes.

The header fields are those of draft-ietf-httpapi-ratelimit-headers-06, which clients know best. Behind several
processes each has a bucket of its own; where they share their counts, the whole is within what one bucket would allow
in a minute, and what the others admit between two exchanges. Nothing is refused too early.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from fastapi import Request

from app.kit.errors import DomainError
from app.kit.throttle import Rate, Sharing

LEFT = "yanlu.limit"
"""Where in a request's scope it stands what is left."""
MOST_CLIENTS = 10_000
SPAN = timedelta(minutes=1)


class TooManyRequests(DomainError):
    status = 429
    code = "too_many_requests"


@dataclass(frozen=True)
class Left:
    """How many requests a full bucket holds, how many may be made now, after how many seconds it is full again."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class Buckets:
    """Each client may make `burst` requests at once, and `per_second` in the long run."""

    def __init__(self, burst: int = 600, per_second: float = 10.0, sharing: Sharing | None = None) -> None:
        most = int(burst + per_second * SPAN.total_seconds())
        self._everywhere = Rate(most, SPAN, "api", sharing) if sharing else None
        self._burst, self._rate = burst, per_second
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str, now: datetime) -> Left:
        """Takes one token. Raises TooManyRequests (`seconds` until there is one again) from an empty bucket."""
        with self._lock:
            tokens, at = self._buckets.get(client, (float(self._burst), now))
            tokens = min(self._burst, tokens + max(0.0, (now - at).total_seconds()) * self._rate)
            taken = tokens >= 1
            self._buckets[client] = (tokens - taken, now)
            self._buckets.move_to_end(client)
            if len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        if not taken:
            raise TooManyRequests(seconds=max(1, math.ceil((1 - tokens) / self._rate)))
        free_at = self._everywhere.free_at(client, now) if self._everywhere else None
        if free_at is not None:
            raise TooManyRequests(seconds=max(1, math.ceil((free_at - now).total_seconds())))
        left = tokens - 1
        return Left(self._burst, int(left), math.ceil((self._burst - left) / self._rate))


def take(request: Request, client: str) -> None:
    """Counts the request; what is left goes out with its answer, whatever that is."""
    state = request.app.state
    request.scope[LEFT] = state.buckets.take(client, state.accounts_clock.now())
