"""What the clients were promised against what each database host holds, once all hosts are whole."""

from collections import Counter
from dataclasses import dataclass

from chaos.ha.clients import Clients
from chaos.ha.cluster import DATABASES, Cluster

STORED = """
SELECT receipt_number || ' ' || encode(sha256(convert_to(comment, 'UTF8')), 'hex') FROM submissions
"""
HALF_STORED = """
SELECT count(*) FROM submissions s
WHERE NOT EXISTS (SELECT 1 FROM submitter_identities i WHERE i.submission_id = s.id)
   OR NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.record_id = s.id::text AND a.action = 'submission.received')
"""
CATCHING_UP = 120.0
"""Seconds in which the asynchronous standby must have what the others have."""


@dataclass(frozen=True)
class Host:
    """What one database host holds of what was promised: both numbers are to be 0."""

    name: str
    role: str
    stored: int
    lost: int
    doubled: int


@dataclass(frozen=True)
class Finding:
    """Of all receipts together. `half` and `refused` are to be 0; `answers` counts statuses, 0 being no answer."""

    sent: int
    acknowledged: int
    hosts: list[Host]
    half: int
    refused: int
    answers: Counter[int]
    timelines: list[str]
    """Of the three servers; they agree where nobody went on by itself."""

    @property
    def holds(self) -> bool:
        numbers = {host.stored for host in self.hosts}
        exact = not any(host.lost or host.doubled for host in self.hosts) and len(numbers) == 1
        return self.acknowledged > 0 and exact and not self.half and not self.refused and len(set(self.timelines)) == 1


def compared(cluster: Cluster, clients: Clients) -> Finding:
    """Asks every host itself, when nobody writes any more."""
    cluster.wait("the same on all hosts", lambda: len({_number(cluster, name) for name in DATABASES}) == 1, CATCHING_UP)
    promised = Counter(f"{got.receipt} {got.sha256}" for got in clients.acknowledged)
    primary = cluster.machines[cluster.primary()]
    return Finding(
        sent=clients.sent,
        acknowledged=promised.total(),
        hosts=[_host(cluster, name, promised) for name in DATABASES],
        half=int(cluster.ask(primary, HALF_STORED)),
        refused=len(clients.refused),
        answers=clients.answers(),
        timelines=[_timeline(cluster, name) for name in DATABASES],
    )


def _host(cluster: Cluster, name: str, promised: Counter[str]) -> Host:
    stored = Counter(line for line in cluster.ask(cluster.machines[name], STORED).splitlines() if line)
    return Host(
        name,
        role="primary" if cluster.primary() == name else "synchronous" if name in cluster.standbys() else "standby",
        stored=stored.total(),
        lost=sum(1 for line in promised if not stored[line]),
        doubled=sum(1 for number in (*stored.values(), *promised.values()) if number > 1),
    )


def _number(cluster: Cluster, name: str) -> str:
    return cluster.ask(cluster.machines[name], "SELECT count(*), max(receipt_number) FROM submissions")


def _timeline(cluster: Cluster, name: str) -> str:
    """Of the write-ahead log that the server writes or takes over now."""
    if cluster.primary() == name:
        return str(cluster.timeline())
    return cluster.ask(cluster.machines[name], "SELECT received_tli FROM pg_stat_wal_receiver").strip()
