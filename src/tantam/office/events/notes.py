"""What may happen to the notebook: lines written and corrected, read back, sealed; then forwarded and called back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from tantam.clock import day_of
from tantam.errors import Refused
from tantam.listen.mask import mask
from tantam.office import words
from tantam.office.door import enter
from tantam.office.events import large, rules, seals
from tantam.office.events.keeping import (
    begin,
    current_lines,
    headquarters,
    keep,
    keep_rhythm,
    locked,
    owe_forward,
    said_at,
    tell,
)
from tantam.office.events.models import Event, Guest, Line
from tantam.office.journal.actions import write
from tantam.office.opinions import actions as opinions
from tantam.office.opinions.hearing import ready
from tantam.office.opinions.models import Opinion
from tantam.office.people.models import Staff
from tantam.office.promises import actions as promises

GONE = "—"
"""What stands where words were forgotten, as in the opinions they became."""


def write_line(
    event: Event,
    *,
    actor: Staff | None,
    at: datetime,
    line_id: UUID,
    guest: Guest | None,
    text: str,
    tone: str,
    competitor: bool = False,
    said_at: datetime,
    device: str = "",
) -> Line:
    """Write down what a guest said, masked. The device gives ``line_id``: sent again, in any order, it is one line.

    ``guest`` None: nobody knows who said it. Whoever has a line did come, and has to hear it read back. Refuses
    ``empty_line``, ``line_too_long``, ``bad_tone``, ``unknown_guest``, ``line_taken``, ``too_early``, ``not_chosen``,
    ``event_sealed``, ``event_cancelled``.
    """
    enter(actor, "event.write", event.office)
    with transaction.atomic():
        fresh = locked(event)
        if known := _known(fresh, line_id):
            return known
        large.check_kind(fresh.kind, large=False)
        rules.check_open(fresh.state)
        rules.check_begun(fresh.on, day_of(at))
        rules.check_chosen(fresh.chosen_at is not None)
        words_said = mask(rules.check_line(text, tone))
        speaker = _speaker(fresh, guest)
        line = Line.objects.create(
            id=line_id,
            event=fresh,
            guest=speaker,
            text=words_said,
            tone=tone,
            competitor=competitor,
            said_at=said_at,
            received_at=at,
            by=actor,
            device=device[:64],
        )
        _came(fresh, speaker, at)
        facts = {"guest": speaker.pk if speaker else None, "tone": tone}
        tell(fresh, "event.line_written", actor, at, line=line_id, **facts)
    return line


def correct_line(
    line: Line,
    *,
    actor: Staff | None,
    at: datetime,
    line_id: UUID,
    text: str,
    reason: str = "",
    tone: str = "",
    guest: Guest | None = None,
    device: str = "",
) -> Line:
    """Put a line right: a new line takes its place, the old words stay below it. A line corrected twice is a chain.

    After the seal only the words can be put right, a ``reason`` is needed, and the opinion is corrected too; the seal
    stays, over the words as they were sealed. The same ``line_id`` again, or the same words, changes nothing. Refuses
    what :func:`write_line` refuses, and ``no_reason``.
    """
    enter(actor, "event.write", line.event.office)
    with transaction.atomic():
        event = locked(line.event)
        if known := _known(event, line_id):
            return known
        if event.state != "sealed":
            rules.check_open(event.state)
        old = _newest(line)
        said = mask(rules.check_line(text, tone or old.tone))
        sealed = event.state == "sealed"
        speaker = old.guest if sealed or guest is None else _speaker(event, guest)
        tone = old.tone if sealed else tone or old.tone
        if (said, tone, speaker) == (old.text, old.tone, old.guest):
            return old
        opinion = _correct_opinion(old, said, reason, actor, at) if sealed else None
        fresh = Line.objects.create(
            id=line_id,
            event=event,
            guest=speaker,
            text=said,
            tone=tone,
            competitor=old.competitor,
            said_at=old.said_at,
            received_at=at,
            by=actor,
            device=device[:64],
            replaces=old,
            reason=mask(reason.strip())[:300],
            opinion=opinion,
        )
        if not sealed:
            _came(event, speaker, at)
        tell(event, "event.line_corrected", actor, at, line=line_id, replaces=old.pk, sealed=sealed)
    return fresh


def read_back(guest: Guest, *, actor: Staff | None, at: datetime, answer: str) -> Guest:
    """Write down that a guest heard his words: ``agreed``, ``corrected``; ``silent`` for one who said nothing.

    Refuses ``bad_answer``, ``not_came``, ``guest_spoke``, ``nothing_said``, ``event_sealed``, ``event_cancelled``.
    """
    enter(actor, "event.write", guest.event.office)
    with transaction.atomic():
        event = locked(guest.event)
        fresh = Guest.objects.get(pk=guest.pk)
        if fresh.read_back == answer:
            return fresh
        large.check_kind(event.kind, large=False)
        rules.check_open(event.state)
        said = Line.objects.filter(event=event, guest=fresh).count()
        rules.check_read(answer, fresh.came, said)
        fresh.read_back, fresh.read_at = answer, at
        fresh.save(update_fields=["read_back", "read_at"])
        if event.state == "held":
            event.state = "reading"
            event.save(update_fields=["state"])
        tell(event, "event.read_back", actor, at, guest=fresh.pk, answer=answer)
    return fresh


def seal(event: Event, *, actor: Staff | None, at: datetime) -> Event:
    """Seal the notebook: no line comes in any more, each becomes an opinion, and two promises are made by the host.

    They are to forward every opinion within 3 days, and to call every guest back within 30. Sealed twice, it was
    sealed the first time. Refuses ``attendance_open``, ``nobody_came``, ``no_lines``, ``not_read_back``,
    ``event_cancelled``.
    """
    enter(actor, "event.seal", event.office)
    ready()
    with transaction.atomic():
        fresh = locked(event)
        large.check_kind(fresh.kind, large=False)
        if fresh.state == "sealed":
            return fresh
        rules.check_open(fresh.state)
        guests = list(Guest.objects.filter(event=fresh).select_related("party"))
        lines = current_lines(fresh)
        seals.check_seal([seals.Seat(g.answer, g.came, g.read_back) for g in guests if g.in_play], len(lines))
        by_id = {g.pk: g for g in guests}
        for line in lines:
            line.opinion = _register(fresh, line, by_id.get(line.guest_id or 0), actor, at).pk
            line.mark = mark_of(line)
        Line.objects.bulk_update(lines, ["opinion", "mark"])
        fresh.seal_code = seals.seal_code(fresh.pk, [line.mark for line in lines])
        fresh.state, fresh.sealed_at = "sealed", at
        fresh.save(update_fields=["seal_code", "state", "sealed_at"])
        tell(fresh, "event.sealed", actor, at, count=len(lines), digest=fresh.seal_code)
        came = sum(g.came is True for g in guests)
        _promise(fresh, len(lines), came, actor, at)
        keep_rhythm(fresh, came, actor, at)
    return fresh


def forward(event: Event, *, actor: Staff | None, at: datetime) -> Event:
    """Forward every opinion of a sealed notebook to headquarters, and so keep the promise made by sealing.

    Forwarded twice, it was forwarded the first time. Refuses ``not_sealed``.
    """
    enter(actor, "event.forward", event.office)
    with transaction.atomic():
        fresh = locked(event)
        rules.check_sealed(fresh.state)
        if fresh.forwarded_at is not None:
            return fresh
        # As they stand today: one may have been corrected, or forwarded by itself, in the room of opinions.
        ids = list(said_at(fresh).order_by("said_at", "id").values_list("pk", flat=True))
        opinions.forward(ids, actor=actor, at=at, to=headquarters(fresh.office))
        fresh.forwarded_at = at
        fresh.save(update_fields=["forwarded_at"])
        tell(fresh, "event.forwarded", actor, at, count=len(ids), digest=fresh.seal_code)
        proof = f"Niêm phong {' '.join(seals.groups(fresh.seal_code))}, {len(ids)} ý kiến"
        keep(fresh, "forward", proof, actor, at)
    return fresh


def call_back(guest: Guest, *, actor: Staff | None, at: datetime, note: str) -> Guest:
    """Write down that a guest was called back and what he said; with the last of those who came the promise is kept.

    Called back twice, it was the first time. Refuses ``not_sealed``, ``not_came``, ``no_note``.
    """
    enter(actor, "event.call", guest.event.office)
    with transaction.atomic():
        event = locked(guest.event)
        rules.check_sealed(event.state)
        fresh = Guest.objects.get(pk=guest.pk)
        if fresh.called_back_at is not None:
            return fresh
        rules.check_came(fresh.came)
        fresh.note, fresh.called_back_at = mask(rules.check_note(note))[:300], at
        fresh.save(update_fields=["note", "called_back_at"])
        tell(event, "event.called_back", actor, at, guest=fresh.pk)
        _all_called(event, actor, at)
    return fresh


def held_on(key: int) -> list[dict[str, Any]]:
    """What the gatherings hold on one subscriber: invitations, answers, whether he came, and his lines."""
    guests = list(Guest.objects.filter(key=key).select_related("event__office").order_by("event__on", "id"))
    held: list[dict[str, Any]] = []
    for guest in guests:
        held.append(
            {
                "what": "invitation",
                "kind": guest.event.kind,
                "way": guest.way,
                "on": guest.event.on,
                "office": guest.event.office.name,
                "place": guest.event.place,
                "drawn": guest.reason,
                "answer": guest.answer,
                "came": guest.came,
                "came_at": guest.came_at,
                "read_back": guest.read_back,
                "note": guest.note,
            }
        )
        lines = Line.objects.filter(guest=guest).order_by("said_at", "id")
        held += [{"what": "line", "on": guest.event.on, "text": li.text, "tone": li.tone} for li in lines]
    return held


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The tie to a guest goes, what we noted of him, and his words; that a seat was taken and something said stays.

    The words go as they go from the opinions they became: a mask knows numbers, not “the tailor by the bridge”. The
    seal still holds over the digests; such a line alone can no longer be compared.
    """
    with transaction.atomic():
        mine = list(Guest.objects.filter(key=key).values_list("pk", flat=True))
        if not mine:
            return 0
        lines = Line.objects.filter(guest__in=mine).update(guest=None, text=GONE, reason="")
        Guest.objects.filter(pk__in=mine).update(party=None, key=None, code="", note="", reason={})
        write(actor=actor, act="event.forgotten", at=at, on=("event", "many"), count=len(mine) + lines)
    return len(mine) + lines


