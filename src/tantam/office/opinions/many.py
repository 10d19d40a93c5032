"""What is read of many themes at once, by as many queries for a page of them as for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tantam.office.opinions.models import Opinion, Theme


def under(ids: Sequence[int]) -> dict[int, int]:
    """Each of these themes and all that was put into it → the one of these; a query for each level of them."""
    roots = {pk: pk for pk in ids}
    level = list(ids)
    while level:
        rows = Theme.objects.filter(into__in=level).values_list("pk", "into")
        for pk, into in (some := [(pk, into) for pk, into in rows if into is not None]):
            roots[pk] = roots[into]
        level = [pk for pk, _ in some]
    return roots


def first_of(themes: Sequence[int], rows: QuerySet[Opinion], most: int, *, latest: bool) -> QuerySet[Opinion]:
    """The ``latest`` or the oldest ``most`` of these opinions on each theme, and whatever was said at the same moment
    as the last of them; in no order. Two queries, each part of them from an index."""
    by = ("-said_at", "-id") if latest else ("said_at", "id")
    rows = rows.filter(current=True)
    edge = Subquery(rows.filter(theme=OuterRef("pk")).order_by(*by).values("said_at")[most - 1 : most])
    edges: list[tuple[int, datetime | None]] = list(
        Theme.objects.filter(pk__in=themes).annotate(edge=edge).values_list("pk", "edge")
    )
    side = "said_at__gte" if latest else "said_at__lte"
    # “current” in each part, or SQLite uses none of its indexes; in no order, or it reads all there are.
    each = (Q(theme=pk, current=True, **({side: at} if at else {})) for pk, at in edges)
    return rows.filter(reduce(or_, each)) if edges else rows.none()
