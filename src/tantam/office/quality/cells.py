"""One month of measurements made into figures: sums by the database, intervals by the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction

from tantam.office.quality import rules
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Cell, Load, Measurement
from tantam.office.quality.rules import Figure, Sums

_REPLACE = """
UPDATE quality_measurement AS older SET replaced_by_id = (
    SELECT max(newer.load_id) FROM quality_measurement AS newer
    WHERE newer.measured_by = older.measured_by AND newer.to_on = older.to_on
        AND newer.indicator = older.indicator AND newer.place = older.place
        AND newer.place_written = older.place_written AND newer.from_on = older.from_on
        AND newer.method = older.method
        AND newer.load_id IN (SELECT id FROM quality_load WHERE read_at IS NOT NULL)
)
WHERE older.measured_by = %s AND older.to_on >= %s AND older.to_on < %s
    AND EXISTS (
        SELECT 1 FROM quality_measurement AS newer
        WHERE newer.measured_by = older.measured_by AND newer.to_on = older.to_on
            AND newer.indicator = older.indicator AND newer.place = older.place
            AND newer.place_written = older.place_written AND newer.from_on = older.from_on
            AND newer.method = older.method AND newer.load_id > older.load_id
            AND newer.load_id IN (SELECT id FROM quality_load WHERE read_at IS NOT NULL)
    )
"""
_SUMS = """
SELECT indicator, place, count(*), count(n), coalesce(sum(n), 0),
    coalesce(sum(CASE WHEN n IS NULL THEN NULL WHEN good_count IS NULL THEN value * n / 100 ELSE good_count END), 0),
    coalesce(sum(n * value), 0), coalesce(sum(n * value * value), 0), coalesce(sum((n - 1) * spread * spread), 0),
    count(CASE WHEN n IS NOT NULL THEN spread END), coalesce(sum(CASE WHEN n IS NULL THEN value END), 0)
FROM quality_measurement
WHERE measured_by = %s AND to_on >= %s AND to_on < %s AND replaced_by_id IS NULL
    AND load_id IN (SELECT id FROM quality_load WHERE read_at IS NOT NULL)
GROUP BY indicator, place
"""


def make_month(measured_by: str, month: date) -> int:
    """Make the figures of one month and measurer from its rows, and those of the country where nobody measured it as a
    whole; gives how many. Made again, they are the same. One transaction: two that end at once wait for each other."""
    after = rules.next_month(month)
    span = (measured_by, month, after)
    with transaction.atomic():
        Load.objects.select_for_update().order_by("pk").first()
        rows = Measurement.objects.filter(measured_by=measured_by, to_on__gte=month, to_on__lt=after)
        with connection.cursor() as cursor:
            if len(set(rows.values_list("load", flat=True).distinct()[:2])) > 1:
                cursor.execute(_REPLACE, span)
            cursor.execute(_SUMS, span)
            sums = {(code, place): _sums(found) for code, place, *found in cursor.fetchall()}
        made = [_cell(measured_by, month, *one) for one in _figures(sums)]
        Cell.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["indicator", "measured_by", "place", "month"],
            update_fields=["rows_count", "provinces_count", "n", "value", "low", "high"],
        )
    return len(made)


def _sums(row: list[Any]) -> Sums:
    rows, with_n, n, counted, weighted, squares, within, with_spread, plain = row
    return Sums(
        rows, with_n, int(n), float(counted), float(weighted), float(squares), float(within), with_spread,
        float(plain),
    )  # fmt: skip


def _figures(sums: dict[tuple[str, str], Sums]) -> list[tuple[str, str, Sums, Figure, int]]:
    """Indicator, place, its sums and its figure, and of how many provinces it was put together."""
    found = []
    parts: dict[str, list[Sums]] = {}
    for (code, place), one in sums.items():
        figure = rules.figure(INDICATORS[code], one)
        assert figure is not None  # a group has a row
        found.append((code, place, one, figure, 0))
        if place:
            parts.setdefault(code, []).append(one)
    for code, provinces in parts.items():
        whole = rules.together(INDICATORS[code], provinces)
        if whole is not None and (code, "") not in sums:
            weighed = sum(1 for one in provinces if one.with_n)
            found.append((code, "", sum(provinces, Sums()), whole, weighed))
    return found


def _cell(
    measured_by: str, month: date, code: str, place: str, sums: Sums, figure: Figure, provinces: int
) -> Cell:
    return Cell(
        indicator=code, place=place, month=month, measured_by=measured_by, rows_count=sums.rows,
        provinces_count=provinces, n=figure.n, value=figure.value, low=figure.low, high=figure.high,
    )  # fmt: skip