def mark_of(line: Line) -> str:
    """The digest of a line as it stands."""
    return seals.line_mark(
        line=line.pk,
        guest=line.guest_id,
        text=line.text,
        tone=line.tone,
        competitor=line.competitor,
        said_at=line.said_at.astimezone(UTC).isoformat(timespec="microseconds"),
        replaces=line.replaces_id,
    )


def unbroken(event: Event) -> bool:
    """Whether the seal still fits: every sealed line that was not forgotten, and the code over all of them."""
    lines = Line.objects.filter(event=event).exclude(mark="")
    fits = all(line.text == GONE or mark_of(line) == line.mark for line in lines)
    return fits and event.seal_code == seals.seal_code(event.pk, [line.mark for line in lines])


def _known(event: Event, line_id: UUID) -> Line | None:
    line = Line.objects.filter(pk=line_id).select_related("guest").first()
    if line is not None and line.event_id != event.pk:
        raise Refused(
            "line_taken",
            "A line with this id is in another notebook.",
            "Write it again, so that it gets an id of its own.",
            vi="Dòng này đã nằm trong sổ của buổi khác. Ghi lại thành dòng mới.",
        )
    return line


def _speaker(event: Event, guest: Guest | None) -> Guest | None:
    if guest is None:
        return None
    found = Guest.objects.filter(pk=guest.pk, event=event, answer="accepted").select_related("party").first()
    rules.check_guest(found is not None)
    return found


