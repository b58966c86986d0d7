"""The captcha of one process: what a sent form's answer is worth. It refuses for the moment, and never for good.

Two doors lead through: a proof of work, and the digits. Whoever fails at both three times may wait for a person, who
looks at the comment before it counts; the same happens where a part of the captcha itself fails.
"""

from collections import OrderedDict, deque
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

import structlog

from app.captcha import proof
from app.captcha.challenge import Challenge, Challenges, is_read_right
from app.captcha.doubts import Doubt
from app.captcha.failures import tell
from app.captcha.load import Load
from app.captcha.networks import bucket_key
from app.captcha.rendering import Renderings
from app.captcha.turns import Busy, Turns
from app.kit.crypto import SignedTokens, Unreadable, derive, keyed_hash, mac
from app.kit.throttle import Sharing, Throttle

FAILURES_FOR_PERSON = 3
NETWORK_FAILURES, NETWORK_SPAN = 30, timedelta(hours=1)
"""From so many failures on the digits of that network pass only under doubt: a new form doesn't set its count back."""
FASTEST = timedelta(seconds=3)
COUNT_LIFETIME = timedelta(days=7)
BROKEN_FOR = timedelta(minutes=10)
REMEMBERED_PROOFS = 10_000
HASHING_AT_ONCE, HASHING_WAITING = 2, 6
FEW_WRONG, WRONG_SPAN = 10, timedelta(minutes=10)
"""From more wrong proofs than that, of this process, every number of a proof is looked at and no longer one of them."""

log = structlog.get_logger("yanlu.captcha")


class Door(StrEnum):
    PROOF = "proof"
    DIGITS = "digits"
    PERSON = "person"


class Outcome(StrEnum):
    PASSED = "passed"
    MISSING = "missing"
    WRONG = "wrong"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Sent:
    """What a form says of its captcha. `count` is the signed number of failures, `trap` what stood in the field that
    nobody sees, `asks_person` that its sender chose to wait for a person."""

    token: str
    digits: str = ""
    proof: str = ""
    trap: str = ""
    count: str = ""
    asks_person: bool = False


@dataclass(frozen=True)
class Judged:
    """`challenge` is to be used up whatever the outcome, except where nothing was answered; None where there was none.
    `failures` counts those of this form with this one; `begun_at` tells when the form was first shown."""

    outcome: Outcome
    door: Door
    failures: int = 0
    challenge: Challenge | None = None
    doubts: frozenset[Doubt] = frozenset()
    begun_at: datetime | None = None


