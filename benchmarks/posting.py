"""Right, unique form bodies for a running consultation, made by somebody who knows the service's secrets.

Everything in them is invented: ID numbers have valid check digits and an area code that no county has, telephone
numbers and addresses belong to nobody. A body is what a browser sends by the form's last button (`step=send`), with a
submission token and a captcha answer of its own, minted early enough for the time trap. Captchas last 30 minutes.

    poster = Poster(service.secrets, service.target)
    post = poster.post(7)            # post.text is unique and stands in the stored comment
    http.post(service.address + service.target.path, content=post.body, headers=post.headers)
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlencode

from app.captcha.challenge import Challenge, Challenges
from app.captcha.proof import NUMBERS
from app.config import Secrets
from app.kit.crypto import SignedTokens

LENGTH = 500
"""Code points of a comment, about."""
FORM_LIFETIME = timedelta(days=7)
THOUGHT = timedelta(seconds=20)
"""How long its sender has had the form by the time that it is made."""
FIRST_BIRTHDAY = date(1950, 1, 1)
BIRTHDAYS = 18_000
"""From the first on; the last one is of an adult."""
FORM = "application/x-www-form-urlencoded"
LETTERS = "春夏秋冬梅兰竹菊松柏桃柳荷桂枫杏"
SENTENCES = (
    "我们小区的停车位一直不够用，晚上回来常常要绕好几圈。",
    "建议把夜间限时泊位的时段写清楚，并在路口立一块牌子。",
    "收费标准应当在入口处公示，半小时以内的临时停放不收费。",
    "学校门口上下学时人车混行，希望划出专门的接送区。",
    "给老年人和残疾人留出近一些的车位，坡道也要修平整。",
    "充电桩经常被别的车占着，可以请管理人员定时看一看。",
    "单位停车场周末空着，向附近居民开放能缓解不少困难。",
    "消防通道不能停车，地面的黄线已经看不清，请重新画。",
    "查询软件上显示有空位，到了却没有，数据应当及时更新。",
    "老城区的路窄，公交站旁边的泊位建议往后退十米。",
)


class Door(StrEnum):
    """How the captcha is answered. PROOF is what a browser with a script sends; the service lets only so many through
    by DIGITS in a minute without having a person look at them first."""

    PROOF = "proof"
    DIGITS = "digits"


@dataclass(frozen=True)
class Target:
    """One open consultation, as the form knows it."""

    slug: str
    consultation_id: uuid.UUID
    version_id: uuid.UUID

    @property
    def path(self) -> str:
        """Of the form, below the service's address; it is sent there by POST."""
        return f"/consultations/{self.slug}/comment"


@dataclass(frozen=True)
class Post:
    """One form. `address` is the client's, as a trusted proxy would tell it; `text` the comment as it is stored."""

    number: int
    title: str
    text: str
    body: bytes
    address: str

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Content-Type": FORM, "X-Forwarded-For": self.address}


class Poster:
    """Makes posts by number: the same number has the same words and sender, and new tokens each time."""

    def __init__(self, secrets: Secrets, target: Target, door: Door = Door.PROOF, length: int = LENGTH) -> None:
        self._target, self._door, self._length = target, door, length
        self._forms = SignedTokens(secrets.signing, "form")
        self._challenges = Challenges(secrets.signing)
        self._bound_to = f"{target.consultation_id}|{target.version_id}"

    def post(self, number: int, now: datetime | None = None) -> Post:
        """`now` is the service's time; its clock is this machine's where it is left out."""
        now = now or datetime.now(UTC)
        title, text = f"关于停车的意见（{mark(number)}）", comment(number, self._length)
        fields = self._tokens(now) | sender(number) | {"title": title, "comment": text, "consent": "yes"}
        body = urlencode(fields | {"version": str(self._target.version_id), "step": "send"}).encode()
        return Post(number, title, text, body, address(number))

    def posts(self, first: int, count: int, now: datetime | None = None) -> Iterator[Post]:
        return (self.post(number, now) for number in range(first, first + count))

    def _tokens(self, now: datetime) -> dict[str, str]:
        begun = now - THOUGHT
        token = uuid.uuid4().hex
        context = f"{self._bound_to}|{token}"
        # The least work that a challenge can ask: every number is right, and judging it costs what it always costs.
        captcha = self._challenges.mint(begun, context, NUMBERS)
        answer = self._answer(self._challenges.read(captcha, now))
        signed = self._forms.sign(token, self._bound_to, begun + FORM_LIFETIME)
        return {"submission_token": signed, "captcha_token": captcha} | answer

    def _answer(self, challenge: Challenge) -> dict[str, str]:
        if self._door is Door.DIGITS:
            return {"captcha": challenge.digits, "captcha_proof": ""}
        return {"captcha": "", "captcha_proof": ",".join(map(str, range(NUMBERS)))}


def comment(number: int, length: int = LENGTH) -> str:
    """About so many Chinese characters, and no other number's."""
    said = [f"这是{mark(number)}的意见。"]
    left = length - len(said[0])
    while left > 0:
        sentence = SENTENCES[(number * 7 + len(said) * (1 + number % 3)) % len(SENTENCES)]
        said.append(sentence)
        left -= len(sentence)
    return "".join(said)


def mark(number: int) -> str:
    """A word that no other number has. Without digits: most comments have none that could be somebody's number."""
    letters = ""
    while number or not letters:
        number, place = divmod(number, len(LETTERS))
        letters = LETTERS[place] + letters
    return letters


def sender(number: int) -> dict[str, str]:
    """The fields of who writes."""
    return {
        "name": f"测试{'甲乙丙丁戊己庚辛壬癸'[number % 10]}",
        "id_number": id_number(number),
        "occupation": "其他",
        "phone": f"1390{number % 10_000_000:07}",
        "email": f"person{number}@example.com",
    }


def id_number(number: int) -> str:
    """With the check digit of GB 11643 (ISO 7064 MOD 11-2); unique below 18 million."""
    born = FIRST_BIRTHDAY + timedelta(days=number // 1000 % BIRTHDAYS)
    body = f"219999{born:%Y%m%d}{number % 1000:03}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def address(number: int) -> str:
    """A client's address; the next number's is in another network, /16 and /24 alike."""
    spread = number * 2_654_435_761 % 2**32
    return f"{11 + (spread >> 24) % 100}.{spread >> 16 & 255}.{spread >> 8 & 255}.{1 + (spread & 255) % 254}"


def write_lines(path: Path, posts: Iterator[Post]) -> None:
    """A file for `benchmarks/post.lua`: a line each, the client's address, a tab, the body."""
    with path.open("wb") as file:
        for post in posts:
            file.write(post.address.encode() + b"\t" + post.body + b"\n")
