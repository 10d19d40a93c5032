"""Telex and VNI keys left in a text: read where the text gives evidence; English, codes and plain Vietnamese stay."""

from __future__ import annotations

import csv
import os
import random
import re
from pathlib import Path

import pytest

from tantam.listen.clean import clean_text, make

from . import a_text

ENGLISH = """
    This is the best list of what was lost in the last test of our new systems. How does her boss see it now? The
    error message says that access to the server is off; please order one more room for the guests, or ask us for the
    cost. Most teens must pass the term tests first. Her car was too low for the town roads, so she turned back soon
    after six.
"""


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("tooi khoong bieets", "tôi không biết"),
        ("mình khoong mua max", "mình không mua max"),
        ("Khoong cos mangj ddeer lamf vieecj", "không có mạng để làm việc"),
        ("DDuwowcj cungx nhuw", "được cũng như"),
        ("dduwowngf dduongwf dduowngf", "đường dduongwf đường"),
        ("mạng chậm vaf hay", "mạng chậm vaf hay"),
        ("mạng chậm vaf baif", "mạng chậm và bài"),
        ("cos gif", "có gì"),
        ("quas toots", "quas toots"),
        ("kho6ng dung2 va2", "không dung2 va2"),
        ("kho6ng d9u7o7c5 vi2 ma5ng cha65m", "không được vì mạng chậm"),
        ("boong xoong soong", "boong xoong sông"),
    ],
)
def test_keys_left_in_a_text(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "gói d10 v120 st15k mimax90 umax300 a1 b5 u1500 f1s a5s joy3 1tr4 lan2 thu3",
        "iphone 11 pro max, samsung a50s, vsmart active 3 chạy vos, màn ips",
        "app too see free boot room been how now own low car box gas bus sms ios",
        "đăng ký gói max gas taxi sofa visa post test đi",
        "bạn an hay đi xe bus, taxi, mua sofa",
        "https://khoong.vn/dduwowcj www.cos.vn/gif",
        "doji dell asus oppo vivo fpt vnpt mobifone vinaphone",
        "teen teen pos lisp",
        "quý iii xxx viii",
    ],
)
def test_codes_brands_links_and_english_stay(text: str) -> None:
    assert clean_text(text) == text


def test_english_alone_stays() -> None:
    sentences = [s.lower() for s in re.split(r"(?<=[.?;])\s+", " ".join(ENGLISH.split()))]
    assert [clean_text(s) for s in sentences] == sentences
    for word in make.english():
        assert clean_text(word) == clean_text(f"the {word} and {word} of").split()[1] == word


def test_no_licence_changes() -> None:
    licence = (
        (Path(__file__).parents[3] / "LICENSE").read_text(encoding="utf-8").lower().replace("[yyyy]", "")
    )
    for paragraph in licence.split("\n\n"):
        assert clean_text(paragraph) == " ".join(paragraph.replace("_", " ").split())


def _keys() -> list[dict[str, str]]:
    root = os.environ.get("TANTAM_DATA")
    if not root or not (Path(root) / "vn-legacy-text").exists():
        pytest.skip(
            "TANTAM_DATA is not set or has no vn-legacy-text: the keys of all syllables are not pressed"
        )
    with (Path(root) / "vn-legacy-text" / "keystrokes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "style", ["telex_tone_last", "telex_tone_inline", "telex_uow", "vni_tone_last", "vni_tone_inline"]
)
def test_the_keys_of_all_syllables_are_read(style: str) -> None:
    """In a text that leaves no doubt. Some keys serve two syllables (bồng, boòng), or are an English word."""
    rows = [row for row in _keys() if row[style] and row[style] != row["syllable"]]
    sure = "dduwowcj khoong vieetj" if style.startswith("telex") else "d9u7o7c5 kho6ng vie65t"
    right = 0
    for row in rows:
        read = clean_text(f"{sure} {row[style]}").split()[-1]
        right += read == clean_text(row["syllable"])
    assert right / len(rows) > 0.96, (style, right, len(rows))


def test_real_sentences_typed_with_the_keyboard_off() -> None:
    keys = {row["syllable"]: row for row in _keys()}
    rng = random.Random(3)
    asked = read = 0
    for text in a_text.real(400)[:400]:
        words = clean_text(text).split()
        typed = [keys[w]["telex_tone_last"] if w in keys and rng.random() < 0.9 else w for w in words]
        got = clean_text(" ".join(typed)).split()
        if len(got) == len(words):
            asked += sum(t != w for t, w in zip(typed, words, strict=True))
            read += sum(t != w == g for t, w, g in zip(typed, words, got, strict=True))
    assert read / asked > 0.985


def test_real_texts_hardly_ever_change() -> None:
    from . import oracle

    changed = words = 0
    for text in a_text.real(1_000):
        smooth = oracle.scrubbed(text)
        plain, found, seen = oracle.written(smooth, frozenset())
        repair = oracle.to_repair(found, seen)
        words += len(found)
        if repair:
            after = oracle.written(smooth, repair)[0]
            changed += sum(a != b for a, b in zip(plain.split(), after.split(), strict=True))
    assert changed <= words / 20_000
