"""What the faults did, in words."""

import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chaos.checking import Finding

TAKEN = 303
COLUMNS = (
    *("fault", "store", "receipts", "stored", "missing", "altered", "doubled", "half", "captchas", "files"),
    *("doubted", "unanswered, stored", "checks", "pause s", "other answers"),
)
PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"


@dataclass(frozen=True)
class Result:
    name: str
    store: str
    acknowledged: int
    unknown: int
    refused: int
    statuses: Mapping[int, int]
    pause: float | None
    finding: Finding
    failed_checks: Sequence[str]

    @property
    def holds(self) -> bool:
        return self.acknowledged > 0 and self.refused == 0 and self.finding.holds and not self.failed_checks


def line(result: Result) -> str:
    return f"{result.name} ({result.store}): {'|'.join(_cells(result)[2:])}"


def write(results: list[Result], controls: list[Result], seed: int, *, held: bool) -> None:
    """The page, whole: nothing in it is written by hand."""
    PAGE.write_text(
        TEMPLATE.format(
            date=f"{datetime.now(UTC):%Y-%m-%d}",
            machine=f"{os.cpu_count()} processors, Linux {platform.release()}, Python {platform.python_version()}",
            sqlite=sqlite3.sqlite_version,
            seed=seed,
            verdict="Every promise held, and the controls failed as they must."
            if held
            else "**Not every promise held.**",
            head=f"| {' | '.join(COLUMNS)} |",
            rows="\n".join(f"| {' | '.join(_cells(result))} |" for result in [*results, *controls]),
        )
    )


def _cells(result: Result) -> list[str]:
    found = result.finding
    numbers = (result.acknowledged, found.stored, found.missing, found.altered, found.doubled, found.half)
    more = (found.captchas, found.faults, found.doubted)
    unknown = f"{found.unknown_found} of {result.unknown}"
    pause = "" if result.pause is None else f"{result.pause:.1f}"
    checks = ", ".join(f"**{name}**" for name in result.failed_checks) or "hold"
    return [result.name, result.store, *map(str, numbers), *map(str, more), unknown, checks, pause, _answers(result)]


def _answers(result: Result) -> str:
    others = {status: n for status, n in sorted(result.statuses.items()) if status != TAKEN}
    return ", ".join(f"{n}× {status or 'none'}" for status, n in others.items())


TEMPLATE = """# Nothing lost: the faults of one machine

Written by `make chaos`; nothing here is written by hand. {date}; {machine}, SQLite {sqlite}; seed {seed}.

{verdict}

Clients post unique texts to `yanlu serve --workers 2`, fsync every receipt, and send the same form again where no
answer or a 5xx came. Afterwards each receipt's text must be there once and unaltered; each submission must have its
identity, its data key, its public form, its audit entry, its entry in the log and its message, once, and have used up
one captcha; the store's files must be whole; and `yanlu audit verify`, `yanlu log verify` and `yanlu counters check`
must find nothing.

{head}
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
{rows}

`doubted` were stored without using up their captcha, because its table could not be written just then: a person looks
at them before they count, and their senders get no mail before that. `pause` is the longest time after a strike in
which no client got a receipt; it depends on what else the machine does.
`none` among the answers: no connection, or one that
broke. A fault that ends the whole service has no pause of its own: the next round starts it.

Power loss: a preloaded library (`chaos/powerloss.c`) copies a file of the store to a shadow at each fsync. When all
processes were killed, the store is put back to the shadow; each 512-byte sector that was written since is, by the seed,
either there or not. PostgreSQL's folder is put together from how it was before the rush and the shadow. The controls
are the same service on stores that don't wait for the disk, and must lose receipts.

The disk is full because a file beside the store takes all that is left of a small file system, for some seconds. The
database is killed with all its processes at once and started again, or loses one process and recovers by itself.

What this does not show: un-synced growth of a file never survives the power
loss, and the syncing of folders is not modelled. A disk that says it has synced and has not is beyond any program.
Several machines: `reliability-ha.md`.
"""
