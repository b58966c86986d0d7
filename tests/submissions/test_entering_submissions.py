"""What staff enter of letters, calls and meetings: the form's own rules for what is there, and what isn't is marked."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import Forbidden, Unprocessable
from app.permissions import Actor, ActorKind
from app.submissions import queries
from app.submissions.batches import MOST_ROWS, checked, read_rows
from app.submissions.entering import FIELDS, EnteredSubmission, check_entered
from app.submissions.intake import NotTaken, Origin
from app.submissions.lifecycle import Channel
from app.submissions.models import SubmissionOrigin, SubmitterIdentity
from app.submissions.organisation import SubmitterKind
from app.submissions.problems import Problem
from app.web.staff.entering import new_submission
from tests.support.journey import START, World
from tests.support.numbers import credit_code

CODE = credit_code("91210100MA0000001")
NOW = datetime(2026, 5, 11, 6, tzinfo=UTC)
LEAST = {"channel": "letter", "day": "2026-05-07", "comment": "建议延长送餐时间。"}


def accepted(**entered: str) -> EnteredSubmission:
    found = check_entered(LEAST | entered, NOW)
    assert isinstance(found, EnteredSubmission), found
    return found


def problems(**entered: str) -> dict[str, str]:
    found = check_entered(LEAST | entered, NOW)
    assert isinstance(found, dict), found
    return {name: problem.code.value for name, problem in found.items()}


def test_the_words_alone_are_enough_and_the_rest_is_marked_as_missing() -> None:
    found = accepted()
    assert (found.channel, found.title, found.submitter_kind) == (
        Channel.LETTER,
        "建议延长送餐时间。",
        SubmitterKind.INDIVIDUAL,
    )
    assert found.missing == ("name", "id_number", "occupation", "phone", "email")
    assert found.received_at == datetime(2026, 5, 7, 4, tzinfo=UTC)


def test_a_long_letter_without_a_title_is_called_by_its_beginning() -> None:
    assert accepted(comment="长" * 50).title == "长" * 29 + "…"


def test_an_organisation_is_one_by_its_name() -> None:
    found = accepted(organisation_name="沈阳某餐饮服务有限公司", name="王晓", credit_code=CODE)
    assert found.submitter_kind is SubmitterKind.ORGANISATION
    assert found.missing == ("organisation_type", "phone", "email")


@pytest.mark.parametrize(
    "day",
    [
        "2026-05-07",
        "2026/5/7",
        "2026年5月7日",
        "2026.05.07",
        "２０２６-05-07",
        "2026-05-07T12:00",
        "2026年5月7日 12:00",
    ],
)
def test_a_day_may_be_written_as_people_write_it(day: str) -> None:
    assert accepted(day=day).received_at == datetime(2026, 5, 7, 4, tzinfo=UTC)


def test_today_is_never_after_now() -> None:
    early = datetime(2026, 5, 11, 0, tzinfo=UTC)
    found = check_entered(LEAST | {"day": "2026-05-11"}, early)
    assert isinstance(found, EnteredSubmission)
    assert found.received_at == early


@pytest.mark.parametrize(
    ("entered", "told"),
    [
        ({"channel": "web"}, {"channel": "channel.required"}),
        ({"channel": ""}, {"channel": "channel.required"}),
        ({"day": ""}, {"day": "day.required"}),
        ({"day": "2026-02-30"}, {"day": "day.unreal"}),
        ({"day": "昨天"}, {"day": "day.unreal"}),
        ({"day": "2026-05-12"}, {"day": "day.to_come"}),
        ({"comment": " "}, {"comment": "comment.required"}),
        ({"phone": "12345"}, {"phone": "phone.service_number"}),
        ({"id_number": "110101199003070000"}, {"id_number": "id_number.check"}),
        ({"remark": "长" * 501}, {"remark": "remark.length"}),
    ],
)
def test_what_is_there_has_to_be_right(entered: dict[str, str], told: dict[str, str]) -> None:
    assert problems(**entered) == told


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30)))
def test_whatever_is_entered_is_accepted_or_told(entered: dict[str, str]) -> None:
    found = check_entered(entered, NOW)
    if isinstance(found, dict):
        assert found
        assert all(isinstance(problem, Problem) for problem in found.values())
    else:
        assert found.received_at <= NOW


def test_it_is_stored_with_who_entered_it_and_gets_a_receipt_like_every_other(world: World) -> None:
    entered = check_entered(LEAST | {"day": "2026-05-11", "phone": "13800138000"}, START)
    assert isinstance(entered, EnteredSubmission)
    origin = Origin(world.staff.screener, START, entered.missing, "收文12号")
    new = new_submission(world.consultation, entered, "a" * 48, origin, None)
    receipt = world.intake.store(new)
    assert world.intake.store(new) == receipt
    with world.database.reading() as session:
        row = queries.by_number(session, receipt.number)
        assert row is not None
        assert row.channel is Channel.LETTER
        kept = session.get_one(SubmissionOrigin, row.id)
        assert (kept.entered_by, kept.remark) == (world.staff.screener.id, "收文12号")
        assert kept.missing == ["name", "id_number", "occupation", "email"]
        identity = world.vault.open(session.get_one(SubmitterIdentity, row.id))
        assert (identity.name, identity.phone) == ("", "13800138000")


def test_two_organisations_without_a_code_are_not_one(world: World) -> None:
    indexes = set()
    for place in "ab":
        entered = check_entered(LEAST | {"day": "2026-05-11", "organisation_name": f"某{place}公司"}, START)
        assert isinstance(entered, EnteredSubmission)
        origin = Origin(world.staff.screener, START, entered.missing)
        receipt = world.intake.store(new_submission(world.consultation, entered, place * 48, origin, None))
        with world.database.reading() as session:
            row = queries.by_number(session, receipt.number)
            assert row is not None
            indexes.add(session.get_one(SubmitterIdentity, row.id).person_index)
    assert len(indexes) == 2


def test_who_may_not_enter_stores_nothing(world: World) -> None:
    entered = check_entered(LEAST | {"day": "2026-05-11"}, START)
    assert isinstance(entered, EnteredSubmission)
    nobody = Actor(ActorKind.STAFF, "x", frozenset())
    with pytest.raises(Forbidden):
        world.intake.store(new_submission(world.consultation, entered, "b" * 48, Origin(nobody, START, ()), None))


def test_what_arrived_outside_the_window_is_not_taken(world: World) -> None:
    entered = check_entered(LEAST | {"day": "2020-01-01"}, START)
    assert isinstance(entered, EnteredSubmission)
    origin = Origin(world.staff.screener, START, ())
    with pytest.raises(NotTaken):
        world.intake.store(new_submission(world.consultation, entered, "c" * 48, origin, None))


TABLE = (
    "渠道,日期,意见,姓名,多余\n来信,2026-05-07,第一条,王晓,x\n\n"
    '来电,2026/5/8,"两行\n意见",,\n飞鸽,2026-05-07,第一条,,\n'
)


def test_rows_are_read_by_their_headings_and_each_is_judged_by_itself() -> None:
    lines = list(checked(read_rows(TABLE), NOW))
    assert [line.entered.channel if line.entered else None for line in lines] == [Channel.LETTER, Channel.PHONE, None]
    assert lines[1].row["comment"] == "两行\n意见"
    assert "多余" not in lines[0].row
    assert [line.repeats for line in lines] == [None, None, 1]
    assert set(lines[2].problems) == {"channel"}


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_marks_split_too(mark: str) -> None:
    assert read_rows(TABLE.replace(",", mark))[0]["name"] == "王晓"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "batch_without_heading"),
        ("渠道,日期\n来信,2026-05-07", "batch_without_heading"),
        ("渠道,意见\n\n,\n", "batch_empty"),
        ("渠道,意见\n" + "来信,一\n" * (MOST_ROWS + 1), "batch_too_long"),
        ('渠道,意见\n来信,"没有结束', "batch_unreadable"),
    ],
)
def test_a_table_that_is_none_is_told(text: str, code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        read_rows(text)
    assert refused.value.code == code


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    try:
        rows = read_rows("渠道,意见\n" + text)
    except Unprocessable:
        return
    assert len(list(checked(rows, NOW))) == len(rows)
