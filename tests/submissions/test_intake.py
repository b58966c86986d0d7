"""What `Intake.store` promises: all of a submission or nothing of it, once."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.captcha.challenge import Challenge
from app.captcha.models import BurnedChallenge
from app.kit.errors import Conflict, DomainError, Unprocessable
from app.permissions import ActorKind
from app.submissions import intake, prepared, queries
from app.submissions.group_intake import GroupIntake
from app.submissions.intake import ChosenClause, DirectIntake, NewSubmission, NotTaken
from app.submissions.lifecycle import Channel, SubmissionState
from app.submissions.models import DisplayedComment, Submission, SubmissionClause, SubmitterIdentity
from app.submissions.organisation import OrganisationType
from app.submissions.prepared import Preparer
from app.submissions.receipts import Receipt
from app.submissions.submitter import Guardian, Organisation
from app.submissions.vault import Vault
from tests.support import journey
from tests.support.dump import dump, values
from tests.support.journey import COMMENT, START, World
from tests.support.racing import at_once

CHALLENGE = Challenge("ab" * 16, "123456", START + timedelta(minutes=30))
ORGANISATION = Organisation("沈阳示例商会", "51210000500000001X")
GUARDIAN = Guardian("测试家长", "parent", "13900009998")
MODELS = (Submission, SubmitterIdentity, SubmissionClause, DisplayedComment, BurnedChallenge)


def form_of(world: World) -> NewSubmission:
    """A valid form with one chosen clause and an answered captcha, for instant display."""
    chosen = world.clauses[1]
    return NewSubmission(
        token="a form's token",
        consultation_id=world.consultation.id,
        version_id=world.consultation.version_id,
        channel=Channel.WEB,
        received_at=START,
        title="关于助餐的意见",
        comment=COMMENT,
        occupation="其他",
        clauses=[ChosenClause(chosen.id, chosen.text_hash)],
        identity=journey.identity(),
        display=True,
        keep=(),
        challenge=CHALLENGE,
        request_id="request-1",
    )


class BesideAnother:
    """Puts each submission into a group with one that isn't taken, so that the group's way is gone."""

    def __init__(self, groups: GroupIntake, preparer: Preparer) -> None:
        self.groups, self._preparer = groups, preparer

    def store(self, submission: NewSubmission) -> Receipt:
        if submission.late or submission.origin is not None:
            return self.groups.store(submission)
        too_late = replace(submission, token="too late", challenge=None, received_at=START + timedelta(days=400))
        group = [self._preparer.lay_out(too_late), self._preparer.lay_out(submission)]
        refused, answer = self.groups.store_together(group)
        assert isinstance(refused, NotTaken) or type(refused) is type(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(params=["alone", "in a group"])
def world(world: World, request: pytest.FixtureRequest) -> World:
    if request.param == "alone":
        return world
    direct = world.intake
    assert isinstance(direct, DirectIntake)
    return replace(world, intake=BesideAnother(GroupIntake(direct), direct.preparer))


@pytest.fixture
def form(world: World) -> NewSubmission:
    return form_of(world)


def stored(world: World) -> dict[str, int]:
    """Table → number of its rows, of the tables that intake writes."""
    with world.database.reading() as session:
        return {model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0 for model in MODELS}


ONE_OF_EACH = {model.__tablename__: 1 for model in MODELS}
NOTHING = dict.fromkeys(ONE_OF_EACH, 0)


def the_one(session: Session) -> Submission:
    return session.scalars(select(Submission)).one()


def test_a_submission_is_stored_whole_under_its_receipt(world: World, form: NewSubmission) -> None:
    receipt = world.intake.store(form)
    assert stored(world) == ONE_OF_EACH
    assert not isinstance(world.intake, BesideAnother) or world.intake.groups.taken_apart == 0
    with world.database.reading() as session:
        kept = queries.with_code(session, world.receipts, receipt.number, receipt.access_code)
        assert kept is not None
        sealed = queries.sealed_identity(session, kept.id)
        chosen = session.scalars(select(SubmissionClause)).one()
        assert sealed is not None
        assert world.vault.open(sealed) == form.identity
    for name in ("consultation_id", "version_id", "channel", "received_at", "title", "comment", "occupation"):
        assert getattr(kept, name) == getattr(form, name), name
    assert kept.state is SubmissionState.RECEIVED
    assert (chosen.clause_id, chosen.text_hash) == (form.clauses[0].id, form.clauses[0].text_hash)


def test_arrival_is_audited_without_a_word_of_the_sender(world: World, form: NewSubmission) -> None:
    world.intake.store(form)
    with world.database.reading() as session:
        (entry,) = audit.of_record(session, "submission", the_one(session).id)
    assert (entry.action, entry.actor_kind, entry.actor_id) == ("submission.received", ActorKind.CITIZEN, "")
    assert (entry.at, entry.request_id, entry.detail) == (START, "request-1", {})


@pytest.mark.parametrize("challenge", [CHALLENGE, None], ids=["captcha", "no captcha"])
@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1)])
def test_the_same_form_again_gets_the_same_receipt_and_stores_nothing(
    world: World, form: NewSubmission, challenge: Challenge | None, later: timedelta
) -> None:
    form = replace(form, challenge=challenge)
    receipt = world.intake.store(form)
    before = dump(world.database)
    assert world.intake.store(replace(form, received_at=START + later)) == receipt
    assert dump(world.database) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "另一个标题"},
        {"comment": COMMENT + "。"},
        {"occupation": "学生"},
        {"clauses": []},
        {"identity": journey.identity(1)},
        {"identity": replace(journey.identity(), phone="13900009999")},
        {"identity": replace(journey.identity(), email="other@example.com")},
        {"identity": replace(journey.identity(), email=None)},
        {"identity": replace(journey.identity(), id_number=None)},
        {"identity": replace(journey.identity(), organisation=ORGANISATION)},
        {"identity": replace(journey.identity(), guardian=GUARDIAN)},
        {"organisation_type": OrganisationType.OTHER},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_another_content_under_a_stored_token_is_refused(
    world: World, form: NewSubmission, changed: dict[str, Any]
) -> None:
    world.intake.store(form)
    before = dump(world.database)
    other = replace(form, challenge=replace(CHALLENGE, nonce="cd" * 16), **changed)
    with pytest.raises(Conflict) as refused:
        world.intake.store(other)
    assert refused.value.code == "token_reused"
    assert dump(world.database) == before


def test_a_captcha_that_was_answered_before_is_refused_and_nothing_is_stored(world: World, form: NewSubmission) -> None:
    world.intake.store(form)
    before = dump(world.database)
    with pytest.raises(Unprocessable) as refused:
        world.intake.store(replace(form, token="another form's token"))
    assert refused.value.code == "challenge_used"
    assert dump(world.database) == before


def test_the_same_form_at_once_is_stored_once_and_both_get_its_receipt(world: World, form: NewSubmission) -> None:
    first, second = at_once([lambda: world.intake.store(form)] * 2)
    assert isinstance(first, Receipt)
    assert first == second
    assert stored(world) == ONE_OF_EACH


def test_two_contents_of_one_form_at_once_are_stored_once(world: World, form: NewSubmission) -> None:
    other = replace(form, comment="另一条意见。", challenge=replace(CHALLENGE, nonce="cd" * 16))
    answers = at_once([lambda: world.intake.store(form), lambda: world.intake.store(other)])
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Receipt"]
    (refused,) = [answer for answer in answers if isinstance(answer, DomainError)]
    assert refused.code == "token_reused"
    assert stored(world) == ONE_OF_EACH
    with world.database.reading() as session:
        comment = the_one(session).comment
    assert comment == (form, other)[answers.index(refused) ^ 1].comment


def test_one_captcha_for_two_forms_at_once_lets_one_in(world: World, form: NewSubmission) -> None:
    other = replace(form, token="another form's token", identity=journey.identity(1))
    answers = at_once([lambda: world.intake.store(form), lambda: world.intake.store(other)])
    (refused,) = [answer for answer in answers if isinstance(answer, DomainError)]
    assert (type(refused), refused.code) == (Unprocessable, "challenge_used")
    assert stored(world) == ONE_OF_EACH


def test_what_the_store_refuses_is_not_told_as_a_used_captcha(world: World, form: NewSubmission) -> None:
    before = dump(world.database)
    with pytest.raises(IntegrityError):
        world.intake.store(replace(form, clauses=[ChosenClause(uuid.uuid4(), "0" * 64)]))
    assert dump(world.database) == before
    world.intake.store(form)
    assert stored(world) == ONE_OF_EACH


class Broken(Exception):
    pass


def _broken(*given: object, **named: object) -> None:
    raise Broken


BURNS = ("burn", "burns")
BREAKS: dict[str, Callable[[pytest.MonkeyPatch], object]] = {
    "the captcha's burning": lambda patch: [patch.setattr(intake.challenges, name, _broken) for name in BURNS],
    "sealing": lambda patch: patch.setattr(Vault, "seal", _broken),
    "masking the text": lambda patch: patch.setattr(prepared, "anonymise", _broken),
    "masking the name": lambda patch: patch.setattr(prepared, "public_name", _broken),
    "the audit": lambda patch: patch.setattr(prepared.audit, "entry", _broken),
    "the commit": lambda patch: patch.setattr(DefaultDialect, "do_commit", _broken),
}


@pytest.mark.parametrize("part", BREAKS)
def test_a_failure_in_the_middle_leaves_nothing_and_the_form_can_be_sent_again(
    world: World, form: NewSubmission, part: str
) -> None:
    before = dump(world.database)
    with pytest.MonkeyPatch.context() as patch:
        BREAKS[part](patch)
        with pytest.raises(Broken):
            world.intake.store(form)
    assert dump(world.database) == before
    world.intake.store(form)
    assert stored(world) == ONE_OF_EACH


@pytest.mark.parametrize(
    "comment",
    [
        "𠮷野家的𣘺与𰻞𰻞面",
        "赞👍🏽一家👨‍👩‍👧‍👦🇨🇳",
        "汉字" * 5000,
        "第一段\n\n　　第二段\t有制表符 e\u0301 和 é；'引号' \"双\" \\ % _ <b>&amp;",
        "ئۇيغۇرچە བོད་ཡིག ᠮᠣᠩᠭᠣᠯ",
    ],
    ids=["beyond the BMP", "emoji", "10,000 Chinese characters", "marks and lines", "other scripts"],
)
def test_a_comment_is_kept_byte_for_byte(world: World, form: NewSubmission, comment: str) -> None:
    receipt = world.intake.store(replace(form, comment=comment))
    with world.database.reading() as session:
        kept = queries.by_number(session, receipt.number)
    assert kept is not None
    assert kept.comment.encode() == comment.encode()


def test_nothing_of_who_wrote_is_in_plain_anywhere_in_the_store(world: World, form: NewSubmission) -> None:
    who = replace(form.identity, organisation=ORGANISATION, guardian=GUARDIAN)
    receipt = world.intake.store(replace(form, identity=who, display=False))
    assert None not in who.values().values()
    secrets = {**who.values(), "access code": receipt.access_code}
    secrets.pop("guardian_relation")  # a word that stands elsewhere too
    held = list(values(dump(world.database)))
    assert ("submissions.comment", COMMENT.encode()) in held
    for what, secret in secrets.items():
        assert [place for place, value in held if str(secret).encode() in value] == [], what


def test_nothing_of_who_wrote_is_in_plain_in_the_files_of_the_store(sqlite_world: World) -> None:
    form = form_of(sqlite_world)
    sqlite_world.intake.store(form)
    store = Path(sqlite_world.database.engine.url.database or "")
    files = [path.read_bytes() for path in store.parent.glob(f"{store.name}*")]
    assert any(COMMENT.encode() in content for content in files)
    who = form.identity
    for secret in filter(None, who.values().values()):
        assert not any(secret.encode() in content for content in files)


def test_who_wrote_does_not_show_in_a_traceback(form: NewSubmission) -> None:
    assert str(form.identity.id_number) not in repr(form)
    assert form.identity.phone not in repr(form)


def test_an_unknown_token_is_not_stored(world: World, form: NewSubmission) -> None:
    with world.database.reading() as session:
        assert not queries.token_is_stored(session, form.token)
    world.intake.store(form)
    with world.database.reading() as session:
        assert queries.token_is_stored(session, form.token)


def test_a_submission_that_is_not_there_is_not_found(world: World) -> None:
    with world.database.reading() as session, pytest.raises(DomainError) as missing:
        queries.get(session, uuid.uuid4())
    assert missing.value.status == 404
