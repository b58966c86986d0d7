"""Opening at the command line, and the calendar's days."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.config import Settings
from app.consultations import queries
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.kit.clock import beijing_day
from app.kit.database import Database
from tests.cli.conftest import Yanlu

BUILT_IN = Path(__file__).resolve().parents[2] / "app" / "cli" / "demonstration" / "page.txt"
LIST = "2027-01-01 至 2027-01-03 休 元旦 国办发明电\n2027-10-01 休 国庆节\n2027-10-09 班 国庆节\n"


@pytest.fixture
def store(yanlu: Yanlu, var_dir: Path) -> Iterator[Database]:
    yanlu("migrate")
    yanlu("departments", "seed")
    database = Database(Settings().database_url)
    yield database
    database.close()


def stored(store: Database) -> Consultation:
    with store.reading() as session:
        row = queries.find(session, "roads")
    assert row is not None
    return row


def imported(yanlu: Yanlu, kind: str, days: int, *more: str) -> int:
    """A page whose window ends that many whole days after today's."""
    last = beijing_day(datetime.now(UTC)) + timedelta(days=days)
    arguments = ["--slug", "roads", "--legal-nature", kind, "--closes", last.isoformat(), *more]
    return yanlu("consultations", "import", str(BUILT_IN), *arguments).code


def test_a_shortened_window_is_opened_with_a_public_reason(yanlu: Yanlu, store: Database) -> None:
    assert imported(yanlu, "major_decision", 10) == 0
    refused = yanlu("consultations", "open", "roads", "--override", "不相干")
    assert refused.code == 1
    assert "10 of the 30 calendar_days that the law asks; give the public reason with --reason" in refused.err
    assert yanlu("consultations", "open", "roads", "--reason", "情况紧急").out == "roads is open\n"
    row = stored(store)
    assert (row.state, row.short_window_reason, row.override_by) == (ConsultationState.OPENED, "情况紧急", None)


def test_a_blocked_window_is_overridden_by_name(yanlu: Yanlu, store: Database) -> None:
    assert imported(yanlu, "government_rule", 10) == 0
    refused = yanlu("consultations", "open", "roads", "--reason", "情况紧急")
    assert "override the rule with --override REASON" in refused.err
    assert yanlu("consultations", "open", "roads", "--override", "已报请同意").code == 0
    row = stored(store)
    assert (row.override_reason, row.override_by) == ("已报请同意", row.opened_by)


def test_what_is_not_opened_is_not_imported_either(yanlu: Yanlu, store: Database) -> None:
    assert imported(yanlu, "major_decision", 10, "--open") == 1
    with store.reading() as session:
        assert queries.find(session, "roads") is None
    assert imported(yanlu, "major_decision", 10, "--open", "--reason", "情况紧急") == 0
    assert stored(store).short_window_reason == "情况紧急"


def test_a_list_of_holidays_is_imported_and_shown(yanlu: Yanlu, store: Database, tmp_path: Path) -> None:
    path = tmp_path / "2027.txt"
    path.write_text(LIST, encoding="utf-8")
    before = yanlu("calendar", "list", "2027")
    assert "the holidays of 2027 aren't known yet" in before.err
    outcome = yanlu("calendar", "import", str(path))
    assert (outcome.code, outcome.out, outcome.err) == (0, "5 days entered\n", "")
    shown = json.loads(yanlu("calendar", "list", "2027", "--json").out)
    assert (shown["year"], shown["known"]) == (2027, True)
    assert shown["days"] == [
        {"day": "2027-01-01", "working": False, "note": "元旦"},
        {"day": "2027-10-01", "working": False, "note": "国庆节"},
        {"day": "2027-10-09", "working": True, "note": "国庆节"},
    ]
    assert yanlu("calendar", "list", "2027").out.splitlines()[1] == "2027-01-01\t休\t元旦"


def test_half_a_list_is_told(yanlu: Yanlu, store: Database, tmp_path: Path) -> None:
    path = tmp_path / "2027.txt"
    path.write_text("2027-01-01 休 元旦\n", encoding="utf-8")
    outcome = yanlu("calendar", "import", str(path))
    assert outcome.code == 0
    assert "the holidays of 2027 aren't whole" in outcome.err


def test_a_list_that_cannot_be_read_is_refused_with_its_line(yanlu: Yanlu, store: Database, tmp_path: Path) -> None:
    path = tmp_path / "2027.txt"
    path.write_text("2027-01-01 休\n2027-02-30 休\n", encoding="utf-8")
    outcome = yanlu("calendar", "import", str(path))
    assert (outcome.code, outcome.out) == (1, "")
    assert "line 2 can't be read" in outcome.err
