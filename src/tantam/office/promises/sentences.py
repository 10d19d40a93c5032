"""The kept-promise rate and the state of a promise in words: the same on every page, in the API and at the terminal."""

from __future__ import annotations

from datetime import date

from tantam.office import words
from tantam.office.promises.models import BROKEN, KEPT, OPEN, Promise
from tantam.office.promises.rules import FEW, KINDS, Rate, days_late


def headline(rate: Rate) -> str:
    """“94,2 %”; below 30 due “27 trong 28”, since a percentage of so few says more than it knows; nothing for none."""
    if rate.rate is None:
        return ""
    if rate.due < FEW:
        return words.say("{n} trong {due}", "{n} of {due}", n=words.number(rate.kept_on_time), due=rate.due)
    return words.percent(rate.rate)


def sentence(rate: Rate, when: str = "") -> str:
    """“1.847 trong 1.961 lời hứa đến hạn quý III đã giữ đúng ngày, có bằng chứng.” ``when`` as it is read there."""
    when = f" {when}" if when else ""
    if not rate.due:
        return words.say("Chưa lời hứa nào đến hạn{when}.", "No promise has come due{when}.", when=when)
    return words.say(
        "{n} trong {due} lời hứa đến hạn{when} đã giữ đúng ngày, có bằng chứng.",
        "{n} of {due} promises due{when} were kept on time, with proof.",
        n=words.number(rate.kept_on_time),
        due=words.number(rate.due),
        when=when,
    )


def kind(code: str) -> str:
    """What a kind of promise is called."""
    return words.say(*KINDS.get(code, (code, code)))


def state(promise: Promise, today: date) -> str:
    """How one promise stands, in a sentence."""
    late = days_late(promise.first_due, promise.settled_on or today)
    if promise.state == OPEN:
        return _open(promise, late)
    on = words.day(promise.settled_on or today)
    if promise.state == KEPT and late:
        return words.say(
            "Đã giữ ngày {on}, muộn {n} ngày.", "Kept on {on}, {n day|days} late.", on=on, n=late
        )
    if promise.state == KEPT:
        return words.say("Đã giữ đúng hạn, ngày {on}.", "Kept in time, on {on}.", on=on)
    if promise.state == BROKEN:
        return words.say("Không giữ được, nhận ngày {on}.", "Broken; owned up to on {on}.", on=on)
    return words.say("Đã được miễn ngày {on}.", "Released on {on}.", on=on)


def _open(promise: Promise, late: int) -> str:
    due, first = words.day(promise.due), words.day(promise.first_due)
    moved = promise.due != promise.first_due
    if late and moved:
        return words.say(
            "Trễ {n} ngày so với hẹn đầu {first}; đã dời sang {due}.",
            "{n day|days} late against the first date, {first}; moved to {due}.",
            n=late,
            first=first,
            due=due,
        )
    if late:
        return words.say("Trễ {n} ngày, hạn {due}.", "{n day|days} late; it was due {due}.", n=late, due=due)
    if moved:
        return words.say(
            "Còn nợ. Hẹn đầu {first}, đã dời sang {due}.",
            "Owed. First due {first}, moved to {due}.",
            first=first,
            due=due,
        )
    return words.say("Còn nợ, hạn {due}.", "Owed, due {due}.", due=due)
