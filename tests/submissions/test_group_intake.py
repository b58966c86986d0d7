"""What a group promises beyond what test_intake.py asks of each submission in one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import OperationalError

from app.captcha.challenge import Challenge
from app.desk.mending import count_differences, list_differences
from app.kit.errors import Conflict, DomainError, Unavailable
from app.submissions.group_intake import GroupIntake
from app.submissions.guarding import Guard
from app.submissions.intake import ChosenClause, DirectIntake, NewSubmission, NotTaken
from app.submissions.lifecycle import Channel, DisplayState
from app.submissions.models import DisplayedComment, Submission
from app.submissions.receipts import Receipt
from tests.support import journey
from tests.support.journey import COMMENT, START, World
from tests.support.racing import at_once


def sent(world: World, number: int, **changed: object) -> NewSubmission:
    """Right, and no other number's."""
    chosen = world.clauses[number % len(world.clauses)]
    form = NewSubmission(
        token=f"form {number}",
        consultation_id=world.consultation.id,
        version_id=world.consultation.version_id,
        channel=Channel.WEB,
        received_at=START,
        title=f"第{number}份意见",
        comment=f"{COMMENT}（{number}）",
        occupation="其他",
        clauses=[ChosenClause(chosen.id, chosen.text_hash)],
        identity=journey.identity(number % 3),
        display=True,
        keep=(),
        challenge=Challenge(f"{number:032x}", "123456", START + timedelta(minutes=30)),
        request_id=None,
    )
    return replace(form, **changed)  # type: ignore[arg-type]


@pytest.fixture
def direct(world: World) -> DirectIntake:
    assert isinstance(world.intake, DirectIntake)
    return world.intake


@pytest.fixture
def groups(direct: DirectIntake) -> Iterator[GroupIntake]:
    made = GroupIntake(direct)
    yield made
    made.close()


def together(groups: GroupIntake, direct: DirectIntake, *forms: NewSubmission) -> list[Receipt | Exception]:
    return list(groups.store_together([direct.preparer.lay_out(form) for form in forms]))


def tokens(world: World) -> list[str]:
    with world.database.reading() as session:
        return sorted(session.scalars(select(Submission.token)))


def test_one_that_is_refused_leaves_its_neighbours_alone(
    world: World, direct: DirectIntake, groups: GroupIntake
) -> None:
    first, *others = (sent(world, number) for number in range(5))
    groups.store(first)
    same_captcha = replace(others[0], challenge=first.challenge)
    too_late = replace(others[1], received_at=START + timedelta(days=400))
    other_content = replace(first, comment="别的内容，写得也很认真。")
    answers = together(groups, direct, first, same_captcha, too_late, other_content, *others[2:])
    codes = [answer.code if isinstance(answer, DomainError) else "stored" for answer in answers]
    assert codes == ["stored", "challenge_used", "not_taken", "token_reused", "stored", "stored"]
    assert isinstance(answers[2], NotTaken)
    assert answers[0] == direct.preparer.lay_out(first).receipt
    assert tokens(world) == ["form 0", "form 3", "form 4"]


def test_copies_in_one_group_are_one_submission(world: World, direct: DirectIntake, groups: GroupIntake) -> None:
    form = sent(world, 1)
    other = replace(form, comment="别的内容，写得也很认真。")
    answers = together(groups, direct, form, other, form, sent(world, 2))
    assert answers[0] == answers[2]
    assert isinstance(answers[0], Receipt)
    assert isinstance(answers[1], Conflict)
    assert tokens(world) == ["form 1", "form 2"]


def test_a_copy_of_a_refused_one_is_refused_alike(world: World, direct: DirectIntake, groups: GroupIntake) -> None:
    form = sent(world, 1, received_at=START + timedelta(days=400))
    answers = together(groups, direct, form, form, sent(world, 2))
    assert [type(answer) for answer in answers] == [NotTaken, NotTaken, Receipt]


