"""Two sides that nothing but files joins: the world inside, and an empty store on the internet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from app.bundles.directions import Direction
from app.bundles.exporting import MOST_RECORDS, export
from app.bundles.house import House
from app.bundles.importing import Imported, take_in
from app.bundles.sides import Own
from app.consultations.models import Consultation
from app.documents.queries import clauses_of
from app.kit.blobs import DiskBlobs
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.rights.effects import Keepers
from app.rights.sealing import Letters
from app.submissions.intake import DirectIntake
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault
from tests.support.journey import OPERATOR, SLUG, START, World

OUTSIDE, INSIDE = Own.of(b"o" * 32), Own.of(b"i" * 32)


@dataclass(frozen=True)
class Sides:
    """`world` is inside, `outer` the same people's form outside. `between` is where files are carried."""

    inner: House
    outer: House
    world: World
    between: Path
    receipts: Receipts = field(default_factory=lambda: Receipts(b"R" * 32))

    def goes_out(self, most: int = MOST_RECORDS) -> list[Imported]:
        return self._carry(self.inner, self.outer, most)

    def goes_in(self, most: int = MOST_RECORDS) -> list[Imported]:
        return self._carry(self.outer, self.inner, most)

    def _carry(self, source: House, target: House, most: int) -> list[Imported]:
        return [take_in(target, path, START) for path in export(source, self.between, START, most)]

    @property
    def outside(self) -> World:
        """The form outside, once the consultation has gone out."""
        database, vault = self.outer.database, self.outer.keepers.vault
        with database.reading() as session:
            consultation = session.scalars(select(Consultation).where(Consultation.slug == SLUG)).one()
            clauses = clauses_of(session, consultation.version_id)
        intake = DirectIntake(database, vault, self.receipts, owes_receipts=True)
        return replace(
            self.world,
            database=database,
            vault=vault,
            receipts=self.receipts,
            intake=intake,
            consultation=consultation,
            clauses=clauses,
        )


@contextmanager
def apart(world: World, outer_url: str, folder: Path) -> Iterator[Sides]:
    """Nothing has crossed yet."""
    between = folder / "disc"
    between.mkdir()
    outer = Database(outer_url)
    sealer = Sealer({"outside": b"S" * 32}, "outside")
    inside = Sealer({"test": b"s" * 32}, "test")
    house = House(
        database=world.database,
        direction=Direction.OUTWARD,
        own=INSIDE,
        peer=OUTSIDE.public,
        blobs=DiskBlobs(folder / "inside-files"),
        keepers=Keepers(world.vault, Letters(inside)),
        folder=folder / "inside",
        actor=OPERATOR,
        version="0",
    )
    other = replace(
        house,
        database=outer,
        direction=Direction.INWARD,
        own=OUTSIDE,
        peer=INSIDE.public,
        blobs=DiskBlobs(folder / "outside-files"),
        keepers=Keepers(Vault(sealer, b"I" * 32, "sha256"), Letters(sealer)),
        folder=folder / "outside",
    )
    yield Sides(house, other, world, between)
    outer.close()
