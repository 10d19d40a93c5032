"""What may happen to a programme: started, promised by its rhythm, taught by, copied to the next year, closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Duty, Office, Staff
from tantam.office.programmes import rules
from tantam.office.programmes.models import Attendance, Lesson, Programme
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise


def start(
    *,
    actor: Staff | None,
    at: datetime,
    code: str,
    name: str,
    purpose: str,
    year: int,
    owner: Staff,
    office: Office,
    event_kind: str = "cafe",
    theme: str = "",
    rhythm: str = "none",
    rhythm_day: str = "",
    people: int = 6,
    copied_from: Programme | None = None,
) -> Programme:
    """Begin a programme of one year. Refuses ``programme_exists`` (that code in that year), ``empty_programme``,
    ``too_long``, ``bad_number``, ``bad_rhythm``, ``bad_rhythm_day``, ``owner_left``."""
    enter(actor, "programme.start", office)
    rhythm_day = rhythm_day if rhythm == "yearly_on" else ""
    said = {"name": name.strip(), "purpose": purpose.strip(), "theme": theme.strip()}
    plan = {
        "year": year,
        "event_kind": event_kind,
        "rhythm": rhythm,
        "rhythm_day": rhythm_day,
        "people": people,
    }
    rules.check(code=code, **said, **plan)  # type: ignore[arg-type]
    if not owner.is_active:
        raise Refused(
            "owner_left",
            "The owner no longer works here.",
            "Choose somebody who does.",
            vi="Người chủ trì đã nghỉ việc. Chọn người đang làm.",
        )
    if Programme.objects.filter(code=code, year=year).exists():
        raise Refused(
            "programme_exists",
            f"There is a programme “{code}” in {year} already.",
            "Open that one, or choose another code.",
            vi=f"Năm {year} đã có chương trình mã “{code}”. Mở chương trình ấy, hoặc chọn mã khác.",
        )
    with transaction.atomic():
        made = Programme.objects.create(
            code=code, owner=owner, office=office, copied_from=copied_from, started_at=at, **said, **plan
        )
        _tell(made, "programme.started", actor, at, year=year, rhythm=rhythm)
    return made


def promise_rhythm(programme: Programme, *, actor: Staff | None, at: datetime, until: date) -> list[Promise]:
    """Make the promises that the rhythm asks for, from today to ``until`` within the programme's year; gives the new
    ones. Asked twice, it makes them once. Refuses ``programme_closed``, ``no_rhythm``."""
    enter(actor, "programme.promise", programme.office)
    rules.check_going(programme.closed_on)
    if programme.rhythm == "none":
        raise Refused(
            "no_rhythm",
            "This programme has no rhythm.",
            "Promise each gathering by itself.",
            vi="Chương trình này không định kỳ. Hứa từng buổi một.",
        )
    today = day_of(at)
    first = max(today, date(programme.year, 1, 1))
    days = rules.dues(programme.rhythm, programme.rhythm_day, first, min(until, date(programme.year, 12, 31)))
    with transaction.atomic():
        made = []
        for office, owner in _keepers(programme, today):
            ids = {day: rules.promise_id(programme.pk, office.pk, day) for day in days}
            known = set(Promise.objects.filter(once__in=ids.values()).values_list("once", flat=True))
            for day, once in ids.items():
                if once not in known:
                    made.append(_promise(programme, office, owner, day, once, actor, at))
        if made:
            _tell(programme, "programme.promised", actor, at, until=until, count=len(made))
    return made


def add_lesson(programme: Programme, *, actor: Staff | None, at: datetime, kind: str, text: str) -> Lesson:
    """Keep what came off (``got``) or did not yet (``not_yet``); the same words twice are one lesson. A closed
    programme still learns. Refuses ``bad_lesson``, ``too_long``."""
    enter(actor, "programme.learn", programme.office)
    if kind not in rules.LESSONS or not text.strip():
        raise BadInput(
            "bad_lesson",
            "The lesson has no words, or is neither “came off” nor “not yet”.",
            "Choose one of the two and write a sentence.",
            vi="Chưa chọn “được” hay “chưa được”, hoặc chưa viết. Chọn một và viết một câu.",
        )
    rules.check_length("lesson", text)
    with transaction.atomic():
        known = Lesson.objects.filter(programme=programme, kind=kind, text=text.strip()).first()
        if known:
            return known
        lesson = Lesson.objects.create(programme=programme, kind=kind, text=text.strip(), by=actor, at=at)
        _tell(programme, "programme.learned", actor, at, lesson=lesson.pk, kind=kind)
    return lesson


def copy_to_next_year(
    programme: Programme, *, actor: Staff | None, at: datetime, purpose: str = "", theme: str = ""
) -> Programme:
    """Begin next year's: everything as it was, but what is said anew after reading the lessons. Copied twice, it is
    the one already there."""
    enter(actor, "programme.start", programme.office)
    heir = Programme.objects.filter(code=programme.code, year=programme.year + 1).first()
    if heir:
        return heir
    return start(
        actor=actor,
        at=at,
        code=programme.code,
        name=programme.name,
        purpose=purpose.strip() or programme.purpose,
        theme=theme.strip() or programme.theme,
        year=programme.year + 1,
        owner=programme.owner,
        office=programme.office,
        event_kind=programme.event_kind,
        rhythm=programme.rhythm,
        rhythm_day=programme.rhythm_day,
        people=programme.people,
        copied_from=programme,
    )


def close(programme: Programme, *, actor: Staff | None, at: datetime) -> Programme:
    """End it today; what it promised stays promised. Closed twice, it was closed the first time. Refuses
    ``no_lesson``: a year that taught nothing was not looked at."""
    enter(actor, "programme.start", programme.office)
    with transaction.atomic():
        fresh = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        if fresh.closed_on is not None:
            return fresh
        if not Lesson.objects.filter(programme=fresh).exists():
            raise Refused(
                "no_lesson",
                "Nobody has written what this programme taught.",
                "Write at least one lesson, then close it.",
                vi="Chưa ai ghi chương trình này dạy được gì. Ghi ít nhất một điều rồi hãy khép.",
            )
        fresh.closed_on = day_of(at)
        fresh.save(update_fields=["closed_on"])
        _tell(fresh, "programme.closed", actor, at)
    return fresh


def held_on(key: int) -> list[dict[str, object]]:
    """To what a subscriber agreed to be known as having come."""
    rows = Attendance.objects.filter(key=key).order_by("on", "id")
    return [{"what": "attended", "kind": row.what, "on": row.on} for row in rows]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """That he came is removed; gives how many rows there were."""
    with transaction.atomic():
        removed, _ = Attendance.objects.filter(key=key).delete()
        if removed:
            write(actor=actor, act="programme.forgotten", at=at, on=("programme", "many"), count=removed)
    return removed


def branches_of(programme: Programme) -> list[Office]:
    """The branches that a programme holds for, by name."""
    below = Office.objects.filter(
        path__startswith=programme.office.path, level="branch", closed_on__isnull=True
    )
    return list(below.order_by("name", "id"))


def _keepers(programme: Programme, today: date) -> Iterator[tuple[Office, Staff]]:
    """Who owes what: each branch and its director, or where it has none the programme's own owner."""
    if programme.rhythm not in rules.PER_BRANCH:
        yield programme.office, programme.owner
        return
    branches = branches_of(programme)
    held = Duty.objects.filter(
        code="director", office__in=branches, from_on__lte=today, staff__is_active=True
    )
    director = {
        duty.office_id: duty.staff
        for duty in held.select_related("staff").order_by("from_on", "id")
        if duty.to_on is None or duty.to_on > today
    }
    for branch in branches:
        yield branch, director.get(branch.pk, programme.owner)


def _promise(
    programme: Programme,
    office: Office,
    owner: Staff,
    due: date,
    once: object,
    actor: Staff | None,
    at: datetime,
) -> Promise:
    return promises.make(
        actor=actor,
        at=at,
        kind="gathering",
        what=f"{programme.name} · {due:%d/%m/%Y}",
        owner=owner,
        office=office,
        first_due=due,
        to=("public", ""),
        people=programme.people,
        about=("programme", programme.pk),
        once=once,  # type: ignore[arg-type]
    )


def _tell(programme: Programme, act: str, actor: Staff | None, at: datetime, **facts: object) -> None:
    on = ("programme", programme.pk)
    write(actor=actor, act=act, at=at, on=on, office=programme.office_id, **facts)  # type: ignore[arg-type]
