"""Messages as people see them: each with its state, its last verdict and the rule."""

from __future__ import annotations

from typing import Any

from tantam import keys
from tantam.office.channels.models import (
    ARRIVED,
    FAILED,
    REFUSED,
    SENT,
    TAKEN,
    UNKNOWN,
    WAITING,
    Judgement,
    Message,
)
from tantam.office.channels.rules import CHANNELS, PURPOSES
from tantam.office.words import say

STATES = {
    WAITING: ("Đang chờ", "Waiting", "nghe"),
    SENT: ("Đã giao", "Handed over", "la"),
    ARRIVED: ("Đã tới", "Arrived", "la"),
    REFUSED: ("Không gửi", "Not sent", "line"),
    FAILED: ("Không tới được", "Did not arrive", "son"),
    UNKNOWN: ("Không rõ đã đi chưa", "Nobody knows", "son"),
    TAKEN: ("Đang giao", "Being handed over", "cham"),
}
"""State → in Vietnamese, in English, and its colour."""


def shown(rows: list[Message]) -> list[dict[str, Any]]:
    """What a row of the list needs, in the reader's language."""
    last = {j.message_id: j for j in Judgement.objects.filter(message__in=rows).order_by("at", "id")}
    return [
        {
            "who": keys.show(row.key) if row.key is not None else "",
            "text": row.text,
            "purpose": say(*PURPOSES[row.purpose]),
            "channel": say(*CHANNELS[row.channel]),
            "parts": row.parts if row.channel == "sms" else 0,
            "state": say(*STATES[row.state][:2]),
            "colour": STATES[row.state][2],
            "asked": row.asked_at,
            "due": row.due_at if row.code else None,
            "why": say(last[row.pk].vi, last[row.pk].en) if row.pk in last else "",
            "rule": last[row.pk].rule if row.pk in last else "",
        }
        for row in rows
    ]
