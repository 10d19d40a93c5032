"""Small made-up opinions with a rule behind them, and random heads on random tables."""

from __future__ import annotations

import random

import numpy as np

from tantam.listen.clean import Tokens
from tantam.listen.heads import Head, Model
from tantam.listen.heads.model import MOST_UNIT, padded

GOOD = ["rất tốt", "hài lòng lắm", "nhân viên nhiệt tình", "cảm ơn nhiều", "chạy mượt", "quá tuyệt"]
BAD = ["mất sóng hoài", "chậm như rùa", "bị trừ tiền", "không ai nghe máy", "quá tệ", "bực mình"]
WHERE = ["ở Cà Mau", "trong hẻm", "ngoài đảo", "sáng nay", "từ hôm qua", "nhà tôi", "ở quầy", "trên xe"]


def opinions(count: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """Texts and whether they praise or blame."""
    chance = random.Random(seed)
    texts, labels = [], []
    for _ in range(count):
        good = chance.random() < 0.5
        said = chance.sample(GOOD if good else BAD, 2)
        texts.append(" ".join([chance.choice(WHERE), *said, str(chance.randrange(1000))]))
        labels.append("khen" if good else "chê")
    return texts, labels


def random_model(seed: int, bits: int = 10) -> Model:
    """Three heads of two, three and several labels, as no training would make them."""
    chance = np.random.default_rng(seed)
    table = chance.integers(-MOST_UNIT, MOST_UNIT + 1, (1 << bits, 8), dtype=np.int16)
    table[:, 0] = np.abs(table[:, 0])

    def head(name: str, labels: int, several: bool, columns: tuple[int, ...]) -> Head:
        def some(n: int) -> tuple[float, ...]:
            return tuple(chance.normal(size=n).tolist())

        return Head(
            name=name,
            labels=tuple("abcdef"[:labels]),
            several=several,
            norm=0,
            columns=columns,
            scale=some(len(columns)),
            bias=some(len(columns)),
            slope=some(labels),
            offset=some(labels),
            cut=some(labels),
            sure_from=0.5,
            trained_on=1,
            seed=seed,
        )

    heads = (
        head("two", 2, False, (1,)),
        head("three", 3, False, (2, 3, 4)),
        head("many", 3, True, (5, 6, 7)),
    )
    return Model(heads, padded(table))


def random_tokens(seed: int, lengths: list[int]) -> Tokens:
    """Texts of so many words each, of a small vocabulary."""
    chance = np.random.default_rng(seed)
    words = chance.integers(0, 2**64, (40, 2), dtype=np.uint64)
    drawn = words[chance.integers(0, 40, sum(lengths))]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Tokens(offsets, drawn[:, 0].copy(), drawn[:, 1].copy())


def picked(tokens: Tokens, rows: list[int]) -> Tokens:
    """The texts of those rows, in that order."""
    parts = [slice(tokens.offsets[r], tokens.offsets[r + 1]) for r in rows]
    lengths = [p.stop - p.start for p in parts]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    none = np.empty(0, np.uint64)
    return Tokens(
        offsets,
        np.concatenate([none, *(tokens.exact[p] for p in parts)]),
        np.concatenate([none, *(tokens.plain[p] for p in parts)]),
    )
