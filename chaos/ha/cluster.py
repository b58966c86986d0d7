"""The shape of deploy/ha, set up from the very files that are shipped there."""

import secrets
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from string import Template

from chaos.ha.machines import SUBNET, Machine, inside

SHIPPED = Path(__file__).parents[2] / "deploy" / "ha"
DATABASES = ("db1", "db2", "db3")
APPLICATIONS = ("app1", "app2")
CLIENT = "client"
OWNER = "postgres"
PORT = 8000
START = 300.0
"""Seconds that a host gets to come up, however crowded the machine is."""
PATIENCE = 5.0
PSQL = ("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")


@dataclass(frozen=True)
class Cluster:
    machines: Mapping[str, Machine]
    name: str
    """The service's host name, whichever application host answers."""
    password: str
    settings: Mapping[str, str]
    """The service's variables, but for the address of its store, which is this cluster's."""

    def set_up(self) -> None:
        """Three database hosts with a primary and a synchronous standby; on each application host the way to them."""
        for name in DATABASES:
            self._lay_out(self.machines[name])
            self.start_database(self.machines[name])
        self.wait("a primary and two standbys", self.is_whole, START)
        self.wait("a synchronous standby", self.is_safe, START)
        self._make_role()
        for name in APPLICATIONS:
            self._lay_out(self.machines[name])
            self.start_way(self.machines[name])

    def _lay_out(self, machine: Machine) -> None:
        hosts = {name: self.machines[name].address for name in DATABASES}
        values = {
            "NODE": machine.name,
            "ADDRESS": machine.address,
            "DATA": str(machine.folder),
            "SUBNET": SUBNET,
            "PASSWORD": self.password,
            "MEMBERS": ",".join(f"{name}=http://{address}:2380" for name, address in hosts.items()),
            "ETCD": ",".join(f"{address}:2379" for address in hosts.values()),
            "DATABASES": "\n".join(f"    server {n} {a}:5432 check port 8008" for n, a in hosts.items()),
        }
        for path in SHIPPED.iterdir():
            if path.suffix in (".yml", ".cfg", ".ini"):
                (machine.folder / path.name).write_text(Template(path.read_text()).substitute(values))
        (machine.folder / "userlist.txt").write_text(f'"yanlu" "{self.password}"\n')
        shutil.chown(machine.folder, OWNER, OWNER)
        for path in machine.folder.iterdir():
            shutil.chown(path, OWNER, OWNER)

    def start_database(self, machine: Machine) -> None:
        """etcd and Patroni of one host, as after its start."""
        self.start_consensus(machine)
        self.start_patroni(machine)

    def start_consensus(self, machine: Machine) -> None:
        machine.start("etcd", ["etcd", "--config-file", "etcd.yml"], user=OWNER)

    def start_patroni(self, machine: Machine) -> None:
        machine.start("patroni", ["patroni", "patroni.yml"], user=OWNER)

    def start_way(self, machine: Machine) -> None:
        machine.start("haproxy", ["haproxy", "-db", "-f", "haproxy.cfg"], user=OWNER)
        self.start_pooler(machine)

    def start_pooler(self, machine: Machine) -> None:
        machine.start("pgbouncer", ["pgbouncer", "pgbouncer.ini"], user=OWNER)

    def start_application(self, machine: Machine) -> None:
        command = self.command("serve", "--host", machine.address, "--port", str(PORT))
        machine.start("serve", command, environ=self.environ(machine))

    def serves(self, name: str) -> bool:
        """Whether the service of an application host answers and has its store."""
        machine = self.machines[name]
        return self._answer(machine, machine.address, PORT, "/readyz", PATIENCE * 6)[0] == 200

    def serve_all(self) -> bool:
        return all(self.serves(name) for name in APPLICATIONS)

    @property
    def url(self) -> str:
        """Of the store, as every application host sees it: through its own PgBouncer."""
        return f"postgresql+psycopg://yanlu:{self.password}@127.0.0.1:6432/yanlu"

    def environ(self, machine: Machine) -> dict[str, str]:
        own = {"YANLU_DATABASE_URL": self.url, "YANLU_VAR_DIR": str(machine.folder / "var")}
        return {**self.settings, **own, "PYTHONPATH": str(SHIPPED.parents[1])}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "app.cli", *words]

    def _make_role(self) -> None:
        primary = self.machines[self.primary()]
        self.ask(primary, (SHIPPED / "role.sql").read_text(), "postgres")
        self.ask(primary, "CREATE TABLE drill_attempts (word text PRIMARY KEY)", "postgres")

    def ask(self, machine: Machine, statements: str, database: str = "yanlu") -> str:
        """By the superuser, at this host itself."""
        given = f"\\set password {self.password}\n{statements}"
        return machine.run([*PSQL, "-d", database], user=OWNER, environ=self._superuser(machine), given=given)

    def commits(self, machine: Machine, statement: str, patience: int) -> bool:
        """Whether the server of this host itself tells somebody there within so many seconds that it is done."""
        command = ["timeout", "-s", "KILL", str(patience), *PSQL, "-d", "postgres", "-c", statement]
        return machine.succeeds(command, user=OWNER, environ=self._superuser(machine))

    def _superuser(self, machine: Machine) -> dict[str, str]:
        return {"PGHOST": str(machine.folder), "PGUSER": "postgres", "PGPASSWORD": self.password}

    def says(self, name: str, path: str) -> int:
        """What Patroni of a host answers on that host itself; 0 where it doesn't."""
        machine = self.machines[name]
        return self._answer(machine, machine.address, 8008, path)[0]

    def _answer(self, machine: Machine, host: str, port: int, path: str, patience: float = PATIENCE) -> tuple[int, str]:
        try:
            with inside(machine):
                connection = HTTPConnection(host, port, timeout=patience)
                connection.connect()
            with closing(connection):
                connection.request("GET", path, headers={"Host": self.name})
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return 0, ""

    def consensus_leader(self) -> str:
        """The host whose etcd leads the others; "" while there is none."""
        for name in DATABASES:
            machine = self.machines[name]
            if "\netcd_server_is_leader 1" in self._answer(machine, machine.address, 2379, "/metrics")[1]:
                return name
        return ""

    def has_consensus(self) -> bool:
        """Every etcd has a leader, and there is one of them that leads."""
        found = [self._answer(m, m.address, 2379, "/metrics")[1] for m in map(self.machines.__getitem__, DATABASES)]
        leading = sum("\netcd_server_is_leader 1" in said for said in found)
        return leading == 1 and all("\netcd_server_has_leader 1" in said for said in found)

    def primaries(self) -> list[str]:
        """Every host that says of itself that it is the primary."""
        return [name for name in DATABASES if self.says(name, "/primary") == 200]

    def primary(self) -> str:
        [name] = self.primaries()
        return name

    def standbys(self) -> list[str]:
        """Those that have every commit that was acknowledged."""
        return [name for name in DATABASES if self.says(name, "/synchronous") == 200]

    def followers(self) -> list[Machine]:
        """The hosts that are not the primary."""
        primary = self.primary()
        return [self.machines[name] for name in DATABASES if name != primary]

    def timeline(self) -> int:
        """Of the primary: it grows by one with each promotion."""
        primary = self.machines[self.primary()]
        return int(self.ask(primary, "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)", "postgres"), 16)

    def rewinds(self) -> int:
        """How many times any host's server was turned back by pg_rewind so far."""
        logs = (self.machines[name].folder / "patroni.log" for name in DATABASES)
        return sum(log.read_text(errors="replace").count("pg_rewind exit code=0") for log in logs if log.exists())

    def is_safe(self) -> bool:
        return len(self.primaries()) == 1 and bool(self.standbys())

    def is_whole(self) -> bool:
        """One primary, and both others take over what it writes."""
        if len(self.primaries()) != 1 or [self.says(name, "/replica") for name in DATABASES].count(200) != 2:
            return False
        streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        try:
            return int(self.ask(self.machines[self.primary()], streaming, "postgres")) == 2
        except (RuntimeError, ValueError):
            return False

    def wait(self, what: str, holds: Callable[[], bool], seconds: float) -> float:
        """How long it took; RuntimeError where it didn't come."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if holds():
                return time.monotonic() - began
            time.sleep(0.2)
        raise RuntimeError(f"{what} did not come within {seconds} seconds")


def new_password() -> str:
    return secrets.token_urlsafe(18)
