"""Long lists: a page at a time by the last row seen, never by an offset; counted so far; many values in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import IntegerField, Q, QuerySet, Subquery

SIZE = 50

COUNTED = 1_000
"""Counts stop here: a list of a million is as quick as one of ten."""

BATCH = 500
"""Values in one statement: SQLite takes a limited number."""

T = TypeVar("T")


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, at most :data:`BATCH` at a time."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def some(rows: QuerySet[Any]) -> int:
    """How many rows there are; one more than :data:`COUNTED` where there are more than that."""
    return len(rows.values_list("pk")[: COUNTED + 1])


class Some(Subquery):
    """As :func:`some`, of the rows of a subquery, for as many as the outer query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[: COUNTED + 1])


class Page(NamedTuple):
    """Some rows, and the addresses' ``after`` of the next page (empty at the end)."""

    rows: list[Any]
    after: str
    first: bool


def page(rows: QuerySet[Any], after: str, *by: str, size: int = SIZE) -> Page:
    """The rows after a place, in the order ``by`` (field names, ``-`` for falling; the last one unique).

    ``after`` is what the page before gave, from the address; a broken one starts anew. An index on ``by`` makes each
    page cost the same, the first and the thousandth.
    """
    names = [name.lstrip("-") for name in by]
    rows = rows.order_by(*by)
    values = after.split("~") if after else []
    if len(values) == len(by):
        try:
            rows = rows.filter(_beyond(by, values))
        except (ValueError, TypeError, ValidationError):
            values = []
    some = _read(rows, size)
    more = len(some) > size
    some = some[:size]
    following = "~".join(_plain(getattr(some[-1], n)) for n in names) if more else ""
    return Page(some, following, not values)


def _read(rows: QuerySet[Any], size: int) -> list[Any]:
    return list(rows[: size + 1])


def _beyond(by: tuple[str, ...], values: list[str]) -> Q:
    """(a, b) after (x, y): a > x, or a = x and b > y; as a filter that an index serves."""
    whole, same = Q(), Q()
    for name, value in zip(by, values, strict=True):
        side = "lt" if name.startswith("-") else "gt"
        field = name.lstrip("-")
        whole |= same & Q(**{f"{field}__{side}": value})
        same &= Q(**{field: value})
    lead, first = by[0], values[0]
    edge = "lte" if lead.startswith("-") else "gte"
    return Q(**{f"{lead.lstrip('-')}__{edge}": first}) & whole


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
