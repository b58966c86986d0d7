"""A receipt file holds as made, and nothing in it can be altered unseen: by our check, nor by the lone script."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from app.kit.signing import Signer
from app.screening.lifecycle import UnsuitableClass
from app.screening.undoing import undo
from app.submissions import promises
from app.submissions import queries as submissions
from app.submissions.models import Submission
from app.submissions.receipt_file import NoFile, ReceiptFile, receipt_file
from app.submissions.receipts import Receipt
from app.transparency import heads, queries, receipt_files, sealing
from app.transparency.models import EntryKind, LogEntry
from app.transparency.receipt_files import BadFile, Sealed
from tests.support import deciding, journey
from tests.support.journey import START, World

SIGNER, OTHER = Signer(b"k" * 32), Signer(b"o" * 32)
SCRIPT = Path(__file__).parents[2] / "scripts" / "verify_receipt.py"
NOT_BOUND = {("entries", 0, "id"), ("entries", 1, "id")}
"""Only tells where to ask for a newer proof."""


def seal(world: World, minute: int = 0) -> None:
    with world.database.writing() as session:
        sealing.seal(session, START + timedelta(minutes=minute))


def made(world: World, receipt: Receipt) -> ReceiptFile:
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
        assert found is not None
        return receipt_file(session, SIGNER, found)


def content(world: World, receipt: Receipt) -> dict[str, Any]:
    """As it reaches the reader."""
    return receipt_files.read(json.dumps(made(world, receipt).content, ensure_ascii=False).encode())


def checked(said: dict[str, Any], *keys: str) -> receipt_files.Checked:
    return receipt_files.check(said, keys or (SIGNER.public,))


def found(world: World, receipt: Receipt) -> Submission:
    with world.database.reading() as session:
        return session.scalars(select(Submission).where(Submission.receipt_number == receipt.number)).one()


def decide(world: World, receipt: Receipt) -> uuid.UUID:
    row = found(world, receipt)
    with world.database.writing() as session:
        kind = UnsuitableClass.ABUSE
        deciding.close_as_unsuitable(session, world.staff.screener, START, row.id, row.revision, kind, "语言不当。")
    return row.id


@pytest.fixture
def whole(sqlite_world: World) -> dict[str, Any]:
    """Sealed, decided, sealed again, with other entries and batches about it."""
    world = sqlite_world
    receipt = journey.submit(world)
    journey.submit(world, person=1)
    seal(world, 0)
    decide(world, receipt)
    for minute in range(1, 6):
        seal(world, minute)
    return content(world, receipt)


def test_a_receipt_is_promised_at_once_sealed_within_a_minute_and_decided_in_the_log(world: World) -> None:
    receipt = journey.submit(world, title="题目", comment="意见的正文。")
    at_first = checked(content(world, receipt))
    assert at_first.is_good
    assert [entry.sealed for entry in at_first.entries] == [Sealed.WAITING]
    seal(world, 0)
    decide(world, receipt)
    between = checked(content(world, receipt))
    assert [(entry.kind, entry.sealed) for entry in between.entries] == [
        ("receipt", Sealed.YES),
        ("outcome", Sealed.WAITING),
    ]
    seal(world, 1)
    said = content(world, receipt)
    assert checked(said).is_good
    assert {entry.sealed for entry in checked(said).entries} == {Sealed.YES}
    assert said["entries"][0]["fields"] | {"clauses": None, "files": None} == {
        "number": receipt.number,
        "consultation": str(world.consultation.id),
        "received_at": said["promise"]["at"],
        "title": "题目",
        "comment": "意见的正文。",
        "clauses": None,
        "files": None,
    }
    assert said["entries"][1]["fields"] == {"number": receipt.number, "outcome": "unsuitable", "class": "abuse"}


def test_a_decision_that_is_taken_back_stays_in_the_log_and_so_does_that(world: World) -> None:
    receipt = journey.submit(world)
    submission_id = decide(world, receipt)
    with world.database.writing() as session:
        undo(session, world.staff.screener, START, submission_id, found(world, receipt).revision)
    kinds = [(one.kind, one.fields.get("outcome")) for one in checked(content(world, receipt)).entries]
    assert kinds == [("receipt", None), ("outcome", "unsuitable"), ("reopened", "received")]


def test_what_no_longer_is_what_was_received_gets_no_file(world: World) -> None:
    """Somebody changed the text behind the service's back."""
    receipt = journey.submit(world)
    with world.database.writing() as session:
        session.execute(text("UPDATE submissions SET comment = comment || '。'"))
    assert made(world, receipt) == ReceiptFile(None, NoFile.ALTERED)


