"""Copies as people and bots make them: seven ways to edit an opinion, and how well the copies are found again."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens

TOO_LARGE = 1_000
"""Where a group is larger, precision is measured on as many grouped texts, drawn by lot."""

TEEN_SHARE, SPUN_SHARE, CUT_TO = 0.3, 0.2, 0.75

_TEEN_PAIRS = (
    "không:ko được:dc gì:j với:vs rồi:r mình:mk bạn:b người:ng những:nhug cũng:cug biết:bit quá:wa nhưng:nhug "
    "tôi:t em:e anh:a trước:trc viên:v giờ:h như:nhu cho:cko của:cua và:vs có:co điện:dt thoại:th"
)
_SHORTER = ((r"^ngh", "ng"), (r"^ph", "f"), (r"^kh", "k"), (r"nh$", "h"), (r"ng$", "g"))
_SPUN_PAIRS = (
    "nhiệt tình:tận tâm|giảng viên:thầy cô|sinh viên:học trò|máy:thiết bị|tốt:ổn|rất:vô cùng|nhanh:mau|chậm:ì ạch|"
    "dễ hiểu:sáng sủa|đẹp:xinh|mua:tậu|dùng:xài|sử dụng:xài|nhân viên:người bán|tệ:kém|quá:lắm|nhiều:lắm|"
    "hay:thú vị|cần:nên|bài:phần|giá:mức giá|điện thoại:dế|lỗi:trục trặc|khách hàng:người dùng|tiền:chi phí|"
    "không:chẳng|được:đặng|app:phần mềm|ứng dụng:phần mềm|hài lòng:ưng ý|môn:học phần|lớp:phòng học|"
    "kiến thức:hiểu biết|thường:hay|thích:mê|và:cùng|nhưng:song|cũng:vẫn|mình:tôi|lâu:dai|mượt:êm|bị:gặp|vào:vô|"
    "phải:buộc|chuyển:gửi|ngân hàng:nhà băng|đăng nhập:vào|cập nhật:nâng cấp|chụp:bấm|hình:ảnh|ảnh:hình|"
    "sóng:tín hiệu|gọi:liên lạc|mạng:đường truyền|gói cước:gói dịch vụ|tổng đài:trung tâm|kiểm tra:rà soát|"
    "trừ:thu|sửa:khắc phục|nhà:chỗ ở|xin:mong|cảm ơn:biết ơn|yếu:kém|mất:không có|hôm nay:bữa nay|tháng:kỳ"
)
_TEEN = dict(pair.split(":") for pair in _TEEN_PAIRS.split())
_SPUN = dict(pair.split(":") for pair in _SPUN_PAIRS.split("|"))


def _format(r: random.Random, text: str, _: Sequence[str]) -> str:
    kind = r.randrange(6)
    if kind == 0:
        marks = unicodedata.normalize("NFD", text)
        return "".join(c for c in marks if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
    if kind == 1:
        return unicodedata.normalize("NFD", text)
    return (text.upper() + "!!!", ", ".join(text.split()), "  " + text.title() + "…", text.replace(" ", "_"))[
        kind - 2
    ]


def _teen(r: random.Random, text: str, _: Sequence[str]) -> str:
    words = text.split()
    for i in r.sample(range(len(words)), max(1, round(TEEN_SHARE * len(words)))):
        word = words[i].lower()
        if word in _TEEN:
            words[i] = _TEEN[word]
        else:
            for long, short in _SHORTER:
                word = re.sub(long, short, word)
            words[i] = word
    return " ".join(words)


def _drop(r: random.Random, text: str, _: Sequence[str]) -> str:
    words = text.split()
    for _once in range(r.choice((1, 2))):
        del words[r.randrange(len(words))]
    return " ".join(words)


def _insert(r: random.Random, text: str, pool: Sequence[str]) -> str:
    words = text.split()
    for _once in range(r.choice((1, 2))):
        words.insert(r.randrange(len(words) + 1), r.choice(pool))
    return " ".join(words)


def _spin(r: random.Random, text: str, _: Sequence[str]) -> str:
    left = max(1, round(SPUN_SHARE * len(text.split())))
    spun = f" {text.lower()} "
    for old in r.sample(sorted(_SPUN), len(_SPUN)):
        if left > 0 and f" {old} " in spun:
            spun = spun.replace(f" {old} ", f" {_SPUN[old]} ", 1)
            left -= len(old.split())
    return spun.strip()


def _swap(r: random.Random, text: str, _: Sequence[str]) -> str:
    words = text.split()
    middle = len(words) // 2
    return " ".join(words[middle:] + words[:middle])


def _cut(r: random.Random, text: str, _: Sequence[str]) -> str:
    words = text.split()
    return " ".join(words[: round(CUT_TO * len(words))])


EDITS: dict[str, Callable[[random.Random, str, Sequence[str]], str]] = {
    "format": _format,
    "teen_code": _teen,
    "drop_1_2": _drop,
    "insert_1_2": _insert,
    "spun": _spin,
    "halves_swapped": _swap,
    "cut_to_75": _cut,
}


@dataclass(frozen=True)
class Recipe:
    """Texts, of each the index of the text it was made from (its own for an original) and how it was edited."""

    texts: list[str]
    source: NDArray[np.int64]
    kind: list[str]


def recipe(opinions: Sequence[str], originals: int, edited: int, seed: int) -> Recipe:
    """``originals`` opinions of 8 to 60 words, all distinct; ``edited`` of them with one copy of each edit."""
    r = random.Random(seed)
    known: dict[str, str] = {}
    for opinion in opinions:
        words = re.findall(r"[^\W_]+", opinion.lower())
        if 8 <= len(words) <= 60:
            known.setdefault(" ".join(words), " ".join(opinion.split()))
    texts = r.sample(list(known.values()), originals)
    pool = [word for text in texts for word in text.split()]
    source, kind = list(range(originals)), ["original"] * originals
    for i in r.sample(range(originals), edited):
        for name, edit in EDITS.items():
            texts.append(edit(r, texts[i], pool))
            source.append(i)
            kind.append(name)
    return Recipe(texts, np.array(source), kind)


def scores(made: Recipe, tokens: Tokens, heads: NDArray[np.int64]) -> dict[str, float]:
    """Recall by kind (a copy lies in its original's group) and its mean, and precision: a grouped text has one of its
    own source, or a Jaccard of words of at least 0.5, in its group, and the same against its group's head alone.
    """
    words = [
        frozenset(tokens.plain[a:b].tolist())
        for a, b in zip(tokens.offsets, tokens.offsets[1:], strict=False)
    ]
    groups: dict[int, list[int]] = defaultdict(list)
    for i, head in enumerate(heads.tolist()):
        groups[head].append(i)

    def akin(a: int, b: int) -> bool:
        return bool(made.source[a] == made.source[b]) or 2 * len(words[a] & words[b]) >= len(
            words[a] | words[b]
        )

    grouped = [(i, head) for head, members in groups.items() if len(members) > 1 for i in members]
    if max(map(len, groups.values())) > TOO_LARGE:
        grouped = random.Random(0).sample(grouped, TOO_LARGE)
    right = [any(akin(i, j) for j in groups[head] if j != i) for i, head in grouped]
    kinds = np.array(made.kind)
    together = heads == heads[made.source]
    found: dict[str, float] = {name: float(together[kinds == name].mean()) for name in EDITS}
    found["recall"] = sum(found.values()) / len(EDITS)
    found["precision"] = float(np.mean(right))
    found["precision_against_head"] = float(np.mean([akin(i, head) for i, head in grouped]))
    found["largest_group"] = max(map(len, groups.values()))
    return found