class Gate:
    """Everything that one process knows of its captcha; failures of networks are known to all where they share them."""

    def __init__(self, master: bytes, base_work: int, sharing: Sharing | None = None) -> None:
        self.challenges = Challenges(master)
        self.renderings = Renderings(master, sharing)
        self.load = Load(base_work)
        self._counts = SignedTokens(master, "captcha-failures")
        self._trap_key, self._network_key = derive(master, "captcha-trap"), derive(master, "captcha-network")
        self._networks = Throttle(NETWORK_FAILURES, NETWORK_SPAN, "captcha-failures", sharing)
        self._turns = Turns(HASHING_AT_ONCE, HASHING_WAITING)
        self._hashed: OrderedDict[str, tuple[str, bool | None]] = OrderedDict()
        self._place_key = derive(master, "captcha-place")
        self._wrong_proofs: deque[datetime] = deque(maxlen=FEW_WRONG + 1)
        self._lock = Lock()
        self._broken_until: datetime | None = None

    def mint(self, now: datetime, bound_to: str, begun_at: datetime | None = None) -> str:
        """A new challenge for the form; its proof costs what the load of the moment asks."""
        return self.challenges.mint(now, bound_to, self.load.work(now), begun_at)

    def trap_name(self, token: str) -> str:
        """Of the field that nobody sees: another one for each challenge."""
        return "website_" + keyed_hash(self._trap_key, token).hex()[:8]

    def network_key(self, network: str) -> str:
        return bucket_key(self._network_key, network)

    def count(self, failures: int, bound_to: str, now: datetime) -> str:
        """The number of failures, signed for this form."""
        return self._counts.sign(str(failures), bound_to, now + COUNT_LIFETIME)

    def failures(self, count: str, bound_to: str, now: datetime) -> int:
        """What the form carries; 0 where it carries nothing that we signed."""
        if not count:
            return 0
        try:
            return int(self._counts.read(count, bound_to, now))
        except Unreadable:
            return 0

    def offers_person(self, failures: int, network: str, now: datetime) -> bool:
        """Whether the form offers to be sent unsolved, to wait for a person."""
        return failures >= FAILURES_FOR_PERSON or self.is_broken(now) or self._networks.is_over(network, now)

    def is_broken(self, now: datetime) -> bool:
        """Whether a part failed lately, so that nobody may be kept waiting for it."""
        return self._broken_until is not None and now < self._broken_until

    def note_broken(self, part: str, error: Exception, now: datetime) -> None:
        """For a while the form then offers to wait for a person."""
        self._broken_until = now + BROKEN_FOR
        tell(part, error)

    def judge(self, sent: Sent, bound_to: str, network: str, now: datetime) -> Judged:
        """What the answer is worth. Nothing is stored; a failure is remembered for the network."""
        judged = self._judged(sent, bound_to, network, now)
        challenge = judged.challenge
        begun_at = challenge.begun_at if challenge else self.challenges.begun_at(sent.token, bound_to)
        return replace(judged, begun_at=begun_at)

    def _judged(self, sent: Sent, bound_to: str, network: str, now: datetime) -> Judged:
        failures = self.failures(sent.count, bound_to, now)
        try:
            challenge = self.challenges.read_for(sent.token, bound_to, now)
        except Unreadable:
            challenge = None
        doubts = _scores(challenge, sent, now)
        if sent.asks_person and self.offers_person(failures, network, now):
            why = Doubt.BROKEN if self.is_broken(now) else Doubt.FAILED
            return Judged(Outcome.PASSED, Door.PERSON, failures, challenge, doubts | {why})
        if challenge is None:
            return Judged(Outcome.EXPIRED, _door(sent), failures)
        passed = self._passed(challenge, sent, network, now)
        if passed is not None:
            door, more = passed
            return Judged(Outcome.PASSED, door, failures, challenge, doubts | more)
        if not sent.digits and not sent.proof:
            return Judged(Outcome.MISSING, Door.DIGITS, failures + 1, challenge)
        self._networks.note(network, now)
        return Judged(Outcome.WRONG, _door(sent), failures + 1, challenge)

    def _passed(
        self, challenge: Challenge, sent: Sent, network: str, now: datetime
    ) -> tuple[Door, frozenset[Doubt]] | None:
        if sent.digits and is_read_right(challenge, sent.digits):
            over = self._networks.is_over(network, now)
            return Door.DIGITS, frozenset({Doubt.FAILED} if over else ())
        if not sent.proof:
            return None
        try:
            proven = self._is_proven(challenge, sent.proof, now)
        except Busy:
            log.warning("captcha_busy", part="proof")
            return Door.PROOF, frozenset({Doubt.BROKEN})
        except Exception as error:
            self.note_broken("proof", error, now)
            return Door.PROOF, frozenset({Doubt.BROKEN})
        return (Door.PROOF, frozenset()) if proven else None

    def _is_proven(self, challenge: Challenge, given: str, now: datetime) -> bool:
        """Hashes for one proof of each challenge, whatever others come with it; what is none by its form costs nothing.

        Two different ones at the same instant would otherwise have two chances at numbers that were not looked for.
        """
        if proof.numbers_of(given) is None:
            return False
        with self._lock:
            first, proven = self._hashed.setdefault(challenge.nonce, (given, None))
            while len(self._hashed) > REMEMBERED_PROOFS:
                self._hashed.popitem(last=False)
        if first != given or proven is not None:
            return first == given and proven is True
        with self._turns.taken():
            proven = proof.is_proven(challenge, given, self._places(challenge, given, now))
        with self._lock:
            self._hashed[challenge.nonce] = (given, proven)
            if not proven:
                self._wrong_proofs.append(now)
        return proven

    def _places(self, challenge: Challenge, given: str, now: datetime) -> Collection[int]:
        """Which of a proof's numbers are looked at: all while many are wrong, else one."""
        with self._lock:
            wrong = sum(at > now - WRONG_SPAN for at in self._wrong_proofs)
        return range(proof.NUMBERS) if wrong > FEW_WRONG else (spot(self._place_key, challenge.nonce, given),)


def spot(key: bytes, nonce: str, given: str) -> int:
    """The place that is looked at: nobody without the key foresees it, and every process looks at the same one."""
    return mac(key, f"{nonce}|{given}".encode())[0] % proof.NUMBERS


def _scores(challenge: Challenge | None, sent: Sent, now: datetime) -> frozenset[Doubt]:
    found = set()
    if challenge is not None and now - challenge.begun_at < FASTEST:
        found.add(Doubt.TOO_FAST)
    if sent.trap:
        found.add(Doubt.HONEYPOT)
    return frozenset(found)


def _door(sent: Sent) -> Door:
    return Door.PROOF if sent.proof and not sent.digits else Door.DIGITS
