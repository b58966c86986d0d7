"""Alerts are mailed to one address, once, not at night, and without anything of what was sent in."""

from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from app.alerts.models import Alert
from app.alerts.spikes import AlertKind
from app.deliveries.channels import FolderChannel
from app.deliveries.messages import Sender
from app.worker import watching
from app.worker.watching import Watch, is_quiet
from tests.support.app import settings
from tests.support.journey import START, StoppedClock, World

NIGHT = (time(22), time(7))


def alert(world: World, at: datetime = START, kind: AlertKind = AlertKind.VOLUME) -> None:
    with world.database.writing() as session:
        session.add(
            Alert(
                consultation_id=world.consultation.id, hour=at, kind=kind, subject="", number=99, usual=3, raised_at=at
            )
        )


def told(world: World, folder: Path, clock: StoppedClock) -> int:
    quiet = Watch(
        FolderChannel(folder), Sender("专栏", "yijian@example.cn"), "zhiban@example.cn", NIGHT, "https://x/staff/alerts"
    )
    return watching.tell(world.database, clock, quiet)


def test_one_message_tells_of_all_of_them_and_only_once(world: World, tmp_path: Path) -> None:
    alert(world)
    alert(world, kind=AlertKind.CLAUSE)
    folder = tmp_path / "mail"
    assert [told(world, folder, StoppedClock()) for _ in range(2)] == [2, 0]
    (file,) = folder.iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    text = message.get_content()
    assert message["To"] == "zhiban@example.cn"
    assert "https://x/staff/alerts" in text
    assert world.consultation.title not in text


def test_at_night_nothing_goes_out_and_in_the_morning_it_does(world: World, tmp_path: Path) -> None:
    clock = StoppedClock(datetime(2026, 5, 11, 15, 0, tzinfo=UTC))  # 23:00 in Beijing
    alert(world, clock.at)
    assert told(world, tmp_path / "mail", clock) == 0
    clock.at += timedelta(hours=8)
    assert told(world, tmp_path / "mail", clock) == 1


def test_what_is_a_day_old_is_no_news(world: World, tmp_path: Path) -> None:
    alert(world, START - timedelta(days=2))
    assert told(world, tmp_path / "mail", StoppedClock()) == 0


@pytest.mark.parametrize(
    ("hour", "quiet", "expected"),
    [
        (22, NIGHT, True),
        (3, NIGHT, True),
        (7, NIGHT, False),
        (12, NIGHT, False),
        (12, (time(9), time(17)), True),
        (17, (time(9), time(17)), False),
        (3, None, False),
    ],
)
def test_quiet_times_are_beijings(hour: int, quiet: tuple[time, time] | None, expected: bool) -> None:
    at = datetime(2026, 5, 11, tzinfo=UTC) + timedelta(hours=hour - 8)
    assert is_quiet(quiet, at) is expected


def test_without_an_address_alerts_stay_on_the_desk(world: World, tmp_path: Path) -> None:
    found = watching.watch_of(settings(mail_folder=tmp_path, mail_from="yijian@example.cn"))
    assert found.channel is None
    alert(world)
    assert watching.tell(world.database, StoppedClock(), found) == 0


def test_the_settings_name_the_address_and_the_night(tmp_path: Path) -> None:
    given = {"mail_folder": tmp_path, "mail_from": "yijian@example.cn", "alert_mail": "zhiban@example.cn"}
    found = watching.watch_of(settings(**given))
    assert (found.channel is not None, found.quiet) == (True, NIGHT)
    assert watching.watch_of(settings(**given, alert_quiet="off")).quiet is None