def test_erasure_leaves_the_saved_files_proof_and_gives_no_further_file(world: World) -> None:
    receipt = journey.submit(world)
    seal(world)
    before = content(world, receipt)
    with world.database.writing() as session:
        row = found(world, receipt)
        promises.forget(session, row.consultation_id, row.id)
    assert made(world, receipt) == ReceiptFile(None, NoFile.FORGOTTEN)
    seal(world, 1)
    assert checked(before).is_good
    with world.database.reading() as session:
        proof = queries.proof_of(session, uuid.UUID(before["entries"][0]["id"]), 2)
        assert proof is not None
        assert proof.batch_path == before["entries"][0]["proof"]["batch_path"]


def test_what_was_sent_before_the_log_began_has_no_file(sqlite_world: World) -> None:
    receipt = journey.submit(sqlite_world)
    with sqlite_world.database.writing() as session:
        session.execute(text("DROP TRIGGER log_entries_kept"))
        session.execute(text("DELETE FROM log_entries"))
    assert made(sqlite_world, receipt) == ReceiptFile(None, NoFile.OLDER)


def test_another_key_and_a_forged_promise_are_told_apart(whole: dict[str, Any]) -> None:
    assert checked(whole).is_good
    other = checked(whole, OTHER.public)
    assert (other.is_ours, other.is_promised, other.is_head_signed) == (False, False, False)
    forged = dict(whole, promise=dict(whole["promise"], log=OTHER.key_id))
    assert not checked(forged).is_promised


def test_what_an_earlier_key_signed_still_holds(whole: dict[str, Any]) -> None:
    today = Signer(b"n" * 32).public
    assert not checked(whole, today).is_good
    found = checked(whole, today, OTHER.public, SIGNER.public)
    assert (found.is_good, found.is_earlier, checked(whole).is_earlier) == (True, True, False)
    forged = dict(whole, key=OTHER.public)
    assert not checked(forged, today, OTHER.public, SIGNER.public).is_promised


def test_an_altered_text_is_named(whole: dict[str, Any]) -> None:
    whole["entries"][0]["fields"]["title"] = "另一个题目"
    found = checked(whole)
    assert found.entries[0].altered == ("title",)
    assert found.is_promised
    assert not found.is_good
    whole["entries"][0]["digests"]["title"] = receipt_files.digests(
        bytes.fromhex(whole["entries"][0]["salt"]), {"title": "另一个题目"}
    )["title"]
    assert checked(whole).entries[0].altered == ()
    assert not checked(whole).entries[0].is_whole


