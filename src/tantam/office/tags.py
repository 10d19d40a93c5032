"""What every template may say without loading anything: ``say``, numbers, days, icons, the current room.

Registered as builtins in the settings. Nothing here reads a database.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tantam import keys
from tantam.office import words

register = template.Library()

_SHAPES = {
    "full": '<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="currentColor"/>'
    "</svg>",
    "hollow": '<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1.6 10.4 6 6 10.4 1.6 6Z" fill="none" '
    'stroke="currentColor" stroke-width="1.6"/></svg>',
    "split": '<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M5.4 1.2v4L3.9 7l1.5 3.6L.8 6ZM6.6 1.2 11.2 6l'
    '-4.6 4.8V7.2l1.6-1.8Z" fill="currentColor"/></svg>',
}
"""The diamonds of a chip: full was kept, hollow is waiting, split was not kept in time."""


@register.simple_tag
def say(vi: str, en: str, **values: object) -> SafeString:
    """``{% say "{n} lời hứa" "{n promise|promises}" n=count %}``: values escaped, whole numbers dotted.

    Give a year or a code as text (``y=year|stringformat:"d"``), or it will get a thousands' dot.
    """
    shown = {name: _safe(value) for name, value in values.items()}
    # The two texts are literals of the template, so that a link inside them may stay.
    return mark_safe(words.say(vi, en, **shown))  # noqa: S308


@register.filter
def number(value: Any, places: int = 0) -> str:
    """``1.847``; nothing for nothing, so that an empty cell stays empty."""
    return "" if value in (None, "") else words.number(value, places)


@register.filter
def percent(share: Any, places: int = 1) -> str:
    """``94,2 %`` of a share of one."""
    return "" if share in (None, "") else words.percent(share, places)


@register.filter
def dong(value: Any) -> str:
    """``1.400.000 đồng``."""
    return "" if value in (None, "") else words.dong(int(value))


@register.simple_tag
def sms_cost(parts: int, people: int = 1) -> str:
    """What so many parts of an SMS cost, to each of so many people: ``1.400.000 đồng``; "" where no price is set."""
    price = settings.SMS_PRICE_DONG
    return words.dong(parts * people * price) if price else ""


@register.filter
def day(value: date | None) -> str:
    """``21/11/2026``."""
    return words.day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """``21/11/2026, 14:26``."""
    return words.moment(value) if value else ""


@register.filter
def hour(value: datetime | None) -> str:
    """``14:26``."""
    return words.hour(value) if value else ""


@register.filter
def days_ago(value: date | None, today: date) -> str:
    """“3 ngày trước”, seen from the day handed in."""
    return words.days_ago(value, today) if value else ""


@register.filter
def key(value: int | str | None) -> str:
    """``TB-7Q4K-20M1-9XC3D``: a subscriber as people see him."""
    return "" if value in (None, "") else keys.show(int(value))


@register.filter
def sentence(error: BaseException) -> str:
    """What to say about an error, in the reader's language."""
    return words.of(error)


@register.filter
def headline(error: BaseException) -> str:
    """The first sentence of an error: what was refused. :func:`way_out` is the rest."""
    return words.of(error).partition(". ")[0].removesuffix(".") + "."


@register.filter
def way_out(error: BaseException) -> str:
    """What to do about an error: all but its first sentence."""
    return words.of(error).partition(". ")[2]


@register.filter
def theirs(text: object) -> str:
    """A sentence of the sign-in library in the reader's language."""
    return words.theirs(str(text))


@register.filter
def own_label(field: Any) -> str:
    """The label of a sign-in field in the reader's language; other fields keep their own."""
    return words.say(*words.LABELS[field.name]) if field.name in words.LABELS else str(field.label)


