"""One subscriber's values in words, beside the conditions that read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tantam.money import Language
from tantam.segments import dates
from tantam.segments.names import NAMES, YEARS
from tantam.segments.tree import Birthday, Falling, Field, Node, PromotionEnded, TopPercent, walk
from tantam.segments.vocabulary import NOT_KNOWN, YES_NO, Said
from tantam.segments.words import amount, date, noun, word


def facts_of(node: Node) -> list[str]:
    """What of her a condition reads, in order: names, and ``birth_mmdd``, ``spend_3m`` for the functions."""
    found: list[str] = []
    for part in walk(node):
        match part:
            case Field(name):
                found.append(name)
            case Birthday():
                found.append("birth_mmdd")
            case PromotionEnded():
                found.append("promotion_ended_on")
            case Falling():
                found.append("spend_3m")
    return list(dict.fromkeys(found))


def fact(name: str, row: Mapping[str, Any], day: int, lang: Language) -> str:
    """One of her values with its name: ``chi tiêu sáu tháng: 1.200.000 đồng``."""
    if name == "birth_mmdd":
        mmdd = row[name]
        known = NOT_KNOWN[lang] if mmdd is None else f"{mmdd % 100:02}/{mmdd // 100:02}"
        return f"{Said('sinh nhật', 'birthday')[lang]}: {known}"
    if name == "spend_3m":
        now, before = (_three(row, first, lang) for first in (1, 4))
        return Said(
            f"ba tháng gần đây: {now}; ba tháng trước đó: {before}",
            f"latest three months: {now}; before: {before}",
        )[lang]
    return f"{noun(NAMES[name].source, lang)}: {_value(name, row[NAMES[name].source], day, lang)}"


def _three(row: Mapping[str, Any], first: int, lang: Language) -> str:
    spend = [row[f"spend_{i}"] for i in range(first, first + 3)]
    return NOT_KNOWN[lang] if None in spend else amount("spend_6m", sum(spend), lang)


def _value(name: str, mine: Any, day: int, lang: Language) -> str:
    meant = NAMES[name]
    if mine is None:
        return NOT_KNOWN[lang]
    if name in YEARS:
        return f"{date(mine)} ({amount(name, dates.completed_years(mine, day), lang)})"
    if meant.derived:
        return f"{date(mine)} ({amount(name, day - mine, lang)})"
    match meant.kind:
        case "day":
            return date(mine)
        case "yes":
            return YES_NO[bool(mine)][lang]
        case "text":
            return word(name, mine, lang)
    return amount(name, mine, lang)


def threshold(node: TopPercent, least: int, lang: Language) -> str:
    """The least value that is in, as said beside hers."""
    return f"{Said('ngưỡng', 'threshold')[lang]}: {amount(node.field.name, least, lang)}"
