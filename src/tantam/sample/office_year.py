"""A year of promises: made by rhythm and by chance, kept, kept late, broken, released, or still open and late."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tantam.clock import HANOI, day_of
from tantam.office.people.models import Office, Staff
from tantam.office.programmes import actions as programmes
from tantam.office.programmes.models import Programme
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise
from tantam.sample import office_words as words
from tantam.sample.office_agenda import Act, Agenda, Lots, moment, working
from tantam.sample.office_people import Branch, Operator
from tantam.sample.office_table import name_of

ENDS = (("late", 0.62), ("broken", 0.82), ("released", 1.0))
"""What becomes of a promise that is not kept in time, by growing share."""
FRESH, STILL_OPEN = timedelta(days=45), 0.7
"""Of those due lately so many are still open and late; older ones somebody has owned up to, or kept late."""

RHYTHMS = (
    ("ca-phe", "Cà phê cùng khách hàng", "Sáu khách, một bàn, không bán gì: nghe cho hết, chuyển cho đủ, gọi lại.",
     "cafe", "monthly_per_branch", "", 6),
    ("gap-mat-quy", "Gặp mặt quý", "Khách lâu năm của mỗi chi nhánh gặp nhau mỗi quý một lần.",
     "quarterly", "quarterly_per_branch", "", 30),
    ("ngay-lang-nghe", "Ngày lắng nghe 15/10", "Cả nhà mạng dành một ngày chỉ để nghe.",
     "listening_day", "yearly_on", "10-15", 1200),
)  # fmt: skip
CHANCES = {"reply": 0.9, "refund": 0.35, "gift": 0.35, "camp_day": 0.06}
"""How many of a kind a branch promises in a month, on average."""
TERMS = {"reply": (2, 5), "refund": (3, 7), "gift": (5, 20), "camp_day": (15, 40), "commitment": (30, 75)}


class Year:
    """The operator's year; ``own`` holds (branch, year, month) whose café is played in full elsewhere."""

    def __init__(self, operator: Operator, lots: Lots, agenda: Agenda) -> None:
        self.operator, self.lots, self.agenda = operator, lots, agenda
        self.own: set[tuple[str, int, int]] = set()
        self.gatherings: dict[tuple[str, int, int], Promise] = {}
        self.branch_of = {branch.office.pk: branch for branch in operator.branches.values()}

    def put(self, first: date) -> None:
        """Put everything on the agenda, from the first day of the first month on."""
        month = first
        while moment(month, 8) <= self.agenda.until:
            if month == first or month.month == 1:
                self.agenda.put(moment(month, 8), self._start_programmes)
            self.agenda.put(moment(month, 9), self._promise_month)
            month = (month + timedelta(days=32)).replace(day=1)

    def put_late_ones(self, today: date) -> None:
        """What headquarters owes to many and has not done: the first things an executive should see."""
        for login, kind, what, people, days_late in words.LATE:
            due = today - timedelta(days=days_late)

            def make(
                at: datetime, o: str = login, k: str = kind, w: str = what, n: int = people, d: date = due
            ) -> None:
                owner = self.operator.staff[o]
                promises.make(
                    actor=owner, at=at, kind=k, what=w, owner=owner, office=self.operator.hq, first_due=d,
                    to=("public", ""), people=n,
                )  # fmt: skip

            self.agenda.put(moment(working(due - timedelta(days=25)), 9, 30), make)

    def programme(self, code: str, year: int) -> Programme:
        """A programme of the sample."""
        return Programme.objects.get(code=code, year=year)

    def _start_programmes(self, at: datetime) -> None:
        owner, year = self.operator.staff["yen"], at.astimezone(HANOI).year
        for code, name, purpose, kind, rhythm, day, people in RHYTHMS:
            before = Programme.objects.filter(code=code, year=year - 1).first()
            if before is None:
                programmes.start(
                    actor=owner, at=at, code=code, name=name, purpose=purpose, year=year, owner=owner,
                    office=self.operator.hq, event_kind=kind, rhythm=rhythm, rhythm_day=day, people=people,
                )  # fmt: skip
                continue
            for got, text in words.LESSONS.get(year - 1, ()) if code == "ca-phe" else ():
                programmes.add_lesson(before, actor=owner, at=at, kind=got, text=text)
            theme = "Gọi lại đủ từng khách trong ba mươi ngày." if code == "ca-phe" else ""
            programmes.copy_to_next_year(before, actor=owner, at=at, theme=theme)

    def _promise_month(self, at: datetime) -> None:
        today = day_of(at)
        until = (today.replace(day=1) + timedelta(days=62)).replace(day=1) - timedelta(days=1)
        for programme in Programme.objects.filter(year=today.year).order_by("code"):
            made = programmes.promise_rhythm(programme, actor=programme.owner, at=at, until=until)
            for promise in made:
                self._gathering(programme.code, promise)
        for branch in self.operator.branches.values():
            for kind, chance in CHANCES.items():
                for _ in range(int(chance * 2 * self.lots.share() + 0.5)):
                    self._one(branch, kind, at)
        for _ in range(self.lots.between(2, 5)):
            self._commitment(at)

    def _gathering(self, code: str, promise: Promise) -> None:
        branch = self.branch_of.get(promise.office.pk)
        if code == "ca-phe" and branch:
            which = (branch.name, promise.first_due.year, promise.first_due.month)
            self.gatherings[which] = promise
            if which in self.own:
                return
            self._fate(promise, branch.steady, lambda at: self._paper(branch, at))
        else:
            self._fate(promise, branch.steady if branch else 1.0)

    def _one(self, branch: Branch, kind: str, at: datetime) -> None:
        def make(at: datetime) -> None:
            who = branch.director if self.lots.share() < 0.5 else branch.officer
            people = {"gift": self.lots.between(20, 160), "camp_day": self.lots.between(150, 600)}.get(
                kind, 1
            )
            self._make(kind, who, branch.office, at, branch.steady, people=people)

        day = day_of(at) + timedelta(days=self.lots.between(0, 26))
        self.agenda.put(moment(working(day), self.lots.between(8, 16), self.lots.between(0, 59)), make)

    def _commitment(self, at: datetime) -> None:
        def make(at: datetime) -> None:
            owner = self.operator.staff[self.lots.pick(("yen", "dat", "luc"))]
            self._make("commitment", owner, self.operator.hq, at, 0.93, people=self.lots.between(40, 5000))

        day = day_of(at) + timedelta(days=self.lots.between(0, 26))
        self.agenda.put(moment(working(day), 10, self.lots.between(0, 59)), make)

    def _paper(self, branch: Branch, at: datetime) -> None:
        """After a café whose notebook was of paper: two promises kept by letter and by telephone."""
        self._make("forward", branch.director, branch.office, at, branch.steady, people=6, days=3)
        if self.lots.share() < 0.8:
            self._make("call_back", branch.director, branch.office, at, branch.steady, people=6, days=30)

    def _make(
        self,
        kind: str,
        owner: Staff,
        office: Office,
        at: datetime,
        steady: float,
        *,
        people: int,
        days: int = 0,
    ) -> None:
        today = day_of(at)
        text = self.lots.pick(words.OWED[kind])
        sex = "male" if " ông " in text or " anh " in text else "female"
        given = name_of(sex, 0, self.lots.between(0, 99)).split()[-1]
        what = text.format(m=f"{today:%m/%Y}", n=given)
        due = working(today + timedelta(days=days or self.lots.between(*TERMS.get(kind, (3, 10)))))
        to = ("office", self.operator.hq.pk) if kind == "forward" else ("public", "")
        made = promises.make(
            actor=owner,
            at=at,
            kind=kind,
            what=what,
            owner=owner,
            office=office,
            first_due=due,
            to=to,
            people=people,
        )
        self._fate(made, steady)

    def _fate(self, promise: Promise, steady: float, then: Act | None = None) -> None:
        """Decide by lot what becomes of a promise, and put it on the agenda."""
        due, end = promise.first_due, "kept"
        grown = steady + 0.03 * (1 - 2 * min(1.0, (self.agenda.until.date() - due).days / 365))
        if self.lots.share() > grown:
            draw, fresh = self.lots.share(), self.agenda.until.date() - due < FRESH
            end = next(name for name, upto in ENDS if draw <= upto)
            if fresh and self.lots.share() < STILL_OPEN:
                end = "open"
        lead = min(self.lots.between(0, 4), max(0, (due - day_of(promise.made_at)).days))
        hour, minute = self.lots.between(8, 17), self.lots.between(0, 59)
        day = {
            "kept": due - timedelta(days=lead),
            "late": due + timedelta(days=self.lots.between(1, 18)),
            "broken": due + timedelta(days=self.lots.between(4, 30)),
            "released": due - timedelta(days=lead),
        }.get(end)
        if day is not None:
            at = max(moment(day, hour, minute), promise.made_at + timedelta(minutes=5))
            self.agenda.put(at, lambda at: self._settle(promise, end, at, then))
        if end in ("late", "open") and self.lots.share() < 0.4:
            self.agenda.put(
                max(moment(due, 7, minute), promise.made_at + timedelta(minutes=2)),
                lambda at: self._move(promise, at),
            )

    def _settle(self, promise: Promise, end: str, at: datetime, then: Act | None) -> None:
        owner, day = promise.owner, day_of(at)
        if end in ("kept", "late"):
            kind, proof = words.PROOFS[promise.kind]
            promises.keep(
                promise,
                actor=owner,
                at=at,
                proof_kind=kind,
                proof=proof.format(k=f"{self.lots.between(1, 900)}/{day.year}"),
            )
            if then is not None:
                self.agenda.put(at + timedelta(hours=1), then)
        elif end == "broken":
            boss = owner if owner.username in ("yen", "dat", "luc") else self._leader(promise)
            promises.break_(promise, actor=boss, at=at, reason=self.lots.pick(words.BROKEN))
        else:
            said = self.lots.pick(words.LET_OFF).format(d=f"{day:%d/%m/%Y}")
            promises.ask_release(promise, actor=self._leader(promise), at=at, creditor_yes=said)
            second = self.operator.staff["hoa"]
            self.agenda.put(at + timedelta(days=1), lambda at: _released(promise, second, at))

    def _move(self, promise: Promise, at: datetime) -> None:
        due = promise.first_due + timedelta(days=self.lots.between(5, 14))
        promises.redate(
            promise, actor=self._leader(promise), at=at, due=due, reason=self.lots.pick(words.MOVED)
        )

    def _leader(self, promise: Promise) -> Staff:
        branch = self.branch_of.get(promise.office.pk)
        return branch.director if branch else self.operator.staff["yen"]


def _released(promise: Promise, second: Staff, at: datetime) -> None:
    promises.release(promise, actor=second, at=at)
