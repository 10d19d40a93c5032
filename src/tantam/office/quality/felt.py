"""What customers feel of an indicator: of the opinions on its topics, how many complain, by province and month; and
where that and what was measured say different things.

Counted are the office's own opinions that were read by machine or a person, each by its main topic: an opinion, not a
speaker, since many have none. Rows of opinions are read here and nowhere shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import NormalDist
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from tantam.clock import HANOI
from tantam.look.words import FEW
from tantam.office.opinions.models import Opinion, Theme
from tantam.office.quality import rules
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import BROKEN, KEPT

FALSE_ALARM = 0.05
"""How often, at most, a month in which every province complains alike shows any province as different."""
_EXPECTED = 5
"""Fewer expected complaints than this are not compared: the normal approximation does not hold there."""
_LOOKED_AT = 20


@dataclass(frozen=True)
class Felt:
    """So many of ``n`` opinions complain. ``share`` and its 95 % interval are parts of one; none without opinions."""

    n: int = 0
    complaints: int = 0

    def __add__(self, other: Felt) -> Felt:
        return Felt(self.n + other.n, self.complaints + other.complaints)

    @property
    def enough(self) -> bool:
        """Whether a percentage may be shown."""
        return self.n >= FEW

    @property
    def share(self) -> float:
        return self.complaints / self.n

    @property
    def interval(self) -> tuple[float, float]:
        return rules.wilson(self.complaints, self.n)


@dataclass(frozen=True)
class Clash:
    """A province where the two disagree: ``worse`` where the figure was kept and people complain more than elsewhere,
    else it was broken and they complain less."""

    place: str
    worse: bool
    felt: Felt
    elsewhere: Felt


def by_topic(month: date) -> dict[str, dict[str, Felt]]:
    """Topic → place → what was felt in one month; "" is the whole country. One query."""
    spoken = {topic for one in INDICATORS.values() for topic in one.topics}
    rows = _said(spoken, month, rules.next_month(month)).values("topic", "office__province").order_by()
    found: dict[str, dict[str, Felt]] = {}
    for row in rows.annotate(n=Count("pk"), complaints=Count("pk", filter=Q(complaint=True))):
        _add(found.setdefault(row["topic"], {}), row["office__province"], row)
    return found


def of_topics(felt: Mapping[str, Mapping[str, Felt]], topics: Sequence[str]) -> dict[str, Felt]:
    """The places of :func:`by_topic` summed over the topics of one indicator."""
    found: dict[str, Felt] = {}
    for topic in topics:
        for place, one in felt.get(topic, {}).items():
            found[place] = found.get(place, Felt()) + one
    return found


def by_month(topics: Sequence[str], months: Sequence[date]) -> dict[date, dict[str, Felt]]:
    """Month → place → what was felt, of the first days of months in a row. One query."""
    if not months or not topics:
        return {}
    nth = Case(
        *(
            When(said_at__lt=_moment(rules.next_month(month)), then=Value(n))
            for n, month in enumerate(months)
        ),
        output_field=IntegerField(),
    )
    rows = _said(topics, months[0], rules.next_month(months[-1])).annotate(nth=nth)
    counted = rows.values("nth", "office__province").order_by()
    found: dict[date, dict[str, Felt]] = {}
    for row in counted.annotate(n=Count("pk"), complaints=Count("pk", filter=Q(complaint=True))):
        _add(found.setdefault(months[row["nth"]], {}), row["office__province"], row)
    return found


def clashes(standings: Mapping[str, str], felt: Mapping[str, Felt]) -> list[Clash]:
    """Provinces (code → how the pledge stands, code → felt) where measured and felt disagree, the plainest first.

    A province is held against all others by the two-sample test of shares; the limit is made stricter by how many are
    compared (Bonferroni), so that chance alone shows any in at most :data:`FALSE_ALARM` of months.
    """
    country = sum((one for place, one in felt.items() if place), Felt())
    tried = {place: one for place, one in felt.items() if place and one.enough and country.n > one.n}
    if not tried:
        return []
    limit = NormalDist().inv_cdf(1 - FALSE_ALARM / 2 / len(tried))
    found = []
    for place, one in tried.items():
        rest = Felt(country.n - one.n, country.complaints - one.complaints)
        z = _apart(one, rest)
        state = standings.get(place)
        if (state == KEPT and z > limit) or (state == BROKEN and z < -limit):
            found.append((-abs(z), place, Clash(place, z > 0, one, rest)))
    return [clash for _, _, clash in sorted(found, key=lambda row: row[:2])]


def themes(topics: Sequence[str], months: Sequence[date], most: int = 3) -> list[tuple[Theme, int]]:
    """The themes that complaints on these topics name most often in these months, with how many; none hidden."""
    if not months or not topics:
        return []
    rows = _said(topics, months[0], rules.next_month(months[-1])).filter(complaint=True, theme__isnull=False)
    counted = rows.values_list("theme").order_by().annotate(n=Count("pk")).order_by("-n", "theme")
    by_theme = dict(counted[:_LOOKED_AT])
    known = Theme.objects.in_bulk(list(by_theme))
    while more := {one.into_id for one in known.values() if one.into_id and one.into_id not in known}:
        known |= Theme.objects.in_bulk(list(more))
    total: Counter[int] = Counter()
    for pk, n in by_theme.items():
        root = known[pk]
        while root.into_id:
            root = known[root.into_id]
        total[root.pk] += n * (not root.hidden)
    ranked = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(known[pk], n) for pk, n in ranked[:most] if n]


def _said(topics: Iterable[str], first: date, end: date) -> QuerySet[Opinion]:
    """What counts: read opinions that stand, on these topics and of these days in Vietnam."""
    return Opinion.objects.filter(
        current=True, topic__in=sorted(topics), said_at__gte=_moment(first), said_at__lt=_moment(end),
        complaint__isnull=False,
    )  # fmt: skip


def _moment(on: date) -> datetime:
    return datetime.combine(on, time(), HANOI)


def _add(into: dict[str, Felt], place: str, row: Mapping[str, Any]) -> None:
    one = Felt(row["n"], row["complaints"])
    for at in {place, ""}:
        into[at] = into.get(at, Felt()) + one


def _apart(one: Felt, rest: Felt) -> float:
    """How many standard errors a share lies above the others'; 0 where too little is expected to tell."""
    both = one + rest
    pooled = both.complaints / both.n
    if min(pooled, 1 - pooled) * min(one.n, rest.n) < _EXPECTED:
        return 0.0
    spread: float = (pooled * (1 - pooled) * (1 / one.n + 1 / rest.n)) ** 0.5
    return (one.share - rest.share) / spread
