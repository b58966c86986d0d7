"""The digits as a recording: clips of a pool, one voice a recording, at uneven distances, over a soft noise.

A program that knows speech reads it, as it reads the picture; both are the same challenge and cost the same to answer.
"""

import io
import wave
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

FOLDER = Path(__file__).parent / "data"
GAP_SECONDS = (0.35, 0.7)
STRETCH = 0.06
"""A clip is played faster or slower, and so higher or lower, by this share at most."""
NOISE = 0.012
LOUDNESS = 0.7
Samples = npt.NDArray[np.float64]


class Language(StrEnum):
    MANDARIN = "cmn"
    ENGLISH = "en"


def languages() -> frozenset[Language]:
    """Those that a pool is there for; where there is none, recordings speak English with the library's own voice."""
    return frozenset(language for language in Language if _pool_file(language).is_file())


def spoken(wanted: Language) -> Language:
    """The language in which a reader who wants `wanted` hears the digits."""
    return wanted if wanted in languages() else Language.ENGLISH


def speak(digits: str, language: Language, seed: int) -> bytes:
    """WAV, mono, eight bits a sample, four to seven seconds; the same seed speaks the same."""
    if language not in languages():
        return _of_library(digits)
    rate, clips = _pool(language)
    chance = np.random.default_rng(seed)
    voices = sorted({name.partition("_")[2] for name in clips})
    voice = voices[int(chance.integers(len(voices)))]
    parts = [_silence(rate, chance)]
    for digit in digits:
        parts += [_varied(clips[f"{digit}_{voice}"], chance), _silence(rate, chance)]
    sound = LOUDNESS * np.concatenate(parts)
    sound += chance.normal(0, NOISE, len(sound))
    return _wav(sound, rate)


def _pool_file(language: Language) -> Path:
    return FOLDER / f"digits_{language}.npz"


@cache
def _pool(language: Language) -> tuple[int, dict[str, Samples]]:
    with np.load(_pool_file(language), allow_pickle=False) as stored:
        clips = {name: _unpacked(stored[name]) for name in stored.files if name != "rate"}
        return int(stored["rate"]), clips


def _unpacked(packed: npt.NDArray[np.int8]) -> Samples:
    """From eight bits on the mu-law scale to samples between -1 and 1."""
    curve = packed.astype(np.float64) / 127
    sound: Samples = np.sign(curve) * np.expm1(np.abs(curve) * np.log(256)) / 255
    return sound


def _silence(rate: int, chance: np.random.Generator) -> Samples:
    return np.zeros(int(rate * chance.uniform(*GAP_SECONDS)))


def _varied(clip: Samples, chance: np.random.Generator) -> Samples:
    places = np.arange(0, len(clip) - 1, 1 + chance.uniform(-STRETCH, STRETCH))
    varied: Samples = np.interp(places, np.arange(len(clip)), clip) * chance.uniform(0.8, 1)
    return varied


def _wav(sound: Samples, rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(rate)
        out.writeframes((np.clip(sound, -1, 1) * 127 + 128).astype(np.uint8).tobytes())
    return file.getvalue()


def _of_library(digits: str) -> bytes:
    from captcha.audio import AudioCaptcha  # reads its own clips at once, which only an installation without ours needs

    return bytes(AudioCaptcha().generate(digits))
