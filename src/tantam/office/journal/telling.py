"""The journal in words: what was done, and on what."""

from __future__ import annotations

from django.urls import Resolver404, resolve

from tantam.office import words
from tantam.office.journal.told import TOLD

KINDS = {
    "promise": ("lời hứa", "promise", "/promises/{}/"),
    "event": ("buổi gặp", "gathering", "/events/{}/"),
    "programme": ("chương trình", "programme", "/programmes/{}/"),
    "opinion": ("ý kiến", "opinion", "/opinions/{}/"),
    "reward": ("lời cảm ơn", "thanks", ""),
    "party": ("khách, đối tác", "party", "/parties/{}/"),
    "request": ("yêu cầu dữ liệu", "data request", "/desk/{}/"),
    "staff": ("nhân viên", "staff", "/people/{}/"),
    "office": ("văn phòng", "office", ""),
    "subscriber": ("thuê bao", "subscriber", ""),
    "phonebook": ("sổ điện thoại", "phone book", ""),
}
"""Kind of what was acted upon → Vietnamese, English, where its page is."""


def told(act: str) -> str:
    """An act in words; one that nobody worded is its code."""
    return words.say(*TOLD[act]) if act in TOLD else act


def what(kind: str, number: str) -> dict[str, str]:
    """What was acted upon: its kind in words, its number, and the address of its page where it has one."""
    vi, en, pattern = KINDS.get(kind, (kind, kind, ""))
    return {"kind": words.say(vi, en), "id": number, "href": _address(pattern, number)}


def _address(pattern: str, number: str) -> str:
    if not pattern or not number.replace("-", "").isalnum():
        return ""
    try:
        resolve(pattern.format(number))
    except Resolver404:
        return ""
    return pattern.format(number)
