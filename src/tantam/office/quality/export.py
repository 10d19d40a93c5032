"""What an inspector takes along: one zip of the figures shown and every raw row behind each, to be counted again."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from django.views.decorators.http import require_GET

from tantam import clock, law
from tantam.errors import BadInput
from tantam.office import door
from tantam.office.people.models import Request
from tantam.office.quality import boards, felt, rules, shown
from tantam.office.quality.felt import Felt
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Cell, Declared, Load, Measurement, Pledge, Reject, Standing
from tantam.office.words import moment

MOST_MONTHS = 240
_ROWS = 2_000
"""Rows fetched at once; a file of millions is never in memory whole."""
Table = tuple[str, tuple[str, ...], Callable[[], Iterable[Sequence[Any]]]]


@door.page("measurement.see")
@require_GET
def give(request: Request) -> Any:  # a stream is no HttpResponse, which the door speaks of
    """The package of some months (``?from=2026-01&to=2026-10``; otherwise the last twelve)."""
    months = _asked(request)
    answer = StreamingHttpResponse(package(months), content_type="application/zip")
    name = f"chat-luong-{months[0]:%Y-%m}-{months[-1]:%Y-%m}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def package(months: Sequence[date]) -> Iterator[bytes]:
    """The zip in pieces, as it is made: CSV files in UTF-8 with a mark for spreadsheets, and ``DOC-TRUOC.txt``."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("DOC-TRUOC.txt", "\ufeff" + _read_me(months).replace("\n", "\r\n"))
        for name, head, rows in _tables(months):
            with pack.open(name, "w", force_zip64=True) as file:
                for piece in _csv(head, rows()):
                    file.write(piece)
                    yield pipe.drain()
            yield pipe.drain()
    yield pipe.drain()


class _Pipe(io.RawIOBase):
    """Where the zip is written to and taken from piece by piece; it cannot go back, and zip needs not."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def drain(self) -> bytes:
        """What was written since the last time."""
        piece, self._held = bytes(self._held), bytearray()
        return piece


def _asked(request: Request) -> list[date]:
    last = shown.read_month(request.GET.get("to", ""))
    last = last or boards.last_month() or clock.day_of(clock.now()).replace(day=1)
    first = shown.read_month(request.GET.get("from", "")) or shown.months_to(last, boards.MONTHS)[0]
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 0 < count <= MOST_MONTHS:
        raise BadInput(
            "bad_months", f"A package holds 1 to {MOST_MONTHS} months.", "Give from and to as 2026-01 and 2026-12.",
            vi=f"Một gói chứa từ 1 đến {MOST_MONTHS} tháng. Viết from và to như 2026-01 và 2026-12.",
        )  # fmt: skip
    return shown.months_to(last, count)


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    text.write("\ufeff")
    writer.writerow(head)
    for nth, row in enumerate(rows, 1):
        writer.writerow([_plain(value) for value in row])
        if nth % _ROWS == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _plain(value: Any) -> Any:
    """Full digits; a text that a spreadsheet would run as a formula is kept as text by an apostrophe."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value


_CELL = (
    "indicator",
    "place",
    "month",
    "measured_by",
    "value",
    "low",
    "high",
    "n",
    "rows_count",
    "provinces_count",
)
_ROW = (
    *(
        "load__digest",
        "line",
        "indicator",
        "measured_by",
        "from_on",
        "to_on",
        "place",
        "place_written",
        "value",
    ),
    *("n", "good_count", "spread", "method", "source", "replaced_by__digest"),
)
_LOAD = (
    "digest",
    "name",
    "measured_by",
    "at",
    "rows_count",
    "kept_count",
    "rejected_count",
    "read_at",
    "done_at",
)
_REJECT = ("load__digest", "line", "column", "code", "value")
_DECLARED = ("indicator", "level", "from_on", "to_on", "document")
_PLEDGE = (
    *(
        "code",
        "indicator",
        "level",
        "each_province",
        "text_vi",
        "remedy_vi",
        "remedy_days",
        "from_on",
        "to_on",
    ),
    *("why_ended", "invented"),
)
_STANDING = (
    *(
        "pledge__code",
        "pledge__from_on",
        "place",
        "month",
        "state",
        "cell__measured_by",
        "cell__value",
        "cell__low",
    ),
    *(
        "cell__high",
        "at",
        "promise",
        "promise__made_at",
        "promise__first_due",
        "promise__due",
        "promise__state",
    ),
    *("promise__settled_on",),
)
_NAMES = {"load__digest": "load_sha256", "replaced_by__digest": "replaced_by_sha256", "digest": "sha256"}


