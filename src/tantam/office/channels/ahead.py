"""What the base and the phone book say of the people on a list: read once for many of them, not once a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings

from tantam.base.home import Home
from tantam.office.channels import phonebook, subscribers
from tantam.office.channels.rules import Consented

LIST = 50_000
"""Keys that are read at once: a file of fifty million rows is gone through once for so many."""


class Ahead:
    """Holds what was read for one list, while it is being sent; a new one for each look at what is due.

    ``coming`` gives the keys that will be asked for next. What people tell the office is not held: a STOP counts at
    once.
    """

    def __init__(self, coming: Callable[[], Iterable[int]] = tuple) -> None:
        self._coming = coming
        self._said: dict[int, tuple[Consented, ...]] = {}
        self._numbers: dict[int, str] = {}

    def said(self, keys: Iterable[int]) -> dict[int, tuple[Consented, ...]]:
        """What each said yes and no to, by the base."""
        wanted = list(keys)
        if not self._said.keys() >= set(wanted):
            asked = {*wanted, *self._coming()}
            self._said = dict.fromkeys(asked, ()) | subscribers.said(Home(settings.HOME), asked)
        return {key: self._said[key] for key in wanted}

    def numbers(self, keys: Iterable[int]) -> dict[int, str]:
        """The number of each, as networks write it; "" where there is none."""
        wanted = list(keys)
        if not self._numbers.keys() >= set(wanted):
            asked = {*wanted, *self._coming()}
            self._numbers = dict.fromkeys(asked, "") | phonebook.dialled(asked)
        return {key: self._numbers[key] for key in wanted}
