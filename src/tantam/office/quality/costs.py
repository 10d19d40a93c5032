"""What falling short of the declared levels costs by the dated law table, the dearest first.

A price is a range in đồng, of the rows in force on the month's last day; none where no row was. It is what the table
says for the operator, not what anybody decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tantam import law
from tantam.clock import to_days
from tantam.errors import BadInput
from tantam.office.quality import rules
from tantam.office.quality.actions import in_force
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import BROKEN, SELF, Cell, Declared
from tantam.office.quality.rules import Figure

MORE_BELOW, ONE_BELOW, UNDECLARED, RECORDS, LOCAL = (
    "more_below",
    "one_below",
    "undeclared",
    "records",
    "local",
)
WORDS = {
    MORE_BELOW: ("từ hai chỉ tiêu kém mức đã công bố", "more than one indicator below the declared level"),
    ONE_BELOW: ("một chỉ tiêu kém mức đã công bố", "one indicator below the declared level"),
    UNDECLARED: ("có đo mà chưa công bố mức nào", "measured, and no level declared at all"),
    RECORDS: ("đã công bố mà tháng này không có số tự đo", "declared, and no self-measurement this month"),
    LOCAL: (
        "cả nước đạt, có tỉnh kém mức đã công bố",
        "the country holds, a province is below the declared level",
    ),
}
"""What is the matter: code → in Vietnamese, in English."""


@dataclass(frozen=True)
class Cost:
    """One matter of a month: which indicators, for each the provinces below its level, and what the table says it costs
    from ``least`` to ``most`` đồng (None: no row). ``verify``: nobody has verified that row yet."""

    code: str
    indicators: Mapping[str, tuple[str, ...]]
    least: int | None = None
    most: int | None = None
    source: str = ""
    verify: bool = False


def costs(month: date) -> list[Cost]:
    """What a month's figures cost by the table, the dearest first; what has no price last. Three queries."""
    month = month.replace(day=1)
    last = rules.next_month(month) - timedelta(days=1)
    declared = {one.indicator: one for one in in_force(Declared.objects.order_by("from_on"), last, last)}
    cells: dict[tuple[str, str], dict[str, Figure]] = {}
    for cell in Cell.objects.filter(month=month):
        cells.setdefault((cell.indicator, cell.place), {})[cell.measured_by] = cell.figure
    below = {code: _below(declared[code], code, cells) for code in declared}
    whole = {code: tuple(place for place in where if place) for code, where in below.items() if "" in where}
    local = {code: tuple(where) for code, where in below.items() if where and "" not in where}
    owned = {code for (code, _), some in cells.items() if SELF in some}
    unmeasured = [
        code for code in declared if code not in owned and not month.month % INDICATORS[code].months
    ]
    found = [
        _cost(MORE_BELOW if len(whole) > 1 else ONE_BELOW, whole, last),
        _cost(UNDECLARED, {} if declared else dict.fromkeys(sorted(owned), ()), last),
        _cost(RECORDS, dict.fromkeys(unmeasured, ()), last),
        Cost(LOCAL, local),
    ]
    return sorted((one for one in found if one.indicators), key=lambda one: -(one.most or 0))


def _below(declared: Declared, code: str, cells: Mapping[tuple[str, str], dict[str, Figure]]) -> list[str]:
    """The places, "" for the country, where a figure that counts lies wholly below the declared level."""
    of, level = INDICATORS[code], float(declared.level)
    return [
        place
        for (indicator, place), figures in sorted(cells.items())
        if indicator == code and rules.judged(of, level, figures)[0] == BROKEN
    ]


def _cost(code: str, indicators: Mapping[str, Iterable[str]], on: date) -> Cost:
    matter = {name: tuple(where) for name, where in indicators.items()}
    try:
        least, most = (law.ask(f"quality_fine_{code}_{end}", to_days(on)) for end in ("least", "most"))
    except BadInput:  # before the decree
        return Cost(code, matter)
    return Cost(
        code, matter, int(least.value), int(most.value), f"{most.source}, {most.article}", most.verify
    )
