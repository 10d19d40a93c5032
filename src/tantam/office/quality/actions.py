"""What may happen to levels: declared, pledged, ended; and what the room holds on a person. Files of measurements come
in through :mod:`~tantam.office.quality.loading`, months are judged by :mod:`~tantam.office.quality.judging`, people are
asked by :mod:`~tantam.office.quality.votes`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Office, Staff
from tantam.office.promises import rules as promise_rules
from tantam.office.quality import chain
from tantam.office.quality.chain import Warned
from tantam.office.quality.models import Ballot, Declared, Pledge

M = TypeVar("M", bound=Model)


class Made(NamedTuple, Generic[M]):
    """The row that an act made, and what is to be seen beside it."""

    row: M
    warnings: list[Warned]


def declare(
    *,
    actor: Staff,
    at: datetime,
    indicator: str,
    level: Decimal,
    from_on: date,
    document: str,
    to_on: date | None = None,
) -> Made[Declared]:
    """Write down what was declared to the authority, with the document's number and day. It ends what was declared
    before it, and ends itself where a later one begins. The same again is the one already there.

    Refuses ``no_indicator``, ``bad_level``, ``bad_period``, ``empty_declaration``, ``too_long``, ``declared_exists``
    (another level from that day), ``looser_than_regulation``, and ``looser_than_declared`` where a pledge would be
    looser than it.
    """
    enter(actor, "quality.declare")
    of = chain.indicator_of(indicator)
    level = chain.check_level(of, level)
    chain.check_days(from_on, to_on)
    said = chain.check_text("empty_declaration", "The declaration", {"document": document})
    with transaction.atomic():
        known = Declared.objects.select_for_update().filter(indicator=indicator)
        same = known.filter(from_on=from_on).first()
        if same is not None:
            return _declared_again(same, level)
        later = known.filter(from_on__gt=from_on).order_by("from_on").first()
        if later is not None and (to_on is None or to_on > later.from_on):
            to_on = later.from_on
        new = Declared(
            indicator=indicator, level=level, from_on=from_on, to_on=to_on, by=actor, at=at, **said
        )
        warnings = chain.check_regulation(of, new)
        for pledge in Pledge.objects.filter(_ends_after(from_on), indicator=indicator):
            chain.check_declared(of, pledge, [new], pledge.code)
        known.filter(_ends_after(from_on), from_on__lt=from_on).update(to_on=from_on)
        new.save()
        _tell("quality.declared", "declared", new.pk, actor, at, indicator=indicator, from_on=from_on)
    return Made(new, warnings)


def pledge(
    *,
    actor: Staff | None,
    at: datetime,
    code: str,
    indicator: str,
    level: Decimal,
    text_vi: str,
    remedy_vi: str,
    remedy_days: int,
    owner: Staff,
    office: Office,
    from_on: date,
    to_on: date | None = None,
    text_en: str = "",
    remedy_en: str = "",
    each_province: bool = True,
    invented: bool = False,
) -> Made[Pledge]:
    """Promise customers a level of an indicator, in each province or for the country as a whole, and what we do where
    we fail, within so many working days. The same again is the one already there.

    Refuses ``no_indicator``, ``bad_level``, ``bad_period``, ``empty_pledge``, ``too_long``, ``bad_remedy_days``,
    ``owner_left``, ``pledge_exists`` (another one of that code then), ``looser_than_declared``,
    ``looser_than_regulation``. One without anything declared may be made, and says so in its warnings.
    """
    enter(actor, "quality.pledge", office)
    of = chain.indicator_of(indicator)
    level = chain.check_level(of, level)
    chain.check_days(from_on, to_on)
    needed = {"code": code, "text_vi": text_vi, "remedy_vi": remedy_vi}
    said = chain.check_text("empty_pledge", "The pledge", needed, text_en=text_en, remedy_en=remedy_en)
    _check_remedy_days(remedy_days)
    promise_rules.check_owner(owner.is_active)
    with transaction.atomic():
        new = Pledge(
            indicator=indicator, level=level, each_province=each_province, remedy_days=remedy_days, owner=owner,
            office=office, from_on=from_on, to_on=to_on, invented=invented, at=at, **said,
        )  # fmt: skip
        known = Pledge.objects.select_for_update().filter(_ends_after(from_on), code=said["code"])
        for other in known if to_on is None else known.filter(from_on__lt=to_on):
            return _pledged_again(other, new)
        declared = Declared.objects.filter(indicator=indicator).order_by("from_on")
        warnings = chain.check_declared(of, new, declared) + chain.check_regulation(of, new)
        new.save()
        _tell("quality.pledged", "pledge", new.pk, actor, at, office, indicator=indicator, from_on=from_on)
    return Made(new, warnings)


def end_pledge(pledge: Pledge, *, actor: Staff | None, at: datetime, on: date, why: str) -> Pledge:
    """Let a pledge hold no longer from a day on, today or later, and say why; the months before stay judged by it.
    Ended again with the same words, it was ended before.

    Refuses ``no_reason``, ``too_long``, ``pledge_ended``, ``ended_in_the_past``, ``bad_period``.
    """
    enter(actor, "quality.pledge", pledge.office)
    said = chain.check_text("no_reason", "The end of a pledge", {"why": why})["why"]
    with transaction.atomic():
        fresh = Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
        if fresh.why_ended:
            if (fresh.to_on, fresh.why_ended) == (on, said):
                return fresh
            raise Refused(
                "pledge_ended",
                "This pledge has been ended already.",
                "Make a new one if more is promised.",
                vi="Cam kết này đã thôi rồi. Muốn hứa tiếp, hãy lập cam kết mới.",
            )
        if on < day_of(at):
            raise Refused(
                "ended_in_the_past",
                "A pledge cannot be taken back for days that are over.",
                "Give today or a later day.",
                vi="Không rút lại được cam kết của những ngày đã qua. Chọn hôm nay hoặc ngày sau.",
            )
        chain.check_days(fresh.from_on, on)
        fresh.to_on, fresh.why_ended = on, said
        fresh.save(update_fields=["to_on", "why_ended"])
        _tell("quality.pledge_ended", "pledge", fresh.pk, actor, at, fresh.office, to_on=on)
    return fresh


def in_force(rows: QuerySet[M], first: date, last: date) -> QuerySet[M]:
    """The declared levels, or pledges, that hold on any day from ``first`` to ``last``."""
    return rows.filter(_ends_after(first), from_on__lte=last)


def held_on(key: int) -> list[dict[str, Any]]:
    """That one was asked in a poll, and whether he voted; what he voted nobody knows."""
    rows = Ballot.objects.filter(key=key).select_related("poll").order_by("poll__from_on", "id")
    return [
        {
            "what": "ballot",
            "text": row.poll.question,
            "kind": "voted" if row.used else "asked",
            "on": row.poll.from_on,
        }
        for row in rows
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """That he was asked goes; his vote, which is nobody's, stays counted."""
    with transaction.atomic():
        mine = Ballot.objects.filter(key=key)
        changed = mine.filter(used=True).update(key=None) + mine.filter(used=False).delete()[0]
        if changed:
            write(actor=actor, act="ballot.forgotten", at=at, on=("ballot", "many"), count=changed)
    return changed


