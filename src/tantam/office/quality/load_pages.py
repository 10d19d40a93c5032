"""Files of measurements: taken in by a form, each as a page of what came of it and what to do about what was left."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from tantam import clock
from tantam.errors import BadInput, TantamError
from tantam.office import door, paging
from tantam.office.people.models import Request
from tantam.office.quality import call_rows, loading, shown
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import BY, SELF, Load, Reject
from tantam.office.quality.rows import COLUMNS, REJECTS
from tantam.office.watch import status
from tantam.office.words import say

MOST_BYTES = 8_000_000
"""A larger file takes longer than a browser waits: it comes in from the command line."""
_DO = {
    "wrong_field_count": ("Xem dòng ấy có thừa hay thiếu dấu phẩy.", "Look for a comma too many or too few."),
    "unknown_indicator": ("Dùng mã hay tên chỉ tiêu ghi ở trang nạp tệp.", "Use a code or a name of an indicator."),
    "bad_period": ("Viết tháng như 2026-10, ngày như 2026-10-31.", "Write a month as 2026-10, a day as 2026-10-31."),
    "wrong_period": ("Gộp thành trọn quý rồi gửi lại.", "Put it together to whole quarters."),
    "not_over_yet": ("Gửi lại khi hết thời gian đo.", "Send it again when the period is over."),
    "unknown_place": ("Viết tên hay mã của tỉnh, cũ hay mới đều được.", "Write a province, old or new, or its code."),
    "no_value": ("Điền giá trị, hoặc số đếm và số mẫu.", "Give a value, or a count and n."),
    "bad_value": ("Viết số như 98,5 hay 98.5.", "Write a number as 98.5."),
    "out_of_scale": ("Xem lại đơn vị của chỉ tiêu.", "Look at the indicator's unit."),
    "bad_n": ("Điền số mẫu là số nguyên dương.", "Give a whole number above nought."),
    "bad_good": ("Số đếm không quá số mẫu; trung bình thì để trống.", "Not above n; empty for a mean."),
    "value_against_count": ("Sửa giá trị hoặc số đếm cho khớp nhau.", "Correct the value or the count."),
    "bad_spread": ("Chỉ điền cho chỉ tiêu trung bình.", "Only for an indicator that is a mean."),
    "too_long": ("Viết ngắn lại.", "Say it shorter."),
    "twice": ("Không cần làm gì: dòng trước đã được nhận.", "Nothing: the earlier row was taken."),
    "bad_day": ("Viết ngày như 2026-10-31 hay 31/10/2026.", "Write a day as 2026-10-31."),
    "bad_time": ("Viết giờ như 14:30.", "Write a time as 14:30."),
    "bad_count": ("Điền số nguyên từ 0.", "Give a whole number from nought up."),
    "more_than_offered": ("Xem lại các số của dòng ấy.", "Look at the counts of that row."),
    "no_call": ("Ghi Y hay N; dòng không phải cuộc gọi thì bỏ qua.", "Y or N; leave out what is no call."),
    "bad_wait": ("Điền số giây chờ.", "Give the wait in seconds."),
}  # fmt: skip
"""What to do about each reason."""
_WHY = REJECTS | call_rows.REJECTS


@door.page("quality.see")
@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """The files that were taken in, and the form for another."""
    error = None
    if request.method == "POST":
        try:
            return _take_in(request)
        except TantamError as no:
            error = no
    page = paging.page(Load.objects.select_related("by"), request.GET.get("after", ""), "-at", "-id", size=20)
    context = {
        "page": page,
        "loads": [_row(one) for one in page.rows],
        "may_load": door.may(request.user, "quality.load"),
        "measurers": [(code, say(*words)) for code, words in shown.MEASURERS.items()],
        "by": request.POST.get("measured_by", SELF),
        "renames": request.POST.get("renames", ""),
        "error": error,
        "columns": [(ours, ", ".join(more)) for ours, more in COLUMNS.items()],
        "indicators": [(one.code, shown.name(one), shown.unit(one)) for one in INDICATORS.values()],
        "most_mb": MOST_BYTES // 1_000_000,
    }
    return render(request, "quality/loads.html", context, status=status(error) if error else 200)


@door.page("quality.see")
@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    """One file: how many rows were taken, and each that was not, with its reason."""
    load = Load.objects.select_related("by").filter(pk=number).first() if number < 2**63 else None
    if load is None:
        raise Http404
    counted = load.rejects.values("code").annotate(n=Count("pk")).order_by("-n", "code")
    code = request.GET.get("code", "")
    rejects = load.rejects.filter(code=code) if code in _WHY else load.rejects.all()
    page = paging.page(rejects, request.GET.get("after", ""), "line", "id")
    context = {
        "load": load,
        "row": _row(load),
        "reasons": [
            {"code": one["code"], "n": one["n"], **_reason(one["code"]), "on": one["code"] == code} for one in counted
        ],
        "page": page,
        "rejects": [_reject(one) for one in page.rows],
        "code": code,
    }  # fmt: skip
    return render(request, "quality/load.html", context)


def chosen(request: Request) -> tuple[str, bytes]:
    """The name and the octets of the file that was sent along. Refuses ``no_file``, ``file_too_large``."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise BadInput(
            "no_file", "No file was chosen.", "Choose one and send it again.",
            vi="Chưa chọn tệp. Chọn tệp rồi gửi lại.",
        )  # fmt: skip
    if (file.size or 0) > MOST_BYTES:
        raise BadInput(
            "file_too_large", f"The file is larger than {MOST_BYTES // 1_000_000} MB.",
            "Take it in at the terminal: tantam quality load FILE.",
            vi=f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Nạp từ dòng lệnh: tantam quality load TỆP.",
        )  # fmt: skip
    return file.name or "", file.read()