def test_one_that_the_store_itself_refuses_takes_nobody_along(
    world: World, direct: DirectIntake, groups: GroupIntake
) -> None:
    unknown = ChosenClause(world.consultation.id, "0" * 64)
    answers = together(groups, direct, sent(world, 1), sent(world, 2, clauses=[unknown]), sent(world, 3))
    assert [isinstance(answer, Receipt) for answer in answers] == [True, False, True]
    assert tokens(world) == ["form 1", "form 3"]


def test_a_group_is_stored_as_its_members_would_be_alone(
    world: World, direct: DirectIntake, groups: GroupIntake
) -> None:
    together(groups, direct, *(sent(world, number) for number in range(20)))
    assert groups.taken_apart == 0
    direct.store(sent(world, 20))
    with world.database.reading() as session:
        assert (count_differences(session), list_differences(session)) == ({}, {})
        rows = session.scalars(select(Submission).order_by(Submission.token)).all()
        alone = next(row for row in rows if row.token == "form 20")
        assert {row.revision for row in rows} == {alone.revision}
        assert {row.state for row in rows} == {alone.state}
    assert len(rows) == 21


def test_of_the_same_words_in_one_group_only_so_many_are_displayed(world: World, direct: DirectIntake) -> None:
    few = DirectIntake(world.database, world.vault, world.receipts, Guard(copies_shown=3))
    groups = GroupIntake(few)
    few.store(sent(world, 0, comment=COMMENT))
    together(groups, few, *(sent(world, number, comment=COMMENT) for number in range(1, 6)))
    with world.database.reading() as session:
        states = session.execute(select(DisplayedComment.state, func.count()).group_by(DisplayedComment.state))
        assert dict(states.all()) == {DisplayState.DISPLAYED: 3, DisplayState.WAITING: 3}


def test_a_full_group_costs_as_many_statements_as_a_small_one(
    world: World, direct: DirectIntake, groups: GroupIntake
) -> None:
    groups.store_together([direct.preparer.lay_out(sent(world, 1))])  # the first one reads the list of words
    asked: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    numbers = []
    for size in (2, 50):
        asked.clear()
        together(groups, direct, *(sent(world, 100 * size + number) for number in range(size)))
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] > 0
    assert groups.taken_apart == 0


def test_fifty_copies_at_once_get_one_receipt(world: World, groups: GroupIntake) -> None:
    form = sent(world, 1)
    other = replace(form, comment="别的内容，写得也很认真。")
    calls: list[Callable[[], Receipt]] = [lambda: groups.store(form) for _ in range(50)]
    answers = at_once([*calls, lambda: groups.store(other)])
    receipts = {answer for answer in answers if isinstance(answer, Receipt)}
    assert len(receipts) == 1
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert {answer.code for answer in refused} == {"token_reused"}
    assert len(refused) in (1, 50)
    assert tokens(world) == ["form 1"]


def broken_after_the_commit(self: DefaultDialect, connection: Connection) -> None:
    connection.commit()  # the driver's own
    raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))


def broken_before_the_commit(self: DefaultDialect, connection: Connection) -> None:
    connection.rollback()
    raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))


@pytest.mark.parametrize("number", [1, 3])
def test_a_commit_whose_answer_is_lost_is_looked_up(
    world: World, direct: DirectIntake, groups: GroupIntake, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    forms = [sent(world, one) for one in range(number)]
    with monkeypatch.context() as patch:
        patch.setattr(DefaultDialect, "do_commit", broken_after_the_commit)
        answers = together(groups, direct, *forms)
    assert answers == [direct.preparer.lay_out(form).receipt for form in forms]
    assert len(tokens(world)) == number


@pytest.mark.parametrize("number", [1, 3])
def test_no_receipt_is_given_for_what_is_not_there(
    world: World, direct: DirectIntake, groups: GroupIntake, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    forms = [sent(world, one) for one in range(number)]
    with monkeypatch.context() as patch:
        patch.setattr(DefaultDialect, "do_commit", broken_before_the_commit)
        answers = together(groups, direct, *forms)
    assert {getattr(answer, "code", "") for answer in answers} == {"outcome_unknown"}
    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert tokens(world) == []
    assert all(isinstance(answer, Receipt) for answer in together(groups, direct, *forms))
