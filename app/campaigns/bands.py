"""Keys under which texts that may be alike meet: MinHash in bands (Broder 1997; Leskovec et al., Mining of Massive
Datasets, ch. 3). Pure.

Of a whole text 32 bands of 4 values: two that share 0.4 of their pairs of letters meet with 0.56, at 0.6 with 0.99. Of
a short one, where one changed word counts for much, 42 bands of 3: 0.94 at 0.4. Of each of its longest pieces a few
bands of 3: whoever added as much again of their own still shares pieces.
"""

from itertools import islice

from rensa import RMinHash

from app.campaigns.wording import Wording

BANDS, ROWS = 32, 4
SHORT, SHORT_BANDS, SHORT_ROWS = 80, 42, 3
"""Letters of content up to which a text is short."""
PIECES, PIECE_BANDS, PIECE_ROWS = 10, 4, 3
SEED = 20261122
_PRIME = (1 << 61) - 1


def keys(wording: Wording) -> frozenset[int]:
    """All keys of a text, each of 63 bits; none where it has no content. Grows with nothing but PIECES."""
    if not wording.content:
        return frozenset()
    whole = "".join(wording.of(piece) for piece in wording.content)
    found = set(_banded(whole, BANDS, ROWS, salt=1))
    if len(whole) <= SHORT:
        found.update(_banded(whole, SHORT_BANDS, SHORT_ROWS, salt=3))
    longest = sorted(wording.content, key=lambda piece: (-piece.weight, wording.of(piece)))
    for piece in islice(longest, PIECES):
        found.update(_banded(wording.of(piece), PIECE_BANDS, PIECE_ROWS, salt=2))
    return frozenset(found)


def _banded(letters: str, bands: int, rows: int, salt: int) -> list[int]:
    sketch = RMinHash(num_perm=bands * rows, seed=SEED)
    sketch.update([letters[i : i + 2] for i in range(max(1, len(letters) - 1))])
    values = sketch.digest()
    return [_key(salt * 1000 + band, values[band * rows : (band + 1) * rows]) for band in range(bands)]


def _key(band: int, values: list[int]) -> int:
    """Mixed by a polynomial over a prime: the same on every machine and in every version."""
    key = band
    for value in values:
        key = (key * 6364136223846793005 + value + 1442695040888963407) % _PRIME
    return key
