"""The three things that go wrong on purpose; nothing else is raised deliberately.

Each carries a ``code`` (stable, snake_case, listed in docs/reference/errors.md), ``what`` happened in one plain
sentence, and what to ``do`` about it. What people in the office may meet also carries ``vi``: the same two in
Vietnamese, written and not translated.
"""

from __future__ import annotations


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


class Refused(TantamError):
    """A rule says no to a person; exit code 2."""

    exit_code = 2


class BadInput(TantamError):
    """A file, a rule or a message is wrong; exit code 3."""

    exit_code = 3


class Fault(TantamError):
    """We broke, or the world did; exit code 1."""

    exit_code = 1
