"""Calls for comments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.cli.files import read_text
from app.cli.naming import closing_instant, opening_instant
from app.cli.store import me, opened
from app.cli.terminal import end_in_beijing, in_beijing, print_json, print_table, say
from app.consultations import actions, changing, queries
from app.consultations.actions import Opening
from app.consultations.importing import Choices, Imported, import_page
from app.consultations.lifecycle import Kind, LegalNature, Phase
from app.consultations.models import Consultation
from app.kit.clock import SystemClock
from app.kit.errors import NotFound

group = typer.Typer(help="Calls for comments: list, import a saved page, open, and change.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The consultation's slug, the last part of its address.")]
ShortReason = Annotated[
    str, typer.Option("--reason", help="Why the window is shorter than the law asks; shown to the public.")
]
Override = Annotated[str, typer.Option(help="Why it is opened although the law lets no reason shorten it.")]
Reason = Annotated[str, typer.Option(help="Why; everybody can read it.")]


@group.command("list")
def list_consultations(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List all consultations, drafts too; times are Beijing's."""
    with opened() as database, database.reading() as session:
        found = [_listed(consultation) for consultation in queries.all_consultations(session)]
    if as_json:
        print_json({"consultations": [vars(item) for item in found]})
        return
    print_table(
        ("slug", "state", "opens", "closes", "title"),
        [(item.slug, item.state, _begins(item), _ends(item), item.title) for item in found],
        empty="there is no consultation yet; yanlu consultations import makes one from a saved page",
    )


@dataclass(frozen=True)
class Listed:
    """A consultation as it is listed; instants in ISO 8601."""

    slug: str
    title: str
    kind: str
    state: str
    opens_at: str
    closes_at: str


def _listed(row: Consultation) -> Listed:
    return Listed(row.slug, row.title, row.kind, row.state, row.opens_at.isoformat(), row.closes_at.isoformat())


def _begins(item: Listed) -> str:
    return in_beijing(datetime.fromisoformat(item.opens_at))


def _ends(item: Listed) -> str:
    return end_in_beijing(datetime.fromisoformat(item.closes_at))


@group.command("import")
def import_file(  # noqa: PLR0913, PLR0917  # each is an option by itself
    file: Annotated[Path, typer.Argument(help="A saved consultation page: .txt, .md or .html.")],
    slug: Annotated[str | None, typer.Option(help="The last part of its address; default: a random one.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Decides how opinions are displayed; default: by title.")] = None,
    legal_nature: Annotated[
        LegalNature | None, typer.Option(help="What the draft is in law; default: by kind.")
    ] = None,
    drafting_department: Annotated[
        str | None, typer.Option(help="Its id or name; default: recognised from the issuing body.")
    ] = None,
    opens: Annotated[str | None, typer.Option(help="ISO date or time in Beijing; default: now.")] = None,
    closes: Annotated[
        str | None, typer.Option(help="ISO date (its 24:00) or time in Beijing; default: the page's deadline.")
    ] = None,
    open_now: Annotated[bool, typer.Option("--open", help="Make it public at once.")] = False,
    reason: ShortReason = "",
    override: Override = "",
) -> None:
    """Prepare a consultation from a saved page: rules, notice, draft with departments, explanation, contacts."""
    text = read_text(file)
    choices = Choices(
        slug=slug,
        kind=kind,
        legal_nature=legal_nature,
        drafting_department=drafting_department,
        opens_at=opening_instant(opens, "--opens") if opens else None,
        closes_at=closing_instant(closes, "--closes") if closes else None,
    )
    now = SystemClock().now()
    with opened() as database, database.writing() as session:
        imported = import_page(session, me(), now, file.name, text, choices)
        if open_now:
            actions.open_consultation(session, me(), now, imported.consultation.slug, Opening(reason, override))
    _tell(imported)


def _tell(imported: Imported) -> None:
    consultation = imported.consultation
    say(f"{consultation.slug}\t{consultation.state}\t{consultation.title}")
    say(
        f"{imported.clauses} clauses, {imported.clauses_with_units} name departments; "
        f"{in_beijing(consultation.opens_at)} to {end_in_beijing(consultation.closes_at)} in Beijing; "
        f"drafted by {consultation.drafting_department_id}"
    )
    for doubt in imported.doubts:
        say(f"doubt: {doubt.where}: {doubt.what} {doubt.suggestion}".rstrip())


@group.command("open")
def open_consultation(slug: Slug, reason: ShortReason = "", override: Override = "") -> None:
    """Make a prepared consultation public, if its window is as long as the law asks."""
    with opened() as database, database.writing() as session:
        actions.open_consultation(session, me(), SystemClock().now(), slug, Opening(reason, override))
    say(f"{slug} is open")


@group.command("close")
def close_consultation(slug: Slug, reason: Reason) -> None:
    """End a consultation's window now."""
    _change(slug, lambda session, at, row: changing.close_consultation(session, me(), at, slug, row.revision, reason))


@group.command("extend")
def extend(
    slug: Slug,
    until: Annotated[str, typer.Option(help="ISO date (its 24:00) or time in Beijing; later than it closes now.")],
    reason: Reason,
) -> None:
    """Let a consultation close later."""
    closes_at = closing_instant(until, "--until")
    _change(slug, lambda session, at, row: changing.extend(session, me(), at, slug, row.revision, closes_at, reason))


@group.command("suspend")
def suspend(slug: Slug, reason: Reason) -> None:
    """Take no comments until the consultation is resumed."""
    _change(slug, lambda session, at, row: changing.suspend(session, me(), at, slug, row.revision, reason))


@group.command("resume")
def resume(slug: Slug, reason: Reason) -> None:
    """Take comments again; the window grows by the days that were lost."""
    _change(slug, lambda session, at, row: changing.resume(session, me(), at, slug, row.revision, reason))


@group.command("withdraw")
def withdraw(slug: Slug, reason: Reason) -> None:
    """Take a draft back for good; its page stays and says why."""
    _change(slug, lambda session, at, row: changing.withdraw(session, me(), at, slug, row.revision, reason))


def _change(slug: str, change: Callable[[Session, datetime, Consultation], object]) -> None:
    """Does it to the consultation as it stands now."""
    now = SystemClock().now()
    with opened() as database, database.writing() as session:
        row = queries.find(session, slug)
        if row is None:
            raise NotFound("no_such_consultation", slug=slug)
        change(session, now, row)
    phase = queries.phase(row, now)
    closing = "closed" if phase is Phase.CLOSED else "closes"
    say(f"{slug} is {phase}; {closing} {end_in_beijing(row.closes_at)} in Beijing")
