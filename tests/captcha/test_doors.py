"""The form's doors over HTTP: proof, digits, and a person behind both; what is broken locks nobody out."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from app.captcha import gate as gates
from app.captcha import rendering
from app.captcha.challenge import LIFETIME, Challenges
from app.captcha.proof import NUMBERS
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import QuarantinedSubmission, Submission
from tests.support.app import ENTRY, SECONDS_TO_SOLVE, SECRETS, errors_of, hidden, serving, solved
from tests.support.journey import SLUG, StoppedClock, World, id_number
from tests.support.proving import is_small, proof_of

FORM = f"/consultations/{SLUG}/comment"
SENT = ENTRY | {"step": "send"}


@dataclass(frozen=True)
class Site:
    world: World
    clock: StoppedClock
    browser: TestClient

    def blank(self) -> str:
        page = self.browser.get(FORM).text
        self.clock.at += SECONDS_TO_SOLVE
        return page

    def proven(self) -> dict[str, str]:
        """As the form's script leaves it."""
        fields = hidden(self.blank())
        challenge = Challenges(SECRETS.signing).read(fields["captcha_token"], self.clock.now())
        return fields | {"captcha_proof": proof_of(challenge)}

    def send(self, fields: dict[str, str], **entered: str) -> tuple[int, str]:
        answer = self.browser.post(FORM, data=SENT | fields | entered)
        return answer.status_code, answer.text

    def kept(self) -> list[tuple[SubmissionState, list[str]]]:
        """State and quarantine's reasons of every submission, oldest first."""
        of_it = Submission.id == QuarantinedSubmission.submission_id
        wanted = select(Submission.state, QuarantinedSubmission.reasons).outerjoin(QuarantinedSubmission, of_it)
        with self.world.database.reading() as session:
            return [(state, reasons or []) for state, reasons in session.execute(wanted.order_by(Submission.id))]

    def drop(self, table: str) -> None:
        with self.world.database.engine.begin() as connection:
            connection.execute(text(f"DROP TABLE {table}"))


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    clock = StoppedClock()
    with serving(world.database, clock, captcha=True, captcha_work=NUMBERS) as browser:
        yield Site(world, clock, browser)


RECEIVED = (SubmissionState.RECEIVED, [])


def quarantined(*reasons: str) -> tuple[SubmissionState, list[str]]:
    return SubmissionState.QUARANTINED, list(reasons)


def test_a_proof_of_work_lets_through_without_any_digits(site: Site) -> None:
    assert site.send(site.proven())[0] == 303
    assert site.kept() == [RECEIVED]


def test_the_digits_let_through_without_a_script(site: Site) -> None:
    assert site.send(solved(site.blank(), site.clock))[0] == 303
    assert site.kept() == [RECEIVED]


def test_one_proof_serves_one_comment_however_many_copies_come_at_once(site: Site) -> None:
    fields = site.proven()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: site.send(fields)[0], range(6)))
    assert answers == [303] * 6, "each is told the same receipt"
    assert site.kept() == [RECEIVED]
    other = hidden(site.blank()) | {name: fields[name] for name in ("captcha_token", "captcha_proof")}
    status, page = site.send(other)
    assert (status, list(errors_of(page))) == (422, ["captcha"])
    assert site.kept() == [RECEIVED]


def test_a_bogus_proof_burns_its_challenge_and_the_form_offers_the_digits_too(site: Site) -> None:
    fields = hidden(site.blank())
    status, page = site.send(fields, captcha_proof="9,9,9,9")
    assert (status, list(errors_of(page))) == (422, ["captcha"])
    assert "data-shown" in page
    assert hidden(page)["captcha_token"] != fields["captcha_token"]
    assert hidden(page)["captcha_proof"] == ""
    assert site.send(solved(page, site.clock))[0] == 303