def _ends_after(day: date) -> Q:
    return Q(to_on__isnull=True) | Q(to_on__gt=day)


def _declared_again(known: Declared, level: Decimal) -> Made[Declared]:
    if known.level != level:
        raise Refused(
            "declared_exists",
            f"Another level was declared from {known.from_on:%d/%m/%Y} on.",
            "A new declaration begins on a day of its own.",
            vi=f"Từ {known.from_on:%d/%m/%Y} đã công bố mức khác. Bản công bố mới bắt đầu từ ngày khác.",
        )
    return Made(known, [])


def _pledged_again(known: Pledge, new: Pledge) -> Made[Pledge]:
    same: Iterable[str] = ("indicator", "level", "text_vi", "remedy_vi", "from_on", "each_province")
    if any(getattr(known, name) != getattr(new, name) for name in same):
        raise Refused(
            "pledge_exists",
            f"A pledge {known.code} holds at that time already.",
            "End that one first, or choose another code.",
            vi=f"Lúc ấy đã có cam kết {known.code}. Thôi cam kết ấy trước, hoặc chọn mã khác.",
        )
    return Made(known, [])


def _check_remedy_days(days: int) -> None:
    if not 1 <= days <= chain.MOST_REMEDY_DAYS:
        raise BadInput(
            "bad_remedy_days",
            "In how many working days we make it right is not said.",
            f"From 1 to {chain.MOST_REMEDY_DAYS}.",
            vi=f"Chưa nói bù đắp trong bao nhiêu ngày làm việc. Từ 1 đến {chain.MOST_REMEDY_DAYS}.",
        )


def _tell(
    act: str,
    kind: str,
    pk: int,
    actor: Staff | None,
    at: datetime,
    office: Office | None = None,
    **facts: object,
) -> None:
    write(actor=actor, act=act, at=at, on=(kind, pk), office=office, **facts)  # type: ignore[arg-type]
