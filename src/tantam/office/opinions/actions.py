"""What may happen to opinions: registered, read, forwarded, corrected, put under another topic, forgotten. The only
writer of opinions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tantam.errors import BadInput
from tantam.listen.mask import mask
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.opinions import rules, thanks, themes
from tantam.office.opinions.hearing import hear
from tantam.office.opinions.models import FORWARDED, SAID, Opinion, Voice
from tantam.office.paging import BATCH, parts
from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Staff


def register(
    *,
    actor: Staff | None,
    at: datetime,
    id: UUID,
    text: str,
    tone: str | None,
    channel: str,
    said_at: datetime,
    office: Office,
    party: Party | None = None,
    key: int | None = None,
    source: tuple[str, Any] = ("", ""),
    competitor: bool = False,
) -> Opinion:
    """Write down what somebody said, masked, and what a machine reads in it. ``id`` comes from the sender: the same
    one twice is the same opinion. Where nobody chose a ``tone``, it is what the machine felt.

    ``party`` and ``key``: who spoke, where known (a party's own key when only the party is given). ``source``: kind and
    id of what it came from; a device's clock that runs ahead is put back to ``at``. Refuses ``empty_opinion``,
    ``opinion_too_long``, ``bad_tone``, ``bad_channel``, ``said_in_the_future``.
    """
    enter(actor, "opinion.register", office)
    words = rules.check(text, rules.TONE_OF["neutral"] if tone is None else tone, channel)
    if source[0]:
        said_at = min(said_at, at)  # a device's clock may run ahead; nobody's words are lost for that
    _check_past(said_at, at)
    said = mask(words)
    heard = hear(said)
    if tone is None:
        tone = rules.TONE_OF[heard.get("feeling", "neutral")]
    row = {
        "text": said,
        "tone": tone,
        "channel": channel,
        "said_at": said_at,
        "office": office,
        "speaker_party": party,
        "speaker_key": key if key is not None else getattr(party, "key", None),
        "source_kind": source[0],
        "source_id": str(source[1]),
        "competitor": competitor,
    }
    with transaction.atomic():
        opinion, new = Opinion.objects.get_or_create(id=id, defaults=row | _read(heard, at))
        if new:
            themes.count(opinion)
            _tell(
                opinion, "opinion.registered", actor, at, tone=tone, channel=channel, source=source[0] or None
            )
    return opinion


def forward(opinion_ids: Iterable[UUID], *, actor: Staff | None, at: datetime, to: Office) -> int:
    """Hand opinions on to the office that can answer; gives how many were. Those forwarded before stay as they are.

    One entry of the journal, with how many and the digest of their ids. Refuses ``forwarded_to_itself``.
    """
    asked = list(dict.fromkeys(opinion_ids))
    with transaction.atomic():
        waiting = [row for part in parts(asked) for row in _waiting(part)]
        offices = {row.office_id: row.office for row in waiting}
        for office in offices.values():
            enter(actor, "opinion.forward", office)
        if not waiting:
            enter(actor, "opinion.forward")
            return 0
        rules.check_elsewhere(offices, to.pk)
        ids = [row.pk for row in waiting]
        for part in parts(ids):
            Opinion.objects.filter(pk__in=part).update(state=FORWARDED, forwarded_at=at, forwarded_to=to)
        write(
            actor=actor,
            act="opinion.forwarded",
            at=at,
            on=("opinion", ids[0] if len(ids) == 1 else "many"),
            office=next(iter(offices)) if len(offices) == 1 else None,
            count=len(ids),
            digest=rules.digest(ids),
            to=to.pk,
        )
    return len(ids)


def correct(opinion: Opinion, *, actor: Staff | None, at: datetime, text: str, reason: str) -> Opinion:
    """Put the words right: a new row with the new words and the reason; the old ones stay readable below it.

    The same correction twice makes one; words that are the same already change nothing. Refuses ``empty_opinion``,
    ``opinion_too_long``, ``no_reason``, ``reason_too_long``, ``already_corrected``.
    """
    enter(actor, "opinion.correct", opinion.office)
    words = mask(rules.check(text, opinion.tone, opinion.channel))
    heard = hear(words)
    reason = mask(rules.check_reason(reason))[: rules.MOST_REASON]
    with transaction.atomic():
        old = Opinion.objects.select_for_update(of=("self",)).select_related("office").get(pk=opinion.pk)
        before = Opinion.objects.filter(pk=rules.corrected_id(old.pk, words)).first()
        if before is not None or words == old.text:
            return before or old
        rules.check_current(old.current)
        same = {f.attname: getattr(old, f.attname) for f in Opinion._meta.concrete_fields}
        new = {"id": rules.corrected_id(old.pk, words), "text": words, "reason": reason, "corrected_at": at}
        read = {
            **_read(heard, at),
            "theme_id": old.theme_id,
        }  # whoever corrects a word does not move an opinion
        read.pop("theme", None)
        if old.sorted_by_person:
            read |= rules.sorted_under(old.topic, read.get("unsure", ""))
        Opinion.objects.filter(pk=old.pk).update(current=False)
        fresh = Opinion.objects.create(**{**same, **read, **new, "corrects_id": old.pk})
        _tell(fresh, "opinion.corrected", actor, at, corrects=old.pk)
    return fresh


def sort(opinion: Opinion, *, actor: Staff | None, at: datetime, topic: str) -> Opinion:
    """Put an opinion under the topic that a person chooses, whatever the machine read.

    The same topic chosen twice changes nothing. Refuses ``bad_topic``, ``already_corrected``.
    """
    enter(actor, "opinion.sort", opinion.office)
    rules.check_topic(topic)
    with transaction.atomic():
        fresh = Opinion.objects.select_for_update(of=("self",)).get(pk=opinion.pk)
        if fresh.sorted_by_person and fresh.topic == topic:
            return fresh
        rules.check_current(fresh.current)
        was = fresh.topic
        for name, value in rules.sorted_under(topic, fresh.unsure).items():
            setattr(fresh, name, value)
        fresh.save(update_fields=["topic", "also", "unsure", "sorted_by_person"])
        _tell(fresh, "opinion.sorted", actor, at, was=was or None, topic=topic)
    return fresh


def read_waiting(*, at: datetime, after: UUID | None = None) -> UUID | None:
    """Read a batch of the opinions that no machine has read, those after an id; gives the last one's id, or None when
    none is left. What a person or another process has filled meanwhile stays."""
    unread = Opinion.objects.filter(topic="", current=True).exclude(text=rules.GONE).order_by("id")
    if after is not None:
        unread = unread.filter(id__gt=after)
    batch = list(unread.values_list("id", "text")[:BATCH])
    heard = [(number, hear(text)) for number, text in batch]
    with transaction.atomic():
        done = 0
        for number, read in heard:
            if read and Opinion.objects.filter(pk=number, topic="").update(**_read(read, at)):
                done += 1
                themes.count(Opinion.objects.select_related("theme").get(pk=number))
        if done:
            write(actor=None, act="opinion.read", at=at, on=("opinion", "many"), count=done)
    return batch[-1][0] if batch else None


def held_on(key: int) -> list[dict[str, Any]]:
    """What one subscriber told us, corrections and the words before them too, and what he was thanked for."""
    rows = Opinion.objects.filter(speaker_key=key).select_related("office").order_by("said_at", "id")
    said = [
        {
            "what": "opinion",
            "text": o.text,
            "tone": o.tone,
            "read": rules.read_codes(o.topic, o.also, o.feeling, o.complaint, o.urgency),
            "channel": o.channel,
            "said": o.said_at,
            "office": o.office.name,
            "state": o.state,
            "current": o.current,
        }
        for o in rows
    ]
    return said + thanks.held_on(key)


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """His words and the ties to him go. That on this day somebody at this office praised, proposed or complained
    stays counted.

    The words go too, though they are masked: a mask knows numbers and addresses, not “I am the tailor by the bridge”.
    """
    with transaction.atomic():
        changed = Opinion.objects.filter(speaker_key=key).update(
            speaker_key=None, speaker_party=None, text=rules.GONE, reason=""
        )
        Voice.objects.filter(key=key).delete()  # his words stay counted, as words without a speaker
        if changed:
            write(actor=actor, act="opinion.forgotten", at=at, on=("opinion", "many"), count=changed)
        return changed + thanks.forget(key, actor=actor, at=at)


def _read(heard: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The columns of what a machine heard, its theme as a row."""
    named = heard.get("theme")
    return heard | {"theme": themes.of_code(*named, at=at) if named else None} if heard else {}


def _waiting(ids: Sequence[UUID]) -> list[Opinion]:
    rows = Opinion.objects.select_for_update(of=("self",)).filter(pk__in=ids, state=SAID, current=True)
    return list(rows.select_related("office").only("id", "office", "office__name", "office__path"))


def _check_past(said_at: datetime, at: datetime) -> None:
    if said_at > at:
        raise BadInput(
            "said_in_the_future",
            "It cannot have been said after now.",
            "Give the day it was said.",
            vi="Ngày khách nói không thể ở sau hôm nay. Chọn lại ngày.",
        )


def _tell(opinion: Opinion, act: str, actor: Staff | None, at: datetime, **facts: Any) -> None:
    write(actor=actor, act=act, at=at, on=("opinion", opinion.pk), office=opinion.office_id, **facts)
