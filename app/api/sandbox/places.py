"""Where sandboxes lie: a folder for each client, a store in it, and how far its clock is ahead.

A sandbox is of one machine and of one version of the schema; after an upgrade it is a new one.
"""

import json
import shutil
import tempfile
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from app.api.sandbox import world
from app.kit import migrations
from app.kit.blobs import DiskBlobs
from app.kit.clock import Clock
from app.kit.crypto import Sealer, derive
from app.kit.database import Database
from app.mail.attached import Cabinet
from app.submissions.intake import DirectIntake
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault

MOST_OPEN = 16
MOST_BYTES = 50_000_000
"""Of the files in one sandbox."""
FURTHEST = timedelta(days=3650)
MASTER = derive(b"a sandbox keeps nothing that is real", "sandbox")
"""Nothing in a sandbox is secret, so its keys needn't be."""


@dataclass(frozen=True)
class MovedClock:
    """Goes as another clock does, `ahead` of it."""

    clock: Clock
    ahead: timedelta

    def now(self) -> datetime:
        return self.clock.now() + self.ahead


@dataclass(frozen=True)
class Sandbox:
    """One program's place to try things out."""

    database: Database
    clock: MovedClock
    intake: DirectIntake
    cabinet: Cabinet


class FewBlobs(DiskBlobs):
    """In a folder that holds MOST_BYTES at most: nobody looks after what is put there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._kept_in = folder

    def put(self, content: bytes) -> str:
        """Raises OSError where there is no room."""
        kept = sum(path.stat().st_size for path in self._kept_in.rglob("*") if path.is_file())
        if kept + len(content) > MOST_BYTES:
            raise OSError("no room")
        return super().put(content)


@dataclass(frozen=True)
class _State:
    generation: int = 1
    ahead_seconds: int = 0


class Sandboxes:
    """All sandboxes of this machine; each is made when it is first asked for."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._open: OrderedDict[Path, Database] = OrderedDict()
        self._lock = Lock()

    def place_of(self, client_id: str, department: tuple[str, str]) -> Sandbox:
        """The client's sandbox, filled for its department (id, name)."""
        with self._lock:
            state = self._state(client_id)
            database = self._database(client_id, state, department)
        vault = Vault(Sealer({"sandbox": MASTER}, "sandbox"), MASTER, "sha256")
        clock = MovedClock(self._clock, timedelta(seconds=state.ahead_seconds))
        cabinet = Cabinet(FewBlobs(self._of(client_id) / "files"), None)
        return Sandbox(database, clock, DirectIntake(database, vault, Receipts(MASTER)), cabinet)

    def move(self, client_id: str, ahead: timedelta) -> None:
        """Sets how far the client's clock is ahead of the real one."""
        with self._lock:
            state = self._state(client_id)
            self._keep(client_id, _State(state.generation, int(ahead.total_seconds())))

    def reset(self, client_id: str) -> None:
        """The next request finds a new sandbox, and the real time. What goes on meanwhile ends in the old one."""
        with self._lock:
            state = self._state(client_id)
            self._keep(client_id, _State(state.generation + 1))
            for old in self._of(client_id).glob("*.sqlite3*"):
                if old not in self._open:
                    old.unlink(missing_ok=True)
            shutil.rmtree(self._of(client_id) / "files", ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            for database in self._open.values():
                database.close()
            self._open.clear()

    def _of(self, client_id: str) -> Path:
        return self._folder / uuid.UUID(client_id).hex

    def _state(self, client_id: str) -> _State:
        path = self._of(client_id) / "state.json"
        return _State(**json.loads(path.read_text())) if path.exists() else _State()

    def _keep(self, client_id: str, state: _State) -> None:
        folder = self._of(client_id)
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / "state.json.new"
        aside.write_text(json.dumps({"generation": state.generation, "ahead_seconds": state.ahead_seconds}))
        aside.replace(folder / "state.json")

    def _database(self, client_id: str, state: _State, department: tuple[str, str]) -> Database:
        path = self._of(client_id) / f"{state.generation}-{migrations.head()}.sqlite3"
        found = self._open.get(path)
        if found is None:
            if not path.exists():
                self._make(path, department)
            found = self._open[path] = Database(f"sqlite:///{path}")
        self._open.move_to_end(path)
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        return found

    def _make(self, path: Path, department: tuple[str, str]) -> None:
        """Made aside and moved into place, so that another process finds the whole or nothing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            made = Path(folder) / "made.sqlite3"
            shutil.copy(self._template(), made)
            database = Database(f"sqlite:///{made}")
            vault = Vault(Sealer({"sandbox": MASTER}, "sandbox"), MASTER, "sha256")
            world.fill(database, DirectIntake(database, vault, Receipts(MASTER)), self._clock.now(), department)
            database.close()
            made.replace(path)

    def _template(self) -> Path:
        path = self._folder / f"empty-{migrations.head()}.sqlite3"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder) as folder:
                made = Path(folder) / "empty.sqlite3"
                migrations.upgrade(f"sqlite:///{made}")
                made.replace(path)
        return path
