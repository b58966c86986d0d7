"""The time that masking takes grows with the length of the text alone, whatever stands in it."""

from time import thread_time

import pytest

from app.masking.anonymise import anonymise

SMALL, LARGE = 12_500, 100_000
"""Bytes of UTF-8."""
TOO_SOON_TO_TELL = 0.3
"""Seconds under which the clock and the machine say more than the text."""


def _pieces(joined: str) -> list[str]:
    return joined.split("|")


def _seconds(piece: str, size: int) -> float:
    text = piece * (size // len(piece.encode()))
    begun = thread_time()
    anonymise(text)
    return thread_time() - begun


def _is_far_more(piece: str) -> bool:
    large = _seconds(piece, LARGE)
    return large > TOO_SOON_TO_TELL and large / min(_seconds(piece, SMALL) for _ in range(3)) > 24


@pytest.mark.parametrize(
    "piece",
    _pieces(
        "姓名：|姓名：王 |联系人：张三丰、|张三、|村甲组|村东头|1-1-1|1，|一，|洞|幺三|转1|（转|#1|a-at-|a_at_|a#b."
    )
    + _pieces("v x |微.|我家|我是王|本人王小明对|敬上|张三敬上|老伴|门牌1|卡号|阿里木|A1-|+86|（86|（0|王 |、|2025年")
    + _pieces("与|找张三|我是来自|。张三丰|和平区|路大有街|的|號碼|電話1"),
)
def test_eight_times_the_text_takes_nowhere_near_sixty_four_times_as_long(piece: str) -> None:
    """What takes too long does so every time; a machine that stalls does it once."""
    assert not all(_is_far_more(piece) for _ in range(4))


def test_what_takes_the_square_of_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        f"{__name__}.anonymise", lambda text: [text.count(text[0], at) for at in range(0, len(text), 4)]
    )
    assert _is_far_more("a")
