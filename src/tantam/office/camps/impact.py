"""What a camp came to, in figures that name nobody: for its impact page, the next plan, and anybody who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tantam.letters import fold
from tantam.office.camps import differing, kinds, ledger, referrals
from tantam.office.camps.cells import SMALLEST, Shown, overlapping, parts, total
from tantam.office.camps.day import Day, Visit
from tantam.office.camps.models import Camp
from tantam.office.promises.models import Promise

GROUPS = {
    "child": ("trẻ em", "children"),
    "elder": ("người cao tuổi", "elders"),
    "pregnant": ("phụ nữ mang thai", "pregnant women"),
    "disabled": ("người khuyết tật", "people with disabilities"),
    "merit": ("người có công", "people of merit"),
}


@dataclass(frozen=True)
class Medicine:
    """A medicine that at least five people were given: whole units, people."""

    name: str
    units: int
    unit: str
    people: int


@dataclass(frozen=True)
class Impact:
    """The figures of one camp. ``people`` is None below five, and everything else is then empty. ``referrals``:
    outcome → count, empty where that would tell of one person; ``referred``: how many in all, None below five."""

    people: int | None
    villages: Shown = field(default_factory=lambda: Shown([]))
    groups: Shown = field(default_factory=lambda: Shown([]))
    findings: Shown = field(default_factory=lambda: Shown([]))
    medicines: list[Medicine] = field(default_factory=list)
    referred: int | None = None
    referrals: Shown = field(default_factory=lambda: Shown([]))
    spent_dong: int = 0
    kept_day: str = ""

    @property
    def a_person_dong(self) -> int | None:
        """Whole đồng spent for each who came, rounded down."""
        return self.spent_dong // self.people if self.people and self.spent_dong else None


def of(day: Day, *, kept_day: str = "", outcomes: Iterable[str] = ()) -> Impact:
    """The figures of a day. ``kept_day``: how the promise of the day stands; ``outcomes``: of each referral."""
    came = differing.people(day)
    people = total(len(came))
    if not people:
        return Impact(people, spent_dong=day.plan.spent_dong, kept_day=kept_day)
    spelled = _spelled(day)
    villages = Counter(spelled.get(fold(visits[0].person.village), "") for visits in came)
    groups: Counter[str] = Counter(
        group for visits in came for group in {g for v in visits for g in v.person.priority}
    )
    ended = Counter(outcomes)
    referred = total(sum(ended.values()))
    return Impact(
        people=people,
        villages=parts(villages),
        groups=overlapping(groups, people),
        findings=overlapping(_findings(day, came), people),
        medicines=_medicines(day, came),
        referred=referred,
        referrals=parts(ended) if referred else Shown([]),
        spent_dong=day.plan.spent_dong,
        kept_day=kept_day,
    )


def of_camp(camp: Camp) -> Impact:
    """The figures of a camp as it stands; refuses ``camp_key_gone``."""
    ended = [_ended(one) for one in referrals.all_of(camp)]
    owed = Promise.objects.filter(about_kind="camp", about_id=str(camp.id)).order_by("id").first()
    kept = ""
    if owed is not None:
        late = owed.settled_on is not None and owed.settled_on > owed.first_due
        kept = "kept_late" if owed.state == "kept" and late else owed.state
    return of(ledger.day_of(camp), kept_day=kept, outcomes=ended)


def lessons_before(*, province: str, theme: str, before: date) -> list[tuple[Camp, kinds.Lesson]]:
    """What earlier camps of the same province or theme taught, the latest camp first; camps whose data was deleted
    have none."""
    rows: list[tuple[Camp, kinds.Lesson]] = []
    earlier = Camp.objects.filter(on__lt=before).exclude(state="deleted").order_by("-on", "id")
    for camp in earlier[:MOST_CAMPS]:
        plan = ledger.day_of(camp).plan
        same_theme = bool(theme) and plan.planned is not None and fold(plan.planned.theme) == fold(theme)
        if camp.province == province or same_theme:
            rows += [(camp, lesson) for lesson in plan.lessons]
    return rows


MOST_CAMPS = 40
"""Camps whose lessons are read for a plan: some years of them."""


def _ended(one: referrals.Referred) -> str:
    if one.followed is not None:
        return str(one.followed.outcome)
    return "open" if one.open else "lost"


def _spelled(day: Day) -> dict[str, str]:
    """Village without accents → as most wrote it."""
    written: dict[str, Counter[str]] = {}
    for visit in day.came:
        name = visit.person.village.strip()
        if name:
            written.setdefault(fold(name), Counter())[name] += 1
    return {plain: min(names, key=lambda n: (-names[n], n)) for plain, names in written.items()}


def _findings(day: Day, came: list[list[Visit]]) -> Counter[str]:
    """People by finding of the camp's list; words without a code are in no table."""
    names = day.plan.codes
    counted: Counter[str] = Counter()
    for visits in came:
        examined = [body for visit in visits for _, body in visit.examinations]
        found = {f.code for body in examined for f in body.findings if f.code in names}
        counted.update(names[code] for code in found)
    return counted


def _medicines(day: Day, came: list[list[Visit]]) -> list[Medicine]:
    units: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for visits in came:
        handed = [fact.body for visit in visits for fact in visit.dispensed]
        lots = [one for body in handed if isinstance(body, kinds.Dispensed) for one in body.given]
        had = {day.lots[one.lot].medicine for one in lots if one.lot in day.lots}
        given.update(had)
        for one in lots:
            if one.lot in day.lots:
                units[day.lots[one.lot].medicine] += one.units
    known = day.plan.medicines
    rows = overlapping({code: n for code, n in given.items() if code in known}, len(came))
    return [Medicine(known[code].name, units[code], known[code].unit, n) for code, n in rows.rows]


__all__ = ["GROUPS", "SMALLEST", "Impact", "Medicine", "lessons_before", "of", "of_camp"]
