"""The contact gate: may we contact this person, for this, this way, now? Pure: no database and no clock.

The figures are asked of :mod:`tantam.law` by the day of the ask in Vietnam; a day before the law began is refused
there (``no_rule_then``). A row marked ``verify`` never refuses and never holds: its code goes to ``warn``.
The text of the law knows no holidays, so neither does the gate.

Codes of a verdict (sentences in ``verdicts.py``):

- send: ``service_notice`` (only about the service in use), ``consented`` (advertising), ``first_registration``,
  ``allowed`` (anything else, by our own rules)
- hold: ``hours`` (too early or too late), ``frequency`` (enough in the sliding window)
- refuse: ``refused`` (the person said no), ``listed`` (do-not-call list), ``no_consent``, ``silence`` (asked to sign
  up and never answered), ``registered_once`` (a second request to sign up), ``not_asked`` (health)

Choices where the law leaves one:

- Hours are half-open: 07:00:00 may, 22:00:00 may not. The law has none for mails, and so have we.
- A contact exactly one window ago no longer counts. One later than the ask (the clock went back) counts as now.
- A refusal counts whatever its time, and before a consent of the same moment. A later consent lifts it only when it
  is for that very purpose, and as narrow: consent to all advertising does not lift the refusal of one product.
- Nothing lifts the rule of one request to sign up: not after a refusal of any advertising, whoever the advertiser.
- Service notices are exempt from everything but a refusal of service notices themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tantam import clock
from tantam.law import Row
from tantam.office.channels.asked import Ask, Consented, Contact, Known
from tantam.office.channels.findings import FINDERS, Found, Outcome, book_of, midnight
from tantam.office.channels.verdicts import CHANNELS, EVERYTHING, HOUSE, PURPOSES, sentences

__all__ = [
    "CHANNELS",
    "EVERYTHING",
    "HOUSE",
    "PURPOSES",
    "Ask",
    "Consented",
    "Contact",
    "Known",
    "Verdict",
    "decide",
]


@dataclass(frozen=True)
class Verdict:
    """``send``, ``hold`` until a moment (in Vietnam's zone) or ``refuse``, and why.

    ``rule`` is a code of the law's table or of :data:`HOUSE`; ``warn`` holds codes of unverified rows.
    """

    outcome: Outcome
    until: datetime | None
    code: str
    rule: str
    warn: tuple[str, ...]
    vi: str
    en: str


def decide(ask: Ask, known: Known) -> Verdict:
    """The verdict on one ask. ``until`` is the first moment at which the same would be sent if nothing else happens.

    Refuses ``no_rule_then`` on a day before the law.
    """
    found, warn = _judge(ask, known)
    until = found.until
    values = dict(found.values)
    if until is not None:
        while (later := _judge(replace(ask, at=until), known)[0].until) is not None:
            until = later
        until = until.astimezone(clock.HANOI)
        # Said in whole minutes, and never too early.
        values["until"] = until + (datetime.min - until.replace(tzinfo=None)) % timedelta(minutes=1)
    rule = found.rule if isinstance(found.rule, str) else found.rule.code
    said = sentences(
        found.code, purpose=ask.purpose, channel=ask.channel, ours=isinstance(found.rule, str), values=values
    )
    return Verdict(found.outcome, until, found.code, rule, warn, *said)


def _judge(ask: Ask, known: Known) -> tuple[Found, tuple[str, ...]]:
    """What decides at this moment, and the codes that warn. A hold's ``until`` never lies past the first moment at
    which the ask might be sent, so that looking again then, until it no longer holds, finds that moment."""
    book = book_of(clock.to_days(clock.day_of(ask.at)))
    sure: list[Found] = []
    warn: dict[str, None] = {}
    for found in FINDERS[ask.purpose](ask, known, book):
        if isinstance(found.rule, Row) and found.rule.verify:
            warn[found.rule.code] = None
        else:
            sure.append(found)
    holds = [found for found in sure if found.until is not None]
    first = next((found for found in sure if found.outcome == "refuse"), None)
    if first is None and holds:
        first = max(holds, key=lambda found: found.until or ask.at)
        if book.changes is not None:
            first = replace(first, until=min(first.until or ask.at, midnight(book.changes)))
    return first or next(found for found in sure if found.outcome == "send"), tuple(warn)
