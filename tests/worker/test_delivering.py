"""What is owed goes out at least once, what came of it is kept, and an address is nowhere but in the message."""

import uuid
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import delete, select

from app.config import Environment, Settings
from app.deliveries import ledger
from app.deliveries.channels import Busy, Encryption, FolderChannel, MailServer, Refused, SmtpChannel, Unreachable
from app.deliveries.lifecycle import DeliveryChannel, DeliveryEvent, DeliveryState
from app.deliveries.messages import Sender
from app.deliveries.models import Attempt, Delivery
from app.kit.crypto import Sealer
from app.submissions.models import SubmitterIdentity
from app.submissions.vault import Vault
from app.worker import delivering, loop
from app.worker.delivering import Post, deliver_once
from tests.deliveries.mail_server import Behaviour, mail_server
from tests.support import journey
from tests.support.dump import dump, values
from tests.support.journey import START, StoppedClock, World
from tests.worker.sending import COLUMN, SENDER, Recorder
from tests.worker.test_telling import noted, promised, submission_ids, work


def rows(world: World) -> list[Delivery]:
    with world.database.reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.promised_at, Delivery.id)))


def events(world: World) -> list[tuple[DeliveryEvent, str | None]]:
    with world.database.reading() as session:
        return [(row.event, row.error) for row in session.scalars(select(Attempt).order_by(Attempt.at, Attempt.id))]


def states(world: World) -> list[DeliveryState]:
    return sorted(row.state for row in rows(world))


