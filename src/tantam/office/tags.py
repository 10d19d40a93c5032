"""What every template may say without loading anything: ``say``, numbers, days, icons, the current room.

Registered as builtins in the settings. Nothing here reads a database.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from tantam import keys
from tantam.office import words

register = template.Library()


@register.simple_tag
def say(vi: str, en: str, **values: object) -> SafeString:
    """``{% say "{n} lời hứa" "{n promise|promises}" n=count %}``: values are escaped; whole numbers are written as numbers.

    Give a year or a code as text (``y=year|stringformat:"d"``), or it will get a thousands' dot.
    """
    shown = {name: conditional_escape(_written(value)) for name, value in values.items()}
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


@register.filter
def dong_short(value: Any) -> str:
    """``1,40 triệu đồng``, for sentences."""
    return "" if value in (None, "") else words.dong(int(value), short=True)


@register.filter
def day(value: date | None) -> str:
    """``21/11/2026``."""
    return words.day(value) if value else ""


@register.filter
def day_short(value: date | None) -> str:
    """``21/11``, where the year is said beside it."""
    return words.day(value, year=False) if value else ""


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
def key(value: int | None) -> str:
    """``TB-7Q4K-20M1-9XC3D``: a subscriber as people see him."""
    return "" if value is None else keys.show(int(value))


@register.filter
def sentence(error: BaseException) -> str:
    """What to say about an error, in the reader's language."""
    return words.of(error)


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
    """``aria-current`` of a link: “page” on the page itself, “true” anywhere in its room."""
    request = context.get("request")
    at = request.path if request is not None else ""
    if at == path:
        return mark_safe(' aria-current="page"')
    inside = path != "/" and at.startswith(path)
    return mark_safe(' aria-current="true"') if inside else SafeString()


def _written(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return words.number(value)
    if isinstance(value, (float, Decimal)):
        return words.number(value, 1)
    if isinstance(value, datetime):
        return words.moment(value)
    return words.day(value) if isinstance(value, date) else value
