"""Copies of a text as others would have typed it: without accents, and in the shorthand of the young.

Training on both beside the text itself is what makes a model read all three (measured: topic 66 to 86 on text without
accents). The shorthand is a short list of our own and a few habits of spelling; what a model is tested with comes from
another list.
"""

from __future__ import annotations

import random
import unicodedata

from tantam.listen.clean.hashing import bare

SHORT = {
    word: tuple(shorts.split())
    for word, shorts in {
        "không": "k ko kg kh hk hok hông hong hem hổng khum khom kô hôn hơm",
        "chưa": "ch chx chua",
        "được": "dc đc đk đx dk",
        "gì": "j rì",
        "với": "vs v",
        "quá": "wa wá qá qa",
        "rất": "rứt rat",
        "lắm": "lém lém",
        "tốt": "tót tút",
        "vậy": "z v zậy dậy",
        "thế": "thía",
        "như": "nh",
        "nhiều": "nhìu nhiu",
        "biết": "bit bít",
        "hiểu": "hỉu hiu",
        "dễ": "dể zễ",
        "khó": "kó kho",
        "mình": "mik mk mìn",
        "người": "ng",
        "trước": "trc",
        "cũng": "cg cug cx",
        "những": "nhg",
        "thì": "thj",
        "rồi": "r rùi",
        "vì": "vj",
        "bây": "b",
        "giờ": "h",
        "của": "cua cũa",
        "em": "e",
        "anh": "a",
        "chị": "c",
        "bạn": "b",
        "điện": "đ",
        "thoại": "t",
        "tiền": "xiền",
        "mạng": "mg",
        "luôn": "lun",
        "muốn": "mún",
        "thôi": "thui",
        "vẫn": "vân",
        "nhắn": "nt",
        "tin": "tn",
        "khuyến": "km",
        "cảm": "cám",
        "ơn": "on",
        "nên": "nen",
        "hay": "hayy",
        "đẹp": "đep dep",
        "chán": "chánn",
        "nhanh": "nhah",
        "chậm": "chậmm",
        "thích": "thix thik",
        "ghê": "ghia",
        "nữa": "nx nữ",
        "mới": "ms",
        "cái": "kái",
        "có": "kó",
    }.items()
}
"""Words and how they are shortened."""

BEGINNINGS = (
    ("ngh", "g"), ("ng", "g"), ("nh", "h"), ("ph", "f"), ("qu", "w"), ("kh", "k"), ("gi", "j"), ("th", "t"),
    ("tr", "ch"), ("ch", "c"), ("c", "k"), ("đ", "d"), ("d", "z"), ("v", "z"), ("b", "p"), ("s", "x"),
    ("x", "s"), ("l", "n"),
)  # fmt: skip
ENDINGS = (("ng", "g"), ("nh", "h"), ("ch", "k"), ("c", "k"), ("i", "j"), ("y", "i"), ("n", "ng"), ("t", "c"))
"""How words are misspelled, for fun or by ear: their first letters and their last."""

_SHORTEN, _STRIP, _BEGIN, _END = 0.5, 0.1, 0.1, 0.05


def accent_free(text: str) -> str:
    """The text in small letters without accents, as in an old SMS."""
    return bare(unicodedata.normalize("NFC", text.lower()))


def teen(text: str, seed: int) -> str:
    """The text in shorthand: the same for the same text and seed, whatever else is in the file."""
    drawn_from = f"{seed} {text}".encode("utf-8", "surrogatepass")
    chance = random.Random(drawn_from)  # noqa: S311 (nothing secret hangs on it)
    return " ".join(_typed(word, chance) for word in unicodedata.normalize("NFC", text.lower()).split())


def _typed(word: str, chance: random.Random) -> str:
    short = SHORT.get(word)
    if short and chance.random() < _SHORTEN:
        return chance.choice(short)
    drawn = chance.random()
    if drawn < _STRIP:
        return bare(word)
    if drawn < _STRIP + _BEGIN:
        return next(
            (typed + word.removeprefix(begin) for begin, typed in BEGINNINGS if word.startswith(begin)), word
        )
    if drawn < _STRIP + _BEGIN + _END:
        return next((word.removesuffix(end) + typed for end, typed in ENDINGS if word.endswith(end)), word)
    return word
