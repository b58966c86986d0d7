"""The same digits as a picture and as sound."""

from functools import lru_cache

from captcha.audio import AudioCaptcha
from captcha.image import ImageCaptcha

WIDTH, HEIGHT = 280, 90


@lru_cache(maxsize=1)
def _painter() -> ImageCaptcha:
    return ImageCaptcha(width=WIDTH, height=HEIGHT)


@lru_cache(maxsize=1)
def _speaker() -> AudioCaptcha:
    return AudioCaptcha()


def picture(digits: str) -> bytes:
    """PNG, 280 x 90 px."""
    return _painter().generate(digits).getvalue()


def sound(digits: str) -> bytes:
    """WAV; the digits are spoken in English, the only voice of the library."""
    return bytes(_speaker().generate(digits))
