"""`yanlu audit`: what it says and with which exit code, and that a stranger's program agrees with it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.audit import archiving
from app.audit.models import AuditEntry
from app.kit.database import Database
from app.kit.signing import Signer
from tests.audit.tampering import add, seal_all, sealed, tamper
from tests.cli.conftest import Outcome, Yanlu

DOCUMENT = Path(__file__).parents[2] / "docs" / "audit.md"
SEED = "c2VlZCBvZiBhIHRlc3QsIHNlZWQgb2YgYSB0ZXN0ISE="


@pytest.fixture
def store(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("YANLU_DATABASE_URL", database_url)
    database = Database(database_url)
    yield database
    database.close()


def stranger(tmp_path: Path, *arguments: Path) -> Outcome:
    """The program that stands in the document."""
    (found,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found.count("\n") <= 45
    (tmp_path / "verify.py").write_text(found, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "verify.py"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr)


def test_a_whole_chain_is_told_with_its_head(yanlu: Yanlu, store: Database, tmp_path: Path) -> None:
    sealed(store, 6)
    kept = tmp_path / "heads"
    kept.write_text(yanlu("audit", "head").out, encoding="utf-8")
    outcome = yanlu("audit", "verify", "--heads", str(kept))
    assert outcome.code == 0
    assert outcome.out.startswith("whole: 6 entries, 0 wait for their seal, 1 heads fit\nhead 6 ")


def test_a_broken_chain_is_told_in_one_line(yanlu: Yanlu, store: Database) -> None:
    sealed(store, 6)
    tamper(
        store,
        ["UPDATE audit_entries SET action = 'x' WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 4)"],
    )
    outcome = yanlu("audit", "verify")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "yanlu: the chain is broken at position 4: an entry is not the one that was sealed\n"
    told = json.loads(yanlu("audit", "verify", "--json").out)
    assert told["broken"]["fault"] == "altered"


def test_a_cut_end_needs_a_head(yanlu: Yanlu, store: Database, tmp_path: Path) -> None:
    sealed(store, 6)
    kept = tmp_path / "heads"
    kept.write_text(yanlu("audit", "head").out, encoding="utf-8")
    tamper(
        store,
        [
            "DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_seals WHERE position > 4)",
            "DELETE FROM audit_seals WHERE position > 4",
        ],
    )
    assert yanlu("audit", "verify").code == 0
    outcome = yanlu("audit", "verify", "--heads", str(kept))
    assert outcome.code == 1
    assert "at position 5: the end was cut off" in outcome.err


def test_heads_must_be_signed_by_the_key_that_is_named(
    yanlu: Yanlu, store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(store, 2)
    kept = tmp_path / "heads"
    monkeypatch.setenv("YANLU_SIGNATURE_KEY", SEED)
    told = json.loads(yanlu("audit", "head", "--json").out)
    kept.write_text(yanlu("audit", "head").out, encoding="utf-8")
    arguments = ("audit", "verify", "--heads", str(kept), "--public-key")
    assert yanlu(*arguments, told["public_key"]).code == 0
    assert yanlu(*arguments, Signer(b"z" * 32).public).code == 1


def test_a_file_that_holds_no_heads_is_wrong_usage(yanlu: Yanlu, store: Database, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("hello\n", encoding="utf-8")
    outcome = yanlu("audit", "verify", "--heads", str(tmp_path / "heads"))
    assert outcome.code == 2
    assert "line 1 is no head" in outcome.err


def test_an_export_is_checked_by_a_program_that_knows_only_the_document(
    yanlu: Yanlu, store: Database, tmp_path: Path
) -> None:
    add(store, 5)
    with store.writing() as session:
        session.add(
            AuditEntry(
                at=datetime(2026, 5, 11, 1, 30, 0, 7, tzinfo=UTC), actor_kind="worker", actor_id="", action="odd",
                record_kind="k", record_id="1", detail={"言": '"\\\t\x01\u2028𠮷', "a": [1, "b"], "Z": -3},
            )
        )  # fmt: skip
    seal_all(store)
    kept, path = tmp_path / "heads", tmp_path / "log.jsonl"
    kept.write_text(yanlu("audit", "head").out, encoding="utf-8")
    assert yanlu("audit", "export", "--to", str(path)).code == 0
    outcome = stranger(tmp_path, path, kept)
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("whole: 6 entries, 1 wait")  # the export itself is on record
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for broken in (lines[:2] + lines[3:], [lines[0].replace("clerk-1", "clerk-2"), *lines[1:]], lines[:4]):
        path.write_text("".join(broken), encoding="utf-8")
        assert stranger(tmp_path, path, kept).code == 1


def test_old_segments_are_moved_and_proven_with_their_files(
    yanlu: Yanlu, store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving.write_segment, "__defaults__", (3,))
    add(store, 7)
    seal_all(store, datetime.now(UTC) - timedelta(days=31 * 36 + 1))
    folder = tmp_path / "archive"
    outcome = yanlu("audit", "archive", str(folder))
    assert (outcome.code, outcome.out.splitlines()[-1].split(";")[0]) == (0, "2 segments moved")
    assert "6 archived entries were not looked at" in yanlu("audit", "verify").out
    assert yanlu("audit", "verify", "--archive", str(folder)).code == 0
    next(folder.iterdir()).unlink()
    assert yanlu("audit", "verify", "--archive", str(folder)).code == 1
