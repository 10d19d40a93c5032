"""The line of one theme as its page shows it: what was said, where and when; what we answered, did and told; and
whether fewer people say it since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice, pairwise
from typing import Any

from django.db import connection
from django.db.models import CharField, Min, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.urls import reverse

from tantam.clock import HANOI, day_of
from tantam.letters import fold
from tantam.look.figures import bar, trend
from tantam.office.opinions import rules
from tantam.office.opinions.answering import KINDS
from tantam.office.opinions.effect import MOST_WEEKS, Effect, effect
from tantam.office.opinions.models import Answer, Change, Heap, Opinion, Telling, Theme, Voice
from tantam.office.people.models import Office
from tantam.office.promises.rules import days_late
from tantam.office.words import day, late, number, percent, say

WEEKS = 26
"""Weeks of the little line."""
LATEST = 1000
"""Opinions that places and channels are told from, the latest: a theme of a million is as quick as one of these."""
LOOKED = 3000
"""Opinions that a phrase is looked for in, the latest."""
PLACES = 6
MOST_FOUND = 12

WEEK = timedelta(days=7)


def named(sought: str, *, but: int) -> list[Theme]:
    """Themes that stand, with words that begin with the words sought, accents or not; the heaviest first."""
    words = fold(sought).split()
    if not words:
        return []
    rows = Theme.objects.filter(into__isnull=True).exclude(pk=but).order_by("-weight", "pk")
    found = [
        pk
        for pk, name in rows.values_list("pk", "name")
        if all(f" {word}" in f" {fold(name)}" for word in words)
    ]
    kept = Theme.objects.in_bulk(found[:MOST_FOUND])
    return [kept[pk] for pk in found[:MOST_FOUND]]


def said_by(group: Sequence[int]) -> dict[str, int]:
    """Who stands behind a theme: people in files and in the office, and at most how many a message could reach."""
    heaps = Heap.objects.filter(theme__in=group).aggregate(
        people=Sum("people_count"), keys=Sum("speakers_count")
    )
    known = Voice.objects.filter(theme__in=group, key__isnull=False)
    keys = known.count() if len(group) == 1 else known.values("key").distinct().count()
    return {"files": heaps["people"] or 0, "reached": keys + (heaps["keys"] or 0)}


def counted(rows: QuerySet[Opinion], ends: Sequence[datetime]) -> list[int]:
    """How many of these opinions were said from each moment to the next; one query, each part of it from an index.

    Django and the database each work out one part once; a part written for every week took them most of the page.
    """
    start, until = RawSQL("span.start", ()), RawSQL("span.until", ())
    part = rows.filter(said_at__gte=start, said_at__lt=until).order_by().values("pk")
    sql, values = part.query.sql_with_params()
    moments = [connection.ops.adapt_datetimefield_value(end) for end in ends]
    spans = ", ".join(["(%s, %s)"] * (len(ends) - 1))
    counts = f"SELECT (SELECT COUNT(*) FROM ({sql}) AS said) FROM span ORDER BY start"  # noqa: S608  # Django's words
    with connection.cursor() as cursor:
        asked = [*chain.from_iterable(pairwise(moments)), *values]
        cursor.execute(f"WITH span(start, until) AS (VALUES {spans}) {counts}", asked)
        return [count for (count,) in cursor.fetchall()]


def weeks(group: Sequence[int], today: date) -> dict[str, Any]:
    """The last weeks as a line, this one not counted, and the finding in words."""
    last = _midnight(today - timedelta(days=today.weekday()))
    live = Opinion.objects.filter(theme__in=group, current=True)
    counts = counted(live, [last - n * WEEK for n in range(WEEKS, -1, -1)])
    most = max(counts)
    finding = say(
        "{n} tuần qua: tuần nhiều nhất {most} lời, tuần vừa rồi {last}",
        "{n} weeks: {most} at most in a week, {last} in the last one",
        n=WEEKS, most=number(most), last=number(counts[-1]),
    )  # fmt: skip
    table = [(day(day_of(last - (WEEKS - n) * WEEK)), count) for n, count in enumerate(counts)]
    return {
        "line": trend(counts, finding, size=(560, 72)),
        "finding": finding,
        "any": most > 0,
        "table": table,
    }


def places(group: Sequence[int], heaps: Sequence[Heap]) -> dict[str, Any]:
    """Where and how it was said, by the latest opinions; and by the files, which know provinces."""
    rows = Opinion.objects.filter(theme__in=group, current=True).order_by("-said_at", "-id")
    latest = list(rows.values_list("office", "channel")[:LATEST])
    offices = Counter(office for office, _ in latest)
    names = dict(Office.objects.filter(pk__in=offices).values_list("pk", "name"))
    channels = Counter(channel for _, channel in latest)
    files: Counter[str] = Counter()
    for heap in heaps:
        files.update({str(name): count for name, count in heap.provinces if name})
    return {
        "n": len(latest),
        "whole": len(latest) < LATEST,
        "offices": _bars({names[pk]: n for pk, n in offices.items()}),
        "offices_count": len(offices),
        "channels": _bars({say(*rules.CHANNELS[code]).capitalize(): n for code, n in channels.items()}),
        "files": _bars(files),
    }


def _bars(counts: dict[str, int]) -> list[dict[str, Any]]:
    whole = sum(counts.values())
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [
        {"name": name, "n": n, "share": percent(n / whole, 0), "bar": bar(n / whole)}
        for name, n in ranked[:PLACES]
    ]


def changed(group: Sequence[int], change: Change, today: date) -> Effect | None:
    """The opinions of whole weeks before a change against those since, as shares of all that was said then."""
    since = min((today - change.done_on).days // 7, MOST_WEEKS)
    at = _midnight(change.done_on)
    ends = [at + n * WEEK for n in range(-MOST_WEEKS, since + 1)]
    first = Opinion.objects.filter(current=True).aggregate(at=Min("said_at"))["at"]
    live = Opinion.objects.filter(theme__in=group, current=True)
    if since <= 0 or first is None:
        return None
    while (
        len(ends) > since + 1 and ends[0] < first - WEEK
    ):  # weeks before anybody was heard are no quiet weeks
        ends.pop(0)
    counts, n = counted(live, ends), len(ends) - 1 - since
    heard = counted(Opinion.objects.filter(current=True), [ends[0], at, ends[-1]])
    return effect(counts[:n], counts[n:], (heard[0], heard[1]))


def told(found: Effect | None, change: Change, today: date) -> dict[str, Any]:
    """An effect in a sentence, with the numbers of its figure; or when there will be enough."""
    if found is None:
        return {"enough_on": max(change.done_on + 4 * WEEK, today + WEEK)}
    if found.ratio is None or found.high is None:
        return {"sentence": say("Chưa thấy khác trước", "No difference is seen yet")}
    less, low, high = 1 - found.ratio, 1 - found.high, 1 - found.low
    size = percent(abs(less), 0)
    sentence = {
        "less": say("Người ta nói việc này ít đi {n}", "{n} less is said of this", n=size),
        "more": say("Người ta nói việc này nhiều thêm {n}", "{n} more is said of this", n=size),
        "same": say("Chưa thấy khác trước", "No difference is seen yet"),
    }[found.verdict]
    return {
        "sentence": sentence, "verdict": found.verdict, "at": less, "low": low, "high": high,
        "interval": say(
            "Khoảng tin cậy 95 %: {low} – {high}, số dương là ít đi",
            "95% interval: {low} – {high}; positive is less",
            low=percent(low, 0), high=percent(high, 0),
        ),
        "sample": say(
            "{x} lời trước, {y} lời sau, tính theo phần trong mọi lời nghe được",
            "{x} before, {y} after, as shares of everything heard",
            x=number(found.before), y=number(found.after),
        ),
    }  # fmt: skip


class Line:
    """What we did about a theme: answers, changes and tellings, the latest first; read in three queries."""

    def __init__(self, theme: Theme) -> None:
        by = "-at", "-pk"
        self.theme = theme
        self.answers = list(
            Answer.objects.filter(theme=theme).select_related("by", "promise__owner").order_by(*by)
        )
        self.changes = list(Change.objects.filter(theme=theme).select_related("by").order_by(*by))
        self.tellings = list(Telling.objects.filter(theme=theme).order_by("-begun_at", "-pk"))

    @property
    def answer(self) -> Answer | None:
        """The one that holds now."""
        return next((one for one in self.answers if one.current), None)

    @property
    def change(self) -> Change | None:
        """The latest change."""
        return next(iter(self.changes), None)

    def untold(self) -> Answer | Change | None:
        """What people should be told next: a published change before the answer that came before it."""
        changes = {one.change_id for one in self.tellings}
        answers = {one.answer_id for one in self.tellings}
        change = self.change
        if change is not None and change.pk not in changes:
            return change if change.published_at else None
        answer = self.answer
        done = change is not None and answer is not None and change.answer_id == answer.pk
        return answer if answer is not None and answer.pk not in answers and not done else None

    def steps(self, today: date, effect_told: str = "") -> list[dict[str, Any]]:
        """The thread: what happened in order, then what is still owed, stitched."""
        happened: list[tuple[datetime, dict[str, Any]]] = []
        happened += [(answer.at, self._answered(answer)) for answer in self.answers]
        for change in self.changes:
            mine = effect_told if change is self.change else ""
            happened += self._changed(change, mine)
        for telling in self.tellings:
            title = say("Báo lại {n} người", "{n person|people} told", n=number(telling.asked_count))
            left = telling.unreached_count
            facts = [day(telling.begun_at)]
            if telling.done_at is None:
                facts.append(say("máy đang soạn tiếp", "still being prepared"))
            elif left:
                facts.append(
                    say("{n} người chỉ đọc trên trang công bố", "{n} by the page alone", n=number(left))
                )
            happened.append((telling.begun_at, _step("done", title, *facts)))
        happened.sort(key=lambda one: one[0])
        return [*self._said(), *(step for _, step in happened), *self._owed(today)]

    def _said(self) -> list[dict[str, Any]]:
        theme, people = self.theme, number(self.theme.people_count)
        when = f"{say('mới nhất', 'last')} {day(theme.last_at)}" if theme.last_at else ""
        count = say("{n} lời", "{n opinion|opinions}", n=number(theme.opinions_count))
        by = say("người đặt tên", "named by a person") if theme.named else say("máy gom", "found by machine")
        return [
            _step("done", say("{n} người đã nói", "{n person|people} said it", n=people), count, when),
            _step("done", say("Gom thành một chủ đề", "Put together as a theme"), day(theme.made_at), by),
        ]

    def _answered(self, answer: Answer) -> dict[str, Any]:
        title = f"{say(*KINDS[answer.kind])}: “{answer.words}”"
        people = say("khi {n} người chờ", "{n} waited", n=number(answer.people_count))
        facts = [day(answer.at), answer.by.name, people]
        promise, state = answer.promise, "done"
        if promise is not None and promise.settled_on is not None:
            word = {
                "kept": say("đã nói lại", "answered again") if answer.kind == "later" else "",
                "broken": say("không giữ được lời", "the promise was broken"),
                "released": say("được miễn lời hứa", "released from the promise"),
            }[promise.state]
            facts += [f"{word} {day(promise.settled_on)}"] if word else []
            state = "late" if promise.state == "broken" else "done"
        step = _step(state, title, *facts)
        return {**step, **_promise(promise.pk)} if promise is not None else step

    def _changed(self, change: Change, effect_told: str) -> list[tuple[datetime, dict[str, Any]]]:
        answer = next(one for one in self.answers if one.pk == change.answer_id)
        due = answer.promise.first_due if answer.promise is not None else change.done_on
        behind = days_late(due, change.done_on)
        when = (
            say("muộn {n} ngày", "{n day|days} late", n=behind)
            if behind
            else say("sớm {n} ngày", "{n day|days} early", n=(due - change.done_on).days)
            if due > change.done_on
            else say("đúng hẹn", "in time")
        )
        title = f"{say('Đã làm', 'Done')}: {change.what}"
        proof = f"{say('bằng chứng', 'proof')}: {change.proof}"
        done = _step("kept", title, day(change.done_on), when, change.by.name, proof)
        if effect_told:
            done["effect"] = effect_told
        steps = [(change.at, done)]
        if change.published_at:
            word = say("Công bố cho mọi người đọc", "Published for everybody")
            steps.append((change.published_at, _step("done", word, day(change.published_at))))
        return steps

    def _owed(self, today: date) -> list[dict[str, Any]]:
        """What has not happened yet: the promise by its day first."""
        theme, answer, change = self.theme, self.answer, self.change
        owed: list[dict[str, Any]] = []
        if theme.state == "waiting":
            wait = say("chờ từ {on}", "since {on}", on=day(theme.since)) if theme.since else ""
            owed.append(_step("due", say("Trả lời", "Answer"), wait))
        promise = answer.promise if answer is not None else None
        if promise is not None and promise.state == "open":
            behind = days_late(promise.due, today)
            word = late(behind) if behind else say("Hạn {on}", "Due {on}", on=day(promise.due))
            step = _step("late" if behind else "due", word, promise.owner.name)
            owed.append({**step, **_promise(promise.pk)})
        if change is not None and not change.published_at:
            owed.append(_step("next", say("Công bố", "Publish")))
        if theme.state in ("waiting", "promised") or self.untold() is not None:
            owed.append(_step("next", say("Báo lại cho người đã nói", "Tell those who said it")))
        return owed


def _step(state: str, title: str, *facts: str) -> dict[str, Any]:
    return {"state": state, "title": title, "facts": " · ".join(fact for fact in facts if fact)}


def _promise(number: int) -> dict[str, str]:
    return {"href": reverse("promise", args=[number]), "link": say("xem lời hứa", "see the promise")}


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), HANOI)


def found(opinions: QuerySet[Opinion], group: Sequence[int], phrase: str, most: int) -> list[Opinion]:
    """The latest opinions on a theme among these; or of the latest :data:`LOOKED` those with a phrase in them, with
    accents or without."""
    rows = opinions.filter(theme__in=group, current=True).order_by("-said_at", "-id")
    if phrase:
        sought = fold(phrase)
        # Ids as text: to make objects of them takes as long as to read the words.
        texts = rows.values_list(Cast("pk", CharField()), "text")[:LOOKED]
        holding = (pk for pk, text in texts if sought in fold(text))
        rows = rows.filter(pk__in=list(islice(holding, most)))
    return list(rows.select_related("office", "forwarded_to")[:most])


def joined(theme: Theme) -> list[Theme]:
    """The themes that were put into this one."""
    return list(Theme.objects.filter(into=theme).order_by("name", "pk"))
