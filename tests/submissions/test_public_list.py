"""The public list: what is found, in which order, and what a page of it costs."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.consultations.models import Consultation
from app.kit.database import Database
from app.kit.errors import NotFound
from app.kit.paging import BadCursor, Key, read_cursor
from app.submissions import displayed, public_numbers, queries
from app.submissions.displayed import PublicPage
from app.submissions.guarding import Guard
from app.submissions.intake import DirectIntake
from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment, Submission
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import START, World

PIECES = ("助餐", "餐点", "菜单", "a", "B", "%", "_", "/", "\\", "'", "周末", "，", "\n", "送")


def sent(world: World, person: int, **given: object) -> uuid.UUID:
    receipt = journey.submit(world, person=person, at=START + timedelta(minutes=person // 2), **given)  # type: ignore[arg-type]
    with world.database.reading() as session:
        found = queries.by_number(session, receipt.number)
        assert found is not None
        return found.id


def page(world: World, **asked: object) -> PublicPage:
    with world.database.reading() as session:
        return displayed.displayed_page(session, world.consultation.id, **{"limit": 100} | asked)  # type: ignore[arg-type]


def every_page(world: World, **asked: object) -> Iterator[PublicPage]:
    """From the newest on, as the links lead."""
    cursor = None
    while True:
        found = page(world, before=read_cursor(cursor), **asked)
        yield found
        if found.next_cursor is None:
            return
        cursor = found.next_cursor


def ids(found: PublicPage) -> list[uuid.UUID]:
    return [item.submission_id for item in found.items]


def test_the_way_back_leads_over_the_same_pages(world: World) -> None:
    written = [sent(world, person) for person in range(7)]
    forth = list(every_page(world, limit=3))
    assert [len(found.items) for found in forth] == [3, 3, 1]
    assert sorted(one for found in forth for one in ids(found)) == sorted(written)
    assert forth[0].previous_cursor is None
    back = [forth[-1]]
    while back[-1].previous_cursor:
        back.append(page(world, after=read_cursor(back[-1].previous_cursor), limit=3))
    assert [ids(found) for found in back] == [ids(found) for found in reversed(forth)]


def test_no_cursor_leads_to_a_submission(world: World) -> None:
    written = [sent(world, person) for person in range(3)]
    cursor = read_cursor(page(world, limit=1).next_cursor)
    assert cursor is not None
    assert cursor.id not in written
    assert cursor.id.int < 2**60


def test_a_forged_cursor_is_refused(world: World) -> None:
    forged = Key(START, uuid.UUID(int=2**127))
    with pytest.raises(BadCursor):
        page(world, before=forged)


def test_by_clause(world: World) -> None:
    first, second = [clause for clause in world.clauses if clause.text][:2]
    about_first = sent(world, 1, clauses=[first])
    about_both = sent(world, 2, clauses=[first, second])
    sent(world, 3)
    assert set(ids(page(world, clause_id=first.id))) == {about_first, about_both}
    assert ids(page(world, clause_id=second.id)) == [about_both]
    assert ids(page(world, clause_id=second.id, words="没有的词")) == []


def test_two_characters_are_found_in_title_and_text_and_every_word_must_be(world: World) -> None:
    in_text = sent(world, 1, comment="希望延长助餐时间。")
    in_title = sent(world, 2, title="助餐点", comment="请增加。")
    sent(world, 3, title="其他", comment="请增加座位。")
    assert set(ids(page(world, words="助餐"))) == {in_text, in_title}
    assert ids(page(world, words=" 助餐　延长 ")) == [in_text]
    assert ids(page(world, words="%")) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), min_size=1, max_size=5),
    words=st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join),
)
def test_a_search_finds_exactly_what_has_the_words(world: World, texts: list[str], words: str) -> None:
    with world.database.writing() as session:
        consultation = journey.another_consultation(session, world.staff, slug=f"s{uuid.uuid4().hex[:12]}")
        for n, text in enumerate(texts):
            receipt = Submission(**_submission(consultation, n, text))
            session.add(receipt)
            session.flush()
            session.add(_displayed(consultation.id, receipt.id, n, text))
    with world.database.reading() as session:
        found = displayed.displayed_page(session, consultation.id, words=words, limit=10)
    wanted = [text for text in texts if all(word.lower() in text.lower() for word in words.split())]
    assert sorted(item.text for item in found.items) == sorted(wanted)


def _submission(consultation: Consultation, n: int, text: str) -> dict[str, object]:
    return {
        "id": uuid.uuid4(),
        "consultation_id": consultation.id,
        "version_id": consultation.version_id,
        "channel": "web",
        "token": uuid.uuid4().hex,
        "receipt_number": uuid.uuid4().hex[:20],
        "access_code_hash": b"h" * 32,
        "received_at": START,
        "title": "",
        "comment": text,
        "occupation": "其他",
        "fingerprint": "f" * 64,
    }


def _displayed(consultation_id: uuid.UUID, submission_id: uuid.UUID, n: int, text: str) -> DisplayedComment:
    return DisplayedComment(
        submission_id=submission_id,
        consultation_id=consultation_id,
        state=DisplayState.DISPLAYED,
        number=n + 1,
        displayed_at=START,
        masked_name="",
        title="",
        text=text,
        text_hash="",
        held_for=[],
    )


def test_a_search_goes_on_where_its_bound_ended_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(displayed, "LOOKED_THROUGH", 3)
    comments = ["助餐" if person in (0, 5) else "别的事" for person in range(8)]
    wanted = [sent(world, person, title="标题", comment=comment) for person, comment in enumerate(comments)]
    found = list(every_page(world, words="助餐", limit=2))
    assert [one for each in found for one in ids(each)] == [wanted[5], wanted[0]]
    assert [each.looked_until is not None for each in found] == [True, True, False]
    back = [page(world, words="助餐", after=read_cursor(found[-1].previous_cursor), limit=2)]
    while back[-1].previous_cursor:
        back.append(page(world, words="助餐", after=read_cursor(back[-1].previous_cursor), limit=2))
    assert wanted[5] in [one for each in back for one in ids(each)]


@pytest.mark.parametrize("asked", [{}, {"words": "助餐"}], ids=["all", "search"])
def test_a_page_costs_as_many_queries_for_three_as_for_one(world: World, asked: dict[str, object]) -> None:
    counted = []
    for more in ([1], [2, 3]):
        for person in more:
            sent(world, person)
        with world.database.reading() as session, statements(world.database) as asked_for:
            displayed.displayed_page(session, world.consultation.id, limit=10, **asked)  # type: ignore[arg-type]
        counted.append(len(asked_for))
    assert counted == ([2, 2] if asked else [1, 1])


def test_a_page_is_read_from_its_index_at_any_depth(world: World) -> None:
    """No sorting and no scan: the plan names the index of the list."""
    key = Key(START, uuid.UUID(int=5))
    with world.database.reading() as session, statements(world.database) as asked_for:
        displayed.displayed_page(session, world.consultation.id, before=key, limit=10)
    assert "OFFSET" not in asked_for[0].replace("LIMIT ? OFFSET ?", "")
    assert "ORDER BY displayed_comments.displayed_at DESC, displayed_comments.number DESC" in asked_for[0]


@given(st.integers(min_value=1, max_value=2**60 - 1))
def test_a_public_number_is_read_as_it_was_written(number: int) -> None:
    written = public_numbers.written(number)
    assert public_numbers.read(written) == number
    assert public_numbers.read(written.lower().replace("-", " ")) == number


@given(st.text(max_size=40))
def test_any_text_is_a_public_number_or_none(text: str) -> None:
    assert 0 <= public_numbers.read(text) < 2**60


def test_numbers_are_unlike_and_lead_to_no_receipt(world: World) -> None:
    for person in range(5):
        sent(world, person)
    found = page(world).items
    numbers = {item.number for item in found}
    assert len(numbers) == 5
    assert all(0 < number < 2**60 for number in numbers)
    with world.database.reading() as session:
        assert displayed.with_number(session, world.consultation.id, found[0].number).submission_id == (
            found[0].submission_id
        )
        for number in (0, -1, 2**60, 2**70, found[0].number ^ 1):
            with pytest.raises(NotFound):
                displayed.with_number(session, world.consultation.id, number)


def test_nothing_that_waits_is_in_list_or_search(world: World) -> None:
    intake = DirectIntake(world.database, world.vault, world.receipts, Guard(copies_shown=1))
    first = sent(world, 1)
    journey.submit(replace(world, intake=intake), person=2)
    assert ids(page(world)) == ids(page(world, words="助餐")) == [first]


def test_the_same_page_through_other_connections(world: World) -> None:
    one = sent(world, 1)
    other = Database(world.database.engine.url.render_as_string(hide_password=False))
    with other.reading() as session:
        assert ids(displayed.displayed_page(session, world.consultation.id, limit=5)) == [one]
    with world.database.writing() as session:
        session.get_one(DisplayedComment, one).state = DisplayState.TAKEN_DOWN
    with other.reading() as session:
        assert ids(displayed.displayed_page(session, world.consultation.id, limit=5)) == []
    other.close()
