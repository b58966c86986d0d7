"""`python -m chaos.ha [--only WORDS] [--threads N]`: the drill on three database and two application hosts.

Needs root, iproute2, etcd, Patroni, HAProxy and PgBouncer (deploy/ha). Exits with 1 where a promise did not hold.
"""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.posting import Poster
from benchmarks.service import as_secrets, consultations, new_keys
from chaos.ha import checking, drill, report
from chaos.ha.clients import NAME, Clients
from chaos.ha.cluster import APPLICATIONS, CLIENT, DATABASES, PORT, START, Cluster, new_password
from chaos.ha.faults import FAULTS, Fault
from chaos.ha.machines import inside, network
from chaos.ha.report import Result

THREADS = 4


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m chaos.ha")
    asked.add_argument("--only", default="", help="faults whose name holds these words")
    asked.add_argument("--threads", type=int, default=THREADS)
    asked.add_argument("--write", action="store_true", help="write the result into docs/reliability-ha.md")
    asked.add_argument("--minutes", type=float, default=float("inf"), help="begin no fault after so many")
    options = asked.parse_args()
    faults = [fault for fault in FAULTS if options.only in fault.name]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that it tidies up then as well
    with tempfile.TemporaryDirectory(prefix="yanlu-ha-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        result = held(Path(folder), faults, options.threads, options.minutes * 60)
    print(report.lines(result))
    if options.write:
        report.write(result)
    return 0 if result.holds else 1


def held(folder: Path, faults: list[Fault], threads: int, seconds: float) -> Result:
    began = time.monotonic()
    keys = new_keys()
    with network([*DATABASES, *APPLICATIONS, CLIENT], folder) as machines:
        cluster = Cluster(machines, NAME, new_password(), _settings(keys, machines[CLIENT].address))
        cluster.set_up()
        first = machines[APPLICATIONS[0]]
        first.run(cluster.command("migrate"), environ=cluster.environ(first))
        with inside(first):
            target, _ = consultations(cluster.url)
        for name in APPLICATIONS:
            cluster.start_application(machines[name])
        cluster.wait("the service on both hosts", cluster.serve_all, START)
        hosts = [(machines[name].address, PORT) for name in APPLICATIONS]
        clients = Clients(machines[CLIENT], hosts, target, Poster(as_secrets(keys), target), folder / "receipts")
        watch = drill.Watch(cluster)
        outcomes: list[drill.Outcome] = []
        left: list[str] = []
        with watch.looking():
            clients.start(threads)
            for fault in faults:
                if time.monotonic() - began > seconds:
                    left.append(fault.name)
                    continue
                outcomes.append(drill.run(cluster, clients, fault))
                print(report.line(outcomes[-1]), file=sys.stderr)
            clients.stop()
        return Result(outcomes, checking.compared(cluster, clients), watch.looks, len(watch.double), threads, left)


def _settings(keys: dict[str, str], client: str) -> dict[str, str]:
    given = {
        **keys,
        "environment": "production",
        "public_url": f"http://{NAME}",
        "trusted_hosts": NAME,
        "trusted_proxies": client,
        "secure_cookies": "false",
    }
    return {f"YANLU_{name.upper()}": value for name, value in given.items()}


if __name__ == "__main__":
    sys.exit(main())