def _came(event: Event, speaker: Guest | None, at: datetime) -> None:
    """Whoever speaks is there; and what he said anew has to be read to him again."""
    if speaker is not None and (speaker.came is not True or speaker.read_back != "none"):
        speaker.came, speaker.read_back, speaker.read_at = True, "none", None
        speaker.save(update_fields=["came", "read_back", "read_at"])
    begin(event, at)


def _newest(line: Line) -> Line:
    """The line that counts today where this one was: the end of its chain of corrections."""
    here = Line.objects.select_related("guest__party").get(pk=line.pk)
    while after := Line.objects.filter(replaces=here).select_related("guest__party").first():
        here = after
    return here


def _correct_opinion(old: Line, said: str, reason: str, actor: Staff | None, at: datetime) -> UUID:
    opinion = Opinion.objects.select_related("office").get(pk=cast(UUID, old.opinion))
    while after := Opinion.objects.select_related("office").filter(corrects=opinion).first():
        opinion = after  # it was corrected in the room of opinions since
    return opinions.correct(opinion, actor=actor, at=at, text=said, reason=reason).pk


def _register(event: Event, line: Line, guest: Guest | None, actor: Staff | None, at: datetime) -> Opinion:
    return opinions.register(
        actor=actor,
        at=at,
        id=line.pk,
        text=line.text,
        tone=line.tone,
        channel="cafe",
        said_at=min(line.said_at, at),  # a phone's clock may run ahead
        office=event.office,
        party=guest.party if guest else None,
        key=guest.key if guest else None,
        source=("event", event.pk),
        competitor=line.competitor,
    )


def _promise(event: Event, lines: int, people: int, actor: Staff | None, at: datetime) -> None:
    owe_forward(event, lines, people, actor, at)
    promises.make(
        actor=actor,
        at=at,
        kind="call_back",
        what=f"Gọi lại {people} khách của buổi cà phê {words.day(event.on)}, báo lời họ nói đã tới đâu",
        owner=event.host,
        office=event.office,
        first_due=day_of(at) + rules.CALL_BACK_WITHIN,
        to=("event", event.pk),
        about=("event", event.pk),
        people=people,
    )


def _all_called(event: Event, actor: Staff | None, at: datetime) -> None:
    came = Guest.objects.filter(event=event, came=True)
    # Whoever asked to be forgotten cannot be called any more.
    if came.filter(called_back_at__isnull=True, key__isnull=False).exists():
        return
    event.called_back_at = at
    event.save(update_fields=["called_back_at"])
    keep(event, "call_back", f"Đã gọi lại {came.count()} khách", actor, at)
