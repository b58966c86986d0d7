"""How many pass without a script: an exact sliding window for the whole site and for each network.

The windows stand in the store, so that all processes share them, and are written in a unit of work of their own before
the submission's: whether a submission is quarantined is part of what is stored, so it must be known by then; the lock
on the site's row is held for this short write and not for the whole submission; and a challenge that comes again, by a
repeated request or a replay, is found by its nonce and takes no second place. The price is one more commit for those
who come without a script.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.captcha.models import CaptchaBucket

SITE = "site"
SITE_MOST, SITE_SPAN = 60, timedelta(minutes=1)
NETWORK_MOST, NETWORK_SPAN = 5, timedelta(hours=1)


def admit(session: Session, network_key: str, nonce: str, now: datetime) -> bool:
    """Takes a place in both windows; False, and nothing is taken, when either is full. Twice the same nonce is once.

    In any SITE_SPAN at most SITE_MOST are let through, however many processes and transactions ask at once.
    """
    # Always in this order, so that two transactions can't wait for each other.
    site = _window(session, SITE, now, SITE_SPAN)
    network = _window(session, network_key, now, NETWORK_SPAN)
    if nonce in dict(network.passes):
        return True
    if len(site.passes) >= SITE_MOST or len(network.passes) >= NETWORK_MOST:
        return False
    for bucket, span in ((site, SITE_SPAN), (network, NETWORK_SPAN)):
        bucket.passes = [*bucket.passes, (nonce, now.timestamp())]
        bucket.forget_at = now + span
    return True


def forget_old(session: Session, now: datetime) -> None:
    """Drops what is left of networks from which nobody passed for an hour."""
    session.execute(delete(CaptchaBucket).where(CaptchaBucket.forget_at <= now))


def _window(session: Session, key: str, now: datetime, span: timedelta) -> CaptchaBucket:
    """The bucket, locked until the transaction ends, with the passes that still count."""
    bucket = session.get(CaptchaBucket, key, with_for_update=True, populate_existing=True)
    if bucket is None:
        bucket = CaptchaBucket(key=key, passes=[], forget_at=now + span)
        session.add(bucket)
        session.flush()
    oldest = (now - span).timestamp()
    bucket.passes = [(nonce, at) for nonce, at in bucket.passes if at > oldest]
    return bucket
