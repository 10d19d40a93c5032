"""The contact gate at the terminal: whether a person may be contacted, and the rule behind it."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tantam.cli.door import home_option, json_option
from tantam.office.channels.verdicts import CHANNELS, PURPOSES

if TYPE_CHECKING:
    from tantam.office.channels.rules import Known, Verdict

SHOWN = {"send": "GỬI ĐƯỢC · send", "hold": "CHỜ · hold", "refuse": "KHÔNG · refuse"}


@click.group()
def gate() -> None:
    """May we contact this person, for this, this way, now?"""


@gate.command()
@click.argument("key", metavar="KEY")
@click.argument("purpose", metavar="PURPOSE", type=click.Choice(list(PURPOSES)))
@click.option("--at", "when", metavar="TIME", required=True, help="When, like “2026-11-22 21:30” in Vietnam.")
@click.option("--channel", type=click.Choice(list(CHANNELS)), default="sms", show_default=True)
@json_option
@home_option
def explain(key: str, purpose: str, when: str, channel: str, as_json: bool, home: Path) -> None:
    """Say whether a contact would go (send), wait (hold) or not go (refuse), and the rule behind it.

    \b
    tantam gate explain TB-7Q4K-20M1-9XC3D advertising --at "2026-11-22 21:30"
    PURPOSE: service, care, reply, advertising, registration, survey, invitation or health.
    TIME is in Vietnam unless it has a zone, like 2026-11-22T14:30Z.
    What is known is the base, and what the office wrote down: yes and no, and what was sent.
    A rule that begins with house_ is our own; the others are rows of `tantam law show`.
    """
    from tantam import keys
    from tantam.office.channels.rules import Ask, decide

    ask = Ask(purpose, channel, moment(when))
    verdict = decide(ask, known(home, keys.parse(key), ask.at))
    click.echo(
        json.dumps(_plain(verdict), ensure_ascii=False, indent=2) if as_json else _said(verdict, ask.at)
    )


def moment(text: str) -> datetime:
    """Read ``2026-11-22 21:30``, in Vietnam unless it has a zone, or ISO 8601; refuses (``bad_time``) anything else,
    also a day without an hour."""
    from tantam.clock import HANOI
    from tantam.errors import BadInput

    try:
        at = datetime.fromisoformat(text.strip())
        local = (at if at.tzinfo else at.replace(tzinfo=HANOI)).astimezone(HANOI)
    except (ValueError, OverflowError):
        local = None
    if local is None or local.year == date.max.year or _is_day(text):
        raise BadInput("bad_time", f"“{text}” is not a time.", "Write it as “2026-11-22 21:30”.")
    return local


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def known(home: Path, key: int, at: datetime) -> Known:
    """What the gate knows of one subscriber: what the base says, and the office where there is one. Refuses
    ``no_base``, ``unknown_key``."""
    from tantam.base.home import Home
    from tantam.base.store import read_one
    from tantam.cli.office_home import open_office
    from tantam.errors import BadInput, Refused
    from tantam.office.channels import subscribers
    from tantam.office.channels.rules import Known

    place = Home(home)
    if read_one(place, key) is None:
        raise BadInput(
            "unknown_key", "No subscriber of this base has that key.", "It may have asked to be forgotten."
        )
    try:
        open_office(home)
    except Refused:  # no office here yet: the base is all there is
        return Known(subscribers.said(place, [key])[key])
    from tantam.office.channels.actions import known

    return known([key], at=at)[key]


def _plain(verdict: Verdict) -> dict[str, object]:
    return {
        "outcome": verdict.outcome,
        "until": None if verdict.until is None else verdict.until.isoformat(),
        "code": verdict.code,
        "rule": verdict.rule,
        "warn": list(verdict.warn),
        "sentence_vi": verdict.vi,
        "sentence_en": verdict.en,
    }


def _said(verdict: Verdict, at: datetime) -> str:
    """The verdict and, for each rule it names, what the rule says and where it is written."""
    lines = [SHOWN[verdict.outcome], verdict.vi, verdict.en, "", *_rule(verdict.rule, at)]
    if verdict.warn:
        lines += [
            "",
            "Chưa kiểm chứng, cần một người có tên đồng ý · unverified: a named person must say yes",
        ]
        lines += [line for code in verdict.warn for line in _rule(code, at)]
    return "\n".join(lines)


def _rule(code: str, at: datetime) -> list[str]:
    from tantam import law
    from tantam.clock import day_of, to_days
    from tantam.office.channels.verdicts import HOUSE

    if code in HOUSE:
        vi, en = HOUSE[code]
        return [f"{code}: lệ của ta, không phải luật · our own rule, not the law", f"  {vi}", f"  {en}"]
    row = law.ask(code, to_days(day_of(at)))
    return [f"{code}: {row.source}, {row.article}", f"  {row.vi}", f"  {row.en}"]