def test_everybody_gets_one_message_and_nothing_is_left(
    owing: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    assert deliver_once(owing.database, clock, post) is DeliveryEvent.SEND
    assert deliver_once(owing.database, clock, post) is DeliveryEvent.SEND
    assert deliver_once(owing.database, clock, post) is None
    assert sorted(str(message["To"]) for message in out.sent) == ["person1@example.com", "person2@example.com"]
    assert states(owing) == [DeliveryState.SENT] * 2
    assert {row.settled_at for row in rows(owing)} == {clock.at}
    assert events(owing) == [(DeliveryEvent.SEND, None)] * 2


def test_a_message_says_what_happened_and_no_secret(
    owing: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    deliver_once(owing.database, clock, post)
    (message,) = out.sent
    text = message.get_content()
    assert str(message["Subject"]).endswith(owing.consultation.title)
    assert "因反映意见较多，延长期限。" in text
    assert "2026年6月17日" in text
    assert COLUMN.receipts_url in text
    assert text.count("http") == 1
    (row,) = [row for row in rows(owing) if row.state is DeliveryState.SENT]
    kept = dump(owing.database)["submissions"]
    (submission,) = [one for one in kept if str(one["id"]) == row.recipient_id]
    assert f"尾号{submission['receipt_number'][-4:]}" in text
    for secret in (submission["receipt_number"], submission["comment"], submission["title"], submission["token"]):
        assert secret not in text
    for personal in filter(None, vars(journey.identity(1)).values()):
        assert personal not in text


def test_what_is_refused_for_good_is_shown_and_not_tried_again(
    owing: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    out.trouble = [Refused("recipient 550 5.1.1")]
    assert deliver_once(owing.database, clock, post) is DeliveryEvent.REFUSE
    assert deliver_once(owing.database, clock, post) is DeliveryEvent.SEND
    clock.at += timedelta(days=30)
    assert deliver_once(owing.database, clock, post) is None
    assert states(owing) == [DeliveryState.FAILED, DeliveryState.SENT]
    assert (DeliveryEvent.REFUSE, "recipient 550 5.1.1") in events(owing)


def test_what_is_busy_is_tried_again_after_growing_pauses_and_given_up_in_the_end(
    world: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    journey.submit(world, person=1)
    promised(world, "tell_affected", note_id=noted(world))
    work(world)
    out.trouble = [Busy("recipient 450 4.2.1")] * ledger.MOST_ATTEMPTS
    for attempt in range(ledger.MOST_ATTEMPTS):
        assert deliver_once(world.database, clock, post) is DeliveryEvent.POSTPONE
        pause = min(ledger.FIRST_PAUSE * 2**attempt, ledger.LONGEST_PAUSE)
        clock.at += pause - timedelta(seconds=1)
        assert deliver_once(world.database, clock, post) is None
        clock.at += timedelta(seconds=1)
    assert deliver_once(world.database, clock, post) is None
    (row,) = rows(world)
    assert (row.state, row.attempts, row.last_error) == (
        DeliveryState.DEAD,
        ledger.MOST_ATTEMPTS,
        "recipient 450 4.2.1",
    )
    assert [event for event, _ in events(world)] == [DeliveryEvent.POSTPONE] * (ledger.MOST_ATTEMPTS - 1) + [
        DeliveryEvent.GIVE_UP
    ]


def test_a_server_that_is_away_stops_the_round_and_leaves_the_message_for_later(
    owing: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    out.trouble = [Unreachable("ConnectionRefusedError")]
    with pytest.raises(Unreachable):
        deliver_once(owing.database, clock, post)
    assert states(owing) == [DeliveryState.PENDING] * 2
    clock.at += ledger.FIRST_PAUSE
    while deliver_once(owing.database, clock, post):
        pass
    assert states(owing) == [DeliveryState.SENT] * 2


def test_without_an_identity_or_an_address_nobody_can_be_written_to(
    owing: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    first, second = (uuid.UUID(row.recipient_id) for row in rows(owing))
    with owing.database.writing() as session:
        session.execute(delete(SubmitterIdentity).where(SubmitterIdentity.submission_id == first))
        sealed = session.get_one(SubmitterIdentity, second)
        owing.vault.replace_contact(sealed, None, "")
    for _ in range(2):
        assert deliver_once(owing.database, clock, post) is DeliveryEvent.FIND_NOBODY
    assert states(owing) == [DeliveryState.NOT_POSSIBLE] * 2
    assert out.sent == []


def test_a_missing_key_is_mended_by_the_operator_and_not_held_against_the_person(
    owing: World, post: Post, clock: StoppedClock
) -> None:
    blind = replace(post, vault=Vault(Sealer({"other": b"o" * 32}, "other"), b"i" * 32, "sha256"))
    assert deliver_once(owing.database, clock, blind) is DeliveryEvent.POSTPONE
    ((event, error),) = events(owing)
    assert (event, str(error).partition(" ")[0]) == (DeliveryEvent.POSTPONE, "Unreadable")


def test_a_template_of_a_newer_version_waits_for_it(world: World, post: Post, clock: StoppedClock) -> None:
    receipt = journey.submit(world, person=1)
    (submission_id,) = submission_ids(world, receipt.number)
    with world.database.writing() as session:
        ledger.promise(
            session,
            START,
            channel=DeliveryChannel.EMAIL,
            recipient=("submission", submission_id),
            template="of_a_newer_version",
        )
    assert deliver_once(world.database, clock, post) is DeliveryEvent.POSTPONE
    assert states(world) == [DeliveryState.PENDING]


def test_who_died_after_the_server_said_yes_sends_the_same_message_again(
    owing: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    with owing.database.writing() as session:
        held = ledger.claim(session, clock.at)
    assert held is not None
    assert delivering._attempt(owing.database, clock.at, post, held) == (DeliveryEvent.SEND, None)
    clock.at += ledger.LEASE
    while deliver_once(owing.database, clock, post):
        pass
    assert states(owing) == [DeliveryState.SENT] * 2
    assert len(out.sent) == 3
    assert len({message["Message-ID"] for message in out.sent}) == 2


def test_who_lost_the_lease_settles_nothing(owing: World, clock: StoppedClock) -> None:
    with owing.database.writing() as session:
        slow = ledger.claim(session, clock.at)
        ledger.claim(session, clock.at)
    with owing.database.writing() as session:
        quick = ledger.claim(session, clock.at + ledger.LEASE)
    assert slow is not None
    assert quick is not None
    assert slow.id == quick.id
    for held, kept in ((slow, False), (quick, True), (quick, False)):
        with owing.database.writing() as session:
            assert ledger.settle(session, held, clock.at, DeliveryEvent.SEND) is kept
    assert events(owing) == [(DeliveryEvent.SEND, None)]


def test_several_workers_share_the_work(owing: World, post: Post, out: Recorder, clock: StoppedClock) -> None:
    for person in range(3, 12):
        journey.submit(owing, person=person)
    promised(owing, "tell_affected", note_id=noted(owing))
    work(owing)

    def send() -> None:
        while deliver_once(owing.database, clock, post):
            pass

    threads = [Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while deliver_once(owing.database, clock, post):
        pass
    assert len({message["Message-ID"] for message in out.sent}) == len(out.sent) == len(rows(owing)) == 13
    assert set(states(owing)) == {DeliveryState.SENT}


def test_while_a_message_is_under_way_others_can_write(owing: World, post: Post, clock: StoppedClock) -> None:
    """A mail server may take its time: no transaction is open meanwhile."""
    stored: list[object] = []

    class Slow(Recorder):
        def send(self, message: EmailMessage) -> None:
            stored.append(journey.submit(owing, person=9))

    deliver_once(owing.database, clock, replace(post, channel=Slow()))
    assert len(stored) == 1


def test_the_address_is_nowhere_but_in_the_message(
    owing: World, clock: StoppedClock, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One is refused in the server's own words, one dropped in the middle; then both go out, one of them to a file."""
    addresses = [b"person1@example.com", b"person2@example.com"]
    behaviour = Behaviour({"RCPT": "550 5.1.1 <person1@example.com> <person2@example.com> unknown"})
    with mail_server(behaviour) as server:
        to_server = SmtpChannel(MailServer("127.0.0.1", server.port, Encryption.NONE, "", "", 5.0), "example.cn")
        post = Post(to_server, SENDER, COLUMN, owing.vault)
        assert deliver_once(owing.database, clock, post) is DeliveryEvent.REFUSE
        behaviour.answers = {"MESSAGE": ""}
        with pytest.raises(Unreachable):
            deliver_once(owing.database, clock, post)
        behaviour.answers = {}
        clock.at += ledger.FIRST_PAUSE
        assert deliver_once(owing.database, clock, post) is DeliveryEvent.SEND
        to_server.close()
    (failed,) = [row for row in rows(owing) if row.state is DeliveryState.FAILED]
    with owing.database.writing() as session:
        ledger.retry(session, clock.at, failed.id, ("consultation", owing.consultation.id))
    folder = FolderChannel(tmp_path / "mail")
    assert deliver_once(owing.database, clock, replace(post, channel=folder)) is DeliveryEvent.SEND
    told = [address for address in addresses if address in next((tmp_path / "mail").iterdir()).read_bytes()]
    assert {server.recipients[-1].encode(), *told} == set(addresses)
    logged = "".join(capfd.readouterr())
    assert "recipient 550 5.1.1" in logged
    places = {place for place, value in values(dump(owing.database)) if any(one in value for one in addresses)}
    assert places == set()
    assert not any(address.decode() in logged for address in addresses)
    for file in tmp_path.rglob("*"):
        assert file.suffix == ".eml" or not file.is_file() or not any(one in file.read_bytes() for one in addresses)


def test_without_a_way_out_everything_waits() -> None:
    assert delivering.post_of(Settings(environment=Environment.TEST)) is None


def test_the_settings_name_the_way_out(tmp_path: Path) -> None:
    common = {"environment": Environment.TEST, "var_dir": tmp_path, "mail_from": "yijian@example.cn"}
    to_folder = delivering.post_of(Settings(**common, mail_folder=tmp_path, site_owner="测试省人民政府"))
    to_server = delivering.post_of(Settings(**common, mail_server="mail.example.cn", mail_sender="民意收集"))
    assert to_folder is not None
    assert to_server is not None
    assert isinstance(to_folder.channel, FolderChannel)
    assert isinstance(to_server.channel, SmtpChannel)
    assert to_folder.sender == Sender("测试省人民政府", "yijian@example.cn")
    assert to_server.sender.name == "民意收集"
    assert to_server.column.receipts_url.endswith("/receipts")


def test_the_worker_sends_beside_its_jobs_and_ends_when_it_is_told_to(
    owing: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, stop = tmp_path / "mail", Event()
    monkeypatch.setattr(delivering, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(loop, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(delivering, "load_secrets", lambda _: _secrets())
    settings = Settings(
        environment=Environment.TEST,
        database_url=owing.database.engine.url.render_as_string(hide_password=False),
        mail_folder=folder,
        mail_from="yijian@example.cn",
    )
    worker = Thread(target=loop.run, args=(settings, stop))
    worker.start()
    for _ in range(1000):
        if states(owing) == [DeliveryState.SENT] * 2:
            break
        stop.wait(0.02)
    stop.set()
    worker.join(timeout=30)
    assert not worker.is_alive()
    assert len(list(folder.iterdir())) == 2


def _secrets() -> object:
    from tests.support.app import SECRETS

    return SECRETS
