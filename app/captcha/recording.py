"""A recording put together from clips: one voice, uneven distances, small changes of speed, over a soft noise."""

import io
import wave
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

GAP_SECONDS = (0.35, 0.7)
STRETCH = 0.06
"""A clip is played faster or slower, and so higher or lower, by this share at most."""
NOISE = 0.012
LOUDNESS = 0.7
Samples = npt.NDArray[np.float64]


def record(digits: str, pool: Path, seed: int) -> bytes:
    """WAV, mono, eight bits a sample; the same seed gives the same. `pool` holds the clips of a language."""
    rate, clips = _pool(pool)
    chance = np.random.default_rng(seed)
    voices = sorted({name.partition("_")[2] for name in clips})
    voice = voices[int(chance.integers(len(voices)))]
    parts = [_silence(rate, chance)]
    for digit in digits:
        parts += [_varied(clips[f"{digit}_{voice}"], chance), _silence(rate, chance)]
    sound = LOUDNESS * np.concatenate(parts)
    sound += chance.normal(0, NOISE, len(sound))
    return _wav(sound, rate)


@cache
def _pool(pool: Path) -> tuple[int, dict[str, Samples]]:
    with np.load(pool, allow_pickle=False) as stored:
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
