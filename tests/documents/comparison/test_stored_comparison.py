"""Comparing stored versions on both stores: at once, by the worker, and the same as what two files give."""

import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.departments import queries as departments
from app.departments.actions import add_departments
from app.departments.directory import load_seed
from app.documents import comparing, versions
from app.documents.actions import add_version, ask_comparison, decide_anchor, store_version
from app.documents.compared import count, kept_form, read
from app.documents.comparison import Relation, compare
from app.documents.extraction import extract
from app.documents.models import Clause, VersionRole
from app.documents.reanchoring import Because, Fate
from app.documents.versions import Version, anchor_of, comparison_of, latest_comparison, versions_of, whereabouts
from app.kit.database import Database
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.worker.loop import work_once
from tests.support.journey import DRAFT, OPERATOR, START, StoppedClock, World

SECOND = DRAFT.replace("十五分钟可以到达", "十分钟内能够到达").replace("省财政厅", "省医保局")


@pytest.fixture
def pair(world: World) -> tuple[Version, Version]:
    """The draft and a final text that words one clause differently and names another unit in the last."""
    with world.database.writing() as session:
        draft = versions.version(session, world.consultation.version_id)
        found = extract(SECOND, departments.directory(session))
        final = add_version(
            session, world.staff.manager, START, draft.document_id, "final.txt", SECOND, found, VersionRole.FINAL
        )
        return draft, versions.version(session, final.id)


def _asked(world: World, pair: tuple[Version, Version]) -> None:
    with world.database.writing() as session:
        ask_comparison(session, world.staff.manager, START, pair[0].id, pair[1].id)


def test_the_versions_of_a_document_are_listed_in_order(world: World, pair: tuple[Version, Version]) -> None:
    with world.database.reading() as session:
        assert versions_of(session, pair[0].document_id) == pair
    assert [one.role for one in pair] == [VersionRole.DRAFT, VersionRole.FINAL]


def test_few_clauses_are_compared_while_the_person_waits(world: World, pair: tuple[Version, Version]) -> None:
    _asked(world, pair)
    with world.database.reading() as session:
        found = comparison_of(session, pair[0].id, pair[1].id)
        assert found == latest_comparison(session, pair[0].document_id)
    assert found is not None
    assert found.rows is not None
    numbers = count(found.rows)
    assert (numbers.of, numbers.changed, numbers.units_changed) == ({Relation.KEPT: 3}, 2, 1)
    (row,) = [row for row in found.rows if row.units.real]
    assert (row.units.added, row.units.removed) == (("省医保局",), ("省财政厅",))


