"""The same digits as a picture and as sound: bounded in number, the same everywhere, silent about them."""

import io
import struct
import wave
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.captcha import drawing, recording, rendering, speaking
from app.captcha.challenge import DIGITS, Challenge, Challenges
from app.captcha.rendering import NETWORK_RENDERS, NETWORK_SPAN, RENDERS, Kind, Renderings, TooOften
from app.captcha.speaking import Language
from app.captcha.turns import Busy, Turns
from tests.captcha.test_challenges import FORM, NOW

OURS = Challenges(b"o" * 32)
NETWORK = "192.0.2.0/24"


def _challenge() -> Challenge:
    return OURS.read(OURS.mint(NOW, FORM, 8), NOW)


@pytest.fixture
def renderings() -> Renderings:
    return Renderings(b"m" * 32)


def test_the_picture_is_a_small_png_in_good_contrast() -> None:
    data = drawing.draw("023456", 1)
    assert struct.unpack(">II", data[16:24]) == (drawing.WIDTH, drawing.HEIGHT)
    assert len(data) < 8_000
    shades = np.asarray(Image.open(io.BytesIO(data)).convert("L"))
    dark, light = np.percentile(shades, 2), np.percentile(shades, 90)
    assert (dark, light) == (drawing.INK, drawing.PAPER)
    # WCAG 2.2, 1.4.11 asks for 3:1; (L1 + 0.05) / (L2 + 0.05) of these two greys is above 12.
    assert ((light / 255) ** 2.2 + 0.05) / ((dark / 255) ** 2.2 + 0.05) > 12


@pytest.mark.parametrize("language", list(Language))
def test_the_sound_is_a_wav_of_some_seconds(language: Language) -> None:
    data = speaking.speak("023456", language, 1)
    with wave.open(io.BytesIO(data)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.uint8).astype(float) - 128
    assert 4 < seconds < 10
    assert len(data) < 160_000
    loud = np.abs(samples) > 25
    starts = np.flatnonzero(loud)
    pauses = np.diff(starts) > 0.25 * len(samples) / seconds
    assert pauses.sum() == 5, "six digits with a pause between each two"


def test_every_digit_has_clips_of_every_voice() -> None:
    for language in Language:
        _rate, clips = recording._pool(speaking._pool_file(language))
        voices = {name.partition("_")[2] for name in clips}
        assert {f"{digit}_{voice}" for digit in DIGITS for voice in voices} == set(clips)
        assert len(voices) >= 3


def test_the_pool_is_small() -> None:
    assert sum(path.stat().st_size for path in speaking.FOLDER.iterdir()) < 400_000


def test_without_a_pool_english_is_spoken_by_the_librarys_voice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(speaking, "FOLDER", tmp_path)
    assert speaking.spoken(Language.MANDARIN) is Language.ENGLISH
    with wave.open(io.BytesIO(speaking.speak("023456", Language.MANDARIN, 1))) as sound:
        assert sound.getnframes() / sound.getframerate() > 3


def test_one_challenge_looks_and_sounds_the_same_in_every_process_and_like_no_other() -> None:
    one, other = _challenge(), _challenge()
    here, there = Renderings(b"m" * 32), Renderings(b"m" * 32)
    assert here.picture(one, NETWORK, NOW) == there.picture(one, NETWORK, NOW)
    assert here.picture(one, NETWORK, NOW) != here.picture(other, NETWORK, NOW)
    heard = [here.sound(one, language, NETWORK, NOW) for language in Language]
    assert heard == [there.sound(one, language, NETWORK, NOW) for language in Language]
    assert heard[0] != heard[1]


def test_it_is_drawn_once_and_three_times_at_most(renderings: Renderings, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(digits: str, seed: int) -> bytes:
        drawn.append(digits)
        return b"picture"

    monkeypatch.setattr(rendering, "draw", draw)
    challenge = _challenge()
    for _ in range(10):
        renderings.picture(challenge, NETWORK, NOW)
    assert len(drawn) == 1
    for _ in range(RENDERS - 1):
        renderings._kept[Kind.PICTURE].clear()
        renderings.picture(challenge, NETWORK, NOW)
    renderings._kept[Kind.PICTURE].clear()
    with pytest.raises(TooOften):
        renderings.picture(challenge, NETWORK, NOW)
    assert len(drawn) == RENDERS


def test_a_network_has_so_many_and_memory_is_bounded(renderings: Renderings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "draw", lambda digits, seed: b"picture")
    for _ in range(NETWORK_RENDERS):
        renderings.picture(_challenge(), NETWORK, NOW)
    with pytest.raises(TooOften):
        renderings.picture(_challenge(), NETWORK, NOW)
    renderings.picture(_challenge(), "198.51.100.0/24", NOW)
    renderings.picture(_challenge(), NETWORK, NOW + NETWORK_SPAN + timedelta(seconds=1))
    for number in range(100):
        renderings.picture(_challenge(), f"network {number}", NOW)
    assert len(renderings._kept[Kind.PICTURE]) <= 256


def test_a_flood_is_turned_away_and_not_queued() -> None:
    turns = Turns(1, 0)
    with turns.taken(), pytest.raises(Busy), turns.taken():
        pass
    with turns.taken():
        pass


def test_whoever_waits_too_long_is_turned_away() -> None:
    turns = Turns(1, 1, patience=0.01)
    with turns.taken(), pytest.raises(Busy), turns.taken():
        pass
