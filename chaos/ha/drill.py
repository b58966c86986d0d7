"""One fault after another while comments come in, and what must hold of it.

Every fault begins with a primary that has a synchronous standby, and ends with three database hosts that follow one
another again. Between them: no two hosts that say they are the primary, and soon a receipt again. What is waited for is
readiness, within generous bounds: a crowded machine makes the drill longer, never other than it is.
"""

import itertools
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chaos.ha.clients import Acknowledged, Clients
from chaos.ha.cluster import Cluster
from chaos.ha.faults import Fault, Temptation

BACK_WITHIN = 30.0
"""Seconds after which a comment must be taken in again, whatever one fault did."""
LOOK_EVERY = 0.25
CALM = 3.0
"""Seconds of undisturbed work before each fault."""
SHOWS = 10.0
"""Seconds that a fault gets at least to show itself."""
STOPPED = 15.0
"""Seconds for which nothing may be acknowledged, where a fault stops the intake."""
GRACE = 3.0
"""Seconds after the fault in which answers may still be under way."""
RECOVERY = 300.0


@dataclass
class Outcome:
    """Of one fault. `gap` is the longest time without a receipt from it on; where the fault stops the intake as it
    should, from its mending on. `against` holds what broke a promise, in words."""

    fault: str
    struck: str
    gap: float
    whole_after: float
    primary_before: str
    primary_after: str
    timelines: tuple[int, int]
    rewinds: int
    answers: Counter[int]
    notes: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.gap <= BACK_WITHIN and not self.against


@dataclass
class Watch:
    """Looks all the time who says that it is the primary. `double` holds every look that found two."""

    cluster: Cluster
    looks: int = 0
    double: list[list[str]] = field(default_factory=list)

    @contextmanager
    def looking(self) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=self._look, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _look(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_EVERY):
            found = self.cluster.primaries()
            self.looks += 1
            if len(found) > 1:
                self.double.append(found)


def settle(cluster: Cluster) -> None:
    """Waits until everything stands. RuntimeError where it doesn't within RECOVERY."""
    cluster.wait("three etcds with a leader", cluster.has_consensus, RECOVERY)
    cluster.wait("three hosts that follow one another", cluster.is_whole, RECOVERY)
    cluster.wait("a synchronous standby", cluster.is_safe, RECOVERY)
    cluster.wait("the service on both hosts", cluster.serve_all, RECOVERY)


def run(cluster: Cluster, clients: Clients, fault: Fault) -> Outcome:
    """One fault under load. RuntimeError where the hosts don't come together again within RECOVERY."""
    settle(cluster)
    time.sleep(CALM)
    outcome = Outcome(
        fault.name, "", 0, 0, cluster.primary(), "", (cluster.timeline(), 0), cluster.rewinds(), clients.answers()
    )
    leads = cluster.consensus_leader()
    began = time.monotonic()
    print(f"{fault.name} …", file=sys.stderr)
    outcome.struck = fault.strike(cluster)
    if outcome.struck == leads and "etcd" not in fault.name:
        outcome.notes.append("it also led etcd")
    temptation = Temptation(cluster, outcome.struck) if fault.tempts else None
    if temptation:
        temptation.begin()
    counted = _stopped(cluster, clients, fault, outcome) if fault.stops else _borne(cluster, clients, fault, outcome)
    settle(cluster)
    outcome.whole_after = time.monotonic() - (counted if fault.stops else began)
    if temptation:
        _judge(temptation, outcome)
    outcome.gap = longest_gap(clients.since(counted), counted)
    outcome.primary_after = cluster.primary()
    outcome.timelines = (outcome.timelines[0], cluster.timeline())
    outcome.rewinds = cluster.rewinds() - outcome.rewinds
    outcome.answers = clients.answers() - outcome.answers
    return outcome


def _borne(cluster: Cluster, clients: Clients, fault: Fault, outcome: Outcome) -> float:
    """A fault that the intake must get over by itself, before it is mended; from when on is counted."""
    began = time.monotonic()
    time.sleep(SHOWS)
    cluster.wait("a receipt", lambda: bool(clients.since(time.monotonic() - 1)), RECOVERY)
    fault.mend(cluster, outcome.struck)
    return began


def _stopped(cluster: Cluster, clients: Clients, fault: Fault, outcome: Outcome) -> float:
    """A fault in which nothing may be acknowledged until it is mended; from when on is counted."""
    time.sleep(GRACE)
    silent = time.monotonic()
    time.sleep(STOPPED)
    given = len(clients.since(silent))
    outcome.notes.append(f"receipts given meanwhile, in {STOPPED:.0f} s: {given}")
    if given:
        outcome.against.append("receipts were given while no standby was there")
    mended = time.monotonic()
    fault.mend(cluster, outcome.struck)
    cluster.wait("a receipt", lambda: bool(clients.since(mended)), RECOVERY)
    return mended


def _judge(temptation: Temptation, outcome: Outcome) -> None:
    temptation.end()
    tried, acknowledged, kept = len(temptation.tried), len(temptation.acknowledged), temptation.kept()
    outcome.notes.append(
        f"commits tried at the host itself: {tried}, acknowledged {acknowledged}, found afterwards {kept}"
    )
    if not tried:
        outcome.against.append("nobody tried to write at the host that was cut off")
    if acknowledged:
        outcome.against.append("the host that was cut off acknowledged commits")


def longest_gap(receipts: list[Acknowledged], since: float) -> float:
    """Seconds, from `since` until now, in which nobody got a receipt, at a stretch."""
    times = [since, *sorted(got.at for got in receipts), time.monotonic()]
    return max(later - earlier for earlier, later in itertools.pairwise(times))
