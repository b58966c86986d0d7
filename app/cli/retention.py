"""Forgetting senders whose time is over, by hand or to see what would go."""

from typing import Annotated

import typer

from app.cli.store import me, opened
from app.cli.terminal import in_beijing, print_table
from app.kit.clock import SystemClock
from app.kit.database import Database
from app.rights import retention
from app.rights.retention import Kept, Standing

COLUMNS = ("consultation", "concluded", "kept for days", "until", "senders", "files", "standing")


def retention_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell whose time is over.")] = False,
) -> None:
    """Forget senders and their files of concluded consultations whose time is over; the worker does so every day."""
    now = SystemClock().now()
    with opened() as database:
        with database.reading() as session:
            found = [
                (one, retention.senders(session, one.consultation_id), retention.files(session, one.consultation_id))
                for one in retention.kept(session, now)
            ]
        print_table(COLUMNS, [_row(*each) for each in found], "no concluded consultation knows senders")
        for one in [one for one, *_ in found if one.standing is Standing.DUE and not dry_run]:
            while _forget(database, one):
                pass


def _forget(database: Database, one: Kept) -> int:
    with database.writing() as session:
        return retention.forget_portion(session, me(), SystemClock().now(), one.consultation_id)


def _row(one: Kept, senders: int, files: int) -> list[str]:
    days, standing = str(one.keeps_days), one.standing.value
    return [one.slug, in_beijing(one.concluded_at), days, in_beijing(one.ends_at), str(senders), str(files), standing]
