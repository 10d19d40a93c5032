"""How a value is read: from whatever a file holds to the stored column, as SQL over one row.

Every function takes the SQL of a value and gives the SQL of what it means, NULL where it cannot be read. The
commonest spelling is tried first, on the value as it stands: CASE is lazy, so a clean file costs little.
"""

from __future__ import annotations

from typing import Literal

from tantam.base.columns import NO, YES, Column
from tantam.letters import FOLD_SQL

Family = Literal["text", "whole", "real", "date", "moment", "zoned", "yes"]
"""What a file's column holds: text, whole numbers, numbers with a fraction, days, moments with or without a
zone, true and false."""

FIRST_DAY, LAST_DAY = -25_567, 47_481
"""From 1900-01-01 to 2099-12-31; a day outside is a slip of the pen."""
MOST_DIGITS = 15
"""More digits of đồng or of a count are a slip of the pen; six months of so many still fit int64."""
_HANOI_HOURS = 7
_BLANKS = " \t\u00a0\ufeff"

_PREFIX = "(\\+84|0084|84|0|\\+840|00840|840)"
_MOBILE = f"{_PREFIX}?[35789][0-9]{{8}}"
_OLD_MOBILE = f"{_PREFIX}1[2689][0-9]{{8}}"
_LANDLINE = f"{_PREFIX}2[0-9]{{8,9}}"


def text(value: str, family: Family) -> str:
    """Any value as trimmed text, NULL where it is blank."""
    if family == "text":
        return f"nullif(trim({value}, '{_BLANKS}'), '')"
    if family == "real":
        whole = f"CAST(TRY_CAST({value} AS BIGINT) AS VARCHAR)"
        return f"CASE WHEN {value} = round({value}) THEN {whole} ELSE CAST({value} AS VARCHAR) END"
    return f"CAST({value} AS VARCHAR)"


def phone(value: str, family: Family) -> str:
    """The E.164 form of a Vietnamese mobile number: +84, then nine digits, the first of them 3, 5, 7, 8 or 9."""
    digits = _digits(text(value, family))
    slow = f"CASE WHEN regexp_full_match({digits}, '{_MOBILE}') THEN '+84' || right({digits}, 9) END"
    if family != "text":
        return slow
    quick = f"regexp_full_match({value}, '0[35789][0-9]{{8}}')"
    ready = f"regexp_full_match({value}, '[+]?84[35789][0-9]{{8}}')"
    return (
        f"CASE WHEN {quick} THEN '+84' || substr({value}, 2) "
        f"WHEN {ready} THEN '+' || ltrim({value}, '+') ELSE {slow} END"
    )


def phone_code(value: str, family: Family) -> str:
    """Why a number is not a mobile number of today."""
    words = text(value, family)
    return (
        f"CASE WHEN {words} IS NULL THEN 'phone_missing' "
        f"WHEN regexp_full_match({_digits(words)}, '{_OLD_MOBILE}') THEN 'phone_old_11_digits' "
        f"WHEN regexp_full_match({_digits(words)}, '{_LANDLINE}') THEN 'phone_landline' ELSE 'phone_invalid' END"
    )


def _digits(words: str) -> str:
    return f"regexp_replace({words}, '[\\s.()''\u00a0-]+', '', 'g')"


def place(value: str, family: Family) -> str:
    """Which of the known spellings a province's name or code is, counted from 1, or NULL: a function of ours."""
    return f"place_of({text(value, family)})"


def read(column: Column, value: str, family: Family) -> str:
    """The stored value of any column but phone and province."""
    if column.kind == "day":
        return _day(value, family)
    if column.kind in ("money", "count"):
        return _whole(value, family)
    if column.kind == "yes":
        return _yes(value, family)
    if column.values:
        return _one_of(column, value, family)
    words = f"nullif(trim({value}), '')" if family == "text" else text(value, family)
    return f"nfc_normalize({words})"


def _once(value: str, use: str) -> str:
    """``use`` speaks of ``v``, which is computed once however often it is named."""
    return f"list_transform([{value}], lambda v: {use})[1]"


