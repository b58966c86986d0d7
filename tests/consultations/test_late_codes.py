"""Who issues a late code, when, for how long; that it is good for one comment; and that it can be taken back."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit import queries as audit
from app.consultations import changing, late_codes, late_entry
from app.consultations.late_codes import IssuedCode
from app.consultations.late_entry import LateCodes
from app.consultations.models import LateCode
from app.kit.errors import Conflict, DomainError, NotFound, Unprocessable
from app.submissions import queries as submissions
from app.submissions.intake import NotTaken
from app.submissions.models import LateSubmission, Submission
from app.submissions.receipts import Receipt
from tests.submissions.test_intake import form_of
from tests.support import journey
from tests.support.dump import dump, values
from tests.support.journey import SLUG, START, World
from tests.support.racing import at_once

CODES = LateCodes(b"r" * 32)
ENDED = START + timedelta(days=30)
AFTER = ENDED + timedelta(hours=1)
UNTIL = AFTER + timedelta(days=3)
REASON = "住院，出院后才看到公告。"


def issued(world: World, **given: object) -> IssuedCode:
    values = {"at": AFTER, "slug": SLUG, "reason": REASON, "valid_until": UNTIL} | given
    with world.database.writing() as session:
        return late_codes.issue_code(session, world.staff.manager, codes=CODES, **values)  # type: ignore[arg-type]


def opens(world: World, typed: str, at: object = AFTER) -> bool:
    with world.database.reading() as session:
        found = late_entry.usable_code(session, CODES, world.consultation.id, typed, at)  # type: ignore[arg-type]
    return found is not None


def revoked(world: World, code: IssuedCode) -> None:
    with world.database.writing() as session:
        late_codes.revoke_code(session, world.staff.manager, AFTER, SLUG, code.id)


def sent(world: World, code: IssuedCode, *, person: int = 1, token: str = "a late form", at: object = AFTER) -> Receipt:
    form = form_of(world)
    late = replace(
        form,
        token=token,
        identity=journey.identity(person),
        challenge=None,
        received_at=at,
        late=True,
        late_code_id=code.id,
    )
    return world.intake.store(late)


def test_a_code_is_sixteen_characters_and_only_its_keyed_hash_is_kept(world: World) -> None:
    code = issued(world)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{16}", code.code)
    assert code.code not in repr(code)
    kept = dump(world.database)
    assert not [place for place, value in values(kept) if code.code.encode() in value]
    (row,) = kept["late_codes"]
    assert row["code_hash"] == CODES.hash_code(world.consultation.id, code.code)
    assert LateCodes(b"x" * 32).hash_code(world.consultation.id, code.code) != row["code_hash"]


def test_issuing_and_revoking_are_audited_without_the_code(world: World) -> None:
    code = issued(world)
    revoked(world, code)
    with world.database.reading() as session:
        trail = sorted(
            (entry.action, entry.actor_id, entry.detail)
            for entry in audit.of_record(session, "consultation", world.consultation.id)
            if entry.action.startswith("late_code")
        )
    manager = world.staff.manager.id
    assert trail == [
        ("late_code.issued", manager, {"code_id": str(code.id), "reason": REASON}),
        ("late_code.revoked", manager, {"code_id": str(code.id)}),
    ]


def test_a_code_opens_as_a_person_types_it_until_its_time_is_over(world: World) -> None:
    code = issued(world)
    assert opens(world, code.code)
    assert opens(world, f" {code.code[:4].lower()}-{code.code[4:]} ")
    assert opens(world, code.code, UNTIL - timedelta(seconds=1))
    assert not opens(world, code.code, UNTIL)
    assert not opens(world, code.code[:-1])
    assert not opens(world, "")


def test_a_code_opens_no_other_consultation(world: World) -> None:
    code = issued(world)
    with world.database.writing() as session:
        other = journey.another_consultation(session, world.staff, slug="other")
    with world.database.reading() as session:
        assert late_entry.usable_code(session, CODES, other.id, code.code, AFTER) is None


def test_a_revoked_code_opens_nothing(world: World) -> None:
    code = issued(world)
    revoked(world, code)
    assert not opens(world, code.code)
    with pytest.raises(Conflict, match="late_code_gone"):
        sent(world, code)
    with pytest.raises(Conflict, match="code_revoked"):
        revoked(world, code)


def test_codes_are_issued_only_after_the_end(world: World) -> None:
    with pytest.raises(Conflict, match="window_not_over"):
        issued(world, at=ENDED - timedelta(seconds=1), valid_until=AFTER)
    assert issued(world, at=ENDED, valid_until=AFTER)


@pytest.mark.parametrize("change", [changing.suspend, changing.withdraw])
def test_codes_are_not_issued_while_suspended_nor_after_withdrawal(world: World, change: object) -> None:
    with world.database.writing() as session:
        change(session, world.staff.manager, START, SLUG, world.consultation.revision, "文本有误。")  # type: ignore[operator]
    with pytest.raises(Conflict, match="window_not_over"):
        issued(world)


def test_a_code_lets_nobody_in_once_the_draft_was_withdrawn(world: World) -> None:
    code = issued(world)
    with world.database.writing() as session:
        changing.withdraw(session, world.staff.manager, AFTER, SLUG, world.consultation.revision, "文本有误。")
    with pytest.raises(NotTaken):
        sent(world, code)
    assert opens(world, code.code)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": " "}, "reason_required"),
        ({"reason": "因" * 501}, "reason_too_long"),
        ({"reason": "来电人手机13900000001，住院。"}, "reason_has_personal_data"),
        ({"valid_until": AFTER}, "validity_out_of_bounds"),
        ({"valid_until": AFTER + late_codes.LONGEST_VALIDITY + timedelta(seconds=1)}, "validity_out_of_bounds"),
    ],
)
def test_what_is_no_reason_or_no_time_is_refused(world: World, given: dict[str, object], code: str) -> None:
    with pytest.raises(Unprocessable, match=code):
        issued(world, **given)


def test_no_draft_and_no_foreign_code_is_found(world: World) -> None:
    with pytest.raises(NotFound):
        issued(world, slug="nowhere")
    code = issued(world)
    with world.database.writing() as session:
        journey.another_consultation(session, world.staff, slug="other")
    with world.database.writing() as session, pytest.raises(NotFound):
        late_codes.revoke_code(session, world.staff.manager, AFTER, "other", code.id)


def test_a_comment_by_code_is_marked_and_keeps_its_true_time(world: World) -> None:
    code = issued(world)
    receipt = sent(world, code)
    with world.database.reading() as session:
        submission = submissions.by_number(session, receipt.number)
        assert submission is not None
        assert submission.received_at == AFTER
        assert submissions.late_code_id(session, submission.id) == code.id
        assert session.get_one(LateCode, code.id).used_at == AFTER
    assert not opens(world, code.code)


def test_a_comment_in_time_carries_no_mark(world: World) -> None:
    receipt = journey.submit(world)
    with world.database.reading() as session:
        submission = submissions.by_number(session, receipt.number)
        assert submission is not None
        assert submissions.late_code_id(session, submission.id) is None


def test_a_code_is_good_for_one_comment(world: World) -> None:
    code = issued(world)
    first = sent(world, code)
    assert sent(world, code) == first
    before = dump(world.database)
    with pytest.raises(Conflict, match="late_code_gone"):
        sent(world, code, token="another form", person=2)
    assert dump(world.database) == before
    with pytest.raises(Conflict, match="code_used_already"):
        revoked(world, code)


def test_a_code_that_expired_on_the_way_stores_nothing(world: World) -> None:
    code = issued(world)
    before = dump(world.database)
    with pytest.raises(Conflict, match="late_code_gone"):
        sent(world, code, at=UNTIL)
    assert dump(world.database) == before


def test_of_two_comments_at_once_one_wins(world: World) -> None:
    code = issued(world)
    answers = at_once(
        [
            lambda: sent(world, code, token="one", person=1),
            lambda: sent(world, code, token="two", person=2),
        ]
    )
    (refused,) = [answer for answer in answers if isinstance(answer, DomainError)]
    assert refused.code == "late_code_gone"
    with world.database.reading() as session:
        assert len(session.scalars(select(Submission)).all()) == 1
        assert len(session.scalars(select(LateSubmission)).all()) == 1


def test_the_same_form_twice_at_once_gets_one_receipt(world: World) -> None:
    code = issued(world)
    first, second = at_once([lambda: sent(world, code)] * 2)
    assert isinstance(first, Receipt)
    assert first == second
