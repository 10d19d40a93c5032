"""The opinions that every speed of listening is measured on: real ones, drawn with a seed, with the noise people add.

From three real sets read through `TANTAM_DATA` (students' remarks UIT-VSFC, phone reviews UIT-ViSFD, reviews of
banking apps), so that the median is 19 words. Of a hundred, about 60 stay as written; 10 come decomposed (NFD), 12
without accents, 6 with `_` between words, 8 in teen-code, 4 with letters repeated and emoji.
"""

from __future__ import annotations

import csv
import os
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pyarrow as pa

from tantam.errors import BadInput

SETS = (
    ("uit-vsfc/train/sents.txt", 48),
    ("uit-visfd/Train.csv", 42),
    ("vn-bank-app-reviews/reviews.csv", 10),
)
"""Each set and how many of a hundred opinions come from it."""

TEEN = {
    "không": ("ko", "k", "hok", "hông"), "được": ("đc", "dc", "dk"), "gì": ("j", "gi"), "rồi": ("r", "roài"),
    "quá": ("wá", "qá", "quớ"), "với": ("vs", "zới"), "biết": ("bít", "bik"), "mình": ("mik", "mk"),
    "điện thoại": ("đt", "dt"), "mọi người": ("mn", "mng"), "cũng": ("cx", "cug"), "thích": ("thik", "thix"),
    "trước": ("trc", "trk"), "nhiều": ("nhìu", "nhju"), "yêu": ("iu", "êu"), "như thế nào": ("ntn", "ntnao"),
}  # fmt: skip
_TEEN = re.compile(r"\b(" + "|".join(TEEN) + r")\b", re.IGNORECASE)
_EMOJI = ("👍", "😡", "❤️", "👍🏻", "😭😭", "⭐⭐⭐⭐⭐")


def texts(count: int, seed: int) -> pa.Array:
    """So many opinions, ``pa.string()``; the same for the same seed. Refuses ``no_real_texts``."""
    rng = random.Random(seed)
    sets = [_read(name) for name, _ in SETS]
    weights = [weight for _, weight in SETS]
    kinds, shares = zip(*_NOISE, strict=True)
    drawn: list[str] = []
    while len(drawn) < count:
        step = min(100_000, count - len(drawn))
        for held, noise in zip(
            rng.choices(sets, weights, k=step), rng.choices(kinds, shares, k=step), strict=True
        ):
            drawn.append(noise(rng.choice(held), rng))
    return pa.array(drawn, pa.string())


@cache
def _read(name: str) -> tuple[str, ...]:
    root = os.environ.get("TANTAM_DATA")
    if not root or not (path := Path(root) / name).exists():
        raise BadInput(
            "no_real_texts", "The real texts are not here.", "Set TANTAM_DATA to the folder of data sets."
        )
    return tuple(text for text in _texts(path) if text.strip())


def _texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".txt":
            yield from (line.strip() for line in file)
        else:
            yield from (row.get("comment") or row.get("content") or "" for row in csv.DictReader(file))


def bare(text: str) -> str:
    """A text without its accents."""
    marks = unicodedata.normalize("NFD", text)
    return "".join(c for c in marks if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")


def _as_written(text: str, rng: random.Random) -> str:
    return text


def _decomposed(text: str, rng: random.Random) -> str:
    return unicodedata.normalize("NFD", text)


def _bare(text: str, rng: random.Random) -> str:
    return bare(text)


def _joined(text: str, rng: random.Random) -> str:
    return "".join("_" if c == " " and rng.random() < 0.3 else c for c in text)


def _teen(text: str, rng: random.Random) -> str:
    return _TEEN.sub(lambda found: rng.choice(TEEN[found[0].lower()]), text)


def _loud(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    at = rng.randrange(len(words))
    words[at] += words[at][-1:] * rng.randrange(2, 7)
    return " ".join([*words, rng.choice(_EMOJI)])


_NOISE: tuple[tuple[Callable[[str, random.Random], str], int], ...] = (
    (_as_written, 60),
    (_decomposed, 10),
    (_bare, 12),
    (_joined, 6),
    (_teen, 8),
    (_loud, 4),
)
