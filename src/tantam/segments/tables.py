"""What people read of groups at the terminal, as aligned columns, and what machines read, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tantam import clock, places
from tantam.money import Language, decimal, digits
from tantam.segments.cube import Cube
from tantam.segments.profile import Line, Profile
from tantam.segments.shipped import Segment

FEW = 30
"""Below this a share is said as "7 trong 11"; below five people no number is shown on screen."""
FEWEST = 5


def profile_json(found: Profile) -> dict[str, Any]:
    """Every figure of a profile; spends in whole đồng, shares 0 to 1, null where nobody is."""

    whole = found.everybody
    groups = [
        {"name": line.segment.name, "vi": line.segment.vi, "en": line.segment.en, "rule": line.segment.rule}
        | _line_json(line, whole.persons)
        for line in found.groups
        if line.segment
    ]
    return {
        "on": f"{clock.to_date(found.cube.on)}",
        "subscribers": whole.persons,
        "definition": found.cube.definition,
        "everybody": _line_json(whole, whole.persons),
        "groups": groups,
    }


def _line_json(line: Line, of: int) -> dict[str, Any]:
    return {
        "persons": line.persons,
        "share": line.persons / of if of else None,
        "median_spend_6m_dong": line.median_dong,
        "mean_spend_6m_dong": line.mean_dong,
        "low_income": line.low_income,
        "low_income_share": line.low_income / line.persons if line.persons else None,
        "by_province": line.by_province,
    }


def profile_text(found: Profile, lang: Language) -> str:
    """Two tables: the groups, then the provinces."""
    heads = {
        "vi": ("nhóm", "người", "tỷ lệ", "chi sáu tháng: giữa", "trung bình", "thu nhập thấp"),
        "en": ("group", "persons", "share", "six-month spend: median", "mean", "low income"),
    }[lang]
    of = found.everybody.persons
    rows = [_row("Tất cả" if lang == "vi" else "Everybody", found.everybody, of, lang)]
    rows += [_row(_name(line.segment, lang), line, of, lang) for line in found.groups if line.segment]
    place_heads = ("tỉnh" if lang == "vi" else "province", *heads[1:3], *heads[4:])
    cells = found.everybody.by_province.items()
    provinces = [_province_row(places.today(code).name, cell, of, lang) for code, cell in cells]
    return f"{_table(heads, rows)}\n\n{_table(place_heads, provinces)}"


def overlap_json(cells: Cube) -> dict[str, Any]:
    """How many each two groups share: ``persons`` [k][k], the counts on the diagonal."""
    return {
        "names": list(cells.names),
        "definition": cells.definition,
        "persons": cells.overlap().tolist(),
        "subscribers": cells.subscribers,
        "in_any": cells.union(cells.names),
    }


def overlap_text(cells: Cube, groups: Sequence[Segment], lang: Language) -> str:
    """The matrix, numbered; then how many are in any."""
    heads = ("nhóm" if lang == "vi" else "group", *(str(i + 1) for i in range(len(groups))))
    matrix = cells.overlap()
    rows = [
        (f"{i + 1}. {group.name}", *(_persons(int(n), lang) for n in matrix[i]))
        for i, group in enumerate(groups)
    ]
    n, of = digits(cells.union(cells.names), lang), digits(cells.subscribers, lang)
    vi, en = f"{n} trong {of} người thuộc ít nhất một nhóm.", f"{n} of {of} are in at least one."
    said = vi if lang == "vi" else en
    return f"{_table(heads, rows)}\n\n{said}"


def _name(segment: Segment, lang: Language) -> str:
    return segment.vi if lang == "vi" else segment.en


def _row(name: str, line: Line, of: int, lang: Language) -> tuple[str, ...]:
    return (
        name,
        _persons(line.persons, lang),
        _share(line.persons, of, lang),
        _dong(line.median_dong, lang, line.persons),
        _dong(line.mean_dong, lang, line.persons),
        _share(line.low_income, line.persons, lang),
    )


def _province_row(name: str, cell: dict[str, int], of: int, lang: Language) -> tuple[str, ...]:
    mean = round(cell["spend_6m"] / cell["spend_known"]) if cell["spend_known"] else None
    low = _share(cell["low_income"], cell["n"], lang)
    return (name, _persons(cell["n"], lang), _share(cell["n"], of, lang), _dong(mean, lang, cell["n"]), low)


def _persons(n: int, lang: Language) -> str:

    return digits(n, lang) if n >= FEWEST or n == 0 else ("dưới 5" if lang == "vi" else "under 5")


def _share(n: int, of: int, lang: Language) -> str:

    if of < FEWEST:
        return "–"
    if of < FEW:
        return f"{_persons(n, lang)} {'trong' if lang == 'vi' else 'of'} {of}"
    return decimal(100 * n / of, 1, lang) + (" %" if lang == "vi" else "%")


def _dong(dong: int | None, lang: Language, persons: int) -> str:

    return "–" if dong is None or persons < FEWEST else digits(dong, lang)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Columns under their heads: the first to the left, figures to the right."""
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]

    def line(row: tuple[str, ...]) -> str:
        figures = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        return "  ".join((row[0].ljust(widths[0]), *figures)).rstrip()

    return "\n".join(map(line, (heads, *rows)))
