"""Backups: taking one, making the keys for them, and getting one back or proving that it could be."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.audit import verifying
from app.backups import making, restoring, stream
from app.backups.making import Keeping, Made, Source
from app.backups.refusals import BackupRefused
from app.backups.restoring import KEYS_TABLE, Opened
from app.backups.sets import Folder
from app.backups.snapshots import Wanted
from app.cli.backup_places import throw_away
from app.cli.store import make_var_dir, me, require_migrated
from app.cli.terminal import complain, print_json, say
from app.config import ConfigurationError, Settings, load_secrets, load_settings
from app.kit import migrations
from app.kit.blobs import BlobStore
from app.kit.clock import SystemClock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.kit.object_blobs import NoSuchPlace, blobs_at
from app.rights.replaying import erase_again
from app.submissions.vault import Vault
from app.transparency import verifying as receipts_log

CONTENTS = (
    ("submission_files", "sha256"),
    ("submission_files", "released_sha256"),
    ("sounding_files", "sha256"),
    ("answer_files", "sha256"),
    ("mails", "blob_key"),
    ("mail_imports", "blob_key"),
)
"""Where the store refers to contents in the place for files. Those of exports are left out: they live for days."""
WANTED = Wanted(KEYS_TABLE, CONTENTS, ("erased_identities", "submission_id"))
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def backup(
    to: Annotated[Path | None, typer.Option("--to", help="Folder of the backups; else YANLU_BACKUPS.")] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="Keep that many backups.")] = None,
    keep_days: Annotated[int | None, typer.Option(min=1, help="Keep backups younger than that.")] = None,
    keys_kept_days: Annotated[int, typer.Option(min=1, help="Keep the data keys of older backups that long.")] = 30,
    as_json: Json = False,
) -> None:
    """Back up the store and its files while the service runs, sealed for YANLU_BACKUP_KEY."""
    settings, now = load_settings(), SystemClock().now()
    folder, recipient = Folder(_folder(settings, to)), _recipient(settings)
    require_migrated(settings)
    source = Source(settings.database_url, _blobs(settings), WANTED, version("yanlu"))
    with folder.locked():
        made = making.make(folder, source, recipient, now)
        gone = making.prune(folder, Keeping(keep, keep_days, keys_kept_days), now)
    if as_json:
        print_json({**vars(made), "removed": gone})
    else:
        _tell(made, gone)
    if made.missing:
        complain(f"{len(made.missing)} contents that the store refers to are missing or altered: {made.missing[0]} …")


def backup_key(
    to: Annotated[Path, typer.Option("--to", help="New file for the private key; keep it off this machine.")],
) -> None:
    """Make a pair of keys: the private one goes into a file, the public one is printed for YANLU_BACKUP_KEY."""
    pair = stream.new_pair()
    with to.open("x", encoding="ascii") as file:
        to.chmod(0o600)
        file.write(f"{pair.private}\n")
    say(pair.public)


def restore(
    source: Annotated[Path, typer.Option("--from", help="Folder of the backups.")],
    key: Annotated[Path, typer.Option("--key", help="File with the private key.")],
    id: Annotated[str | None, typer.Option("--set", help="Which backup; else the newest.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Address of an empty database, as YANLU_DATABASE_URL.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Only prove that it can be restored.")] = False,
    within: Annotated[
        str | None, typer.Option("--in", help="With --verify on PostgreSQL: a database in which others may be made.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Get a backup back into an empty place, or prove in a temporary one that it could be; overwrites nothing."""
    if verify == (to is not None):
        raise typer.BadParameter("give either --to or --verify")
    opened = restoring.open_set(Folder(source), _private(key), id)
    _refuse_unknown(opened)
    report = _verify(opened, within) if verify else _restore(opened, to or "")
    if as_json:
        print_json(report)
        return
    for name, value in report.items():
        say(f"{name}: {value}")


