"""What is done to the machines: each fault strikes one of them, and is mended afterwards."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from chaos.ha.cluster import APPLICATIONS, OWNER, Cluster
from chaos.ha.machines import Machine

PATIENCE = 5
"""Seconds that somebody at a cut-off host waits for a commit before giving up."""


@dataclass(frozen=True)
class Fault:
    """`stops` says that nothing may be acknowledged until it is mended."""

    name: str
    strike: Callable[[Cluster], str]
    """Does it; answers the machine that was struck."""
    mend: Callable[[Cluster, str], None]
    stops: bool = False
    tempts: bool = False
    """Whether somebody at the struck host itself tries to write meanwhile."""


class Temptation:
    """Somebody who writes at a host that was cut off, without any network between; none of it may be acknowledged.

    What was tried stands in a table of the maintenance database: afterwards none of it may be there.
    """

    def __init__(self, cluster: Cluster, name: str) -> None:
        self._cluster, self._machine = cluster, cluster.machines[name]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.tried: list[str] = []
        self.acknowledged: list[str] = []

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def kept(self) -> int:
        """How many of the tries the present primary holds."""
        primary = self._cluster.machines[self._cluster.primary()]
        words = set(self._cluster.ask(primary, "SELECT word FROM drill_attempts", "postgres").split())
        return len(words & set(self.tried))

    def _work(self) -> None:
        for number in itertools.count():
            if self._stop.is_set():
                return
            word = f"{self._machine.name}-{time.monotonic_ns()}-{number}"
            self.tried.append(word)
            statement = f"INSERT INTO drill_attempts VALUES ('{word}')"  # noqa: S608 - the word is ours
            if self._cluster.commits(self._machine, statement, PATIENCE):
                self.acknowledged.append(word)
            self._stop.wait(0.2)


def _kill_primary(cluster: Cluster) -> str:
    return _without_power(cluster, cluster.primary())


def _kill_standby(cluster: Cluster) -> str:
    return _without_power(cluster, cluster.standbys()[0])


def _kill_application(cluster: Cluster) -> str:
    return _without_power(cluster, APPLICATIONS[0])


def _without_power(cluster: Cluster, name: str) -> str:
    cluster.machines[name].lose_power()
    return name


def _start_database(cluster: Cluster, name: str) -> None:
    cluster.machines[name].heal()
    cluster.start_database(cluster.machines[name])


def _start_application(cluster: Cluster, name: str) -> None:
    cluster.machines[name].heal()
    cluster.start_way(cluster.machines[name])
    cluster.start_application(cluster.machines[name])


def _cut_primary_off(cluster: Cluster) -> str:
    name = cluster.primary()
    cluster.machines[name].cut()
    return name


def _plug_in(cluster: Cluster, name: str) -> None:
    cluster.machines[name].heal()


def _kill_both_standbys(cluster: Cluster) -> str:
    """Their servers only: with etcd gone too, it would be the lock that stops the primary, not the missing copy."""
    for machine in cluster.followers():
        machine.kill_all(but="etcd")
    return " ".join(machine.name for machine in cluster.followers())


def _start_both_standbys(cluster: Cluster, names: str) -> None:
    for name in names.split():
        cluster.start_patroni(cluster.machines[name])


def _kill_consensus_leader(cluster: Cluster) -> str:
    name = cluster.consensus_leader()
    cluster.machines[name].kill("etcd")
    return name


def _start_consensus(cluster: Cluster, name: str) -> None:
    cluster.start_consensus(cluster.machines[name])


def _switch_over(cluster: Cluster) -> str:
    """As an operator does before working on a host."""
    name = cluster.primary()
    machine = cluster.machines[name]
    command = ["patronictl", "-c", str(machine.folder / "patroni.yml"), "switchover", "yanlu"]
    machine.run([*command, "--leader", name, "--candidate", cluster.standbys()[0], "--force"], user=OWNER)
    return name


def _restart_poolers(cluster: Cluster) -> str:
    for machine in _application_hosts(cluster):
        machine.kill("pgbouncer")
    for machine in _application_hosts(cluster):
        cluster.start_pooler(machine)
    return " ".join(APPLICATIONS)


def _application_hosts(cluster: Cluster) -> list[Machine]:
    return [cluster.machines[name] for name in APPLICATIONS]


def _nothing(cluster: Cluster, name: str) -> None:
    """What was done needs no mending."""


FAULTS = (
    Fault("the primary loses power", _kill_primary, _start_database),
    Fault("the primary's cable is out", _cut_primary_off, _plug_in, tempts=True),
    Fault("the synchronous standby loses power", _kill_standby, _start_database),
    Fault("both standbys' servers are killed", _kill_both_standbys, _start_both_standbys, stops=True),
    Fault("etcd's leader is killed", _kill_consensus_leader, _start_consensus),
    Fault("an operator switches over", _switch_over, _nothing),
    Fault("an application host loses power", _kill_application, _start_application),
    Fault("PgBouncer is killed and started on both application hosts", _restart_poolers, _nothing),
)
