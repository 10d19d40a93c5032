"""What each rule of the contact gate finds about one ask, at its moment and by the law of its day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from tantam import clock, law
from tantam.law import Row
from tantam.office.channels.asked import Ask, Consented, Contact, Known
from tantam.office.channels.verdicts import EVERYTHING

Outcome = Literal["send", "hold", "refuse"]

UNASKED = ("care", "advertising", "registration", "survey", "invitation")
"""Purposes that we begin: all of them count in our own frequency."""


@dataclass(frozen=True)
class Found:
    """One thing found: a row of the law or one of our own rules says so. A hold has an ``until`` and nothing else has:
    no ask is sent before it as far as this rule and the law of the day go."""

    outcome: Outcome
    code: str
    rule: Row | str
    until: datetime | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """The rows in force on a day, and the next day on which any row changes."""

    day: int
    rows: dict[str, Row]
    changes: int | None

    def row(self, code: str) -> Row:
        """The row in force; refuses ``no_rule_then``."""
        return self.rows[code] if code in self.rows else law.ask(code, self.day)

    def number(self, code: str) -> int:
        """Its value, a whole number in its own unit."""
        return int(self.row(code).value)


@lru_cache(maxsize=64)
def book_of(day: int) -> Book:
    """The law of a day, days since 1970."""
    ends = {end for row in law.rows() for end in (row.since, row.until) if end is not None and end > day}
    return Book(day, {row.code: row for row in law.rows() if row.holds(day)}, min(ends, default=None))


def _service(ask: Ask, known: Known, book: Book) -> Iterator[Found]:
    own = [said for said in known.consents if said.purpose == ask.purpose]
    yield from _refusal(ask, own, "house_refused")
    yield Found("send", "service_notice", book.row("service_notice_exempt"))
    yield _allowed()


def _advertising(ask: Ask, known: Known, book: Book) -> Iterator[Found]:
    yield from _refusal(ask, known.consents, book.row("ads_stop_after_refusal"))
    if known.listed:
        yield _listed(ask, book)
    consent = _consent(ask, known)
    if consent is None:
        asked = _registrations(known)
        if asked:
            yield Found("refuse", "silence", book.row("ads_registration_sms"), values={"since": asked[0]})
        yield Found("refuse", "no_consent", book.row("ads_consent_first"))
    else:
        yield from _doubts(consent, book)
    yield from _hours(ask, book, ours=False)
    ads = [contact for contact in known.contacts if contact.purpose == "advertising"]
    yield from _frequency(ask, ads, book, book.row(f"ads_{ask.channel}_per_24h"))
    if consent is not None:
        n = len(_in_window(ask, ads, book))
        values = {"since": _local(consent.at), "n": n, **_most(ask, book)}
        yield Found("send", "consented", book.row("ads_consent_first"), values=values)
    yield _allowed()


def _registration(ask: Ask, known: Known, book: Book) -> Iterator[Found]:
    once = book.row("ads_registration_sms")
    refused = [
        said
        for said in known.consents
        if not said.granted and said.purpose in ("advertising", "registration", EVERYTHING)
    ]
    if refused:
        yield _refuse(min(refused, key=_order), once)
    if known.listed:
        yield _listed(ask, book)
    asked = _registrations(known)
    if len(asked) >= int(once.value):
        yield Found("refuse", "registered_once", once, values={"since": asked[0], "most": once.value})
    yield from _hours(ask, book, ours=False)
    if ask.channel == "sms":
        yield from _doubt("ads_registration_label", book)
    yield Found("send", "first_registration", once, values={"most": once.value})
    yield _allowed()


def _health(ask: Ask, known: Known, book: Book) -> Iterator[Found]:
    yield from _refusal(ask, known.consents, "house_refused")
    consent = _consent(ask, known)
    if consent is None:
        yield Found("refuse", "not_asked", "house_health_asked")
    else:
        yield from _doubts(consent, book)
    yield from _hours(ask, book, ours=True)
    yield _allowed()


def _reply(ask: Ask, known: Known, book: Book) -> Iterator[Found]:
    yield from _refusal(ask, known.consents, "house_refused")
    yield from _hours(ask, book, ours=True)
    yield _allowed()


def _unasked(ask: Ask, known: Known, book: Book) -> Iterator[Found]:
    yield from _refusal(ask, known.consents, "house_refused")
    consent, by_purpose = _consent(ask, known), book.rows.get("consent_per_purpose")
    if consent is not None:
        yield from _doubts(consent, book)
    elif by_purpose is not None:
        yield Found("refuse", "no_consent", by_purpose)
    if ask.channel != "call":  # whoever did not pick up may be called again the same day
        ours = [contact for contact in known.contacts if contact.purpose in UNASKED]
        yield from _frequency(ask, ours, book, "house_frequency")
    yield from _hours(ask, book, ours=True)
    yield _allowed()


FINDERS: Mapping[str, Callable[[Ask, Known, Book], Iterator[Found]]] = {
    "service": _service,
    "advertising": _advertising,
    "registration": _registration,
    "health": _health,
    "reply": _reply,
} | dict.fromkeys(("care", "survey", "invitation"), _unasked)
"""Purpose → all that is found about an ask. The first refusal decides, else the longest hold, else the first send."""


def _allowed() -> Found:
    return Found("send", "allowed", "house_allowed")


def _refuse(said: Consented, rule: Row | str) -> Found:
    return Found("refuse", "refused", rule, values={"refused": said.purpose, "since": _local(said.at)})


def _listed(ask: Ask, book: Book) -> Found:
    return Found(
        "refuse", "listed", "house_list" if ask.channel == "mail" else book.row("ads_do_not_call_check")
    )


def _refusal(ask: Ask, consents: Iterable[Consented], rule: Row | str) -> Iterator[Found]:
    """The latest refusal that stands."""
    meeting = [said for said in consents if said.meets(ask)]
    yes = [said for said in meeting if said.granted and said.at <= ask.at]
    standing = [
        no
        for no in meeting
        if not no.granted and not any(no.at < said.at and no.product in ("", said.product) for said in yes)
    ]
    if standing:
        yield _refuse(max(standing, key=_order), rule)


def _order(said: Consented) -> tuple[datetime, str, str, str]:
    """By time; the rest only so that no order of what is known changes a sentence."""
    return said.at, said.purpose, said.product, said.proof


def _consent(ask: Ask, known: Known) -> Consented | None:
    """The latest yes up to now to this purpose; whether it was taken back is another question."""
    yes = (said for said in known.consents if said.granted and said.meets(ask) and said.at <= ask.at)
    return max(yes, key=_order, default=None)


def _doubts(consent: Consented, book: Book) -> Iterator[Found]:
    """What a consent leaves to verify: can it be proven, was it informed, does it hold if older than the law."""
    codes = [] if consent.proof else ["consent_per_purpose"]
    codes += ["ads_consent_informed"] if consent.purpose == "advertising" else []
    old = book.rows.get("old_consents_valid")
    if old is not None and clock.to_days(clock.day_of(consent.at)) < old.since:
        codes.append(old.code)
    for code in codes:
        yield from _doubt(code, book)


def _doubt(code: str, book: Book) -> Iterator[Found]:
    """Nothing but a warning, while the row is unverified."""
    row = book.rows.get(code)
    if row is not None and row.verify:
        yield Found("send", "allowed", row)


def _registrations(known: Known) -> list[datetime]:
    return sorted(_local(contact.at) for contact in known.contacts if contact.purpose == "registration")


def _hours(ask: Ask, book: Book, *, ours: bool) -> Iterator[Found]:
    if ask.channel == "mail":
        return
    first, last = book.row(f"ads_{ask.channel}_from"), book.row(f"ads_{ask.channel}_until")
    now = _local(ask.at)
    opens, closes = (
        datetime.combine(now.date(), time.fromisoformat(str(row.value)), clock.HANOI) for row in (first, last)
    )
    if opens <= now < closes:
        return
    early = now < opens
    rule = "house_hours" if ours else first if early else last
    values = {"opens": first.value, "closes": last.value}
    yield Found("hold", "hours", rule, opens if early else opens + timedelta(days=1), values)


def _frequency(ask: Ask, contacts: list[Contact], book: Book, rule: Row | str) -> Iterator[Found]:
    most = _most(ask, book)
    ends = _in_window(ask, contacts, book)
    over = len(ends) - most["most"]
    if over >= 0:
        yield Found("hold", "frequency", rule, ends[over], {"n": len(ends), **most})
        yield from _doubt("ads_window", book)


def _most(ask: Ask, book: Book) -> dict[str, int]:
    return {"most": book.number(f"ads_{ask.channel}_per_24h"), "hours": book.number("ads_window")}


def _in_window(ask: Ask, contacts: list[Contact], book: Book) -> list[datetime]:
    """When each contact that counts now leaves the window, sorted. Later ones than now are in it too."""
    window = timedelta(hours=book.number("ads_window"))
    ends = (c.at + window for c in contacts if (c.channel, c.advertiser) == (ask.channel, ask.advertiser))
    return sorted(end for end in ends if end > ask.at)


def _local(at: datetime) -> datetime:
    return at.astimezone(clock.HANOI)


def midnight(day: int) -> datetime:
    """The beginning of a day in Vietnam."""
    return datetime.combine(clock.to_date(day), time(), clock.HANOI)
