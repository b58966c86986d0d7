"""Changing an open consultation at the command line: the same rules as on the desk, one clear line for a refusal."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.config import Settings
from app.consultations import importing, queries
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.kit.clock import BEIJING
from app.kit.database import Database
from tests.cli.conftest import Yanlu

PAGE = Path(importing.__file__).parents[1] / "cli/demonstration/page.txt"
TODAY = datetime.now(BEIJING).date()
CLOSES, LATER = TODAY + timedelta(days=40), TODAY + timedelta(days=60)


@pytest.fixture
def store(yanlu: Yanlu) -> Iterator[Database]:
    """With one open consultation."""
    yanlu("migrate")
    yanlu("departments", "seed")
    made = ("consultations", "import", str(PAGE), "--slug", "roads", "--closes", CLOSES.isoformat(), "--open")
    assert yanlu(*made).code == 0
    database = Database(Settings().database_url)
    yield database
    database.close()


def row(store: Database) -> Consultation:
    with store.reading() as session:
        return queries.public_consultation(session, "roads")


def test_extending_suspending_resuming_and_withdrawing(yanlu: Yanlu, store: Database) -> None:
    first = row(store).closes_at
    extended = yanlu("consultations", "extend", "roads", "--until", LATER.isoformat(), "--reason", "来稿较多")
    assert extended.out == f"roads is open; closes {LATER.isoformat()} 24:00 in Beijing\n"
    assert row(store).closes_at == first + (LATER - CLOSES)
    assert yanlu("consultations", "suspend", "roads", "--reason", "附件缺页").out.startswith("roads is suspended;")
    assert row(store).state is ConsultationState.SUSPENDED
    assert yanlu("consultations", "resume", "roads", "--reason", "附件补齐").out.startswith("roads is open;")
    assert row(store).closes_at == first + (LATER - CLOSES) + timedelta(days=1)
    assert yanlu("consultations", "withdraw", "roads", "--reason", "不再制定").code == 0
    assert row(store).state is ConsultationState.WITHDRAWN
    with store.reading() as session:
        kinds = [note.kind for note in queries.notes(session, row(store).id)]
    assert kinds == [NoteKind.WITHDRAWAL, NoteKind.RESUMPTION, NoteKind.SUSPENSION, NoteKind.EXTENSION]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("extend", "roads", "--until", CLOSES.isoformat(), "--reason", "r"), "must be later"),
        (("extend", "roads", "--until", LATER.isoformat(), "--reason", " "), "give a reason"),
        (("suspend", "roads", "--reason", "长" * 501), "at most 500 characters"),
        (("resume", "roads", "--reason", "r"), "isn't possible"),
        (("withdraw", "nowhere", "--reason", "r"), "there is no consultation nowhere"),
    ],
)
def test_a_refusal_is_one_line_and_changes_nothing(
    yanlu: Yanlu, store: Database, command: tuple[str, ...], said: str
) -> None:
    before = row(store).revision
    outcome = yanlu("consultations", *command)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert said in outcome.err
    assert row(store).revision == before


def test_a_reason_is_asked_for(yanlu: Yanlu, store: Database) -> None:
    outcome = yanlu("consultations", "suspend", "roads")
    assert outcome.code == 2
    assert "--reason" in outcome.err
