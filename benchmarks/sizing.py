"""What a consultation of so many comments needs, reckoned from what was measured on one machine. Pure.

Every figure names its formula, so that whoever doubts an assumption can put another in its place.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

LOG_BATCH = 131_072
"""Entries that the transparency log seals in a minute at most."""
GROUP = 256
"""Comments that one commit stores at most."""


@dataclass(frozen=True)
class Measured:
    """Of one machine; None where no command has measured it yet. `cores` are those of that machine."""

    cores: int | None = None
    accepted: float | None = None
    app_us: float | None = None
    store_us: float | None = None
    views: float | None = None
    worker_mib: float | None = None
    row_bytes: float | None = None


@dataclass(frozen=True)
class Assumed:
    """What nobody measured. Shares are of all comments of a consultation."""

    last_hour: float = 0.10
    last_minute: float = 3.0
    busy: float = 0.5
    beside_bytes: float = 1_500
    form_bytes: float = 6_000
    views_each: float = 20
    wal: float = 2.0
    spare_room: float = 2.0
    backup_rate: float = 50e6


@dataclass(frozen=True)
class Need:
    """One figure with its unit and the words of its formula; None where a measured figure is missing."""

    name: str
    value: float | None
    unit: str
    formula: str


def needs(total: int, seen: Measured, assumed: Assumed) -> list[Need]:
    """For a consultation of `total` comments."""
    return [*_arriving(total, seen, assumed), *_kept(total, seen, assumed), *_sealed(total, assumed)]


def peak(total: int, assumed: Assumed) -> float:
    """Comments a second in the busiest minute."""
    return total * assumed.last_hour / 3600 * assumed.last_minute


def _arriving(total: int, seen: Measured, assumed: Assumed) -> Iterator[Need]:
    rate, busy = peak(total, assumed), assumed.busy
    machines = _each(rate, seen.accepted and seen.accepted * busy)
    yield Need(
        "comments in the last hour",
        total * assumed.last_hour,
        "",
        f"all × {assumed.last_hour:g} (share of the last hour)",
    )
    yield Need("to be accepted in the busiest minute", rate, "/s", f"last hour ÷ 3,600 × {assumed.last_minute:g}")
    yield Need(
        "machines like the measured one, app and database together",
        None if machines is None else max(math.ceil(machines), 2),
        "",
        f"busiest minute ÷ (measured accepted/s × {busy:g}), rounded up; at least 2, so that one may fail",
    )
    app = None if seen.app_us is None else rate * seen.app_us / 1e6 / busy
    yield Need("processors for the app", app, "", f"busiest minute × app µs ÷ 1,000,000 ÷ {busy:g}")
    store = None if seen.store_us is None else rate * seen.store_us / 1e6 / busy
    yield Need("processors for the database", store, "", f"busiest minute × database µs ÷ 1,000,000 ÷ {busy:g}")
    processes = None if app is None else max(math.ceil(app), 2)
    yield Need("processes of the service", processes, "", "one for each processor of the app; at least 2")
    memory = None if processes is None or seen.worker_mib is None else processes * seen.worker_mib
    yield Need("memory of these", memory, "MiB", "processes × measured peak of one whose store stands still")
    yield Need("commits, at least", rate / GROUP, "/s", f"busiest minute ÷ {GROUP} (a full group)")
    yield Need("commits, at most", rate, "/s", "one for each comment, where no two wait together")
    yield Need("page views", rate * assumed.views_each, "/s", f"busiest minute × {assumed.views_each:g}")
    views = None if not seen.views or not seen.cores else rate * assumed.views_each / (seen.views / seen.cores) / busy
    yield Need("processors for these", views, "", f"page views ÷ measured views/s of one processor ÷ {busy:g}")
    arriving = rate * assumed.form_bytes * 8 / 1e6
    yield Need("network, arriving forms", arriving, "Mbit/s", f"busiest minute × {assumed.form_bytes:,.0f} bytes × 8")


def _kept(total: int, seen: Measured, assumed: Assumed) -> Iterator[Need]:
    each = None if seen.row_bytes is None else seen.row_bytes + assumed.beside_bytes
    store = None if each is None else total * each
    growth = None if each is None else peak(total, assumed) * each
    beside = f"measured bytes + {assumed.beside_bytes:,.0f}"
    yield Need("the store", _giga(store), "GB", f"all × ({beside})")
    room = None if store is None else store * assumed.spare_room
    yield Need("disk to be had", _giga(room), "GB", f"the store × {assumed.spare_room:g} (room to rebuild an index)")
    wal = None if growth is None else growth * assumed.wal * 8 / 1e6
    yield Need("network to each standby", wal, "Mbit/s", f"busiest minute × ({beside}) × {assumed.wal:g} (WAL) × 8")
    hours = None if store is None else store / assumed.backup_rate / 3600
    yield Need("a backup", hours, "h", f"the store ÷ {assumed.backup_rate / 1e6:g} MB/s")


def _sealed(total: int, assumed: Assumed) -> Iterator[Need]:
    minute = peak(total, assumed) * 60
    yield Need("entries of the log in the busiest minute", minute, "", "busiest minute × 60")
    share = minute / LOG_BATCH
    yield Need("of a minute's largest batch", 100 * share, "%", f"entries ÷ {LOG_BATCH:,}; above 100 they wait")
    leaves = total * 2 * 32
    yield Need("hashes of the log", _giga(leaves), "GB", "all × 2 (receipt, decision) × 32 bytes, without the padding")


def _each(value: float, by: float | None) -> float | None:
    return value / by if by else None


def _giga(value: float | None) -> float | None:
    return None if value is None else value / 1e9
