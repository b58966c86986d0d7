"""Finding submissions by their words, on both stores: exactly what reading every one of them would find."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from app.kit.bigrams import fold, terms_of
from app.kit.database import Database
from app.kit.errors import Unprocessable
from app.submissions import search_index, searching
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from app.submissions.searching import Found, Within, excerpt
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import World

COMMENTS = (
    "建议在北门加装路灯，并修复盲道。",
    "路\n灯太暗，5G基站也没有信号。",
    "意见征集的时间太短，建议延长。",
    "姓𠮷的邻居说，盲道被占用。",
    "全角也要找到：５ｇ基站、ＰＭ２．５。",
    "灯路不通。意见，征集。",
)
ASKED = ("路灯", "灯", "意见征集", "征集", "5g基站", "𠮷", "盲道 路灯", "pm2.5", "建议", "不存在的词", "路灯，并")


def sent(world: World, comments: tuple[str, ...] = COMMENTS) -> None:
    for person, comment in enumerate(comments):
        journey.submit(world, person=person, title=f"第{person}件", comment=comment)


def indexed(world: World) -> int:
    with world.database.writing() as session:
        found = search_index.waiting(session, 1000)
        search_index.add(session, found)
        return len(found)


def find(
    database: Database, words: str, within: Within = Within(), before: int | None = None, limit: int = 50
) -> Found:
    with database.reading() as session:
        return searching.find(session, words, within, before, limit)


def comments(found: Found) -> list[str]:
    return [hit.submission.comment for hit in found.hits]


def read_one_by_one(world: World, words: str) -> list[str]:
    with world.database.reading() as session:
        rows = session.scalars(select(Submission).order_by(Submission.id.desc())).all()
    terms = [fold(term).text for term in terms_of(words)]
    return [row.comment for row in rows if all(t in fold(row.comment).text or t in fold(row.title).text for t in terms)]


@pytest.mark.parametrize("small_spans", [False, True])
def test_it_finds_what_reading_everything_would_find(
    world: World, monkeypatch: pytest.MonkeyPatch, small_spans: bool
) -> None:
    if small_spans:
        monkeypatch.setattr(searching, "BATCH", 2)
        monkeypatch.setattr(searching, "SPANS", (2, 1))
    sent(world)
    assert indexed(world) == len(COMMENTS)
    for words in ASKED:
        found = find(world.database, words)
        assert comments(found) == read_one_by_one(world, words), words
        assert (found.next_before, found.is_unfinished) == (None, False)


def test_nothing_is_indexed_twice_and_what_comes_later_is_added(world: World) -> None:
    sent(world, COMMENTS[:2])
    assert (indexed(world), indexed(world)) == (2, 0)
    sent(world, ("第三件提到路灯。",))
    assert indexed(world) == 1
    assert len(comments(find(world.database, "路灯"))) == 3


def test_pages_go_on_where_the_last_one_ended(world: World) -> None:
    sent(world, tuple(f"第{number}条路灯意见" for number in range(7)))
    indexed(world)
    before, pages = None, []
    while True:
        found = find(world.database, "路灯", before=before, limit=3)
        pages.append(comments(found))
        before = found.next_before
        if before is None:
            break
    assert [comment for page in pages for comment in page] == read_one_by_one(world, "路灯")
    assert [len(page) for page in pages] == [3, 3, 1]


def test_a_search_keeps_to_what_it_was_kept_to(world: World) -> None:
    sent(world)
    with world.database.writing() as session:
        other = replace(world, consultation=journey.another_consultation(session, world.staff, slug="c2026-other"))
    journey.submit(other, person=9, title="别处", comment="别处的路灯。")
    indexed(world)
    assert comments(find(world.database, "路灯", Within(other.consultation.id))) == ["别处的路灯。"]
    assert len(comments(find(world.database, "路灯"))) == 3
    assert comments(find(world.database, "路灯", Within(states=(SubmissionState.ACCEPTED,)))) == []
    assert comments(find(world.database, "路灯", Within(hidden=(SubmissionState.RECEIVED,)))) == []


def test_a_page_ends_when_it_has_looked_at_enough_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "LOOKED_THROUGH", 3)
    sent(world, tuple(f"第{number}条路灯意见" for number in range(5)))
    indexed(world)
    nobody = Within(states=(SubmissionState.ACCEPTED,))
    first = find(world.database, "路灯", nobody)
    assert (comments(first), first.is_unfinished) == ([], True)
    rest = find(world.database, "路灯", nobody, before=first.next_before)
    assert (comments(rest), rest.next_before, rest.is_unfinished) == ([], None, False)


@pytest.mark.postgres
def test_words_that_many_have_are_looked_for_in_order_and_the_page_says_where_it_stopped(
    postgres_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SPANS", (1, 2))
    monkeypatch.setattr(searching, "MANY", 1)
    sent(postgres_world, ("最早的路灯意见", *(f"第{number}条盲道意见" for number in range(4))))
    indexed(postgres_world)
    assert comments(find(postgres_world.database, "路灯")) == ["最早的路灯意见"]
    with postgres_world.database.writing() as session:
        session.execute(text("ANALYZE search_words"))
    first = find(postgres_world.database, "意见", Within(states=(SubmissionState.ACCEPTED,)))
    assert (comments(first), first.is_unfinished) == ([], True)
    seen = find(postgres_world.database, "意见")
    assert (len(seen.hits), seen.is_unfinished) == (3, True)
    rest = find(postgres_world.database, "意见", before=seen.next_before)
    assert (len(rest.hits), rest.next_before) == (2, None)


@pytest.mark.parametrize(
    ("words", "code"), [("", "no_words_to_find"), (" ，。 ", "no_words_to_find"), ("路 " * 9, "too_many_words")]
)
def test_what_cant_be_looked_for_is_told(world: World, words: str, code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        find(world.database, words)
    assert refused.value.code == code


def test_a_page_costs_as_many_statements_whatever_it_finds(world: World) -> None:
    sent(world, ("一条路灯意见",))
    indexed(world)
    with statements(world.database) as of_one:
        assert len(comments(find(world.database, "路灯"))) == 1
    sent(world, ("又一条路灯意见", "再一条路灯意见"))
    indexed(world)
    with statements(world.database) as of_three:
        assert len(comments(find(world.database, "路灯"))) == 3
    assert len(of_three) == len(of_one)


def test_the_index_can_be_emptied_and_filled_again(world: World) -> None:
    sent(world)
    indexed(world)
    with world.database.writing() as session:
        search_index.forget_all(session)
    assert comments(find(world.database, "路灯")) == []
    assert indexed(world) == len(COMMENTS)
    assert len(comments(find(world.database, "路灯"))) == 2


def test_the_hits_lie_on_the_words(world: World) -> None:
    sent(world)
    indexed(world)
    (hit,) = find(world.database, "姓𠮷").hits
    assert [hit.submission.comment[start:end] for start, end in hit.in_comment] == ["姓𠮷"]
    (hit,) = find(world.database, "第3件").hits
    assert (hit.in_title, hit.in_comment) == ([(0, 3)], [])


@pytest.mark.parametrize(
    ("comment", "places", "pieces"),
    [
        ("短文路灯", [(2, 4)], [("短文", False), ("路灯", True)]),
        ("没有", [], [("没有", False)]),
        (
            "一二三四五六七八九路灯十",
            [(9, 11)],
            [("…", False), ("七八九"[-2:], False), ("路灯", True), ("十", False)],
        ),
    ],
)
def test_an_excerpt_shows_the_first_hit(
    comment: str, places: list[tuple[int, int]], pieces: list[tuple[str, bool]]
) -> None:
    assert excerpt(comment, places, 8) == pieces
