"""Every event reaches every receiver that wants it, at least once, whatever dies or fails on the way."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from app.events import numbering
from app.events import queries as feed
from app.events.ledger import emit
from app.webhooks import actions, ledger, supervising
from app.webhooks.guard import Way
from app.webhooks.lifecycle import DisabledBecause, EndpointState, MessageState, Outcome
from app.webhooks.sending import Answer, NotSent, TimedOut
from app.webhooks.supervising import NewAllowance
from app.worker import events, hooks
from tests.support.journey import DRAFTING, OPERATOR, START, RunningClock, World
from tests.webhooks.receiving import DELIVERED, KIND, PUBLIC, SEALER, Post, program

BROKEN = Answer(500, None, "out of order")
DAY = timedelta(days=1)


@pytest.fixture
def post(world: World) -> Post:
    return Post(world.database)


def test_each_event_goes_to_every_receiver_of_its_department_that_wants_its_kind(post: Post) -> None:
    post.endpoint("/all")
    post.endpoint("/some", ["assignment.recalled"])
    post.endpoint("/other", department="finance")
    first, second = post.tell(), post.tell(kind="assignment.recalled")
    assert post.carry_all() == [Outcome.ACCEPTED] * 3
    assert {place: sorted(one.ids) for place, one in post.receivers.items()} == {
        "/all": sorted(first + second),
        "/some": second,
        "/other": [],
    }


def test_a_message_holds_the_event_as_the_feed_has_it_and_is_signed(post: Post) -> None:
    endpoint = post.endpoint()
    post.clock.at = RunningClock().now()
    (id,) = post.tell()
    post.carry_all()
    ((headers, body),) = post.receivers["/in"].got
    said = Webhook(post.secret(endpoint)).verify(body, dict(headers))
    assert said["type"] == said["data"]["kind"] == KIND
    assert (said["data"]["id"], said["data"]["position"]) == (id, 1) == (headers["webhook-id"], 1)
    assert set(said["data"]) == {"position", "id", "kind", "happened_at", "record", "detail"}
    assert headers["Content-Type"] == "application/json"


def test_a_long_detail_stays_behind_so_that_the_message_stays_small(post: Post) -> None:
    post.endpoint()
    with post.database.writing() as session:
        emit(session, START, DRAFTING, KIND, ("assignment", "1"), ids=["x" * 100] * 300)
    post.spread()
    post.carry_all()
    ((_, body),) = post.receivers["/in"].got
    assert len(body) < 20_000
    assert json.loads(body)["data"]["detail"] == {}


def test_it_is_tried_again_with_the_same_id_and_body_and_a_new_timestamp(post: Post) -> None:
    post.endpoint()
    post.receivers["/in"].answers = [BROKEN, TimedOut("timed_out"), NotSent("connection_refused"), DELIVERED]
    post.tell()
    post.over(timedelta(hours=1), timedelta(minutes=5))
    (message,), got = post.messages(), post.receivers["/in"].got
    assert (message.state, message.attempts) == (MessageState.DELIVERED, 4)
    assert len({(headers["webhook-id"], body) for headers, body in got}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in got}) == 4
    assert [(one.outcome, one.status, one.error, one.excerpt) for one in post.attempts()] == [
        (Outcome.REFUSED, 500, None, "out of order"),
        (Outcome.TIMED_OUT, None, "timed_out", ""),
        (Outcome.UNREACHABLE, None, "connection_refused", ""),
        (Outcome.ACCEPTED, 204, None, ""),
    ]


def test_a_worker_killed_between_the_answer_and_its_record_sends_it_again(post: Post) -> None:
    post.endpoint()
    (id,) = post.tell()
    with post.database.writing() as session:
        held = ledger.claim(session, post.clock.at)
    assert held is not None
    hooks.attempt(post.database, post.clock, post.hooks, held)
    assert post.carry() is None
    post.later(ledger.LEASE)
    assert post.carry() is Outcome.ACCEPTED
    assert post.receivers["/in"].ids == [id, id]
    with post.database.writing() as session:
        late = ledger.settle(session, held, post.clock.at, ledger.Tried(Outcome.REFUSED, 1, 500), 0.5)
    assert not late
    assert post.messages()[0].state is MessageState.DELIVERED


def test_a_worker_killed_before_it_promised_leaves_nothing_out_and_promises_nothing_twice(post: Post) -> None:
    post.endpoint()
    post.tell()
    with post.database.writing() as session:
        emit(session, START, DRAFTING, KIND, ("assignment", "2"))
    with post.database.writing() as session:
        numbering.number(session)
    with post.database.trying() as session:
        assert ledger.spread(session, START) == 1
    assert len(post.messages()) == 1
    for _ in range(2):
        post.spread()
    assert len(post.messages()) == 2


def test_events_of_before_a_receiver_was_there_are_not_sent_to_it(post: Post) -> None:
    post.tell(3)
    post.endpoint()
    (id,) = post.tell()
    post.carry_all()
    assert post.receivers["/in"].ids == [id]


def test_a_receiver_that_fails_for_days_is_disabled_and_its_department_is_told_in_the_feed(post: Post) -> None:
    endpoint = post.endpoint()
    post.receivers["/in"].answers = [BROKEN]
    post.tell()
    post.over(4 * DAY)
    assert post.row(endpoint).state is EndpointState.ENABLED
    post.tell()
    post.over(3 * DAY)
    row = post.row(endpoint)
    assert (row.state, row.disabled_because) == (EndpointState.DISABLED, DisabledBecause.FAILING)
    post.spread()
    with post.database.reading() as session:
        last = feed.after(session, DRAFTING, None, 10)[-1]
    assert (last.kind, last.record_id) == ("webhook.disabled", str(endpoint))
    assert last.detail == {"because": "failing"}


def test_what_was_tried_for_days_is_dead_and_can_be_replayed(post: Post) -> None:
    endpoint = post.endpoint()
    receiver = post.receivers["/in"]
    receiver.answers = [BROKEN, BROKEN, DELIVERED, BROKEN]
    (id, other) = post.tell(2)
    post.over(6 * DAY)
    dead = next(message for message in post.messages() if message.state is MessageState.DEAD)
    assert dead.attempts == 14
    receiver.answers = [DELIVERED]
    with post.database.writing() as session:
        actions.replay(session, program(), post.clock.at, endpoint, dead.id)
    assert post.carry_all() == [Outcome.ACCEPTED]
    assert receiver.ids[-1] == str(dead.event_id) in {id, other}


def test_410_disables_at_once_and_what_waited_goes_on_when_it_is_enabled(post: Post) -> None:
    endpoint = post.endpoint()
    post.receivers["/in"].answers = [Answer(410, None, ""), DELIVERED]
    ids = post.tell(2)
    assert post.carry_all() == [Outcome.GONE]
    assert post.row(endpoint).disabled_because is DisabledBecause.GONE
    assert post.over(DAY) == []
    with post.database.writing() as session:
        actions.enable(session, program(), post.clock.at, endpoint)
    assert post.carry_all() == [Outcome.ACCEPTED] * 2
    assert set(post.receivers["/in"].ids) == set(ids)


def test_while_disabled_nothing_is_promised(post: Post) -> None:
    endpoint = post.endpoint()
    with post.database.writing() as session:
        actions.disable(session, program(), START, endpoint)
    post.tell()
    assert post.messages() == []


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_receiver_that_throttles_is_left_alone_as_long_as_it_asks(post: Post, status: int) -> None:
    post.endpoint()
    post.receivers["/in"].answers = [Answer(status, "600", ""), DELIVERED]
    post.tell(3)
    assert post.carry_all() == [Outcome.THROTTLED]
    post.later(timedelta(seconds=599))
    assert post.carry_all() == []
    post.later(timedelta(seconds=1))
    assert post.carry_all() == [Outcome.ACCEPTED] * 3


def test_redirects_are_refused(post: Post) -> None:
    post.endpoint()
    post.receivers["/in"].answers = [Answer(307, None, "")]
    post.tell()
    assert post.carry_all() == [Outcome.REFUSED]
    assert len(post.receivers["/in"].got) == 1


def test_receivers_take_turns_whatever_waits_for_each(post: Post) -> None:
    """The second one's only message doesn't wait behind a hundred of the first one's."""
    post.endpoint("/busy")
    post.tell(20)
    post.endpoint("/quiet")
    post.tell(1)
    post.carry()
    post.later(timedelta(seconds=1))
    post.carry()
    assert [len(one.got) for one in post.receivers.values()] == [1, 1]