def _altered(said: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value in the file, each altered once, with the way to it."""
    if isinstance(said, dict):
        for name in said:
            for path, other in _altered(said[name], (*way, name)):
                yield path, {**said, name: other}
            yield (*way, name), {key: value for key, value in said.items() if key != name}
    elif isinstance(said, list):
        for place, one in enumerate(said):
            for path, other in _altered(one, (*way, place)):
                yield path, [*said[:place], other, *said[place + 1 :]]
        yield way, [*said, said[0] if said else "x"]
        if said:
            yield way, said[:-1]
    elif isinstance(said, int):
        yield from ((way, other) for other in (said + 1, said - 1, -said - 1, str(said), 2**80))
    elif said is None:
        yield way, "abuse"
    else:
        yield from ((way, other) for other in (said + "x", said[:-1], said[:-2] + "00", "", None, 1))


def alterations(whole: dict[str, Any]) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """But for what is bound to nothing, and for entries left out: what is still there holds then."""
    return [
        (way, other)
        for way, other in _altered(whole)
        if way not in NOT_BOUND and other != whole and not (way == ("entries",) and "entries" in other)
    ]


def test_no_value_of_a_file_can_be_altered_unseen(whole: dict[str, Any]) -> None:
    for way, other in alterations(whole):
        try:
            is_good = checked(receipt_files.read(json.dumps(other).encode())).is_good
        except BadFile:
            is_good = False
        assert not is_good, (way, str(other)[:300])
    assert len(alterations(whole)) > 300


def test_a_decision_can_be_left_out_of_a_file_but_none_be_put_in(whole: dict[str, Any]) -> None:
    """The page says that the file holds no decision; whoever was told of one fetches the file anew."""
    left_out = dict(whole, entries=whole["entries"][:1])
    assert checked(left_out).is_good
    whole["entries"][1]["fields"]["outcome"] = "accepted"
    assert not checked(whole).is_good


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format": "yanlu receipt v1", "entries": []}', b"[" * 5000]
)
def test_what_is_no_receipt_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        receipt_files.read(data)


def run(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *arguments], capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_script_stands_alone_and_says_what_the_check_says(whole: dict[str, Any], tmp_path: Path) -> None:
    def told(said: Any, *key: str) -> tuple[int, str]:
        path = tmp_path / "receipt.json"
        path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        return run(str(path), *key)

    assert told(whole, SIGNER.public) == (0, "holds\n")
    code, words = told(whole, OTHER.public)
    assert (code, "another key" in words, "isn't signed by this key" in words) == (1, True, True)
    whole["entries"][0]["fields"]["comment"] += "x"
    assert told(whole) == (1, "altered: comment\n")
    assert told({})[0] == 2
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 60


def test_the_script_refuses_whatever_the_check_refuses(
    whole: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In this process, for there are hundreds; with `-I` above it was seen to stand alone."""
    code = compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec")
    path = tmp_path / "receipt.json"
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(path), SIGNER.public])
    for way, other in alterations(whole)[::7]:
        path.write_text(json.dumps(other), encoding="utf-8")
        with pytest.raises(SystemExit) as ended:
            exec(code, {"__name__": "script"})
        assert ended.value.code in (1, 2), (way, capsys.readouterr().out)


def test_the_script_tells_a_head_that_grew_from_one_that_did_not(sqlite_world: World, tmp_path: Path) -> None:
    world = sqlite_world
    for minute in range(7):
        seal(world, minute)
    with world.database.reading() as session:
        kept = [heads.of_size(session, SIGNER, size) for size in range(1, 8)]
        for name, said in (
            *((f"head{head.size}", vars(head)) for head in kept if head),
            *((f"proof{size}", {"path": queries.consistency(session, size, 7)}) for size in (3, 4, 7)),
        ):
            (tmp_path / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")

    def grew(first: int, second: int, proof: int) -> int:
        names = (f"head{first}", f"head{second}", f"proof{proof}")
        return run("--heads", *(str(tmp_path / f"{name}.json") for name in names))[0]

    assert [grew(3, 7, 3), grew(4, 7, 4), grew(7, 7, 7)] == [0, 0, 0]
    assert [grew(3, 7, 4), grew(2, 7, 3), grew(7, 3, 3), grew(3, 6, 3)] == [1, 1, 1, 1]


def test_every_way_in_enters_a_receipt(world: World) -> None:
    journey.submit(world)
    with world.database.reading() as session:
        rows = session.scalars(select(LogEntry)).all()
        kept = session.scalars(select(Submission)).all()
    assert [(row.kind, row.subject, row.said) for row in rows] == [(EntryKind.RECEIPT, kept[0].id, None)]