def _verify(opened: Opened, within: str | None) -> dict[str, object]:
    with throw_away(opened.facts.kind, within) as url, restoring.loaded(opened, url):
        migrations.upgrade(url)  # this version's models read no older revision
        proven = {**_chains(url, opened), "contents": restoring.check_blobs(opened)}
    return {"verified": opened.manifest.id, **_report(opened), **proven}


def _restore(opened: Opened, url: str) -> dict[str, object]:
    settings = load_settings(database_url=url)
    vault = _vault(settings)
    make_var_dir(settings)
    with restoring.loaded(opened, settings.database_url):
        report = _report(opened)
        report["contents"] = restoring.put_blobs(opened, _blobs(settings))
        migrations.upgrade(settings.database_url)
        report["revision now"] = migrations.head()
        report |= _chains(settings.database_url, opened)
        report["erased again"] = _erase_again(opened, settings, vault)
    return {"restored": opened.manifest.id, **report}


def _report(opened: Opened) -> dict[str, object]:
    facts = opened.facts
    return {
        "made at": opened.manifest.made_at,
        "revision": facts.revision,
        "tables": len(facts.counts),
        "rows": sum(facts.counts.values()),
        "data keys": "there" if opened.has_keys else "removed: their time was over",
        "contents missing when it was made": len(facts.missing),
    }


def _chains(url: str, opened: Opened) -> dict[str, str]:
    """The audit log and the log of receipts, hashed anew. Raises BackupRefused where one doesn't hold."""
    database = Database(url)
    try:
        with database.reading() as session:
            chain, log = verifying.verify(session), receipts_log.verify(session, (), ())
    finally:
        database.close()
    if chain.fault is not None:
        raise BackupRefused(f"the audit chain of {opened.manifest.id} is broken: {chain.fault.fault}")
    if log.faults:
        raise BackupRefused(f"the transparency log of {opened.manifest.id} is broken: {log.faults[0]}")
    return {
        "audit chain": f"whole, {chain.checked} entries, head {chain.head.position} {chain.head.seal.hex()}",
        "transparency log": f"whole, {log.leaves} leaves, {log.entries} entries",
    }


def _erase_again(opened: Opened, settings: Settings, vault: Vault) -> int:
    ids = [UUID(id) for id in sorted(restoring.newer_erasures(opened))]
    database = Database(settings.database_url)
    try:
        with database.writing() as session:
            return erase_again(session, me(), SystemClock().now(), vault, ids)
    finally:
        database.close()


def _refuse_unknown(opened: Opened) -> None:
    if not migrations.is_known(opened.facts.revision):
        raise BackupRefused(
            f"{opened.manifest.id} is of revision {opened.facts.revision}, which this version doesn't know: "
            f"restore it with {opened.manifest.version} or newer"
        )


def _folder(settings: Settings, given: Path | None) -> Path:
    folder = given or settings.backups
    if folder is None:
        raise ConfigurationError("name a folder with --to or in YANLU_BACKUPS")
    return folder


def _recipient(settings: Settings) -> bytes:
    if not settings.backup_key:
        raise ConfigurationError("YANLU_BACKUP_KEY is missing; yanlu backup-key makes one")
    return stream.read_key(settings.backup_key)


def _private(path: Path) -> bytes:
    try:
        return stream.read_key(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise BackupRefused(f"{path} holds no private key of yanlu backup-key") from error


def _vault(settings: Settings) -> Vault:
    secrets = load_secrets(settings)
    return Vault(Sealer.of(secrets), secrets.index, secrets.index_hash)


def _blobs(settings: Settings) -> BlobStore:
    try:
        return blobs_at(settings.files_url, settings.var_dir / "files", settings.files_access)
    except NoSuchPlace as error:
        raise ConfigurationError(str(error)) from error


def _tell(made: Made, gone: list[str]) -> None:
    say(f"{made.id}: {made.rows} rows in {made.bytes} bytes, {made.blobs} contents, {made.new_blobs} of them new")
    for id in gone:
        say(f"removed {id}")