def test_many_clauses_are_left_to_the_worker(
    world: World, pair: tuple[Version, Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "FEW_CLAUSES", 1)
    _asked(world, pair)
    with world.database.reading() as session:
        waiting = latest_comparison(session, pair[0].document_id)
    assert waiting is not None
    assert (waiting.rows, waiting.made_at) == (None, None)
    while work_once(world.database, StoppedClock(), recurring={}):
        pass
    with world.database.reading() as session:
        done = latest_comparison(session, pair[0].document_id)
    assert done is not None
    assert done.rows is not None
    assert done.made_at == START


def test_asking_again_keeps_one_comparison_of_the_pair(world: World, pair: tuple[Version, Version]) -> None:
    _asked(world, pair)
    _asked(world, pair)
    with world.database.reading() as session:
        assert latest_comparison(session, pair[0].document_id) is not None


def test_only_two_versions_of_one_document_in_their_order_are_compared(
    world: World, pair: tuple[Version, Version]
) -> None:
    with world.database.writing() as session:
        found = extract(DRAFT, departments.directory(session))
        other = store_version(session, world.staff.manager, START, "other.txt", DRAFT, found).id
    for draft, final in ((pair[1].id, pair[0].id), (pair[0].id, pair[0].id), (pair[0].id, other)):
        with pytest.raises(Unprocessable), world.database.writing() as session:
            ask_comparison(session, world.staff.manager, START, draft, final)
    with pytest.raises(NotFound), world.database.writing() as session:
        ask_comparison(session, world.staff.manager, START, pair[0].id, uuid.uuid4())


def _clause(world: World, version: Version, label: str) -> uuid.UUID:
    with world.database.reading() as session:
        query = select(Clause.id).where(Clause.version_id == version.id, Clause.label == label)
        return session.scalars(query).one()


def test_where_a_clause_is_now_is_told_for_every_later_version(world: World, pair: tuple[Version, Version]) -> None:
    meals = _clause(world, pair[0], "一/（一）")
    with world.database.reading() as session:
        place = anchor_of(session, meals, pair[1].id)
        assert place is not None
        assert whereabouts(session, [meals])[meals] == (place,)
        assert anchor_of(session, meals, pair[0].id) is None
        assert whereabouts(session, [])[meals] == ()
    assert (place.version.number, place.later.number, place.fate) == (1, 2, Fate.CHANGED)
    assert place.now is not None
    assert (place.clause.label, place.now.label, place.decided_by) == ("一/（一）", "一/（一）", None)


def test_a_person_corrects_where_a_clause_is_and_what_was_found_stays_kept(
    world: World, pair: tuple[Version, Version]
) -> None:
    meals, kitchen = _clause(world, pair[0], "一/（一）"), _clause(world, pair[1], "一/（二）")
    editor = world.staff.editor
    for decided, fate in ((kitchen, Fate.CHANGED), (None, Fate.GONE)):
        with world.database.writing() as session:
            before = anchor_of(session, meals, pair[1].id)
            assert before is not None
            decide_anchor(session, editor, START, meals, pair[1].id, before.revision, decided)
        with world.database.reading() as session:
            place = anchor_of(session, meals, pair[1].id)
        assert place is not None
        assert (place.now and place.now.id, place.fate, place.decided_by) == (decided, fate, editor.id)
        assert (place.why, place.sureness) == (before.why, before.sureness)


def test_a_decision_on_what_somebody_else_decided_meanwhile_is_refused(
    world: World, pair: tuple[Version, Version]
) -> None:
    meals, final = _clause(world, pair[0], "一/（一）"), pair[1].id
    with world.database.writing() as session:
        decide_anchor(session, world.staff.editor, START, meals, final, 1, None)
    with pytest.raises(Conflict), world.database.writing() as session:
        decide_anchor(session, world.staff.editor, START, meals, final, 1, _clause(world, pair[1], "一/（一）"))


def test_a_decision_names_a_clause_of_the_later_version(world: World, pair: tuple[Version, Version]) -> None:
    meals, editor = _clause(world, pair[0], "一/（一）"), world.staff.editor
    with pytest.raises(Unprocessable), world.database.writing() as session:
        decide_anchor(session, editor, START, meals, pair[1].id, 1, meals)
    with pytest.raises(NotFound), world.database.writing() as session:
        decide_anchor(session, editor, START, meals, pair[0].id, 1, meals)


@dataclass(frozen=True)
class Open:
    """The open draft and its final text, stored as two versions and compared."""

    database: Database
    draft: Version
    final: Version
    texts: tuple[str, str]


@pytest.fixture
def stored(database: Database, shared_dir: Path) -> Open:
    names = ("001_71da066cfbebc1b6", "000_05f18a2fc9945433")
    first, second = ((shared_dir / "seeds" / f"{name}.txt").read_text(encoding="utf-8") for name in names)
    with database.writing() as session:
        add_departments(session, OPERATOR, START, load_seed())
        directory = departments.directory(session)
        draft = store_version(session, OPERATOR, START, "draft", first, extract(first, directory))
        found = extract(second, directory)
        final = add_version(session, OPERATOR, START, draft.document_id, "final", second, found, VersionRole.FINAL)
        ask_comparison(session, OPERATOR, START, draft.id, final.id)
        return Open(database, versions.version(session, draft.id), versions.version(session, final.id), (first, second))


@pytest.mark.shared
def test_stored_versions_are_compared_like_their_files(stored: Open) -> None:
    with stored.database.reading() as session:
        found = comparison_of(session, stored.draft.id, stored.final.id)
        directory = departments.directory(session)
    assert found is not None
    drafts, finals = (extract(text, directory) for text in stored.texts)
    assert found.rows == read(json.loads(json.dumps(kept_form(compare(drafts, finals)))))


@pytest.mark.shared
def test_the_stored_comparison_agrees_with_the_map(stored: Open, shared_dir: Path) -> None:
    key: dict[str, Any] = json.loads((shared_dir / "gold" / "draft_final_map.json").read_text(encoding="utf-8"))
    with stored.database.reading() as session:
        found = comparison_of(session, stored.draft.id, stored.final.id)
    assert found is not None
    assert found.rows is not None
    by_number = {row.draft.number: row for row in found.rows if row.draft and not row.framing}
    for expected in key["map"]:
        row, merged = by_number[expected["draft_number"]], expected.get("merged_into")
        assert row.final is not None
        assert row.final.label == (merged["label"] if merged else expected["final_label"])
        assert row.relation == ("merged" if merged else expected["relation"])
        assert row.heading_changed == expected.get("heading_changed")
        assert sorted(row.units.added) == sorted(expected["unit_changes"]["added"])
        assert sorted(row.units.removed) == sorted(expected["unit_changes"]["removed"])
    numbers = count(found.rows)
    assert (numbers.of[Relation.KEPT], numbers.units_changed) == (28, 14)


@pytest.mark.shared
def test_each_clause_of_the_open_draft_is_traced_as_the_map_has_it(stored: Open, shared_dir: Path) -> None:
    key: dict[str, Any] = json.loads((shared_dir / "gold" / "draft_final_map.json").read_text(encoding="utf-8"))
    with stored.database.reading() as session:
        ids = {name.number: name.id for name in versions.clause_names(session, stored.draft.id)}
        for expected in key["map"]:
            place = anchor_of(session, ids[expected["draft_number"]], stored.final.id)
            assert place is not None
            if "merged_into" in expected:
                assert (place.fate, place.now, place.why) == (Fate.GONE, None, Because.SENTENCE_IN_ANOTHER)
                assert [name.label for name in place.also_in] == [expected["merged_into"]["label"]]
            else:
                assert place.now is not None
                assert place.now.label == expected["final_label"]
