"""From facts to the day, and on from there: a new fact folds anew only the visits and lots that it touches.

Every fact has its places: the plan, a visit, a lot, the voices, what comes afterwards. The facts of a place that hold
give what stands there, so any order gives the same day, and a day that was kept up to date is the day folded from
scratch. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from tantam.office.camps import kinds
from tantam.office.camps.day import Day, Lot, Plan, Visit
from tantam.office.camps.facts import Fact

Place = tuple[str, str]
PLAN, VOICES, AFTER = ("plan", ""), ("voices", ""), ("after", "")


class Folding:
    """The facts of one camp and their ``day``. Every :meth:`take` makes a new day and leaves the last one as it was,
    so that whoever reads that one goes on reading it. Two threads do not take at once."""

    def __init__(self) -> None:
        self.day = Day()
        self._facts: dict[str, Fact] = {}
        self._by_id: dict[UUID, dict[str, Fact]] = defaultdict(dict)
        self._correcting: dict[UUID, dict[str, Fact]] = defaultdict(dict)
        self._places: dict[Place, dict[str, Fact]] = defaultdict(dict)
        self._aside: frozenset[str] = frozenset()

    @property
    def facts(self) -> list[Fact]:
        """All that was taken in, each once."""
        return list(self._facts.values())

    def take(self, facts: Iterable[Fact]) -> Day:
        """Take facts in; what is known already changes nothing, unless its stamp is smaller."""
        new = []
        for fact in facts:
            known = self._facts.get(fact.mark)
            if known is None or fact.stamp < known.stamp:
                self._put(fact)
                new.append(fact)
        if new:
            touched = {place for fact in new for place in self._touched(fact)}
            if AFTER in touched:
                touched |= self._decide()
            self.day = self._folded(touched)
        return self.day

    def _put(self, fact: Fact) -> None:
        self._facts[fact.mark] = self._by_id[fact.id][fact.mark] = fact
        if fact.corrects:
            self._correcting[fact.corrects][fact.mark] = fact
        for place in places(fact):
            self._places[place][fact.mark] = fact

    def _touched(self, fact: Fact) -> Iterator[Place]:
        """The places of a fact, and of what it corrects or is corrected by, near and far."""
        if not fact.corrects and fact.id not in self._correcting and len(self._by_id[fact.id]) == 1:
            yield from places(fact)
            return
        for id_ in self._chain(fact.id):
            for other in self._by_id.get(id_, {}).values():
                yield from places(other)

    def _chain(self, id_: UUID) -> set[UUID]:
        """Ids that corrections tie together."""
        found, open_ = {id_}, [id_]
        while open_:
            here = open_.pop()
            near = {one.corrects for one in self._by_id.get(here, {}).values() if one.corrects}
            near |= {one.id for one in self._correcting.get(here, {}).values()}
            open_ += near - found
            found |= near
        return found

    def _decide(self) -> set[Place]:
        """Put aside what people decided does not hold; gives the places where that changes something."""
        last = {one.body.about: one.body for one in self._standing(AFTER, frozenset())
                if isinstance(one.body, kinds.Settled)}  # fmt: skip
        aside = frozenset(mark for one in last.values() for mark in one.aside)
        changed = [self._facts[mark] for mark in aside ^ self._aside if mark in self._facts]
        self._aside = aside
        return {place for fact in changed for place in self._touched(fact)}

    def _holds(self, fact: Fact, aside: frozenset[str]) -> bool:
        if fact.mark in aside:
            return False
        correcting = self._correcting.get(fact.id, {})
        return all(mark in aside or one.id == fact.id for mark, one in correcting.items())

    def _standing(self, place: Place, aside: frozenset[str] | None = None) -> list[Fact]:
        """The facts of a place that hold, in the order in which they were stored."""
        aside = self._aside if aside is None else aside
        held = [fact for fact in self._places.get(place, {}).values() if self._holds(fact, aside)]
        return sorted(held, key=_order)

    def _from_the_first(self, place: Place) -> list[tuple[Fact, datetime]]:
        """The facts of a place that hold, each with when its first wording was stored, in that order."""
        begun = [(fact, self._begun(fact)) for fact in self._standing(place)]
        return sorted(begun, key=lambda one: (one[1], one[0].id.bytes, one[0].mark))

    def _begun(self, fact: Fact) -> datetime:
        seen = {fact.id}
        while fact.corrects and fact.corrects not in seen:
            seen.add(fact.corrects)
            known = self._by_id.get(fact.corrects)
            if not known:
                break
            fact = min(known.values(), key=_order)
        return fact.kit_at

    def _folded(self, touched: set[Place]) -> Day:
        """A new day: what was touched made anew, the rest taken over."""
        old = self.day
        plan = _plan(self._standing(PLAN)) if PLAN in touched else old.plan
        visits = self._visits(UUID(name) for kind, name in touched if kind == "visit")
        lots = dict(old.lots)
        for name in (name for kind, name in touched if kind == "lot"):
            lots.pop(name, None)
            if lot := self._lot(name):
                lots[name] = lot
        day = Day(plan, visits, dict(sorted(lots.items())))
        day.voices = self._standing(VOICES) if VOICES in touched else old.voices
        day.closed, day.settled = old.closed, old.settled
        day.followed, day.stories = old.followed, old.stories
        if AFTER in touched or any(kind == "visit" for kind, _ in touched):
            self._afterwards(day)
        for visit in visits.values():
            if visit.registered is None:
                day.stray += [fact for fact in (*visit.steps, visit.left) if fact]
        return day

    def _visits(self, touched: Iterable[UUID]) -> dict[UUID, Visit]:
        visits, moved = dict(self.day.visits), False
        for number in touched:
            was, now = visits.get(number), self._visit(number)
            if now is None:
                visits.pop(number, None)
            else:
                visits[number] = now
                moved = moved or was is None or was.first_at != now.first_at
        in_order = (
            sorted(visits.items(), key=lambda one: (one[1].first_at, one[0].bytes)) if moved else visits
        )
        return dict(in_order)

    def _afterwards(self, day: Day) -> None:
        day.closed, day.settled, day.followed, day.stories = [], {}, {}, {}
        for fact in self._standing(AFTER):
            match fact.body:
                case kinds.Closed():
                    day.closed.append(fact)
                case kinds.Settled() as body:
                    day.settled[body.about] = body
                case kinds.Followed() as body:
                    day.followed.update((id_, body) for id_ in self._chain(body.examined))
                case kinds.Story() as body:
                    day.stories[body.voice] = body

    def _visit(self, number: UUID) -> Visit | None:
        begun = self._from_the_first(("visit", str(number)))
        if not begun:
            return None
        visit = Visit(number, first_at=begun[0][1])
        for fact, _ in begun:
            match fact.body:
                case kinds.Registered():
                    visit.registered = fact
                case kinds.Called():
                    visit.calls.append(fact)
                case kinds.Measured():
                    visit.measured = fact
                case kinds.Examined():
                    visit.examined.append(fact)
                case kinds.Dispensed():
                    visit.dispensed.append(fact)
                case kinds.Left():
                    visit.left = fact
                case kinds.Voiced():
                    visit.voices.append(fact)
        visit.begun = {fact.id: at for fact, at in begun if at != fact.kit_at}
        visit.answered = {fact.id for fact in visit.examined if self._answered(fact, visit.dispensed)}
        return visit

    def _answered(self, examined: Fact, dispensed: list[Fact]) -> bool:
        """Whether the pharmacist saw this prescription: under this fact, or under a wording of it that prescribed the
        same. A prescription changed after the medicine went out comes back to him."""
        assert isinstance(examined.body, kinds.Examined)
        for fact in dispensed:
            assert isinstance(fact.body, kinds.Dispensed)
            answers = fact.body.examined
            if answers == examined.id:
                return True
            if examined.corrects and answers in self._chain(examined.id):
                seen = self._by_id.get(answers, {}).values()
                if any(_prescribes(one) == examined.body.prescribed for one in seen):
                    return True
        return False

    def _lot(self, number: str) -> Lot | None:
        begun = self._from_the_first(("lot", number))
        if not begun:
            return None
        lot = Lot(number, "", number, date.max)
        for fact, _ in begun:
            before = lot.held
            match fact.body:
                case kinds.Stocked() as body:
                    lot.medicine, lot.number, lot.expires_on = body.medicine, body.number, body.expires_on
                    lot.came, lot.kit = lot.came + body.units, body.kit
                case kinds.WrittenOff() as body:
                    lot.lost += body.units
                case kinds.Dispensed() as body:
                    lot.given += sum(one.units for one in body.given if one.lot == number)
                case kinds.Counted() as body:
                    lot.counted, lot.since = body.units, 0
            if lot.counted is not None and not fact.entered_late:
                lot.since += before - lot.held
        return lot


def places(fact: Fact) -> list[Place]:
    """Where a fact is folded."""
    body = fact.body
    match body:
        case kinds.Dispensed():
            return [("visit", str(body.visit)), *(("lot", one.lot) for one in body.given)]
        case kinds.Stocked() | kinds.WrittenOff() | kinds.Counted():
            return [("lot", body.lot)]
        case kinds.Voiced():
            return [VOICES, ("visit", str(body.visit))] if body.visit else [VOICES]
        case kinds.Closed() | kinds.Settled() | kinds.Followed() | kinds.Story():
            return [AFTER]
        case kinds.Registered() | kinds.Called() | kinds.Measured() | kinds.Examined() | kinds.Left():
            return [("visit", str(body.visit))]
    return [PLAN]


def _plan(facts: list[Fact]) -> Plan:
    plan = Plan()
    for fact in facts:
        body = fact.body
        match body:
            case kinds.Planned():
                plan.planned = body
            case kinds.Permit():
                plan.permit = (fact, body)
            case kinds.Opened():
                plan.opened = body
            case kinds.Formulary():
                plan.formulary = body
            case kinds.Weighed():
                plan.weighed = body.places
            case kinds.Partner():
                plan.partners[body.id] = body
            case kinds.Member():
                plan.members[body.id] = body
            case kinds.Desk():
                plan.desks[body.id] = body
            case kinds.Kit():
                plan.kits[body.number] = body
            case kinds.Device():
                plan.devices[body.id] = body
            case kinds.Codes():
                plan.codes.update(body.rows)
            case kinds.Expected():
                plan.expected.update((one.id, one) for one in body.people)
            case kinds.Budget():
                plan.budget_dong += body.dong
            case kinds.Spent():
                plan.spent_dong += body.dong
            case kinds.Noticed():
                plan.notices.append(body)
            case kinds.Lesson():
                plan.lessons.append(body)
    return plan


def _prescribes(fact: Fact) -> list[kinds.Prescribed]:
    return fact.body.prescribed if isinstance(fact.body, kinds.Examined) else []


def _order(fact: Fact) -> tuple[datetime, bytes, str]:
    return (fact.kit_at, fact.id.bytes, fact.mark)
