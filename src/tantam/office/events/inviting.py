"""Messages of a gathering: invitations, reminders, and what guests answer by text. All of them go through the gate."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from tantam.errors import BadInput
from tantam.office.channels import actions as channels
from tantam.office.channels.models import Message
from tantam.office.channels.rules import EVERYTHING, Ask, decide
from tantam.office.door import enter
from tantam.office.events import answers, large, rules
from tantam.office.events.keeping import locked, tell
from tantam.office.events.models import Event, Guest
from tantam.office.paging import parts
from tantam.office.people.models import Staff

_SPACE = UUID("b3b7c0de-51f4-5d63-8f0a-8a1d9f1c2e60")
_DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
MOST_TEXT = 600

INVITE = (
    "{operator} mời anh chị uống cà phê {hour} {day}, {place}, để nghe anh chị góp ý. Không bán hàng. "
    "Trả lời CO hoặc KHONG. Ngưng nhận tin: TC"
)
REMIND = "{operator} nhắc: {hour} {day} mời anh chị uống cà phê ở {place}. Chúng tôi chờ được nghe. Bận thì nhắn KHONG."
WELCOME = "{operator} cảm ơn anh chị. Hẹn gặp {hour} {day}, {place}. Bận thì nhắn KHONG."
CODE = "{ma}"
"""Where a text to many has the code of each."""
LARGE_INVITE = (
    "{operator} mời anh chị dự {what} {hour} {day}, {place}, để nghe anh chị góp ý. Mã vào cửa {ma}. "
    "Trả lời CO hoặc KHONG. Ngưng nhận tin: TC"
)
LARGE_REMIND = (
    "{operator} nhắc: {hour} {day} mời anh chị dự {what} ở {place}. Mã vào cửa {ma}. Bận thì nhắn KHONG."
)
LARGE_WELCOME = (
    "{operator} cảm ơn anh chị. Hẹn gặp {hour} {day}, {place}. Mã vào cửa {ma}. Bận thì nhắn KHONG."
)
WORDS = {
    False: {"invite": INVITE, "remind": REMIND, "welcome": WELCOME},
    True: {"invite": LARGE_INVITE, "remind": LARGE_REMIND, "welcome": LARGE_WELCOME},
}
"""Whether a gathering is large → kind of message → its words unless others are written."""
FITS = {"invite": ("none", "unreachable"), "remind": ("accepted",)}
"""Kind → the answers with which somebody may still get one."""


def words_of(event: Event, kind: str) -> str:
    """The text of a kind with the operator, the day, the hour and the place of a gathering; :data:`CODE` stays."""
    return filled(WORDS[large.is_large(event.kind)][kind], event, ma=CODE)


def filled(words: str, event: Event, **more: str) -> str:
    """A text of ours with the operator, the day, the hour and the place of a gathering."""
    return words.format(
        operator=settings.OPERATOR,
        what=large.KINDS[event.kind][0].lower(),
        hour=f"{event.starts_at:%H:%M}",
        day=_day(event.on),
        place=event.place,
        **more,
    )


def when(on: date, starts_at: time) -> str:
    """An hour and a day as texts to guests say them."""
    return f"{starts_at:%H:%M} {_day(on)}"


def _day(on: date) -> str:
    return f"{_DAYS[on.weekday()]} {on:%d/%m}"


def with_code(text: str, code: str) -> str:
    """A text as one guest gets it."""
    return text.replace(CODE, code)


def asked_id(guest: Guest, kind: str, moves: int = 0) -> UUID:
    """The id of a guest's message of a kind (``invite``, ``remind``, ``welcome``) about a gathering that was moved so
    often: asked for twice, it is one."""
    return uuid5(_SPACE, f"{kind} {guest.pk}" + (f" {moves}" if moves else ""))


def fits(guest: Guest, kind: str) -> bool:
    """Whether a guest is one who gets a message of a kind."""
    return guest.in_play and guest.key is not None and guest.answer in FITS[kind]


def to_ask(event: Event, kind: str) -> list[Guest]:
    """The guests who may still get an invitation (no answer yet) or a reminder (accepted), in their order."""
    guests = list(Guest.objects.filter(event=event).order_by("order"))
    ids = [asked_id(guest, kind, event.moves) for guest in guests if fits(guest, kind)]
    there = {
        pk for part in parts(ids) for pk in Message.objects.filter(pk__in=part).values_list("pk", flat=True)
    }
    return still(event, kind, guests, there, reached(event) if event.moves else ())


def still(
    event: Event, kind: str, guests: Iterable[Guest], there: Container[UUID], told: Container[int | None]
) -> list[Guest]:
    """Which of these guests may still get a message of a kind, by the messages there are and by whom any of them
    reached: where a gathering was moved, those are told of the new day, which asks them anew."""
    found = [guest for guest in guests if fits(guest, kind)]
    if kind == "invite" and event.moves:
        found = [guest for guest in found if guest.key not in told]
    return [guest for guest in found if asked_id(guest, kind, event.moves) not in there]


def reached(event: Event, keys: Iterable[int] | None = None) -> set[int]:
    """Whom (of these keys) a message about a gathering was handed over for."""
    rows = Message.objects.filter(about_kind="event", about_id=str(event.pk), taken_at__isnull=False)
    rows = rows if keys is None else rows.filter(key__in=keys)
    return {key for key in rows.values_list("key", flat=True) if key is not None}


def invite(
    event: Event, *, actor: Staff | None, at: datetime, text: str = "", plain: bool = True
) -> list[Message]:
    """Ask for an invitation to everybody at the table who has not answered; the gate says when each goes. Asked again,
    only those who had none get one.

    ``text`` is ours (:data:`INVITE`) unless one is given; ``plain`` sends it without accents. Refuses ``not_chosen``,
    ``begun_already``, ``already_held``, ``event_sealed``, ``event_cancelled``, ``invitation_too_long``, and
    what is refused of any message.
    """
    return _ask_all(event, "invite", actor, at, text, plain, due_at=at)


def remind(
    event: Event, *, actor: Staff | None, at: datetime, text: str = "", plain: bool = True
) -> list[Message]:
    """Ask for a reminder to everybody who accepted, due in the morning of the day; as :func:`invite` otherwise."""
    due_at = max(at, rules.remind_at(event.on, event.starts_at))
    return _ask_all(event, "remind", actor, at, text, plain, due_at=due_at)


def invite_reserve(event: Event, guest: Guest, *, at: datetime) -> Message | None:
    """Ask for an invitation to a reserve who was given a seat, in the words that the others got; nothing once it has
    begun. Inside the transaction that gave the seat."""
    if rules.start_of(event.on, event.starts_at) <= at:
        return None
    ids = [asked_id(one, "invite", event.moves) for one in Guest.objects.filter(event=event)]
    got = Message.objects.filter(pk__in=ids, key__isnull=False).order_by("-asked_at").first()
    words, plain = (got.text, got.text.isascii()) if got is not None else (words_of(event, "invite"), True)
    made = _ask(event, guest, "invite", "invitation", words, plain, None, at, at)
    tell(event, "event.invited", None, at, count=1, parts=made.parts, plain=plain)
    return made


def answer(key: int, text: str, *, at: datetime, received_at: datetime) -> answers.Heard | None:
    """Take a text as a guest's answer, if it is one: the whole of it says yes or no, the last message of ours that
    asked him anything was about a gathering to come, and his answer may still change. None: it is something else.

    Whoever accepts gets one word of thanks. The same answer again changes nothing.
    """
    enter(None, "event.call")
    said = answers.heard(text)
    guest = _asked_last(key, received_at) if said else None
    if said is None or guest is None:
        return None
    with transaction.atomic():
        event = locked(guest.event)
        fresh = Guest.objects.get(pk=guest.pk)
        begun = rules.start_of(event.on, event.starts_at) <= received_at
        after = answers.texted(fresh.call, said.yes)
        if event.state != "invited" or begun or not fresh.in_play or after is None:
            return None
        if after == fresh.call:
            return said
        _write(event, fresh, after, at)
        tell(event, "event.answered", None, at, guest=fresh.pk, answer=after.answer)
        if said.yes:
            _thank(event, fresh, at)
    return said


def let_go(key: int, *, at: datetime) -> int:
    """Whoever refused every contact is asked no more: his seat is free, and what waits for him is not sent. Gives at
    how many gatherings; whoever has accepted stays a guest."""
    enter(None, "event.call")
    count = 0
    for guest in Guest.objects.filter(key=key, event__state="invited").select_related("event").order_by("pk"):
        with transaction.atomic():
            event = locked(guest.event)
            fresh = Guest.objects.get(pk=guest.pk)
            if event.state != "invited" or not fresh.in_play or not fresh.call.open:
                continue
            _write(event, fresh, replace(fresh.call, answer="no_contact"), at)
            tell(event, "event.answered", None, at, guest=fresh.pk, answer="no_contact")
            count += 1
    return count


def refuse_contact(event: Event, guest: Guest, *, actor: Staff | None, at: datetime) -> None:
    """A guest said on the phone that we are not to contact him: written down, unless the gate knows already."""
    if guest.key is None or judged([guest.key], at, "call")[guest.key].code == "refused":
        return
    channels.record(
        actor=actor, at=at, id=asked_id(guest, "no_contact"), key=guest.key, purpose=EVERYTHING, granted=False,
        how="call", said_at=at, proof=f"event {event.pk} guest {guest.pk}",
    )  # fmt: skip


def judged(keys: Iterable[int], at: datetime, channel: str, purpose: str = "invitation") -> dict[int, Any]:
    """What the gate says of contacting each of these people now."""
    known = channels.known(keys, at=at)
    return {key: decide(Ask(purpose, channel, at), one) for key, one in known.items()}


def settle(event: Event, key: int | None = None, *, actor: Staff | None, at: datetime) -> int:
    """What still waits to go out about a gathering, to one guest or to all, is not sent."""
    return channels.take_back(actor=actor, at=at, about=("event", event.pk), key=key, office=event.office)


def _ask_all(
    event: Event, kind: str, actor: Staff | None, at: datetime, text: str, plain: bool, *, due_at: datetime
) -> list[Message]:
    enter(actor, "event.invite", event.office)
    with transaction.atomic():
        fresh = locked(event)
        start = rules.start_of(fresh.on, fresh.starts_at)
        rules.check_open(fresh.state)
        rules.check_not_held(fresh.state)
        rules.check_chosen(fresh.state != "planned")
        rules.check_to_come(start, at)
        words = _checked(text) or words_of(fresh, kind)
        made = [
            _ask(fresh, guest, kind, "invitation", words, plain, actor, at, due_at)
            for guest in to_ask(fresh, kind)
        ]
        if made:
            act = "event.invited" if kind == "invite" else "event.reminded"
            tell(fresh, act, actor, at, count=len(made), parts=made[0].parts, plain=plain)
    return made


def _checked(text: str) -> str:
    if len(text.strip()) > MOST_TEXT:
        raise BadInput(
            "invitation_too_long",
            f"A text to guests has at most {MOST_TEXT} letters.",
            "Shorten it: each part is paid for.",
            vi=f"Lời nhắn tối đa {MOST_TEXT} chữ. Viết ngắn lại: mỗi phần đều tính tiền.",
        )
    return text.strip()


def _ask(
    event: Event, guest: Guest, kind: str, purpose: str, words: str, plain: bool, actor: Staff | None,
    at: datetime, due_at: datetime,
) -> Message:  # fmt: skip
    assert guest.key is not None
    return channels.ask(
        actor=actor, at=at, id=asked_id(guest, kind, event.moves), key=guest.key, purpose=purpose,
        text=with_code(words, guest.code), plain=plain,
        office=event.office, about=("event", event.pk), due_at=due_at,
        expires_at=rules.start_of(event.on, event.starts_at),
    )  # fmt: skip


def _asked_last(key: int, received_at: datetime) -> Guest | None:
    """The guest that the last message asking somebody anything made of him; None where it was about something else."""
    last = channels.asked_last(key, received_at)
    if last is None or last.about_kind != "event":
        return None
    return Guest.objects.filter(event=int(last.about_id), key=key).select_related("event").first()


def _write(event: Event, guest: Guest, after: rules.Call, at: datetime) -> None:
    guest.answer, guest.first_answer = after.answer, after.first
    guest.second_answer, guest.called_at = after.second, at
    guest.save(update_fields=["answer", "first_answer", "second_answer", "called_at"])
    settle(event, guest.key, actor=None, at=at)


def _thank(event: Event, guest: Guest, at: datetime) -> None:
    """Without accents if the invitation had none."""
    mine = Message.objects.filter(about_kind="event", about_id=str(event.pk), key=guest.key)
    asked = mine.order_by("asked_at").first()
    plain = asked is None or asked.text.isascii()
    _ask(event, guest, "welcome", "reply", words_of(event, "welcome"), plain, None, at, at)
