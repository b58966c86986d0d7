"""The editor sees which clauses may be meant and why, and decides."""

import uuid
from typing import Any

import lxml.html
import pytest

from app.documents.matching.kinds import Kind
from app.permissions import Role
from app.screening import proposing
from app.screening.proposing import Proposals, Proposed
from tests.support import journey
from tests.support.app import serving, signed_in, words
from tests.support.journey import START, StoppedClock, World


def page_of(world: World, submission_id: uuid.UUID) -> str:
    with serving(world.database, StoppedClock()) as browser:
        return str(signed_in(browser, Role.EDITOR).get(f"/staff/submissions/{submission_id}").text)


def proposed(world: World, kind: Kind, *rows: tuple[str, float, str]) -> uuid.UUID:
    submission_id = journey.accepted_submission(world)
    ids = {clause.label: clause.id for clause in world.clauses}
    with world.database.writing() as session:
        clauses = tuple(Proposed(ids[label], score, why) for label, score, why in rows)
        proposing.keep(session, START, submission_id, Proposals(kind, clauses))
    return submission_id


def options(page: str) -> tuple[list[str], list[str]]:
    """The clause choice's lines, and those that are selected."""
    root: Any = lxml.html.fromstring(page)
    lines = root.xpath("//select[@id='gather-clause']/option")
    return [line.text_content()[:4] for line in lines], [
        line.text_content()[:4] for line in lines if line.get("selected")
    ]


def test_proposed_clauses_come_first_with_their_reasons_and_none_is_chosen(world: World) -> None:
    submission_id = proposed(
        world, Kind.CLAUSE, ("二/（三）", 0.71, "meaning: 送餐、送饭"), ("一/（二）", 0.4, "kindred: 后厨脏，看不见")
    )
    page = page_of(world, submission_id)
    assert "这些条款可能是所指，由您决定" in words(page)
    assert "提到：送餐、送饭" in words(page)
    assert "意思接近：后厨脏，看不见" in words(page)
    lines, selected = options(page)
    assert [line[:3] for line in lines[1:4]] == ["（三）", "（二）", "（一）"]
    assert selected == []


def test_a_clause_that_the_comment_names_is_chosen_beforehand(world: World) -> None:
    submission_id = proposed(world, Kind.CLAUSE, ("一/（二）", 0.99, "number: 第（二）项"))
    page = page_of(world, submission_id)
    assert "意见写明：第（二）项" in words(page)
    assert [line[:3] for line in options(page)[1]] == ["（二）"]


@pytest.mark.parametrize(
    ("kind", "told"), [(Kind.GENERAL, "可能是对整份草案的意见"), (Kind.OUT_OF_SCOPE, "可能与本草案无关")]
)
def test_other_kinds_are_told_and_never_decided(world: World, kind: Kind, told: str) -> None:
    submission_id = proposed(world, kind, ("一/（二）", 0.95, "meaning"))
    page = page_of(world, submission_id)
    assert told in words(page)
    assert options(page)[1] == []


def test_nothing_is_said_before_the_worker_has_looked(world: World) -> None:
    assert "gather-proposals" not in page_of(world, journey.accepted_submission(world))
