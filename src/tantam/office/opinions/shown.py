"""An opinion as the pages show it: its words, where and when, and its thread."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tantam.listen.columns import WORDS
from tantam.office.channels.models import ARRIVED, SENT, Message
from tantam.office.door import offices
from tantam.office.opinions import rules
from tantam.office.opinions.answering import KINDS
from tantam.office.opinions.models import FORWARDED, Answer, Opinion, Telling, Theme
from tantam.office.opinions.themes import root_of
from tantam.office.people.models import Staff
from tantam.office.words import day, number, say


def shown(opinion: Opinion) -> dict[str, Any]:
    """What a row of the list needs, in the reader's language. ``office`` and ``forwarded_to`` should be at hand."""
    vi, en, tone = rules.TONES[opinion.tone]
    return {
        "id": opinion.pk,
        "text": opinion.text if opinion.text != rules.GONE else "",
        "tone": say(vi, en),
        "colour": tone,
        "channel": say(*rules.CHANNELS[opinion.channel]),
        "place": opinion.office.name,
        "on": opinion.said_at,
        "competitor": opinion.competitor,
        "forwarded": opinion.state == FORWARDED,
        "to": opinion.forwarded_to.name if opinion.forwarded_to else "",
        "read": heard(opinion),
    }


def heard(opinion: Opinion) -> list[str]:
    """What the machine read, a few words each: what it is about, how it feels, a complaint, what cannot wait; with a
    word of doubt where it is not sure. Empty until it has read it."""
    if not opinion.topic:
        return []
    unsure = opinion.unsure.split("|")
    said = [
        ("topic", say(*WORDS[topic])) for topic in (opinion.topic, *filter(None, opinion.also.split("|")))
    ]
    if opinion.feeling:
        said.append(("feeling", say(*WORDS[opinion.feeling])))
    if opinion.complaint:
        said.append(("complaint", say("có điều cần sửa", "something to mend")))
    if opinion.urgency == "high":
        said.append(("urgency", say("gấp", "urgent")))
    return [
        say("{word} (chưa chắc)", "{word} (not sure)", word=word) if head in unsure else word
        for head, word in said
    ]


def seen(reader: Staff) -> QuerySet[Opinion]:
    """The opinions that somebody may read."""
    ids = offices(reader, "opinion.see")
    return Opinion.objects.all() if ids is None else Opinion.objects.filter(office__in=ids)


def thread(opinion: Opinion) -> list[dict[str, Any]]:
    """How far it has come: said, forwarded, put with others, answered, told; what has not happened is stitched."""
    facts = {"said": f"{opinion.office.name} · {day(opinion.said_at)}"}
    links: dict[str, dict[str, str]] = {}
    if opinion.forwarded_to and opinion.forwarded_at:
        facts["forwarded"] = f"{opinion.forwarded_to.name} · {day(opinion.forwarded_at)}"
    if opinion.theme is not None:
        root = root_of(opinion.theme)
        facts["theme"] = say("{n} người đã nói", "said by {n person|people}", n=number(root.people_count))
        links["theme"] = {"href": reverse("theme", args=[root.pk]), "link": root.name}
        given = Answer.objects.filter(theme=root, current=True, at__gte=opinion.said_at).first()
        if given is not None:
            facts["answer"] = f"{day(given.at)} · {say(*KINDS[given.kind])}: “{given.words}”"
        sent = _told(opinion, root)
        if sent is not None:
            facts["told"] = say("tin nhắn, {on}", "text message, {on}", on=day(sent))
    titles = {
        "said": say("Khách nói", "Said"),
        "forwarded": say("Chuyển tới nơi trả lời được", "Forwarded to who can answer"),
        "theme": say("Gom cùng những lời giống vậy", "Put with what others said alike"),
        "answer": say("Nhận lời, hẹn, hoặc nói vì sao không", "Accepted, put off, or refused with a reason"),
        "told": say("Báo lại cho người đã nói", "The speaker is told"),
    }
    return [
        {
            "state": "done" if done else "next",
            "title": titles[step],
            "facts": facts.get(step, ""),
            **links.get(step, {}),
        }
        for step, done in rules.steps(facts)
    ]


def _told(opinion: Opinion, root: Theme) -> datetime | None:
    """When a message of one of the theme's tellings went to whoever spoke."""
    if opinion.speaker_key is None:
        return None
    ids = [str(pk) for pk in Telling.objects.filter(theme=root).values_list("pk", flat=True)]
    mine = Message.objects.filter(key=opinion.speaker_key, taken_at__gte=opinion.said_at)
    sent = mine.filter(about_kind="telling", about_id__in=ids, state__in=[SENT, ARRIVED])
    return sent.values_list("taken_at", flat=True).order_by("taken_at").first() if ids else None


def earlier(opinion: Opinion) -> list[dict[str, Any]]:
    """The words before each correction, the latest first, each with why it was corrected."""
    found, newer = [], opinion
    while newer.corrects_id is not None:
        old = Opinion.objects.get(pk=newer.corrects_id)
        found.append({"text": old.text, "reason": newer.reason, "at": newer.corrected_at})
        newer = old
    return found
