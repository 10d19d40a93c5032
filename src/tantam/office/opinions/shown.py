"""An opinion as the pages show it: its words, where and when, and its thread."""

from __future__ import annotations

from typing import Any

from tantam.listen.columns import WORDS
from tantam.office.opinions import rules
from tantam.office.opinions.models import FORWARDED, Opinion
from tantam.office.words import day, say


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


def thread(opinion: Opinion) -> list[dict[str, Any]]:
    """How far it has come: said, forwarded, then what is owed to whoever spoke; what has not happened is stitched."""
    facts = {
        "said": f"{opinion.office.name} · {day(opinion.said_at)}",
        "forwarded": f"{opinion.forwarded_to.name} · {day(opinion.forwarded_at)}"
        if opinion.forwarded_to and opinion.forwarded_at
        else "",
    }
    titles = {
        "said": say("Khách nói", "Said"),
        "forwarded": say("Chuyển tới nơi trả lời được", "Forwarded to who can answer"),
        "theme": say("Gom cùng những lời giống vậy", "Put with what others said alike"),
        "answer": say("Nhận lời, hẹn, hoặc nói vì sao không", "Accepted, put off, or refused with a reason"),
        "told": say("Báo lại cho người đã nói", "The speaker is told"),
    }
    return [
        {"state": "done" if done else "next", "title": titles[step], "facts": facts.get(step, "")}
        for step, done in rules.steps(opinion.state)
    ]


def earlier(opinion: Opinion) -> list[dict[str, Any]]:
    """The words before each correction, the latest first, each with why it was corrected."""
    found, newer = [], opinion
    while newer.corrects_id is not None:
        old = Opinion.objects.get(pk=newer.corrects_id)
        found.append({"text": old.text, "reason": newer.reason, "at": newer.corrected_at})
        newer = old
    return found
