"""Carrying records between the internet and the inner network by files (docs/bundles.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from app.bundles import exporting, importing, queries
from app.bundles.directions import Direction
from app.bundles.house import House
from app.bundles.sides import Own, Peer
from app.cli.store import make_var_dir, me, opened
from app.cli.terminal import in_beijing, print_table, say
from app.config import ConfigurationError, Network, Settings, load_secrets, load_settings
from app.kit.blobs import BlobStore
from app.kit.clock import SystemClock
from app.kit.crypto import Sealer
from app.kit.object_blobs import NoSuchPlace, blobs_at
from app.rights.effects import Keepers
from app.rights.sealing import Letters
from app.submissions.vault import Vault

FOLDER = "bundles"
KEPT_DAYS = 30
"""As long as a side may have to be restored from a backup that is older than what it took in."""
OWN_WAY = {Network.OUTER: Direction.INWARD, Network.INNER: Direction.OUTWARD}
COLUMNS = ("bundle", "made", "records", "bytes", "standing")

group = typer.Typer(
    name="bundle",
    help="Carry comments inward and outcomes outward by files, where two networks are kept apart.",
    no_args_is_help=True,
)


@group.command()
def keys() -> None:
    """Print this side's public keys, for YANLU_BUNDLE_PEER on the other side."""
    say(Own.of(load_secrets(load_settings()).signing).public.text)


@group.command("export")
def export_command(
    to: Annotated[Path, typer.Option("--to", help="Folder that the files are put into.")],
    again: Annotated[int | None, typer.Option(min=1, help="Put this one there once more.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Records in one file.")] = exporting.MOST_RECORDS,
) -> None:
    """Write what the other side doesn't have yet into files; none where there is nothing new."""
    now = SystemClock().now()
    with _house() as house:
        if again is not None:
            say(str(exporting.again(house, to, now, again)))
            return
        made = exporting.export(house, to, now, most)
    for path in made:
        say(str(path))
    if not made:
        say("nothing new")


@group.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(help="Bundles of the other side, in their order.")],
) -> None:
    """Take bundles in; one that was taken in before changes nothing, one that broke off goes on."""
    with _house() as house:
        for path in files:
            _tell(path, importing.take_in(house, path, SystemClock().now()))


@group.command()
def forget(
    days: Annotated[int, typer.Option(min=0, help="Only those that were acknowledged so many days ago.")] = KEPT_DAYS,
) -> None:
    """Remove the files kept of bundles that the other side has taken in; it can't be given them again then."""
    now = SystemClock().now()
    with _house() as house:
        gone = exporting.forget(house, now, now - timedelta(days=days))
    for path in gone:
        say(path.name)
    if not gone:
        say("nothing to forget")


@group.command()
def status() -> None:
    """Show what this side has made and taken in, and what the other side hasn't acknowledged yet."""
    with _house() as house, house.database.reading() as session:
        rows = [*queries.newest(session, house.direction), *queries.newest(session, house.direction.other)]
    table = []
    for row in rows:
        name, standing = f"{row.direction} {row.sequence}", queries.standing(row, house.direction)
        table.append([name, in_beijing(row.made_at), str(row.records), str(row.size), standing])
    print_table(COLUMNS, table, "no bundle was made or taken in yet")


def _tell(path: Path, taken: importing.Imported) -> None:
    if taken.is_known:
        say(f"{path.name}: was taken in before, nothing to do")
    elif taken.begun_at:
        say(f"{path.name}: {taken.records} records, gone on from {taken.begun_at}")
    else:
        say(f"{path.name}: {taken.records} records")


@contextmanager
def _house() -> Iterator[House]:
    settings = load_settings()
    if settings.network is Network.WHOLE:
        raise ConfigurationError("YANLU_NETWORK is whole: only an outer and an inner installation exchange bundles")
    if not settings.bundle_peer:
        raise ConfigurationError("YANLU_BUNDLE_PEER is missing; yanlu bundle keys prints it on the other side")
    make_var_dir(settings)
    secrets = load_secrets(settings)
    sealer = Sealer.of(secrets)
    with opened(settings) as database:
        yield House(
            database=database,
            direction=OWN_WAY[settings.network],
            own=Own.of(secrets.signing),
            peer=_peer(settings),
            blobs=_blobs(settings),
            keepers=Keepers(Vault(sealer, secrets.index, secrets.index_hash), Letters(sealer)),
            folder=settings.var_dir / FOLDER,
            actor=me(),
            version=version("yanlu"),
        )


def _peer(settings: Settings) -> Peer:
    try:
        return Peer.read(settings.bundle_peer)
    except ValueError as error:
        raise ConfigurationError(f"YANLU_BUNDLE_PEER: {error}") from error


def _blobs(settings: Settings) -> BlobStore:
    try:
        return blobs_at(settings.files_url, settings.var_dir / "files", settings.files_access)
    except NoSuchPlace as error:
        raise ConfigurationError(str(error)) from error