def test_a_proof_that_was_not_worked_for_burns_its_challenge_in_every_process(world: World) -> None:
    """Whichever number is looked at: a second try at another one would be worth more than it costs."""
    clock, work = StoppedClock(), 400
    with serving(world.database, clock, captcha=True, captcha_work=work) as browser:
        site = Site(world, clock, browser)
        fields = hidden(site.blank())
        challenge = Challenges(SECRETS.signing).read(fields["captcha_token"], clock.now())
        wrong = [number for number in range(1, 40) if not is_small(challenge, number)][:NUMBERS]
        status, page = site.send(fields, captcha_proof=",".join(map(str, wrong)))
        assert (status, list(errors_of(page))) == (422, ["captcha"])
    with serving(world.database, clock, captcha=True, captcha_work=work) as browser:
        status, page = Site(world, clock, browser).send(fields, captcha_proof=proof_of(challenge))
        assert (status, list(errors_of(page))) == (422, ["captcha"])
    assert site.kept() == []


def test_an_expired_check_gives_a_new_one_and_keeps_every_word(site: Site) -> None:
    fields = solved(site.blank(), site.clock)
    site.clock.at += LIFETIME
    status, page = site.send(fields)
    assert (status, list(errors_of(page))) == (422, ["captcha"])
    for name in ("title", "comment", "name", "phone", "email"):
        assert ENTRY[name] in page
    assert site.send(hidden(page) | {"captcha": solved(page, site.clock)["captcha"]})[0] == 303
    assert site.kept() == [RECEIVED]


def test_after_three_failures_a_person_can_be_waited_for_and_not_before(site: Site) -> None:
    page = site.blank()
    for failure in range(3):
        assert 'name="await_person"' not in page
        status, page = site.send(hidden(page), captcha="11", await_person="yes")
        assert status == 422, failure
    assert 'name="await_person"' in page
    assert site.send(hidden(page), await_person="yes")[0] == 303
    assert site.kept() == [quarantined("captcha_failed")]


def test_leaving_it_empty_three_times_is_enough_for_whoever_can_neither_see_nor_hear_it(site: Site) -> None:
    page = site.blank()
    first = hidden(page)["captcha_token"]
    for _ in range(3):
        page = site.send(hidden(page))[1]
        assert hidden(page)["captcha_token"] == first, "the same picture stays"
    assert 'name="await_person"' in page
    assert site.send(hidden(page), await_person="yes")[0] == 303


def test_a_form_that_was_only_changed_has_not_failed(site: Site) -> None:
    changed = site.send(hidden(site.blank()), step="change")[1]
    assert "data-nonce" in changed
    assert "data-shown" not in changed
    assert "captcha_count" not in hidden(changed)
    assert "data-shown" in site.send(hidden(changed) | {"captcha": "222"})[1]


def test_the_field_that_nobody_sees_and_haste_lead_to_quarantine(site: Site) -> None:
    page = site.blank()
    (trap,) = lxml.html.fromstring(page).xpath("//*[@class='leave-empty']//input")
    assert (trap.get("tabindex"), trap.get("autocomplete"), trap.get("value", "")) == ("-1", "off", "")
    assert site.send(solved(page, site.clock) | {trap.get("name"): "http://example.com"})[0] == 303
    page = site.browser.get(FORM).text
    hasty = solved(page, site.clock)
    site.clock.at -= SECONDS_TO_SOLVE
    assert site.send(hasty, id_number=id_number(8))[0] == 303
    assert site.kept() == [quarantined("honeypot"), quarantined("too_fast")]


def _fails(*given: object, **named: object) -> object:
    raise RuntimeError("13900000007")


BREAKS: dict[str, Callable[[pytest.MonkeyPatch, Site], None]] = {
    "hashing": lambda patch, site: patch.setattr(gates.proof, "is_proven", _fails),
    "judging": lambda patch, site: patch.setattr(gates.Gate, "judge", _fails),
    "the ledger": lambda patch, site: site.drop("burned_challenges"),
}