def test_a_receiver_with_a_message_on_its_way_and_failing_ones_beyond_their_share_are_passed_over(post: Post) -> None:
    slow, quick = post.endpoint("/slow"), post.endpoint("/quick")
    post.receivers["/slow"].answers = [TimedOut("timed_out")]
    post.tell(2)
    post.carry_all()
    post.tell(1)
    post.later(timedelta(minutes=5))
    with post.database.writing() as session:
        assert ledger.claim(session, post.clock.at, busy={slow, quick}) is None
        held = ledger.claim(session, post.clock.at, slow_too=False)
        assert held is not None
        assert (held.endpoint_id, held.is_slow) == (quick, False)
        assert ledger.claim(session, post.clock.at, slow_too=False) is None
        held = ledger.claim(session, post.clock.at)
    assert held is not None
    assert (held.endpoint_id, held.is_slow) == (slow, True)


def test_a_name_is_looked_up_once_and_the_connection_is_made_to_what_was_checked(post: Post) -> None:
    """A resolver that changes its answer between the look and the connection gains nothing."""
    answers = [[PUBLIC], ["127.0.0.1"], ["169.254.169.254"], [PUBLIC, "10.0.0.1"]]
    post.hooks = replace(post.hooks, resolve=lambda host, port: answers.pop(0))
    post.endpoint()
    post.tell(1)
    assert post.carry_all() == [Outcome.ACCEPTED]
    assert (post.receivers["/in"].ways, len(answers)) == ([Way(PUBLIC)], 3)
    for _ in range(3):
        post.tell(1)
        assert post.carry() is Outcome.FORBIDDEN_ADDRESS
        post.later(ledger.LEASE * 10)
    assert len(post.receivers["/in"].got) == 1
    assert sorted(str(one.error) for one in post.attempts()) == ["None", "loopback", "never", "private"]


