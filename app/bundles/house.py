"""What a side needs to make bundles and to take them in."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.bundles.directions import Direction
from app.bundles.file_format import FORMAT
from app.bundles.inward import OBJECTIONS
from app.bundles.outward import MESSAGES, OUTWARD
from app.bundles.refusals import BundleRefused
from app.bundles.sides import Own, Peer
from app.kit.blobs import BlobStore
from app.kit.database import Database
from app.permissions import Actor
from app.rights.effects import Keepers

MODE = 0o600


@dataclass(frozen=True)
class House:
    """One side. `direction` is the way that its own bundles go, `folder` holds them until they are acknowledged;
    `actor` is whoever runs the command, `version` the program's."""

    database: Database
    direction: Direction
    own: Own
    peer: Peer
    blobs: BlobStore
    keepers: Keepers
    folder: Path
    actor: Actor
    version: str

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One command at a time; what an earlier one left half done is removed. Raises BundleRefused."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BundleRefused("another export or import is under way") from None
            for half in self.folder.glob("*.part"):
                half.unlink()
            yield

    def kept(self, sequence: int) -> Path:
        return self.folder / name_of(self.direction, sequence)


def name_of(direction: Direction, sequence: int) -> str:
    return f"yanlu-{direction}-{sequence:06}.bundle"


def schema() -> str:
    """Differs where two versions of the program would read a record differently."""
    said = "\n".join([FORMAT, "submission 1", "rights 1", *(kind.shape for kind in (*OUTWARD, MESSAGES, OBJECTIONS))])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def put_in_place(aside: Path, path: Path) -> None:
    """The whole file under its name, or none; durable on return."""
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
