"""The digits as a recording: in which language, and whether from our own pool of clips.

A program that knows speech reads it, as it reads the picture; both are the same challenge and cost the same to answer.
"""

from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


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
    # It takes numpy, which a service that nobody asks for a recording doesn't load.
    from app.captcha.recording import record

    return record(digits, _pool_file(language), seed)


def _pool_file(language: Language) -> Path:
    return FOLDER / f"digits_{language}.npz"


def _of_library(digits: str) -> bytes:
    from captcha.audio import AudioCaptcha  # reads its own clips at once, which only an installation without ours needs

    return bytes(AudioCaptcha().generate(digits))