def _take_in(request: Request) -> HttpResponse:
    name, content = chosen(request)
    found = loading.take_in(
        content, name=name, measured_by=request.POST.get("measured_by", ""),
        renames=renames(request.POST.get("renames", ""), COLUMNS), actor=request.user, at=clock.now(),
    )  # fmt: skip
    if not found.new:
        messages.info(
            request,
            say("Tệp này đã nạp rồi, không có gì mới.", "This file was taken in before; nothing is new."),
        )
    return HttpResponseRedirect(reverse("quality-load", args=[found.load]), status=303)


def renames(text: str, columns: Collection[str]) -> dict[str, str]:
    """``Kết quả=value`` line by line: theirs → one of our columns. Refuses ``bad_map``."""
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    wrong = [ours.strip() for theirs, _, ours in pairs if not theirs.strip() or ours.strip() not in columns]
    if wrong:
        raise BadInput(
            "bad_map", "A line of the map is not theirs=ours.", f"Ours is one of: {', '.join(columns)}.",
            vi=f"Có dòng chưa đúng dạng tên trong tệp=tên của ta. Tên của ta: {', '.join(columns)}.",
        )  # fmt: skip
    return {theirs.strip(): ours.strip() for theirs, _, ours in pairs}


def _row(load: Load) -> dict[str, Any]:
    """A file in a list: how far it is, and the share that was left."""
    stage = "done" if load.done_at else "figures" if load.read_at else "reading"
    words = {
        "done": ("đã xong", "done", "la"),
        "figures": (
            "đã đọc hết, gửi lại đúng tệp này để tính nốt",
            "read; send the same file again to finish",
            "nghe",
        ),
        "reading": (
            "đọc dở, gửi lại đúng tệp này để đọc tiếp",
            "half read; send the same file again",
            "nghe",
        ),
    }[stage]
    return {
        "load": load,
        "by": say(*shown.MEASURERS[load.measured_by]) if load.measured_by in BY else load.measured_by,
        "word": say(*words[:2]),
        "tone": words[2],
        "done": stage == "done",
    }


def _reason(code: str) -> dict[str, str]:
    return {
        "why": say(*_WHY[code]) if code in _WHY else code,
        "do": say(*_DO[code]) if code in _DO else "",
    }


def _reject(one: Reject) -> dict[str, Any]:
    return {"line": one.line, "column": one.column, "value": one.value, **_reason(one.code)}


urlpatterns: list[Any] = [
    path("loads/", index, name="quality-loads"),
    path("loads/<int:number>/", detail, name="quality-load"),
]
