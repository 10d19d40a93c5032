"""A gathering that was called off or moved: whoever was invited by text, or said yes, is told, once and through the
gate. What still waited to go out about it is taken back."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID, uuid5

from django.db import transaction

from tantam.office.channels import actions as channels
from tantam.office.events import inviting, rules
from tantam.office.events.keeping import tell
from tantam.office.events.models import Event, Guest, Notice
from tantam.office.people.models import Staff

BATCH = 500
"""Guests in one transaction."""

OFF = (
    "{operator} xin lỗi: {what} {hour} {day} ở {place} không diễn ra nữa{why}. Anh chị không cần đến. "
    "Mong được gặp anh chị dịp khác."
)
MOVED = "{operator} xin lỗi: {what} {old} dời sang {hour} {day}, {place}. Đến được thì nhắn CO, bận thì nhắn KHONG."

_SPACE = UUID("0f5d5f0b-6a39-5f43-9a1e-2a6a64c0b8d5")


def words_off(event: Event) -> str:
    """What guests read when a gathering is called off; why, unless that is nobody's business."""
    vi, _ = rules.CANCELLED[event.cancelled_because]
    return inviting.filled(OFF, event, why="" if event.cancelled_because == "other" else f" vì {vi}")


def words_moved(event: Event, on: date, starts_at: time) -> str:
    """What guests read when a gathering is moved, with its former day and hour."""
    return inviting.filled(MOVED, event, old=inviting.when(on, starts_at))


def begin(event: Event, kind: str, text: str, *, actor: Staff | None, at: datetime) -> Notice | None:
    """Take back what waits about a gathering, and begin to tell its guests; None where its hour has come, or nobody was
    asked. Inside the transaction that called it off or moved it."""
    inviting.settle(event, actor=actor, at=at)
    Notice.objects.filter(event=event, done_at__isnull=True).update(done_at=at)
    start = rules.start_of(event.on, event.starts_at)
    if start <= at or not Guest.objects.filter(event=event).exists():
        return None
    made = Notice.objects.create(event=event, kind=kind, text=text, begun_at=at, expires_at=start)
    tell(event, "event.telling", actor, at, kind=kind)
    return made


def go_on(notice: Notice, *, at: datetime) -> bool:
    """Ask for the messages of the next guests of a notice, a batch; whether there are more. One who was killed goes on
    where he was: the same guest is never asked for twice."""
    with transaction.atomic():
        fresh = (
            Notice.objects.select_for_update(of=("self",)).select_related("event__office").get(pk=notice.pk)
        )
        if fresh.done_at is not None:
            return False
        rows = Guest.objects.filter(event=fresh.event, pk__gt=fresh.after).order_by("pk")
        batch = list(rows[:BATCH])
        if batch:
            fresh.after = batch[-1].pk
            fresh.unreached_count += sum(guest.answer == "accepted" and guest.key is None for guest in batch)
            for purpose, guests in _by_purpose(fresh.event, batch).items():
                fresh.asked_count += _ask(fresh, purpose, guests, at)
        else:
            fresh.done_at = at
            tell(
                fresh.event, "event.told", None, at, count=fresh.asked_count, unreached=fresh.unreached_count
            )
        fresh.save(update_fields=["after", "asked_count", "unreached_count", "done_at"])
    return fresh.done_at is None


def going() -> list[Notice]:
    """Notices that are not done, the oldest first."""
    return list(Notice.objects.filter(done_at__isnull=True).order_by("pk"))


def told_id(notice: Notice, guest: Guest) -> UUID:
    """The id of a guest's message of a notice: asked for twice, it is one."""
    return uuid5(_SPACE, f"{notice.pk} {guest.pk}")


def _by_purpose(event: Event, guests: list[Guest]) -> dict[str, list[Guest]]:
    """Who is told: whoever said yes, in reply to that; and whom an invitation reached who has not answered."""
    known = [guest for guest in guests if guest.in_play and guest.key is not None]
    invited = inviting.reached(event, [guest.key for guest in known if guest.key is not None])
    return {
        "reply": [guest for guest in known if guest.answer == "accepted"],
        "invitation": [guest for guest in known if inviting.fits(guest, "invite") and guest.key in invited],
    }


def _ask(notice: Notice, purpose: str, guests: list[Guest], at: datetime) -> int:
    people = {told_id(notice, guest): guest.key for guest in guests if guest.key is not None}
    if not people:
        return 0
    return channels.ask_many(
        people, actor=None, at=at, purpose=purpose, text=notice.text, about=("event", notice.event_id), plain=True,
        office=notice.event.office, expires_at=notice.expires_at,
    )  # fmt: skip
