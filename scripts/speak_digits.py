"""Makes the pool of spoken digits that the captcha's recordings are put together from.

Needs espeak-ng, on the machine that builds, never on one that serves: python -m scripts.speak_digits. The pool comes
with the project, so that this is run again only to change the voices.
"""

import io
import subprocess
import sys
import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np

TARGET = Path(__file__).parents[1] / "app" / "captcha" / "data"
RATES = {"cmn": 16_000, "en": 8_000}
"""Samples a second; espeak-ng speaks at 22,050. The hissing of Mandarin's four and seven needs the higher rate."""
SILENCE = 0.03
"""What is softer than this share of a clip's loudest sample is cut off at both ends."""
WORDS = {
    "cmn": dict(zip("023456789", "零二三四五六七八九", strict=True)),
    "en": dict(
        zip("023456789", ("zero", "two", "three", "four", "five", "six", "seven", "eight", "nine"), strict=True)
    ),
}


class Voice(NamedTuple):
    """speed in words a minute, pitch from 0 to 99."""

    variant: str
    speed: int
    pitch: int


VOICES = (Voice("m3", 125, 45), Voice("f2", 120, 55), Voice("m7", 140, 35))


def _spoken(language: str, word: str, voice: Voice) -> np.ndarray:
    command = ["espeak-ng", "-v", f"{language}+{voice.variant}", "-s", str(voice.speed), "-p", str(voice.pitch)]
    said = subprocess.run([*command, "--stdout", word], check=True, capture_output=True).stdout  # noqa: S603  # our words
    with wave.open(io.BytesIO(said)) as sound:
        rate = sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(np.float64)
    return _resampled(_trimmed(samples), RATES[language] / rate)


def _trimmed(samples: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > SILENCE * np.abs(samples).max())
    return samples[max(loud[0] - 100, 0) : loud[-1] + 200]


def _resampled(samples: np.ndarray, factor: float) -> np.ndarray:
    """Through the spectrum, which cuts off what the lower rate can't hold."""
    length = round(len(samples) * factor)
    spectrum = np.fft.rfft(samples)[: length // 2 + 1]
    lower = np.fft.irfft(spectrum, n=length)
    return lower / np.abs(lower).max()


def _packed(samples: np.ndarray) -> np.ndarray:
    """Eight bits on a logarithmic scale (ITU-T G.711's mu-law, continuous form)."""
    curve = np.sign(samples) * np.log1p(255 * np.abs(samples)) / np.log(256)
    return np.rint(curve * 127).astype(np.int8)


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for language, words in WORDS.items():
        clips = {
            f"{digit}_{number}": _packed(_spoken(language, word, voice))
            for digit, word in words.items()
            for number, voice in enumerate(VOICES)
        }
        path = TARGET / f"digits_{language}.npz"
        np.savez_compressed(path, rate=np.int32(RATES[language]), **clips)
        sys.stdout.write(f"{path.name}: {len(clips)} clips, {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
