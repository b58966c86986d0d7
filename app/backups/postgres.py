"""pg_dump and pg_restore, as pipes: what they say never stands in a file."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from app.backups.refusals import BackupRefused

PIECE = 1024 * 1024
DEBIAN = Path("/usr/lib/postgresql")
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
IN_ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}


def program(name: str, server: int) -> str:
    """The path of a program that is as new as the server or newer. Raises BackupRefused."""
    found = [path for path in sorted(DEBIAN.glob(f"*/bin/{name}"), key=_debian_version) if os.access(path, os.X_OK)]
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise BackupRefused(f"{name} is missing; install postgresql-client-{server} or newer")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = VERSION.search(said)
    if version is None or int(version[1]) < server:
        is_at = version[1] if version else "unknown"
        raise BackupRefused(f"{name} is of version {is_at}, the server of {server}: install postgresql-client-{server}")
    return path


def dump(path: str, url: str, snapshot: str, without: str) -> Iterator[bytes]:
    """The database in pg_dump's custom format, as of that snapshot, without the rows of one table."""
    options = ["--format=custom", "--enable-row-security", "--no-owner", "--no-privileges"]
    command = [path, *options, f"--snapshot={snapshot}", f"--exclude-table-data={without}"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=_environment(url), stdout=subprocess.PIPE, stderr=said)  # noqa: S603
        assert process.stdout
        try:
            while piece := process.stdout.read(PIECE):
                yield piece
        finally:
            process.stdout.close()
            code = process.wait()
        if code:
            raise BackupRefused(f"pg_dump failed: {_reason(said)}")


def load(path: str, url: str, content: Iterable[bytes]) -> None:
    """Puts a dump into an empty database, all of it or nothing. Raises BackupRefused, and what `content` raises."""
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    database = make_url(url).database or ""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603
            [path, *options, "--dbname", database],
            env=_environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        assert process.stdin
        try:
            for piece in content:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it says why on its standard error
        except BaseException:
            process.kill()  # nothing of the transaction is kept
            process.wait()
            raise
        if process.wait():
            raise BackupRefused(f"pg_restore failed: {_reason(said)}")


def _environment(url: str) -> Mapping[str, str]:
    """A password on a command line could be read by everybody on the machine."""
    parsed = make_url(url)
    given = {"host": parsed.host, "port": parsed.port, **parsed.query}
    said = {IN_ENVIRONMENT[name]: str(value) for name, value in given.items() if name in IN_ENVIRONMENT and value}
    said |= {"PGDATABASE": parsed.database or "", "PGUSER": parsed.username or ""}
    said |= {"PGPASSWORD": str(parsed.password)} if parsed.password else {}
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", **said}


def _debian_version(path: Path) -> float:
    try:
        return float(path.parts[4])
    except ValueError:
        return 0


def _reason(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return next((line for line in lines if "error:" in line), lines[-1] if lines else "no reason given")