def test_a_range_that_an_administrator_allowed_is_open_until_it_is_closed(post: Post) -> None:
    post.hooks = replace(post.hooks, resolve=lambda host, port: ["10.20.0.5"])
    post.endpoint()
    post.tell()
    assert post.carry() is Outcome.FORBIDDEN_ADDRESS
    with post.database.writing() as session:
        new = NewAllowance("10.20.0.0/16", "政务外网民政区", "部门系统都在此网段。")
        allowance = supervising.allow(session, OPERATOR, START, new)
    post.later(timedelta(minutes=1))
    assert post.carry() is Outcome.ACCEPTED
    with post.database.writing() as session:
        supervising.end_allowance(session, OPERATOR, START, allowance.id)
    post.tell()
    assert post.carry() is Outcome.FORBIDDEN_ADDRESS


def test_after_a_rotation_both_secrets_fit_until_the_overlap_is_over(post: Post) -> None:
    post.clock.at = RunningClock().now()
    endpoint = post.endpoint()
    old = post.secret(endpoint)
    with post.database.writing() as session:
        actions.rotate(session, program(), post.clock.at, endpoint, SEALER, timedelta(seconds=60))
    new, got = post.secret(endpoint), post.receivers["/in"].got
    assert new != old
    post.tell()
    post.carry_all()
    post.later(timedelta(seconds=60))
    post.tell()
    post.carry_all()
    assert [len(headers["webhook-signature"].split()) for headers, _ in got] == [2, 1]
    for secret in (old, new):
        assert Webhook(secret).verify(got[0][1], dict(got[0][0]))
    assert Webhook(new).verify(got[1][1], dict(got[1][0]))


def test_a_test_message_is_sent_like_any_other_and_is_not_in_the_feed(post: Post) -> None:
    endpoint = post.endpoint(kinds=["assignment.recalled"])
    with post.database.writing() as session:
        actions.send_test(session, program(), START, endpoint)
    assert post.carry_all() == [Outcome.ACCEPTED]
    data = json.loads(post.receivers["/in"].got[0][1])["data"]
    assert (data["kind"], data["position"], data["record"]["id"]) == ("webhook.test", None, str(endpoint))
    post.spread()
    with post.database.reading() as session:
        assert feed.after(session, DRAFTING, None, 10) == []


def test_old_messages_are_forgotten_once_they_are_settled(post: Post) -> None:
    post.endpoint("/good")
    post.endpoint("/bad")
    post.receivers["/bad"].answers = [BROKEN]
    post.tell(2)
    post.carry_all()
    events.forget(post.database, post.clock.at + DAY, DAY / 2)
    assert {message.state for message in post.messages()} == {MessageState.PENDING}
    assert len(post.messages()) == 2
    assert len(post.attempts()) == 1


def test_a_removed_receiver_gets_nothing_more(post: Post) -> None:
    endpoint = post.endpoint()
    post.tell()
    with post.database.writing() as session:
        actions.remove(session, program(), START, endpoint)
    post.tell()
    assert post.carry_all() == []
    assert (post.row(endpoint).sealed_secret, post.messages()[0].state) == (None, MessageState.DEAD)


def test_ids_are_uuids(post: Post) -> None:
    post.endpoint()
    post.tell()
    post.carry_all()
    assert uuid.UUID(post.receivers["/in"].ids[0]).version == 7
