"""What we hold on a person: asked why before it opens, written in the journal, shown room by room, and exported."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tantam import clock
from tantam.errors import TantamError
from tantam.office.channels import phonebook
from tantam.office.desk import actions as desk
from tantam.office.desk.exporting import export
from tantam.office.desk.forgetting import held_on
from tantam.office.desk.rules import REASONS
from tantam.office.door import page
from tantam.office.people.models import Request
from tantam.office.watch import status
from tantam.office.words import say

ROOMS = {
    "people": ("Người làm", "Staff"),
    "parties": ("Khách và đối tác", "Guests and partners"),
    "promises": ("Lời hứa", "Promises"),
    "programmes": ("Chương trình", "Programmes"),
    "channels": ("Đồng ý và từ chối", "Yes and no to being contacted"),
    "opinions": ("Ý kiến", "Opinions"),
    "cases": ("Khiếu nại, câu hỏi", "Complaints and questions"),
    "events": ("Gặp gỡ", "Gatherings"),
    "quality": ("Bình chọn", "Polls"),
    "desk": ("Yêu cầu dữ liệu", "Data requests"),
    "base": ("Tập thuê bao", "Subscriber base"),
}


NAMES = {
    "what": ("Là gì", "What"),
    "name": ("Tên", "Name"),
    "title": ("Xưng hô", "Form of address"),
    "kind": ("Loại", "Kind"),
    "office": ("Văn phòng", "Office"),
    "since": ("Từ ngày", "Since"),
    "note": ("Ghi chú", "Note"),
    "on": ("Ngày", "Day"),
    "place": ("Nơi", "Place"),
    "promised": ("Đã hứa", "Promised"),
    "due": ("Hạn", "Due"),
    "state": ("Tình trạng", "State"),
    "proof": ("Bằng chứng", "Proof"),
    "reason": ("Lý do", "Reason"),
    "creditor_yes": ("Lời đồng ý", "The yes"),
    "answer": ("Trả lời mời", "Answer"),
    "drawn": ("Rút thăm", "Drawn"),
    "came": ("Có đến", "Came"),
    "read_back": ("Nghe đọc lại", "Heard it read"),
    "text": ("Lời nói", "Words"),
    "number": ("Số biên nhận", "Number of the receipt"),
    "reply": ("Ta đã trả lời", "What we answered"),
    "tone": ("Giọng", "Tone"),
    "read": ("Máy đọc", "Read by machine"),
    "said": ("Nói lúc", "Said"),
    "channel": ("Qua đâu", "Channel"),
    "received": ("Nhận lúc", "Received"),
    "answered": ("Trả lời lúc", "Answered"),
    "outcome": ("Kết quả", "Outcome"),
    "current": ("Bản đang dùng", "Current"),
    "year": ("Năm", "Year"),
    "points": ("Điểm", "Points"),
    "amount": ("Số tiền, đồng", "Amount, VND"),
    "product": ("Sản phẩm", "Product"),
    "mail": ("Địa chỉ thư", "Mail address"),
}
"""What the rooms call what they hold; a column of the base keeps its own name, by which a file is mapped."""


@page("person.look")
@sensitive_post_parameters("who")
@require_http_methods(["GET", "POST"])
def held(request: Request) -> HttpResponse:
    """Ask who and why; then show all of it. The number or key travels in the body, never in an address."""
    error, shown = None, {}
    if request.method == "POST":
        try:
            key, rooms = _look(request)
        except TantamError as no:
            error = no
        else:
            if request.POST.get("as") == "json":
                return export(key, rooms, at=clock.now())
            shown = {"key": key, "rooms": _shown(rooms), "count": sum(len(rows) for rows in rooms.values())}
    reasons = [(code, say(*words)) for code, words in REASONS.items()]
    context = {"error": error, "reasons": reasons, "because": request.POST.get("because", ""), **shown}
    return render(request, "front/held.html", context, status=status(error) if error else 200)


def _look(request: Request) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    key = phonebook.meant(request.POST.get("who", ""))
    desk.look(key, request.POST.get("because", ""), actor=request.user, at=clock.now())
    return key, held_on(key)


def _shown(rooms: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {"word": say(*ROOMS.get(room, (room, room))), "rows": [list(_plain(row).items()) for row in rows]}
        for room, rows in rooms.items()
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        say(*NAMES[name]) if name in NAMES else name: value
        for name, value in row.items()
        if value not in (None, "", [])
    }


urlpatterns: list[Any] = [path("held/", held, name="held")]
