"""The three things that go wrong on purpose; nothing else is raised deliberately.

Each carries a ``code`` (stable, snake_case, listed in docs/reference/errors.md), ``what`` happened in one plain
sentence, and what to ``do`` about it. What people in the office may meet also carries ``vi``: the same two in
Vietnamese, written and not translated.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any


class TantamError(Exception):
    """The base of the three; ``exit_code`` is what the terminal returns."""

    exit_code = 1

    def __init__(self, code: str, what: str, do: str = "", *, vi: str = "") -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.do = do
        self.vi = vi

    def __str__(self) -> str:
        return f"{self.what} {self.do}".strip() + f" [{self.code}]"

    def __reduce__(self) -> tuple[Any, ...]:
        """As itself out of another process, where all that is told is told again."""
        return partial(type(self), vi=self.vi), (self.code, self.what, self.do)


class Refused(TantamError):
    """A rule says no to a person; exit code 2."""

    exit_code = 2


class BadInput(TantamError):
    """A file, a rule or a message is wrong; exit code 3."""

    exit_code = 3


class Fault(TantamError):
    """We broke, or the world did; exit code 1."""

    exit_code = 1


def place(error: BaseException) -> str:
    """Where something broke, ``file.py:12``. A whole traceback may hold values; the place is enough to find it."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else "?"
