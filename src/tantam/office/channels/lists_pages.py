"""How each list of messages stands: what of it went and arrived, what waits and why, and when the rest has gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from tantam.office.channels.models import (
    ARRIVED,
    FAILED,
    REFUSED,
    SENT,
    TAKEN,
    UNKNOWN,
    WAITING,
    Judgement,
    Message,
)
from tantam.office.channels.reasons import why
from tantam.office.channels.shown import STATES
from tantam.office.paging import COUNTED
from tantam.office.tags import split
from tantam.office.words import moment, number, say, span

About = tuple[str, str]

ABOUT = {
    "event": ("/events/{}/", "Buổi gặp {n}", "Gathering {n}"),
    "round": ("", "Đợt chăm sóc {n}", "Care round {n}"),
    "telling": ("", "Báo lại chủ đề, lần {n}", "Telling {n} of a theme"),
    "camp_notice": ("", "Báo bà con ngày khám", "Notice of a camp day"),
}
"""Kind of what a list belongs to → its address (only an address: those rooms stand above this one), its name."""

BARS = {
    ARRIVED: "la",
    SENT: "cham",
    TAKEN: "cham",
    UNKNOWN: "nghe",
    FAILED: "son",
    REFUSED: "line",
    WAITING: "sunk",
}
"""State → its colour in a bar, in the order of the bar."""

MOST = 8
"""Lists that are shown at once."""

LATELY = timedelta(minutes=5)
STILL = timedelta(minutes=2)
ENOUGH = 20
SHORTEST = timedelta(seconds=10)
"""A speed is told from what went in the last minutes: so many messages over so long, and not if nothing went since."""

REASONS = 3
"""Reasons that are named for each state; the rest is counted together."""


def going(mine: QuerySet[Message], seen: Sequence[int] | None, *, at: datetime) -> list[About]:
    """The lists at work: those next in line, those judged last, those asked for last, within a day.

    Three bounded looks, so that a million messages cost no more than a thousand: of lists that wait for a later day
    behind a thousand messages that are due earlier, nothing is said until their turn comes.
    """
    day = at - timedelta(days=1)
    both = "about_kind", "about_id"
    soon = mine.filter(due_at__isnull=False).order_by("due_at", "id").values_list(*both)[:COUNTED]
    asked = mine.filter(asked_at__gt=day).order_by("-asked_at", "-id").values_list(*both)[:COUNTED]
    judged = Judgement.objects.order_by("-pk").values_list(
        "at", "message__office", "message__about_kind", "message__about_id"
    )[:COUNTED]
    lately = [
        (kind, id) for when, office, kind, id in judged if when > day and (seen is None or office in seen)
    ]
    found = dict.fromkeys([*soon, *lately, *asked])
    return [one for one in found if one[0] in ABOUT][:MOST]


def standing(lists: Sequence[About], mine: QuerySet[Message], *, at: datetime) -> list[dict[str, Any]]:
    """What the page says of each list that has messages, in one query over all of them."""
    if not lists:
        return []
    first, *others = [_counted(mine.filter(about_kind=kind, about_id=id), at) for kind, id in lists]
    rows: dict[About, list[dict[str, Any]]] = {one: [] for one in lists}
    for row in first.union(*others, all=True) if others else first:
        rows[row["about_kind"], row["about_id"]].append(row)
    return [_shown(about, some, at) for about, some in rows.items() if some]


def address(about: About, **more: str) -> str:
    """The address of a list's messages."""
    return "?" + urlencode({"about": ":".join(about), **more})


def name(about: About) -> str:
    """What a list belongs to, by kind and number."""
    kind, id = about
    _, vi, en = ABOUT.get(kind, ("", "Danh sách {kind} {n}", "List {kind} {n}"))
    return say(vi, en, kind=kind, n=id)


def _counted(rows: QuerySet[Message], at: datetime) -> QuerySet[Message, Any]:
    lately = Q(taken_at__gt=at - LATELY)
    return (
        rows.order_by()
        .values("about_kind", "about_id", "state", "code")
        .annotate(
            n=Count("*"),
            paid=Sum("parts", filter=Q(channel="sms")),
            due=Count("due_at", filter=Q(due_at__lte=at)),
            until=Min("due_at"),
            lately=Count("taken_at", filter=lately),
            begun=Min("taken_at", filter=lately),
            last=Max("taken_at"),
        )
    )