def _day(value: str, family: Family) -> str:
    since = "- DATE '1970-01-01'"
    if family == "text":
        iso = f"{value} LIKE '____-__-__' AND {value} BETWEEN '1900' AND '2100'"
        ours = f"{value} LIKE '__/__/20__' OR {value} LIKE '__/__/19__'"
        return (
            f"CAST(CASE WHEN {value} IS NULL THEN NULL WHEN {iso} THEN TRY_CAST({value} AS DATE) {since} "
            f"WHEN {ours} THEN CAST(TRY_STRPTIME({value}, '%d/%m/%Y') AS DATE) {since} "
            f"ELSE {_written_day(value)} END AS INTEGER)"
        )
    if family in ("whole", "real"):
        written = f"CAST(TRY_STRPTIME(CAST(CAST({value} AS BIGINT) AS VARCHAR), '%Y%m%d') AS DATE) {since}"
        days = (
            f"CASE WHEN {value} BETWEEN {FIRST_DAY} AND {LAST_DAY} THEN CAST({value} AS BIGINT) "
            f"WHEN {value} BETWEEN 19000101 AND 20991231 THEN {written} END"
        )
        return f"CAST(CASE WHEN {value} = round({value}) THEN {days} END AS INTEGER)"
    moment = f"{value} + INTERVAL {_HANOI_HOURS} HOUR" if family == "zoned" else value
    likely = f"{moment} >= DATE '1900-01-01' AND {moment} < DATE '2100-01-01'"
    return f"CAST(CASE WHEN {likely} THEN CAST({moment} AS DATE) {since} END AS INTEGER)"


def _written_day(value: str) -> str:
    """2026-11-21, 21/11/2026 and the like, with or without a time behind it."""
    bare = f"regexp_replace({text(value, 'text')}, '[T ][0-9:.]+(Z|[+-][0-9:]+)?$', '')"
    forms = "['%d/%m/%Y', '%Y-%m-%d', '%d-%m-%Y', '%d.%m.%Y', '%Y/%m/%d']"
    plain = "regexp_full_match(v, '[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}')"
    days = _once(
        bare, f"CASE WHEN {plain} THEN CAST(TRY_STRPTIME(v, {forms}) AS DATE) - DATE '1970-01-01' END"
    )
    return _once(days, f"CASE WHEN v BETWEEN {FIRST_DAY} AND {LAST_DAY} THEN v END")


def _whole(value: str, family: Family) -> str:
    if family in ("whole", "real"):
        fits = f"{value} BETWEEN 0 AND {10**MOST_DIGITS - 1}"
        if family == "real":
            fits += f" AND {value} = round({value})"
        return f"CASE WHEN {fits} THEN CAST({value} AS BIGINT) END"
    number = f"TRY_CAST({value} AS BIGINT)"
    quick = f"regexp_full_match({value}, '[0-9]{{1,{MOST_DIGITS}}}')"
    return f"CASE WHEN {value} IS NULL THEN NULL WHEN {quick} THEN {number} ELSE {_written_whole(value, family)} END"


def _written_whole(value: str, family: Family) -> str:
    """1.200.000, 1,200,000, 1 200 000, 1200000.0, 1.200.000,00 đ; never 12,5."""
    words = f"regexp_replace(lower({text(value, family)}), ' ?(đ|₫|vnd|vnđ|đồng|dong)$', '')"
    digits = (
        "CASE WHEN regexp_full_match(v, '[0-9]+([.,]0{1,2})?') THEN regexp_extract(v, '^[0-9]+') "
        "WHEN regexp_full_match(v, '[0-9]{1,3}([.][0-9]{3})+(,0{1,2})?') "
        "THEN replace(split_part(v, ',', 1), '.', '') "
        "WHEN regexp_full_match(v, '[0-9]{1,3}(,[0-9]{3})+([.]0{1,2})?') "
        "THEN replace(split_part(v, '.', 1), ',', '') "
        "WHEN regexp_full_match(v, '[0-9]{1,3}( [0-9]{3})+') THEN replace(v, ' ', '') END"
    )
    likely = f"CASE WHEN length(ltrim(v, '0')) <= {MOST_DIGITS} THEN TRY_CAST(v AS BIGINT) END"
    return _once(_once(words, digits), likely)


def _yes(value: str, family: Family) -> str:
    if family == "yes":
        return value
    folded = _once(
        FOLD_SQL.format(x=text(value, family)),
        f"CASE WHEN v IN ({_listed(YES)}) THEN true WHEN v IN ({_listed(NO)}) THEN false END",
    )
    if family != "text":
        return folded
    quick = f"WHEN {value} = 'true' THEN true WHEN {value} = 'false' THEN false"
    return f"CASE WHEN {value} IS NULL THEN NULL {quick} ELSE {folded} END"


def _one_of(column: Column, value: str, family: Family) -> str:
    """One of the column's values, or another spelling of one."""
    spelled = {word.replace("_", " "): word for word in column.values} | dict(column.spellings)
    whens = " ".join(f"WHEN '{written}' THEN '{word}'" for written, word in spelled.items())
    folded = f"CAST({_once(FOLD_SQL.format(x=text(value, family)), f'CASE v {whens} END')} AS {column.name})"
    if family != "text":
        return folded
    return (
        f"CASE WHEN {value} IS NULL THEN NULL ELSE coalesce(TRY_CAST({value} AS {column.name}), {folded}) END"
    )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
