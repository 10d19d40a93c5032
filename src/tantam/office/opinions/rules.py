"""What an opinion may be, and how far it has come. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from tantam.errors import BadInput, Refused
from tantam.listen.columns import TOPICS

TONES = {
    "praise": ("khen", "praise", "la"),
    "idea": ("góp ý", "idea", "cham"),
    "grievance": ("bức xúc", "grievance", "nghe"),
}
"""Code → in Vietnamese, in English, and its colour."""

TONE_OF = {"positive": "praise", "neutral": "idea", "negative": "grievance"}
"""What a machine felt → the tone."""

CHANNELS = {
    "cafe": ("cà phê", "café"),
    "counter": ("quầy giao dịch", "counter"),
    "phone": ("điện thoại", "phone"),
    "letter": ("thư", "letter"),
    "sms": ("tin nhắn", "text message"),
    "web": ("trang mạng", "web"),
    "helper": ("tình nguyện viên tại buổi gặp", "volunteer at a gathering"),
    "other": ("nơi khác", "elsewhere"),
}
TYPED = ("counter", "phone", "letter", "other")
"""Channels that somebody at a desk may write down by hand; the others have their own way in."""

MOST_TEXT = 4_000
MOST_REASON = 300
GONE = "—"
"""What stands where words were forgotten."""


def check(text: str, tone: str, channel: str) -> str:
    """The words as they were said, without blanks around them; refuses ``empty_opinion``, ``opinion_too_long``,
    ``bad_tone``, ``bad_channel``."""
    words = text.strip()
    if not words:
        raise BadInput(
            "empty_opinion",
            "No words were written down.",
            "Write what was said, as it was said.",
            vi="Chưa ghi lời nào. Khách nói sao, ghi vậy.",
        )
    if len(words) > MOST_TEXT:
        raise BadInput(
            "opinion_too_long",
            f"An opinion has at most {MOST_TEXT:,} letters; this has {len(words):,}.",
            "Write what was said in two opinions.",
            vi=f"Một ý kiến tối đa {MOST_TEXT} chữ, đây có {len(words)}. Tách làm hai ý kiến.",
        )
    if tone not in TONES:
        raise BadInput(
            "bad_tone",
            f"“{tone}” is no tone.",
            f"One of: {', '.join(TONES)}.",
            vi="Chưa chọn khách khen, góp ý hay bức xúc. Chọn một.",
        )
    if channel not in CHANNELS:
        raise BadInput(
            "bad_channel",
            f"“{channel}” is no channel.",
            f"One of: {', '.join(CHANNELS)}.",
            vi="Chưa chọn khách nói ở đâu. Chọn một nơi.",
        )
    return words


def check_reason(reason: str) -> str:
    """Why words are corrected, trimmed; refuses ``no_reason``, ``reason_too_long``."""
    if not reason.strip():
        raise BadInput(
            "no_reason",
            "A correction needs a reason.",
            "Say in a sentence what was wrong.",
            vi="Sửa lời thì phải nói vì sao. Viết một câu.",
        )
    if len(reason.strip()) > MOST_REASON:
        raise BadInput(
            "reason_too_long",
            f"A reason has at most {MOST_REASON} letters.",
            "Shorten it.",
            vi=f"Lý do dài tối đa {MOST_REASON} chữ. Viết ngắn lại.",
        )
    return reason.strip()


def check_current(current: bool) -> None:
    """Refuse (``already_corrected``) to correct words that a later row has taken the place of."""
    if not current:
        raise Refused(
            "already_corrected",
            "These words have been corrected since.",
            "Correct the newest ones.",
            vi="Lời này đã được sửa rồi. Mở lời mới nhất mà sửa.",
        )


def check_elsewhere(offices: Iterable[int], to: int) -> None:
    """Refuse (``forwarded_to_itself``) to forward to the office that already has the opinion."""
    if to in set(offices):
        raise Refused(
            "forwarded_to_itself",
            "The opinion is at that office already.",
            "Choose the office that can answer it.",
            vi="Ý kiến đang ở chính nơi đó. Chọn nơi có thể trả lời.",
        )


def check_topic(topic: str) -> None:
    """Refuse (``bad_topic``) a topic that nothing is sorted under."""
    if topic not in TOPICS:
        raise BadInput(
            "bad_topic",
            f"“{topic}” is no topic.",
            f"One of: {', '.join(TOPICS)}.",
            vi="Chưa chọn chủ đề. Chọn một trong danh sách.",
        )


def incomplete() -> BadInput:
    """What to answer a form that no page of ours makes."""
    return BadInput(
        "form_incomplete",
        "The form came without something it needs.",
        "Reload the page and send again.",
        vi="Biểu mẫu gửi lên bị thiếu. Tải lại trang rồi gửi lần nữa.",
    )


def sorted_under(topic: str, unsure: str) -> dict[str, Any]:
    """What changes in a reading when a person says what an opinion is about."""
    left = [name for name in unsure.split("|") if name not in ("", "topic")]
    return {"topic": topic, "also": "", "unsure": "|".join(left), "sorted_by_person": True}


def read_codes(topic: str, also: str, feeling: str, complaint: bool | None, urgency: str) -> str:
    """A reading in its codes, for the person it is about: ``network|data, negative, complaint, normal``."""
    topics = "|".join(filter(None, (topic, also)))
    return ", ".join(filter(None, (topics, feeling, "complaint" if complaint else "", urgency)))


def corrected_id(old: UUID, text: str) -> UUID:
    """The id of a correction: from what it corrects and its words, so that sending it twice makes one."""
    return uuid5(old, text)


def digest(ids: Iterable[UUID]) -> str:
    """SHA-256 of some opinions' ids in order, for the one entry of a bulk act."""
    return hashlib.sha256(" ".join(sorted(map(str, ids))).encode()).hexdigest()


STEPS = ("said", "forwarded", "theme", "answer", "told")
"""The thread of an opinion."""


def steps(came: Iterable[str]) -> list[tuple[str, bool]]:
    """The steps of an opinion, and whether each has happened. Later ones are stitched."""
    done = {"said", *came}
    return [(step, step in done) for step in STEPS]
