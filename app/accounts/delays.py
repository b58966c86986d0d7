"""Slowing down who fails to sign in, without shutting anybody out (OWASP ASVS 5.0, 6.1.1 and 6.3.1).

An attempt counts before it is judged, so that a hundred at once are a hundred. From a browser in which the person
signed in before only that browser's own failures count: whoever hammers an account from elsewhere delays others who
come from elsewhere, and never its owner. Nothing is locked: a pause is LONGEST at most and ends by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.models import SignInFailures
from app.kit.crypto import derive, keyed_hash

FREE_OF_ONE = 5
"""Failures for one name from one network, or in one known browser, before the first pause."""
FREE_OF_ACCOUNT = 30
"""Failures for one name from all networks together."""
FREE_OF_NETWORK = 60
"""Failures for all names from one network: an office behind one address signs in all at once in the morning."""
FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=2)


@dataclass(frozen=True)
class Counted:
    """One count, and how many failures it lets pass without a pause."""

    key: bytes
    free: int
    is_own: bool


class Delays:
    """Names of counts are keyed hashes: what was typed as a user name, which may be a password, is stored nowhere."""

    def __init__(self, master: bytes) -> None:
        self._key = derive(master, "sign-in-failures")

    def counted(self, username: str, network: str, device: str | None) -> Sequence[Counted]:
        """`device` names the browser, where it is known to have been this person's."""
        name = username.casefold()
        if device is not None:
            return (self._of("device", FREE_OF_ONE, True, name, device),)
        return (
            self._of("pair", FREE_OF_ONE, True, name, network),
            self._of("account", FREE_OF_ACCOUNT, False, name),
            self._of("network", FREE_OF_NETWORK, False, network),
        )

    def of_factor(self, user_id: str) -> Sequence[Counted]:
        """For whoever has shown the password already, or is signed in."""
        return (self._of("factor", FREE_OF_ONE, True, user_id),)

    def _of(self, kind: str, free: int, is_own: bool, *parts: str) -> Counted:
        return Counted(keyed_hash(self._key, kind, *parts), free, is_own)


def pause_after(failures: int, free: int) -> timedelta:
    """None for the first ones, then twice as long each time."""
    if failures < free:
        return timedelta(0)
    return min(LONGEST, FIRST * int(2 ** min(failures - free, 20)))


def attempt(session: Session, counted: Sequence[Counted], now: datetime) -> timedelta:
    """Counts an attempt as failed until it is forgiven. Above zero: it comes too early and isn't judged."""
    rows = [_locked(session, one, now) for one in sorted(counted, key=lambda one: one.key)]
    frees = {one.key: one.free for one in counted}
    ends = [row.last_at + pause_after(row.count, frees[row.key]) for row in rows]
    wait = max((end - now for end in ends), default=timedelta(0))
    if wait > timedelta(0):
        return wait
    for row in rows:
        row.count, row.last_at = row.count + 1, now
    return timedelta(0)


def forgive(session: Session, counted: Sequence[Counted], now: datetime) -> None:
    """The attempt was right: one's own count is dropped; of the others only this attempt is taken back."""
    for one in sorted(counted, key=lambda one: one.key):
        row = _locked(session, one, now)
        row.count = 0 if one.is_own else max(0, row.count - 1)


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(SignInFailures).where(SignInFailures.last_at <= now - FORGOTTEN_AFTER))


def _locked(session: Session, one: Counted, now: datetime) -> SignInFailures:
    row = session.get(SignInFailures, one.key, with_for_update=True, populate_existing=True)
    if row is None:
        row = SignInFailures(key=one.key, count=0, last_at=now)
        session.add(row)
        session.flush()
    if row.last_at <= now - FORGOTTEN_AFTER:
        row.count = 0
    return row
