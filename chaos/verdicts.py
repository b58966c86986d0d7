"""What became of what the clients were promised, once a fault is over."""

import os
import subprocess
import sys

from sqlalchemy.exc import DatabaseError

from benchmarks.service import YANLU, Kind
from chaos import checking
from chaos.clients import Clients
from chaos.report import Result

CHECKS = ("audit verify", "log verify", "counters check")


def verdict(
    name: str, kind: Kind, clients: Clients, url: str, keys: dict[str, str], pause: float | None = None
) -> Result:
    """A store that can't be read holds nothing."""
    try:
        stored = checking.read(url)
    except DatabaseError as unreadable:
        print(f"{name}: {unreadable}", file=sys.stderr)
        stored = checking.Stored([], {}, 0)
    for fault in stored.faults:
        print(f"{name}: {fault}", file=sys.stderr)
    found = checking.compare(clients.acknowledged, clients.unknown, stored)
    known, unknown, refused = len(clients.acknowledged), len(clients.unknown), len(clients.refused)
    failed = failed_checks(url, keys)
    return Result(name, kind.value, known, unknown, refused, clients.statuses, pause, found, failed)


def failed_checks(url: str, keys: dict[str, str]) -> list[str]:
    """Those of the service's own checks of its store that find something."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YANLU_")}
    given = {f"YANLU_{name.upper()}": value for name, value in {**keys, "database_url": url}.items()}
    failed = []
    for check in CHECKS:
        command = [sys.executable, "-m", YANLU, *check.split()]
        done = subprocess.run(command, env=plain | given, capture_output=True, check=False)
        if done.returncode:
            failed.append(check)
            print(done.stdout.decode()[-500:], done.stderr.decode()[-500:], file=sys.stderr)
    return failed
