"""The journal in words: each room's ``rules.TOLD`` words its own acts, and here they are found."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.urls import Resolver404, resolve

from tantam.office import words

KINDS = {
    "promise": ("lời hứa", "promise", "/promises/{}/"),
    "event": ("buổi gặp", "gathering", "/events/{}/"),
    "programme": ("chương trình", "programme", "/programmes/{}/"),
    "opinion": ("ý kiến", "opinion", "/opinions/{}/"),
    "party": ("khách, đối tác", "party", "/parties/{}/"),
    "request": ("yêu cầu dữ liệu", "data request", "/desk/{}/"),
    "staff": ("nhân viên", "staff", "/people/{}/"),
    "office": ("văn phòng", "office", ""),
    "subscriber": ("thuê bao", "subscriber", ""),
    "phonebook": ("sổ điện thoại", "phone book", ""),
}
"""Kind of what was acted upon → Vietnamese, English, where its page is."""


@cache
def table() -> dict[str, tuple[str, str]]:
    """Every act that some room words: code → Vietnamese, English."""
    rooms = [config.name for config in apps.get_app_configs() if config.name.startswith("tantam.office.")]
    found: dict[str, tuple[str, str]] = {}
    for room in rooms:
        if find_spec(f"{room}.rules"):
            found |= getattr(import_module(f"{room}.rules"), "TOLD", {})
    return found


def told(act: str, names: Any) -> str:
    """An act in words; ``names`` (the door's table) words what no room does, and the code itself is the last resort."""
    if act in table():
        return words.say(*table()[act])
    if act in names:
        return words.say(names[act].vi, names[act].en)
    return act


def what(kind: str, number: str) -> dict[str, str]:
    """What was acted upon: its kind in words, its number, and the address of its page where it has one."""
    vi, en, pattern = KINDS.get(kind, (kind, kind, ""))
    return {"kind": words.say(vi, en), "id": number, "href": _address(pattern, number)}


def _address(pattern: str, number: str) -> str:
    if not pattern or not number.isalnum():
        return ""
    try:
        resolve(pattern.format(number))
    except Resolver404:
        return ""
    return pattern.format(number)
