"""Messages as people see them: each with its state, its last verdict and the rule, and what the receipts say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count

from tantam import keys
from tantam.office.channels.models import (
    ARRIVED,
    FAILED,
    REFUSED,
    SENT,
    TAKEN,
    UNKNOWN,
    WAITING,
    Handed,
    Judgement,
    Message,
)
from tantam.office.channels.reasons import ended, why
from tantam.office.channels.receipts import ARRIVED_WORD
from tantam.office.channels.rules import CHANNELS, PURPOSES
from tantam.office.channels.secrets import without
from tantam.office.words import number, say

STATES = {
    WAITING: ("Đang chờ", "Waiting", "nghe"),
    SENT: ("Đã giao", "Handed over", "cham"),
    ARRIVED: ("Đã tới máy", "Arrived", "la"),
    REFUSED: ("Không gửi", "Not sent", "line"),
    FAILED: ("Không tới được", "Did not arrive", "son"),
    UNKNOWN: ("Không rõ đã đi chưa", "Nobody knows", "son"),
    TAKEN: ("Đang giao", "Being handed over", "cham"),
}
"""State → in Vietnamese, in English, and its colour."""


def shown(rows: list[Message]) -> list[dict[str, Any]]:
    """What a row of the list needs, in the reader's language; three queries however many rows."""
    last = {j.message_id: j for j in Judgement.objects.filter(message__in=rows).order_by("at", "id")}
    handed: dict[UUID, list[Handed]] = defaultdict(list)
    for part in Handed.objects.filter(message__in=rows).order_by("id"):
        handed[part.message_id].append(part)
    carried = dict(Message.objects.filter(carrier__in=rows).values_list("carrier").annotate(n=Count("pk")))
    return [
        {
            "who": keys.show(row.key) if row.key is not None else "",
            "text": without(row.text),
            "purpose": say(*PURPOSES[row.purpose]),
            "channel": say(*CHANNELS[row.channel]),
            "parts": row.parts if row.channel == "sms" else 0,
            "state": say(*STATES[row.state][:2]),
            "colour": STATES[row.state][2],
            "asked": row.asked_at,
            "due": row.due_at if row.code else None,
            "appointed": row.due_at if row.due_at and not row.code and row.due_at > row.asked_at else None,
            "why": say(last[row.pk].vi, last[row.pk].en) if row.pk in last else "",
            "rule": last[row.pk].rule if row.pk in last else "",
            "receipts": _receipts(handed[row.pk]),
            "amiss": _amiss(row, handed[row.pk]),
            "together": row.carrier_id or (row.pk if row.pk in carried else None),
            "others": carried.get(row.pk, 0),
        }
        for row in rows
    ]


def _receipts(parts: Sequence[Handed]) -> str:
    """How many parts arrived, where there are several and the network has spoken of any."""
    if len(parts) < 2 or not any(part.ended for part in parts):
        return ""
    arrived = sum(part.ended == ARRIVED_WORD for part in parts)
    return say(
        "{n}/{all} phần đã tới", "{n} of {all} parts arrived", n=number(arrived), all=number(len(parts))
    )


def _amiss(row: Message, parts: Sequence[Handed]) -> str:
    """Why a message did not arrive: each way in which a part of it ended, or what the centre said."""
    if row.state != FAILED:
        return ""
    ends = [ended(part.ended, part.error) for part in parts if part.ended and part.ended != ARRIVED_WORD]
    return "; ".join(dict.fromkeys(ends)) or why(row.code)