@pytest.mark.parametrize("part", BREAKS)
def test_a_broken_part_lets_a_proof_into_quarantine(
    site: Site, part: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = site.proven()
    BREAKS[part](monkeypatch, site)
    assert site.send(fields)[0] == 303
    assert site.kept() == [quarantined("captcha_broken")]
    streams = capsys.readouterr()
    (line,) = [line for line in (streams.out + streams.err).splitlines() if "captcha_broken" in line]
    assert ENTRY["phone"] not in streams.out + streams.err
    assert "kind=" in line


def test_broken_buckets_let_the_digits_into_quarantine(site: Site) -> None:
    fields = solved(site.blank(), site.clock)
    site.drop("captcha_buckets")
    assert site.send(fields)[0] == 303
    assert site.kept() == [quarantined("captcha_broken")]


def test_a_wrong_answer_and_a_broken_ledger_give_the_form_back(site: Site) -> None:
    fields = hidden(site.blank())
    site.drop("burned_challenges")
    status, page = site.send(fields, captcha="11")
    assert (status, list(errors_of(page))) == (422, ["captcha"])


@pytest.mark.parametrize(("part", "ending"), [("draw", ".png"), ("speak", "/cmn.wav")])
def test_a_picture_or_recording_that_cannot_be_made_offers_a_person_at_once(
    site: Site, part: str, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = site.blank()
    monkeypatch.setattr(rendering, part, _fails)
    assert site.browser.get(f"/captcha/{hidden(page)['captcha_token']}{ending}").status_code == 503
    status, page = site.send(hidden(page))
    assert status == 422
    assert "验证码目前出现故障" in page
    assert site.send(hidden(page), await_person="yes")[0] == 303
    assert site.kept() == [quarantined("captcha_broken")]


def test_a_recording_is_given_in_parts_to_players_that_ask_for_them(site: Site) -> None:
    url = f"/captcha/{hidden(site.blank())['captcha_token']}/cmn.wav"
    whole = site.browser.get(url)
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    part = site.browser.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    assert site.browser.get(url, headers={"Range": "bytes=40-"}).content == whole.content[40:]
    assert site.browser.get(url, headers={"Range": "bytes=9999999-"}).status_code == 416
    assert site.browser.get(url, headers={"Range": "bytes=x-"}).status_code == 200
    assert site.browser.get(url.replace("cmn", "de")).status_code in (404, 422)


def test_a_bot_that_reads_every_picture_passes_sixty_times_a_minute_from_however_many_networks(site: Site) -> None:
    """It has a network for every form, and all of them answered; the clock stands still."""
    app, bots = site.browser.app, range(64)
    robots = [TestClient(app, follow_redirects=False, client=(f"10.0.{bot}.1", 50_000)) for bot in bots]
    forms = [robot.get(FORM).text for robot in robots]
    site.clock.at += SECONDS_TO_SOLVE
    read = Challenges(SECRETS.signing).read
    for bot, robot, page in zip(bots, robots, forms, strict=True):
        digits = read(hidden(page)["captcha_token"], site.clock.now()).digits
        entered = {"captcha": digits, "id_number": id_number(bot), "comment": f"第{bot}条意见。"}
        assert robot.post(FORM, data=SENT | hidden(page) | entered).status_code == 303
    assert sorted(site.kept()) == sorted([RECEIVED] * 60 + [quarantined("no_script_rate")] * 4)
    site.clock.at += timedelta(minutes=1)
    assert site.send(solved(site.blank(), site.clock), id_number=id_number(99))[0] == 303
    assert site.kept().count(RECEIVED) == 61


def test_one_network_passes_five_times_an_hour_and_nobody_is_refused(site: Site) -> None:
    for number in range(7):
        fields = solved(site.blank(), site.clock) | {"id_number": id_number(number)}
        assert site.send(fields, comment=f"第{number}条意见。")[0] == 303
    assert site.kept() == [RECEIVED] * 5 + [quarantined("no_script_rate")] * 2


def test_each_door_is_counted(site: Site) -> None:
    site.send(site.proven())
    site.send(hidden(site.blank()), captcha="11")
    figures = site.browser.app.state.services.figures.registry  # type: ignore[attr-defined]
    for door, outcome in (("proof", "passed"), ("digits", "wrong")):
        labels = {"door": door, "outcome": outcome}
        assert figures.get_sample_value("yanlu_captcha_total", labels) == 1
