"""Pictures and recordings on demand: a few at a time, three times for one challenge, so many for one network."""

import hmac
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from app.captcha.challenge import Challenge
from app.captcha.speaking import Language, speak
from app.captcha.turns import Turns
from app.kit.crypto import derive
from app.kit.throttle import Sharing, Throttle

RENDERS = 3
NETWORK_RENDERS, NETWORK_SPAN = 200, timedelta(minutes=10)
AT_ONCE, WAITING = 2, 8
REMEMBERED = 10_000
KEPT = {"png": 256, "wav": 32}
"""How many of each kind are kept whole."""


class Kind(StrEnum):
    PICTURE = "png"
    SOUND = "wav"


class TooOften(Exception):
    """This challenge, or this network, has had its share."""


def draw(digits: str, seed: int) -> bytes:
    """As `drawing` does it, which takes numpy: a service that nobody asks for a picture doesn't load that."""
    from app.captcha import drawing

    return drawing.draw(digits, seed)


class Renderings:
    """What the challenges look and sound like. The same challenge gives the same bytes in every process: nobody gains
    by asking again and comparing.
    """

    def __init__(self, master: bytes, sharing: Sharing | None = None) -> None:
        self._key = derive(master, "captcha-renderings")
        self._turns = Turns(AT_ONCE, WAITING)
        self._networks = Throttle(NETWORK_RENDERS, NETWORK_SPAN, "captcha-renders", sharing)
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._kept: dict[Kind, OrderedDict[str, bytes]] = {kind: OrderedDict() for kind in Kind}
        self._lock = Lock()

    def picture(self, challenge: Challenge, network: str, now: datetime) -> bytes:
        """PNG. Raises TooOften, Busy, and whatever drawing may raise."""
        return self._made(Kind.PICTURE, challenge.nonce, network, now, lambda seed: draw(challenge.digits, seed))

    def sound(self, challenge: Challenge, language: Language, network: str, now: datetime) -> bytes:
        """WAV. Raises TooOften, Busy, and whatever speaking may raise."""
        name = f"{challenge.nonce}|{language}"
        return self._made(Kind.SOUND, name, network, now, lambda seed: speak(challenge.digits, language, seed))

    def _made(self, kind: Kind, name: str, network: str, now: datetime, make: Callable[[int], bytes]) -> bytes:
        kept = self._known(kind, name)
        if kept is not None:
            return kept
        if self._networks.is_over(network, now):
            raise TooOften
        with self._turns.taken():
            self._count(f"{kind}|{name}")
            self._networks.note(network, now)
            seed = int.from_bytes(hmac.digest(self._key, f"{kind}|{name}".encode(), "sha256"))
            made = make(seed)
        self._keep(kind, name, made)
        return made

    def _known(self, kind: Kind, name: str) -> bytes | None:
        with self._lock:
            return self._kept[kind].get(name)

    def _count(self, name: str) -> None:
        with self._lock:
            number = self._counts.pop(name, 0)
            self._counts[name] = min(number + 1, RENDERS)
            while len(self._counts) > REMEMBERED:
                self._counts.popitem(last=False)
        if number >= RENDERS:
            raise TooOften

    def _keep(self, kind: Kind, name: str, made: bytes) -> None:
        with self._lock:
            kept = self._kept[kind]
            kept[name] = made
            while len(kept) > KEPT[kind]:
                kept.popitem(last=False)
