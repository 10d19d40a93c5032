"""Measurements come in: a file row by row, in small steps, each whole; then the months it touches are made anew.

What was stopped at any moment goes on where it was when the same file is given again; its figures are seen once it is
whole. The same file a second time is nothing new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from django.db import connection, transaction
from django.db.models import Count, F

from tantam.base.headings import shown
from tantam.base.tables import table
from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Staff
from tantam.office.quality import cells
from tantam.office.quality.models import BY, Load, Measurement, Reject
from tantam.office.quality.rows import Reader, Row, Wrong

BATCH = 500
"""Rows in one transaction: a few milliseconds, so that nobody waits long."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class TakenIn:
    """What came of a file: how many rows, how many of them were kept, why the others were not, how many months have
    new figures; ``new`` is false where it was taken in before."""

    load: int
    rows: int
    kept: int
    rejected: int
    codes: Mapping[str, int] = field(default_factory=dict)
    months: int = 0
    new: bool = True


def take_in(
    content: bytes,
    *,
    name: str,
    measured_by: str,
    actor: Staff | None,
    at: datetime,
    renames: Mapping[str, str] | None = None,
    progress: Progress = lambda stage, share: None,
) -> TakenIn:
    """Take in a file (CSV or a spreadsheet) of what we (``self``), the Ministry or a third party measured.

    ``renames``: headings of theirs → our columns. A row of a later file with the same indicator, place, days and method
    counts instead of the earlier one. Refuses ``bad_measurer``, ``encoding_broken``, ``unreadable_file``, ``no_rows``,
    ``missing_column``, ``column_twice``, ``map_unused``, ``loaded_as_other``, ``load_busy``.
    """
    enter(actor, "quality.load")
    if measured_by not in BY:
        raise BadInput(
            "bad_measurer",
            "Who measured is not said.",
            f"One of: {', '.join(BY)}.",
            vi="Chưa nói ai đo. Chọn: nhà mạng tự đo, Bộ đo, hay bên thứ ba đo.",
        )
    lines = table(content)
    header = next(lines, None)
    if header is None:
        raise BadInput(
            "no_rows",
            "The file has no rows.",
            "Choose another one.",
            vi="Tệp không có dòng nào. Chọn tệp khác.",
        )
    reader = Reader(header[1], day_of(at), renames or {})
    load = _begin(content, name, measured_by, actor, at)
    if load.done_at is not None:
        return told(load, months=0, new=False)
    if load.read_at is None:
        _read(load, reader, lines, at, content.count(b"\n") or 1, progress)
    months = _months_of(load)
    for done, month in enumerate(months):
        progress("months", done / len(months))
        cells.make_month(measured_by, month)
    _finish(load, actor, at, len(months))
    return told(load, months=len(months), new=True)


def _begin(content: bytes, name: str, measured_by: str, actor: Staff | None, at: datetime) -> Load:
    """The load of this file, the one already there or a new one."""
    digest = hashlib.sha256(content).hexdigest()
    facts = {"name": shown(name, 120), "measured_by": measured_by, "at": at, "by": actor}
    load, _ = Load.objects.get_or_create(digest=digest, defaults=facts)
    if load.measured_by != measured_by:
        raise Refused(
            "loaded_as_other",
            f"This file was taken in as measured by “{load.measured_by}”.",
            "One file has one measurer.",
            vi="Tệp này đã được nhận với bên đo khác. Một tệp chỉ của một bên đo.",
        )
    return load


def _read(
    load: Load,
    reader: Reader,
    lines: Iterator[tuple[int, Sequence[object]]],
    at: datetime,
    expected: int,
    progress: Progress,
) -> None:
    for _, passed in islice(lines, load.rows_count):
        reader.pass_over(passed)
    while batch := list(islice(lines, BATCH)):
        kept: list[tuple[int, Row]] = []
        rejected: list[tuple[int, Wrong]] = []
        for line, values in batch:
            found = reader.read(values)
            if isinstance(found, Wrong):
                rejected.append((line, found))
            else:
                kept.append((line, found))
        with transaction.atomic():
            _advance(load, len(batch), len(kept), len(rejected))
            _insert(load, kept)
            Reject.objects.bulk_create([Reject(load=load, line=line, **w._asdict()) for line, w in rejected])
        progress("rows", min(1.0, load.rows_count / expected))
    Load.objects.filter(pk=load.pk, read_at__isnull=True).update(read_at=at)


def _advance(load: Load, rows: int, kept: int, rejected: int) -> None:
    """Note how far we came; refuses (``load_busy``) where somebody else came further with the same file."""
    mine = Load.objects.filter(pk=load.pk, rows_count=load.rows_count, read_at__isnull=True)
    counts = {"rows_count": rows, "kept_count": kept, "rejected_count": rejected}
    if mine.update(**{column: F(column) + by for column, by in counts.items()}) != 1:
        raise Refused(
            "load_busy",
            "Somebody else is taking in this file.",
            "Wait until it is done.",
            vi="Có người đang nhận tệp này. Đợi tới khi xong.",
        )
    for column, by in counts.items():
        setattr(load, column, getattr(load, column) + by)


_COLUMNS = ("load_id", "line", *Row._fields, "measured_by")


def _insert(load: Load, kept: list[tuple[int, Row]]) -> None:
    """By the database's own bulk way: a tenth of the time of its models."""
    rows = [(load.pk, line, *row, load.measured_by) for line, row in kept]
    columns = ", ".join(_COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY quality_measurement ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(_COLUMNS))
            cursor.executemany(f"INSERT INTO quality_measurement ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _months_of(load: Load) -> list[date]:
    days = Measurement.objects.filter(load=load).values_list("to_on", flat=True).distinct().order_by()
    return sorted({day.replace(day=1) for day in days})


def _finish(load: Load, actor: Staff | None, at: datetime, months: int) -> None:
    with transaction.atomic():
        if Load.objects.filter(pk=load.pk, done_at__isnull=True).update(done_at=at) != 1:
            return
        write(
            actor=actor, act="quality.taken_in", at=at, on=("load", load.pk), count=load.kept_count,
            digest=load.digest, measured_by=load.measured_by, rejected=load.rejected_count, months=months,
        )  # fmt: skip


def told(load: Load, *, months: int, new: bool) -> TakenIn:
    """What came of a file, with its rejects by code."""
    rejects = Reject.objects.filter(load=load).values_list("code").annotate(many=Count("pk"))
    codes = dict(rejects.order_by("-many", "code"))
    return TakenIn(load.pk, load.rows_count, load.kept_count, load.rejected_count, codes, months, new)
