"""A rule as one natural sentence, Vietnamese or English.

    tenure_years > 3 and province = "Khánh Hòa" and not low_income
    dùng trên 3 năm, ở Khánh Hòa, không thuộc nhóm thu nhập thấp

Commas join the conditions that must all hold; *hoặc* within them binds closer; anything deeper stands in
brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from tantam import clock, money, places
from tantam.money import Language
from tantam.segments.names import NAMES, YEARS
from tantam.segments.tree import (
    All,
    Between,
    Birthday,
    Calc,
    Compare,
    Day,
    Falling,
    Field,
    If,
    Literal_,
    Missing,
    Node,
    Not,
    Number,
    Pick,
    PromotionEnded,
    Some,
    TopPercent,
    Truth,
    Within,
    percent,
)
from tantam.segments.vocabulary import (
    AMOUNTS,
    AND,
    BESIDE,
    DAYS,
    EVERYBODY,
    EXCEPT,
    FLAGS,
    NO_HARDSHIP,
    NOUNS,
    OR,
    QUANTITY,
    RECENT,
    UNKNOWN,
    VALUES,
    WHEN,
    WORDS,
    Pair,
    Said,
)


def sentence(node: Node, lang: Language) -> str:
    """The rule (or the number) as one sentence without a full stop."""
    if isinstance(node, All):
        return ", ".join(_say(item, lang) for item in node.items)
    return _say(node, lang)


def _say(node: Node, lang: Language, *, no: bool = False, deep: bool = False) -> str:
    """A phrase, or its opposite where ``no``; ``deep`` phrases are bracketed where they join others."""
    match node:
        case All(items) | Some(items):
            if no:
                return EXCEPT[lang].format(_say(node, lang, deep=True))
            joint = AND if isinstance(node, All) else OR
            joined = joint[lang].join(_say(item, lang, deep=True) for item in items)
            return f"({joined})" if deep or isinstance(node, All) else joined
        case Not(item):
            return _say(item, lang, no=not no, deep=deep)
        case Truth(yes):
            return _turn(EVERYBODY, no == yes, lang)
        case Field(name):
            return _turn(FLAGS[name], no, lang) if name in FLAGS else noun(name, lang)
        case Missing(item, negated):
            return _missing(NAMES[item.name].source, negated != no, lang)
        case Compare(op, left, right):
            return _compare(op, left, (right,), lang, no)
        case Between(item, low, high):
            return _compare("between", item, (low, high), lang, no)
        case Within(item, values, negated):
            return _compare("not in" if negated else "in", item, values, lang, no)
        case TopPercent() | Birthday() | PromotionEnded() | Falling():
            return _function(node, lang, no)
    return _reckoned(node, lang)


def _turn(pair: Pair, no: bool, lang: Language) -> str:
    return (pair.no if no else pair.yes)[lang]


def noun(name: str, lang: Language) -> str:
    """What a column is called within a sentence."""
    return NOUNS.get(name, Said(NAMES[name].vi, NAMES[name].en))[lang]


def _missing(name: str, known: bool, lang: Language) -> str:
    if name in UNKNOWN:
        return _turn(UNKNOWN[name], known, lang)
    said = Said("đã rõ {}", "{} known") if known else Said("chưa rõ {}", "{} not known")
    return said[lang].format(noun(name, lang))


def _compare(op: str, left: Node, right: Sequence[Node], lang: Language, no: bool) -> str:
    field = left.name if isinstance(left, Field) else ""
    plain = all(isinstance(side, Literal_) for side in right)
    if plain and field in WORDS:
        return _worded(field, op, right, lang, no)
    if plain and field in FLAGS:
        return _turn(FLAGS[field], (op == "!=") ^ (not _constant(right[0])) ^ no, lang)
    if plain and field in AMOUNTS:
        return _measured(field, op, right, lang, no)
    if plain and field in DAYS:
        return _opposite(DAYS[field][lang].format(_when(op, right, lang)), no, lang)
    sides = [_reckoned(side, lang) for side in right]
    if op == "between":
        words = QUANTITY[op][lang].format(*sides)
        return _opposite(f"{_reckoned(left, lang)} {words}", no, lang)
    return _opposite(f"{_reckoned(left, lang)} {BESIDE[op][lang]} {sides[0]}", no, lang)


def _opposite(phrase: str, no: bool, lang: Language) -> str:
    return Said("không phải {}", "not {}")[lang].format(phrase) if no else phrase


def _constant(node: Node) -> Any:
    return node.value if isinstance(node, Literal_) else None


def _worded(name: str, op: str, right: Sequence[Node], lang: Language, no: bool) -> str:
    values = [_constant(side) for side in right]
    no ^= op in ("!=", "not in")
    if name == "hardship" and values == ["none"]:
        return _turn(NO_HARDSHIP, no, lang)
    return _turn(WORDS[name], no, lang).format(_list([word(name, value, lang) for value in values], lang))


def word(name: str, value: str, lang: Language) -> str:
    """A value of a column of words as people say it; a word of the operator's own in quotes."""
    if name in ("province", "province_old"):
        return _place(name, value)
    said = VALUES.get(name, {}).get(value)
    return said[lang] if said else f"“{value}”"


@cache
def _place(name: str, code: str) -> str:
    unit = places.find(code, places.MERGED_ON - 1 if name == "province_old" else None)
    return unit.name if unit else code