def _tables(months: Sequence[date]) -> list[Table]:
    first, end = months[0], rules.next_month(months[-1])
    within = {"month__gte": first, "month__lt": end}
    raw = Measurement.objects.filter(to_on__gte=first, to_on__lt=end)

    def table(name: str, rows: Any, fields: Sequence[str], *order: str) -> Table:
        head = tuple(_NAMES.get(field, field.replace("__", "_")) for field in fields)
        return name, head, lambda: rows.order_by(*order).values_list(*fields).iterator(chunk_size=_ROWS)

    return [
        table(
            "so-lieu.csv", Cell.objects.filter(**within), _CELL, "month", "indicator", "place", "measured_by"
        ),
        table("dong-goc.csv", raw, _ROW, "measured_by", "to_on", "indicator", "place", "pk"),
        table("tep.csv", Load.objects.all(), _LOAD, "pk"),
        table("dong-khong-nhan.csv", Reject.objects.all(), _REJECT, "pk"),
        table("muc-cong-bo.csv", Declared.objects.all(), _DECLARED, "indicator", "from_on"),
        table("loi-hua.csv", Pledge.objects.all(), _PLEDGE, "code", "from_on"),
        table("ket-qua.csv", Standing.objects.filter(**within), _STANDING, "month", "pledge", "place"),
        ("cam-nhan.csv", _FELT, lambda: _felt(months)),
        ("chi-tieu.csv", _INDICATOR, _indicators),
        ("quy-chuan.csv", ("code", "value", "unit", "from", "to", "source", "article", "verify"), _rules),
    ]


_FELT = ("indicator", "place", "month", "opinions", "complaints", "low", "high")
_INDICATOR = (
    "code",
    "vi",
    "unit",
    "direction",
    "kind",
    "least",
    "months",
    "rule",
    "topics",
    "sampling_vi",
    "source",
)


def _indicators() -> Iterator[Sequence[Any]]:
    for one in INDICATORS.values():
        yield [
            "|".join(value) if isinstance(value := getattr(one, field), tuple) else value
            for field in _INDICATOR
        ]


def _rules() -> Iterator[Sequence[Any]]:
    for code in sorted({one.rule for one in INDICATORS.values() if one.rule}):
        for row in law.of(code):
            ends = [clock.to_date(row.since), clock.to_date(row.until) if row.until is not None else ""]
            yield [row.code, row.value, row.unit, *ends, row.source, row.article, row.verify]


def _felt(months: Sequence[date]) -> Iterator[Sequence[Any]]:
    """Counts alone: no opinion leaves here."""
    for month in months:
        said = felt.by_topic(month)
        for indicator in INDICATORS.values():
            places: dict[str, Felt] = felt.of_topics(said, indicator.topics)
            for place in sorted(places):
                one = places[place]
                yield [indicator.code, place, month, one.n, one.complaints, *one.interval]


def _read_me(months: Sequence[date]) -> str:
    return f"""SỐ LIỆU CHẤT LƯỢNG, {shown.month(months[0])} – {shown.month(months[-1])}
{settings.OPERATOR} · lập lúc {moment(clock.now())} (giờ Việt Nam)
{"Bản trình diễn: nhà mạng, lời hứa và số đo đều là minh họa." if settings.DEMO else ""}
Trong gói này
  so-lieu.csv          mỗi con số đã hiện trên trang: một chỉ tiêu, một nơi, một tháng, một bên đo
  dong-goc.csv         từng dòng đo nằm sau các con số ấy, có dấu SHA-256 của tệp và số dòng trong tệp
  tep.csv              các tệp đã nạp, ai đo, nhận bao nhiêu dòng
  dong-khong-nhan.csv  dòng không nhận và vì sao
  muc-cong-bo.csv      mức đã công bố với cơ quan quản lý, số văn bản, từ ngày nào
  loi-hua.csv          mức đã hứa với khách, cách làm lại khi không đạt (invented = minh họa)
  ket-qua.csv          từng tháng từng nơi đạt hay không, và lời hứa làm lại: hẹn ngày nào, đã giữ chưa
  cam-nhan.csv         số ý kiến và số phàn nàn theo chủ đề của chỉ tiêu; không có lời hay tên của ai
  chi-tieu.csv         định nghĩa, đơn vị, chiều tốt, số mẫu tối thiểu, cách lấy mẫu và nguồn
  quy-chuan.csv        mức quy chuẩn đã tìm được, nguồn, và mức nào chưa kiểm chứng (verify)

Tính lại một con số
  1. Lọc dong-goc.csv theo indicator, measured_by và place; bỏ dòng có replaced_by_sha256 (tệp sau đã gửi lại).
     Dòng thuộc tháng của ngày cuối (to_on). place là mã một trong 34 tỉnh hôm nay, để trống là cả nước;
     place_written là tên ghi trong tệp. Cả nước: nếu có dòng đo cho cả nước thì chỉ tính các dòng đó; nếu không thì
     cộng dồn dòng của các tỉnh, và provinces_count ghi bao nhiêu tỉnh có ghi n.
  2. Chỉ tiêu là tỉ lệ (kind = share): 100 × tổng good_count / tổng n; khoảng tin cậy 95 % theo Wilson.
     Trung bình (mean): trung bình của value theo n; khoảng theo phân phối t, phương sai gồm spread trong từng dòng và
     chênh lệch giữa các dòng; thiếu spread thì không có khoảng.
     Tần suất (rate): 100 × tổng good_count / tổng n; khoảng chính xác theo Poisson.
     Có dòng ghi n thì chỉ tính những dòng ghi n; không dòng nào ghi n thì lấy trung bình cộng, không có khoảng.
  3. Không đạt khi cả khoảng nằm ngoài mức; sát ngưỡng khi mức nằm trong khoảng; quá ít mẫu khi n dưới least.
  4. Cảm nhận: complaints / opinions, khoảng Wilson 95 %.

Chữ có dấu nháy đơn ở đầu là để bảng tính không chạy nó như công thức.
"""
