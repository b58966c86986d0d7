"""The digits as a picture: dark on light, wide, one colour. Readable first; programs read it too (docs/captcha.md)."""

import io
import random
from functools import cache
from pathlib import Path

import captcha
import numpy as np
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 320, 100
SIZES = (58, 70)
"""Heights of type in pixels."""
STEP, STROKE, TILE = 34, 4, 120
"""Pixels: from digit to digit, so that neighbours touch; width of a stroke over them; room to turn a digit in."""
TILT = 20
"""Degrees to either side."""
WAVE = 7
INK, PAPER = 30, 246
FONT_FILE = Path(captcha.__file__).parent / "data" / "DroidSansMono.ttf"
Font = ImageFont.FreeTypeFont


@cache
def _fonts() -> list[Font]:
    """Two faces in three sizes: one that comes with the library `captcha` and Pillow's own."""
    sizes = range(SIZES[0], SIZES[1] + 1, 6)
    own = [ImageFont.truetype(FONT_FILE, size) for size in sizes]
    built_in = [font for size in sizes if isinstance(font := ImageFont.load_default(size), Font)]
    return own + built_in


def draw(digits: str, seed: int) -> bytes:
    """PNG of WIDTH x HEIGHT in sixteen greys; the same seed draws the same picture."""
    chance = random.Random(seed)  # noqa: S311  # the seed is a keyed hash, and what it makes is public
    picture = Image.new("L", (WIDTH, HEIGHT), PAPER)
    left = (WIDTH - STEP * len(digits)) / 2
    for place, digit in enumerate(digits):
        middle = left + STEP * (place + 0.5) + chance.uniform(-3, 3)
        _put(picture, digit, middle, HEIGHT / 2 + chance.uniform(-9, 9), chance)
    for _ in range(2):
        _cross(picture, chance)
    return _packed(_waved(picture, chance))


def _put(picture: Image.Image, digit: str, x: float, y: float, chance: random.Random) -> None:
    tile = Image.new("L", (TILE, TILE), 0)
    middle, font = (TILE / 2, TILE / 2), chance.choice(_fonts())
    ImageDraw.Draw(tile).text(middle, digit, font=font, fill=255, anchor="mm", stroke_width=chance.choice((1, 2)))
    tile = tile.rotate(chance.uniform(-TILT, TILT), resample=Image.Resampling.BICUBIC)
    picture.paste(INK, (round(x - TILE / 2), round(y - TILE / 2)), tile)


def _cross(picture: Image.Image, chance: random.Random) -> None:
    """A stroke over the digits; one that cuts through them would make a five of a six."""
    heights = [chance.uniform(0.2, 0.8) * HEIGHT for _ in range(4)]
    places = np.linspace(-5, WIDTH + 5, 60)
    curve = np.interp(places, np.linspace(0, WIDTH, 4), heights) + 6 * np.sin(places / 20 + chance.uniform(0, 6))
    points = list(zip(places.tolist(), curve.tolist(), strict=True))
    ImageDraw.Draw(picture).line(points, fill=INK, width=STROKE, joint="curve")


def _waved(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Each column moves up or down and each row to the side, by a slow wave of a few pixels."""
    pixels = np.asarray(picture)
    rows, columns = np.indices(pixels.shape)
    up = WAVE * np.sin(columns / chance.uniform(18, 28) + chance.uniform(0, 6))
    aside = 0.8 * WAVE * np.sin(rows / chance.uniform(12, 18) + chance.uniform(0, 6))
    from_row = np.clip(np.rint(rows + up), 0, HEIGHT - 1).astype(int)
    from_column = np.clip(np.rint(columns + aside), 0, WIDTH - 1).astype(int)
    return Image.fromarray(pixels[from_row, from_column])


def _packed(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.quantize(16).save(file, "PNG", optimize=True)
    return file.getvalue()
