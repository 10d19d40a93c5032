"""The rule table as a page of the reference."""

from __future__ import annotations

from collections.abc import Iterable

from tantam.law.table import Row, day_of, rows


def unverified_first(found: Iterable[Row]) -> list[Row]:
    """The rows that wait for a person's yes, then the others; else in the order of the table."""
    return sorted(found, key=lambda row: not row.verify)


def in_force(row: Row, since: str = "since") -> str:
    """``since 01/10/2020``, or the first and the last day in force."""
    first = f"{day_of(row.since):%d/%m/%Y}"
    return f"{since} {first}" if row.until is None else f"{first} – {day_of(row.until - 1):%d/%m/%Y}"


_TOP = """\
# The dated rules

Generated from `src/tantam/law/rules.toml`, where a lawyer may change them; `tantam law show` prints them.
Nothing here is legal advice. The dates are the first and the last day in force; percent is whole percent.

A figure changes by a new row with its own `from`, and a `to` on the row before it: a round decided for an old
day is still checked against that day's row.
"""

_UNVERIFIED = """\
Read only in a secondary page, inferred, or perhaps no longer in force. Such a rule warns and asks for a named
person's yes. It never refuses by itself and is never called the law.
"""


def page() -> str:
    """The text of ``docs/reference/law.md``."""
    doubtful = [row for row in rows() if row.verify]
    sure = [row for row in rows() if not row.verify]
    first = f"## Unverified rules ({len(doubtful)})\n\n{_UNVERIFIED}\n{_table(doubtful)}"
    return f"{_TOP}\n{first}\n## Rules read in the text of the statute ({len(sure)})\n\n{_table(sure)}"


def _table(found: Iterable[Row]) -> str:
    head = "| code | value | in force | rule | source |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(f"| {' | '.join(_cells(row))} |\n" for row in found)


def _cells(row: Row) -> tuple[str, ...]:
    where = f"{row.source}, {row.article}"
    return f"`{row.code}`", row.written("en"), in_force(row), f"{row.en}<br>{row.vi}", where