def _shown(about: About, rows: Sequence[dict[str, Any]], at: datetime) -> dict[str, Any]:
    counts, parts = Counter[str](), Counter[str]()
    for row in rows:
        counts[row["state"]] += row["n"]
        parts[row["state"]] += row["paid"] or 0
    whole, waiting = sum(counts.values()), counts[WAITING]
    due = sum(row["due"] for row in rows)
    until = min((row["until"] for row in rows if row["until"] and row["until"] > at), default=None)
    kind, id = about
    return {
        "name": name(about),
        "href": address(about),
        "open": ABOUT[kind][0].format(id) if kind in ABOUT and id.isdecimal() else "",
        "whole": whole,
        "done": whole - waiting - counts[TAKEN],
        "moving": waiting > 0 or counts[TAKEN] > 0,
        "chip": _chip(due + counts[TAKEN], waiting, until),
        "rest": _rest(rows, due, at),
        "later": _later(waiting - due, until),
        "bar": split(*(part for state, tone in BARS.items() for part in (counts[state], tone))),
        "legend": [
            {
                "tone": tone,
                "n": counts[state],
                "word": say(*STATES[state][:2]).lower(),
                "href": address(about, state=state),
            }
            for state, tone in BARS.items()
            if counts[state]
        ],
        "reasons": [line for state in (WAITING, REFUSED, FAILED) for line in _reasons(state, rows)],
        "paid": sum(parts[state] for state in (TAKEN, SENT, ARRIVED, FAILED, UNKNOWN)),
        "to_pay": parts[WAITING],
    }


def _chip(now: int, waiting: int, until: datetime | None) -> tuple[str, str]:
    """Colour and word: is it going on, does it wait for its hour, or is it over."""
    if now:
        return "cham", say("đang gửi", "going out")
    if waiting and until is not None:
        return "nghe", say("chờ tới {at}", "waits until {at}", at=moment(until))
    return "la", say("đã xong", "finished")


def _rest(rows: Iterable[dict[str, Any]], due: int, at: datetime) -> str:
    """When those that are due will have gone, by the speed of the last minutes, or that nobody can tell yet."""
    if not due:
        return ""
    some = list(rows)
    went = sum(row["lately"] for row in some)
    begun = min((row["begun"] for row in some if row["begun"]), default=at)
    last = max((row["last"] for row in some if row["last"]), default=None)
    if went >= ENOUGH and at - begun >= SHORTEST and last is not None and at - last <= STILL:
        a_minute = went * timedelta(minutes=1) / (at - begun)
        left = _rounded_up(timedelta(minutes=due / a_minute))
        return say(
            "còn chừng {left}, mỗi phút chừng {n} tin", "about {left} left, about {n} a minute",
            left=span(left), n=number(round(a_minute)),
        )  # fmt: skip
    if last is not None and at - last > STILL:
        return say(
            "chưa đủ số liệu để đoán bao giờ xong: đã {span} không tin nào đi",
            "not enough data to tell when it ends: nothing went for {span}",
            span=span(at - last),
        )
    return say("chưa đủ số liệu để đoán bao giờ xong", "not enough data yet to tell when it ends")


def _rounded_up(left: timedelta) -> timedelta:
    unit = timedelta(minutes=1) if left < timedelta(hours=1) else timedelta(hours=1)
    return max(-(-left // unit) * unit, unit)


def _later(count: int, until: datetime | None) -> str:
    if not count or until is None:
        return ""
    return say(
        "{n} tin chờ, sớm nhất từ {at}",
        "{n} wait, from {at} at the earliest",
        n=number(count),
        at=moment(until),
    )


def _reasons(state: str, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The likeliest reasons of a state, and how many messages have another one."""
    mine = sorted((row for row in rows if row["state"] == state), key=lambda row: (-row["n"], row["code"]))
    mine = [row for row in mine if state != WAITING or row["code"]]
    for row in mine[:REASONS]:
        yield {
            "state": say(*STATES[state][:2]),
            "why": why(row["code"]),
            "n": row["n"],
            "until": row["until"],
        }
    if rest := sum(row["n"] for row in mine[REASONS:]):
        yield {
            "state": say(*STATES[state][:2]),
            "why": say("lý do khác", "other reasons"),
            "n": rest,
            "until": None,
        }
