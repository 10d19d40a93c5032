"""The made-up opinions keep what their datasheet says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from tantam.letters import fold
from tantam.listen import alike
from tantam.listen.columns import FEELINGS, TOPICS, URGENCIES
from tantam.listen.heads.training import encoded
from tantam.listen.mask import found
from tantam.listen.telecom import FOLDER, opinions

REGISTERS = ("polite", "angry", "accentless", "teencode", "regional", "elder", "spoken", "short")
LEARNED, ASIDE = opinions(), opinions("aside.csv")
ALL = LEARNED + ASIDE
MOST_OF_A_FRAME = 5

Words = tuple[str, ...]


def test_how_many() -> None:
    assert len(LEARNED) >= 3000 and len(ASIDE) == 300
    assert len({row["id"] for row in ALL}) == len(ALL)


def test_every_value_is_one_of_ours() -> None:
    for row in ALL:
        topics = row["topic"].split("|")
        assert set(topics) <= set(TOPICS) and len(set(topics)) == len(topics), row
        assert row["feeling"] in FEELINGS and row["urgency"] in URGENCIES, row
        assert row["complaint"] in ("true", "false") and row["register"] in REGISTERS, row


def test_registers_and_topics_meet() -> None:
    cells = Counter((row["register"], row["topic"].split("|")[0]) for row in ALL)
    assert len([n for n in cells.values() if n >= 10]) >= 40
    aside = Counter((row["register"], row["topic"].split("|")[0]) for row in ASIDE)
    assert len(aside) >= 100, "the opinions set aside come from every corner"


def test_texts_are_clean_of_tricks_and_numbers() -> None:
    for row in ALL:
        text = row["text"]
        assert text == unicodedata.normalize("NFC", text) == " ".join(text.split()), row
        assert 1 <= len(text.split()) <= 100, row
        assert not re.search(r"(?:\d[ .\-]?){9,}\d", text), row
        assert set(found(text)) <= {"name"}, row
    bare = [row for row in ALL if row["register"] == "accentless"]
    assert sum(row["text"].isascii() for row in bare) > 0.97 * len(bare)


@pytest.mark.parametrize(
    ("size", "frames"),
    [
        (3, lambda words: [words[:3]]),
        (3, lambda words: [words[-3:]]),
        (5, lambda words: {words[i : i + 5] for i in range(len(words) - 4)}),
    ],
    ids=["opening", "ending", "five words anywhere"],
)
def test_no_sentence_frame_more_than_five_times(
    size: int, frames: Callable[[Words], Iterable[Words]]
) -> None:
    seen: Counter[Words] = Counter()
    for row in ALL:
        words = tuple(fold(row["text"]).split())
        if len(words) > size:
            seen.update(frames(words))
    frame, often = seen.most_common(1)[0]
    assert often <= MOST_OF_A_FRAME, (frame, often)


def test_near_copies_are_under_two_percent() -> None:
    heads = alike.link(*alike.fingerprint(encoded([row["text"] for row in ALL])))
    copies = np.flatnonzero(heads != np.arange(len(ALL)))
    assert len(copies) < 0.02 * len(ALL), [ALL[i]["text"] for i in copies[:10]]


def test_nothing_set_aside_is_learned() -> None:
    learned = {fold(row["text"]) for row in LEARNED}
    assert not [row for row in ASIDE if fold(row["text"]) in learned and fold(row["text"])]


def test_the_datasheet_counts_right() -> None:
    sheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([a-z]+) \| (\d+) \|", sheet, re.MULTILINE))
    counts: Counter[str] = Counter(row["register"] for row in ALL)
    for column in ("feeling", "urgency"):
        counts.update(row[column] for row in ALL)
    counts.update(topic for row in ALL for topic in row["topic"].split("|"))
    counts.update("complaint" for row in ALL if row["complaint"] == "true")
    assert {name: int(n) for name, n in told.items()} == dict(counts)
