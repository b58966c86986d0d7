"""The keys that seal: what uses which, moving everything to the newest, and whether an old one may go; and whether the
key of the blind index is the one that the store knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from app import audit
from app.cli.rekeying import Rekeying, Tally
from app.cli.store import me, opened
from app.cli.terminal import complain, print_table, say
from app.config import ConfigurationError, Secrets, Settings, load_secrets, load_settings
from app.kit.blobs import BlobStore
from app.kit.clock import SystemClock
from app.kit.crypto import Sealer
from app.kit.object_blobs import NoSuchPlace, blobs_at
from app.submissions import index_mark
from app.submissions.vault import Vault

group = typer.Typer(help="The keys that seal personal data: rotation without a pause.", no_args_is_help=True)
COLUMNS = ("where", "key", "number")
OTHER_INDEX = (
    "YANLU_INDEX_KEY or YANLU_INDEX_HASH is not what this store's people are counted by: whoever wrote before would "
    "count as somebody else; give the former one back, or go on without it by: yanlu keys renew-index"
)


@group.command("list")
def list_keys() -> None:
    """How much is sealed or wrapped by which key. The first of YANLU_DATA_KEYS seals now."""
    with _rekeying() as (rekeying, sealer):
        found = rekeying.used()
    print_table(COLUMNS, _rows(found), "nothing is sealed yet")
    say(f"sealing now: {sealer.key_id} ({sealer.suite}), wrapping data keys now: {sealer.wrapper.key_id}")


@group.command()
def rotate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be moved.")] = False,
) -> None:
    """Move everything to the newest key while the service runs; broken off, it can be begun again."""
    with _rekeying() as (rekeying, sealer):
        if dry_run:
            print_table(COLUMNS, _rows(_older(rekeying.used(), sealer)), "nothing to move")
            return
        print_table(COLUMNS, _rows(rekeying.rotate()), "nothing to move")
        left = _older(rekeying.used(), sealer)
    if left:
        complain(f"{left.total()} are left under older keys: a process still seals with one; restart it and run again")
        raise typer.Exit(1)


@group.command()
def retire(key_id: Annotated[str, typer.Argument(help="The key that is to go.")]) -> None:
    """Whether nothing in the store needs the key any more; exit 1 where something does."""
    with _rekeying() as (rekeying, sealer):
        if key_id in (sealer.key_id, sealer.wrapper.key_id):
            complain(f"{key_id} seals now; put another key before it in YANLU_DATA_KEYS first")
            raise typer.Exit(1)
        needed = {cell: number for cell, number in rekeying.used().items() if cell[1].removesuffix(" (sm)") == key_id}
    if needed:
        complain(f"{sum(needed.values())} still need {key_id}; run: yanlu keys rotate")
        raise typer.Exit(1)
    say(f"nothing in this store needs {key_id}: take it out of YANLU_DATA_KEYS and restart every process.")
    say(
        "Backups that were made before the rotation do: keep it, apart from them, as long as you keep the last of them."
    )


@group.command("renew-index")
def renew_index(
    yes: Annotated[bool, typer.Option("--yes", help="It is meant: the former one is lost or given up.")] = False,
) -> None:
    """Go on with another YANLU_INDEX_KEY or _HASH: who wrote before and writes again counts as another person."""
    if not yes:
        complain("who wrote before would count as another person from now on; if that is meant: --yes")
        raise typer.Exit(1)
    settings = load_settings()
    vault = vault_of(load_secrets(settings))
    with opened(settings) as database, database.writing() as session:
        changed = index_mark.renew(session, vault)
        if changed:
            audit.record(session, me(), SystemClock().now(), "person_index.renewed", ("store", index_mark.NAME))
    say(
        "this store goes on under the present key and hash"
        if changed
        else "the present key and hash are the store's own"
    )


def refuse_other_index(settings: Settings, secrets: Secrets) -> None:
    """Raises ConfigurationError where people who wrote before wouldn't be known again."""
    with opened(settings) as database:
        if not index_mark.settle(database, vault_of(secrets)):
            raise ConfigurationError(OTHER_INDEX)


def _older(found: Tally, sealer: Sealer) -> Tally:
    newest = {sealer.key_id if sealer.suite == "aes" else f"{sealer.key_id} (sm)", sealer.wrapper.key_id}
    return Tally({cell: number for cell, number in found.items() if cell[1] not in newest or _is_direct(cell)})


def _is_direct(cell: tuple[str, str]) -> bool:
    return cell[0].endswith("without a data key")


def _rows(found: Tally) -> list[list[str]]:
    return [[where, key_id, str(number)] for (where, key_id), number in sorted(found.items()) if number]


@contextmanager
def _rekeying() -> Iterator[tuple[Rekeying, Sealer]]:
    settings = load_settings()
    secrets = load_secrets(settings)
    sealer = Sealer.of(secrets)
    with opened(settings) as database:
        yield Rekeying(database, sealer, vault_of(secrets), _blobs(settings)), sealer


def vault_of(secrets: Secrets) -> Vault:
    return Vault(Sealer.of(secrets), secrets.index, secrets.index_hash)


def _blobs(settings: Settings) -> BlobStore:
    try:
        return blobs_at(settings.files_url, settings.var_dir / "files", settings.files_access)
    except NoSuchPlace as error:
        raise ConfigurationError(str(error)) from error