def _list(items: Sequence[str], lang: Language) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + OR[lang] + items[-1]


def _measured(name: str, op: str, right: Sequence[Node], lang: Language, no: bool) -> str:
    numbers = [_constant(side) for side in right]
    if name == "complaints_180d" and op in ("=", "<=") and numbers == [0]:
        none = Said("không khiếu nại trong 180 ngày", "no complaint in 180 days")
        return _opposite(none[lang], no, lang)
    amounts = [amount(name, number, lang) for number in numbers]
    if op == "<=" and name in RECENT:
        return _turn(RECENT[name], no, lang).format(amounts[0])
    filled = amounts if op == "between" else [_list(amounts, lang)]
    phrase = AMOUNTS[name].phrase[lang].format(QUANTITY[op][lang].format(*filled))
    return _opposite(phrase, no, lang)


def amount(name: str, number: float, lang: Language) -> str:
    """A quantity of a column with its unit: ``3 năm``, ``2 years 3 months``, ``1.200.000 đồng``, ``VND
    1,200,000``.
    """
    if name in YEARS and number % 1:
        return _months(name, round(12 * number), lang)
    text = _digits(number, lang)
    if NAMES[name].money and lang == "en":
        return f"VND {text}"
    unit = AMOUNTS[name].one if lang == "en" and number == 1 else AMOUNTS[name].unit[lang]
    return f"{text} {unit}".strip()


def _digits(number: float, lang: Language) -> str:
    """All digits, and as many decimals as it has, four at most."""
    if number == int(number):
        return money.digits(int(number), lang)
    return money.decimal(number, 4, lang).rstrip("0").rstrip(",.")


def _months(name: str, months: int, lang: Language) -> str:
    years, rest = divmod(months, 12)
    year, month = Said("năm" if name == "tenure_years" else "tuổi", "years"), Said("tháng", "months")
    return f"{years} {year[lang]} {rest} {month[lang]}" if years else f"{rest} {month[lang]}"


def date(day: int) -> str:
    """A day as read in Vietnam: 21/11/2026."""
    return f"{clock.to_date(day):%d/%m/%Y}"


def _when(op: str, right: Sequence[Node], lang: Language) -> str:
    days = [date(_constant(side)) for side in right]
    return WHEN[op][lang].format(*(days if op == "between" else [_list(days, lang)]))


def _function(node: TopPercent | Birthday | PromotionEnded | Falling, lang: Language, no: bool) -> str:
    match node:
        case TopPercent():
            return _top(node, lang, no)
        case Birthday(days):
            said = Said("có sinh nhật hôm nay", "birthday today")
            if days:
                said = Said(
                    f"có sinh nhật hôm nay hoặc trong {days} ngày tới",
                    f"birthday today or in the next {days} days",
                )
            pair = Pair(said, Said(f"không {said.vi}", f"no {said.en}"))
        case PromotionEnded(days):
            vi, en = f"hết ưu đãi trong {days} ngày qua", f"promotion ended in the last {days} days"
            pair = Pair(Said(f"vừa {vi}", en), Said(f"không {vi}", f"no {en}"))
        case Falling(least):
            vi, en = (
                f"giảm từ {least} % trở lên so với ba tháng trước đó",
                f"down {least}% or more on the three before",
            )
            whose = Said("chi tiêu ba tháng gần đây", "spend of the latest three months")
            pair = Pair(
                Said(f"{whose.vi} {vi}", f"{whose.en} {en}"),
                Said(f"{whose.vi} không {vi}", f"{whose.en} not {en}"),
            )
    return _turn(pair, no, lang)


def _top(node: TopPercent, lang: Language, no: bool) -> str:
    share, spoken = percent(node.ppm), noun(node.field.name, lang)
    if lang == "en":
        within = f" within each {noun(node.by.name, lang)}" if node.by else ""
        return f"{'not ' * no}in the top {share}% by {spoken}{within} (ties at the threshold are in)"
    within = f" trong từng {noun(node.by.name, lang)}" if node.by else ""
    share = share.replace(".", ",")
    return f"{'không ' * no}thuộc {share} % có {spoken} cao nhất{within} (ai bằng đúng ngưỡng đều được tính)"


def _reckoned(node: Node, lang: Language) -> str:
    """A number in words: names, digits and the signs of arithmetic."""
    match node:
        case Number(value):
            return _digits(value, lang)
        case Field(name):
            return noun(name, lang)
        case Day(value):
            return date(value)
        case Calc(sign, left, right):
            mark = {"-": "−", "*": "×", "/": "÷"}.get(sign, sign)
            return f"({_reckoned(left, lang)} {mark} {_reckoned(right, lang)})"
        case Pick(which, items):
            said = {"min": Said("số nhỏ nhất", "the least"), "max": Said("số lớn nhất", "the greatest")}[
                which
            ]
            joined = "; ".join(_reckoned(item, lang) for item in items)
            return Said(f"{said.vi} trong ({joined})", f"{said.en} of ({joined})")[lang]
        case If(condition, then, other):
            then_, other_ = _reckoned(then, lang), _reckoned(other, lang)
            asked = _say(condition, lang, deep=True)
            return Said(f"({then_} nếu {asked}, không thì {other_})", f"({then_} if {asked}, else {other_})")[
                lang
            ]
    return str(_constant(node))