@register.simple_tag
def ic(name: str, size: int = 20) -> SafeString:
    """An icon of the sprite; always beside a word, so that it is hidden from readers of the page aloud."""
    return format_html(
        '<svg class="ic" width="{0}" height="{0}" aria-hidden="true"><use href="{1}#{2}"/></svg>',
        size,
        static("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def here(context: template.Context, path: str) -> SafeString:
    """``aria-current`` of a link: “page” on the page itself, “true” anywhere in its room but in a room inside it."""
    request = context.get("request")
    at = request.path if request is not None else ""
    if at == path:
        return mark_safe(' aria-current="page"')
    every: list[tuple[str, str]] = [*(context.get("rooms") or []), *(context.get("more_rooms") or [])]
    rooms = (href for href, _ in every)
    deeper = any(at.startswith(href) and len(href) > len(path) for href in rooms)
    inside = path != "/" and at.startswith(path) and not deeper
    return mark_safe(' aria-current="true"') if inside else SafeString()


@register.simple_tag
def chip(promise: Any, today: date | None = None) -> SafeString:
    """The state of a promise as a diamond and a word; an open one needs ``today`` to be late."""
    state = promise.state
    if state == "open":
        days = (today - promise.due).days if today else 0
        return chip_of("late", days=days) if days > 0 else chip_of("due", date=promise.due)
    if state == "kept" and promise.settled_on and promise.settled_on > promise.first_due:
        return chip_of("kept_late", days=(promise.settled_on - promise.first_due).days)
    return chip_of(state)


@register.simple_tag
def chip_of(state: str, date: date | None = None, days: int = 0) -> SafeString:
    """A chip by its state: kept, kept_late, due (``date``), late (``days``), broken, released."""
    known = {
        "kept": ("kept", "full", words.say("đã giữ", "kept")),
        "kept_late": ("nghe", "full", words.say("giữ muộn {n} ngày", "kept {n day|days} late", n=days or "")),
        "late": ("late", "split", words.late(days or 0)),
        "broken": ("late", "split", words.say("không giữ được", "broken")),
        "released": ("off", "", words.say("đã miễn", "released")),
    }
    when = words.day(date, year=False) if date else ""
    known["due"] = ("due", "hollow", words.say("hạn {on}", "due {on}", on=when))
    tone, shape, word = known[state]
    drawn = mark_safe(_SHAPES[shape]) if shape else ""  # noqa: S308
    return format_html('<span class="chip {}">{}{}</span>', tone, drawn, word)


@register.filter
def stitched(steps: list[dict[str, Any]], nth: int) -> bool:
    """Whether the line after the nth step of a thread is stitched: what comes next has not happened."""
    return nth < len(steps) and steps[nth].get("state") in ("due", "next", "late")


@register.simple_tag
def whisker(at: float, low: float, high: float, zero: bool = True) -> SafeString:
    """An interval as a bar, its value as a dot, and the line of nought; drawn with attributes only."""
    ends = [float(low), float(high), float(at)] + ([0.0] if zero else [])
    left, right = min(ends), max(ends)
    room = (right - left) * 0.12 or 1.0
    left, right = left - room, right + room

    def x(value: float) -> str:
        return f"{(float(value) - left) / (right - left) * 280:.1f}"

    tone = "loss" if high < 0 else "" if low > 0 else "none"
    line = format_html('<path class="zero" d="M{} 3v22"/>', x(0)) if zero else ""
    return format_html(
        '<svg class="whisker {}" viewBox="0 0 280 28" aria-hidden="true"><path class="axis" d="M0 14h280"/>'
        '<rect class="span" x="{}" y="9" width="{}" height="10"/>{}<circle cx="{}" cy="14" r="6"/></svg>',
        tone if zero else "",
        x(low),
        f"{float(x(high)) - float(x(low)):.1f}",
        line,
        x(at),
    )


@register.simple_tag
def split(*parts: Any) -> SafeString:
    """A whole cut into its parts: ``{% split kept "la" late "nghe" open "son" %}``; said in words beside it."""
    pairs = [(float(n), tone) for n, tone in zip(parts[::2], parts[1::2], strict=True) if n]
    whole = sum(n for n, _ in pairs) or 1.0
    at, drawn = 0.0, []
    for n, tone in pairs:
        width = n / whole * 1000
        drawn.append((tone, f"{at:.2f}", f"{max(width - 3, 1.5):.2f}"))
        at += width
    bars = format_html_join("", '<rect class="{}" x="{}" width="{}" height="16"/>', drawn)
    return format_html(
        '<svg class="bar" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="1000" height="16"/>{}</svg>',
        bars,
    )


def _safe(value: object) -> str:
    return conditional_escape(value if isinstance(value, SafeString) else str(_written(value)))


def _written(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return words.number(value)
    if isinstance(value, (float, Decimal)):
        return words.number(value, 1)
    if isinstance(value, datetime):
        return words.moment(value)
    return words.day(value) if isinstance(value, date) else value
